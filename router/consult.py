"""
From open questions to answers: seat the judge, render its prompt, telephone, read the verdict.

This module and everything below it (asyncio, the judges, the telephone) is loaded when the first
sample is not settled, and not before.
"""

import asyncio
import weakref
from collections.abc import Sequence
from dataclasses import replace

from judges import JUDGES
from judges.base import Judge, Line, Price, Reply, Settings
from judges.offline import STAND_IN, Offline
from judges.prompt import render
from router.case import Judged, Question
from router.errors import JudgeError, JudgeLate
from router.policy.model import JudgeSpec
from router.telemetry import log_bug
from router.types import Call, Sample, Silence, Verdict


class Consult:
    """
    Asks the judges about a batch's open questions, all at once, on one event loop for the container's life.

    `line` is the way to the models: the telephone, or its offline stand-in. `close` hangs up and ends the
    loop; it calls itself when nobody holds this any more, and at the latest when Python ends.
    """

    def __init__(self, line: Line) -> None:
        self._line = line
        self._runner = asyncio.Runner()
        self.close = weakref.finalize(self, _hang_up, line, self._runner)

    def __call__(self, questions: Sequence[Question], deadline: float) -> list[Judged]:
        """Return one answer for each question, in order, before `deadline` in seconds of `time.monotonic`."""
        return self._runner.run(self._ask_all(questions, deadline))

    async def _ask_all(self, questions: Sequence[Question], deadline: float) -> list[Judged]:
        return await asyncio.gather(*[self._ask(question, deadline) for question in questions])

    async def _ask(self, question: Question, deadline: float) -> Judged:
        """Ask one question. Whatever happens becomes a verdict or a silence; no other question notices."""
        clock = asyncio.get_running_loop().time
        started = clock()
        sample, spec = question.case.sample, question.judge
        call: Call | None = None
        flags: tuple[str, ...] = ()
        finding: Verdict | Silence
        try:
            judge, settings = seat(spec)
            prompt = render(judge.ask(sample), settings.max_input_tokens)
            flags = ("truncated",) if prompt.truncated else ()
            call = Call(settings.model)
            async with asyncio.timeout_at(deadline):
                reply = await self._line.call(prompt, settings)
            call = charged(reply, settings)
            finding = annotated(judge.read(reply), reply, sample)
        except TimeoutError:
            finding = Silence(JudgeLate.__name__, "the batch's deadline came before a verdict")
        except JudgeError as error:
            finding = Silence(type(error).__name__, str(error))
        except Exception as bug:
            log_bug(f"the judge {spec.name}", bug)
            finding = Silence("JudgeBroken", f"the judge failed: {type(bug).__name__}")
        return Judged(finding, clock() - started, call, flags)


def _hang_up(line: Line, runner: asyncio.Runner) -> None:
    try:
        asyncio.get_running_loop()
    except RuntimeError:
        runner.run(line.close())
        runner.close()


def line_to(models: str) -> Line:
    """Return the way to the models: `bedrock` or `offline`."""
    if models == "offline":
        return Offline()
    from judges.bedrock import Telephone  # noqa: PLC0415 - the AWS SDK; the offline path never needs it

    return Telephone()


def seat(spec: JudgeSpec) -> tuple[Judge, Settings]:
    """Return the judge that the policy names, and how its model is asked."""
    settings = Settings(price=Price(*spec.price), **spec.settings)
    return JUDGES[spec.name].seated(spec.options), settings


def charged(reply: Reply, settings: Settings) -> Call:
    """Return what a reply took."""
    usd = 0.0 if reply.model == STAND_IN else settings.price.usd(reply.input_tokens, reply.output_tokens)
    return Call(reply.model, reply.input_tokens, reply.output_tokens, usd)


def annotated(verdict: Verdict, reply: Reply, sample: Sample) -> Verdict:
    """Say in the verdict what the judge was not shown; trust a stand-in's like a coin."""
    if sample.unread:
        verdict = replace(
            verdict, reason=f"{verdict.reason} (not shown to the judge: {', '.join(sample.unread)})"
        )
    return replace(verdict, confidence=0.5) if reply.model == STAND_IN else verdict
