"""
From a batch's open questions to answers: everything at once, paid once, in time.

    remember what others know -> put the questions -> tell others

This module and everything below it (asyncio, the judges, the telephone) is loaded when the first
sample is not settled, and not before.
"""

import asyncio
import logging
import math
import weakref
from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from judges.base import Line
from judges.offline import Offline
from judges.switchboard import Account, Batch, Direct, Ledger, Switchboard
from router.cache import Verdicts
from router.case import LATE, Judged, Question
from router.errors import JudgeError, JudgeLate, JudgeOverBudget, JudgeRejected
from router.hearing import Hearing
from router.put import Put, broken, worded
from router.shared import InstanceCounter, Shared
from router.types import Call, Silence, Spending, Verdict

log = logging.getLogger("router")

GIVING_UP = 3.0
"""Times as long as beginning its questions takes, it takes to give them all up."""


@dataclass(frozen=True, slots=True)
class Kept:
    """
    What outlives a change of policy: verdicts, whose keys cover all that was asked, and what the day cost.

    The telephone is hung up, and what was learnt of the models' quotas is learnt again: the new policy may
    name others.
    """

    verdicts: Verdicts = field(default_factory=Verdicts)
    spent: InstanceCounter = field(default_factory=InstanceCounter)


class Consult:
    """
    Asks the judges about a batch's open questions, all at once, on one event loop for the container's life.

    `line` is the way to the models: the telephone, or its offline stand-in; `shared` is what this instance
    has in common with others. `close` hangs up and ends the loop; it calls itself when nobody holds this
    any more, and at the latest when Python ends.
    """

    def __init__(self, line: Line, shared: Shared | None = None, verdicts: Verdicts | None = None) -> None:
        self._runner = asyncio.Runner()
        self._switchboard = Direct(line) if isinstance(line, Offline) else Switchboard(line)
        self._verdicts = Verdicts() if verdicts is None else verdicts
        self._shared = shared or Shared()
        self._told = set[str]()
        """What was logged of models that refuse us: each once."""
        self.close = weakref.finalize(self, _hang_up, self._switchboard, self._shared, self._runner)

    @property
    def day_spent(self) -> float | None:
        """Share of the day's budget that is spent, as far as is known here; None where there is none."""
        return self._shared.day_spent

    def __call__(
        self,
        questions: Sequence[Question],
        deadline: float,
        cap: float = math.inf,
        rejected: dict[tuple[str, str], JudgeRejected] | None = None,
    ) -> tuple[list[Judged], Spending]:
        """
        Return one answer for each question, in order, and what they took.

        `deadline`, in seconds of `time.monotonic`, and `cap`, in dollars, are kept. The models in `rejected`
        are not asked; those that refuse us now are added.
        """
        rejected = {} if rejected is None else rejected
        hearing = Hearing(self._switchboard, self._verdicts, Batch(deadline, Ledger(cap), rejected))
        judged = self._runner.run(answers(hearing, questions, self._shared))
        self._warn({str(refusal) for refusal in rejected.values()})
        return judged, hearing.batch.ledger.by

    def _warn(self, refusals: set[str]) -> None:
        """Log what to do about models that refuse us: a panel goes on without them, and shows nothing."""
        for refusal in sorted(refusals - self._told):
            log.warning("a judge's model refuses every question, not mentioned again: %s", refusal)
        self._told |= refusals


async def answers(
    hearing: Hearing, questions: Sequence[Question], shared: Shared | None = None
) -> list[Judged]:
    """Remember what others know, put the questions, tell others; all within the day's budget."""
    shared, verdicts, batch = shared or Shared(), hearing.verdicts, hearing.batch
    put = worded(questions, batch.deadline, asyncio.get_running_loop().time)
    async with (
        shared.within(batch.ledger, math.fsum(one.at_most(verdicts) for one in put), batch.deadline),
        shared.telling(batch.deadline) as tell,
    ):
        for key, remembered in (await shared.recall(_unknown(put, verdicts), batch.deadline)).items():
            verdicts.keep(key, remembered)
        return await _answers(replace(hearing, tell=tell), put)


def _unknown(put: Sequence[Put], verdicts: Verdicts) -> dict[str, str]:
    """Return the models whose verdicts are not known here, by key."""
    seats = {key: seat for one in put for key, seat in one.seats.items()}
    return {key: seat.settings.model for key, seat in seats.items() if verdicts.get(key) is None}


async def _answers(hearing: Hearing, put: Sequence[Put]) -> list[Judged]:
    """Put the questions, the longest first so that none of them is waited for in the end."""
    order = sorted(range(len(put)), key=lambda place: -put[place].size)
    began = asyncio.get_running_loop().time()
    judged = await asyncio.gather(*[_answer(hearing, put[place], began) for place in order])
    return [one for _, one in sorted(zip(order, judged, strict=True), key=lambda pair: pair[0])]


async def _answer(hearing: Hearing, put: Put, began: float) -> Judged:
    """
    Answer one question. Whatever happens becomes a verdict or a silence; no other question notices.

    `began` is when the first question of the batch did. A later one has to be given up earlier, so that
    giving up ten thousand of them, which takes seconds as beginning them does, ends by the deadline.
    """
    if isinstance(put.query, Silence):
        return Judged(put.query, 0.0, None)
    clock = asyncio.get_running_loop().time
    started = clock()
    until = hearing.batch.deadline - GIVING_UP * (started - began)
    if started >= until:
        return Judged(LATE, 0.0, None)
    account = Account(hearing.batch.ledger, put.query.rule)
    model, cached = put.query.seats[0].settings.model, False
    finding: Verdict | Silence
    flags = [("truncated", bool(put.query.first.truncated))]
    try:
        async with asyncio.timeout_at(until):
            heard = await hearing.hear(put.query, account)
        finding, model, cached = heard.verdict, heard.model, heard.cached
        flags += [("cached", put.twice), ("judged_by_backup", heard.backup)]
    except TimeoutError:
        before = f"; before it {account.trouble}" if account.trouble else ""
        finding = Silence(JudgeLate.__name__, f"the batch's deadline came before a verdict{before}")
    except JudgeError as error:
        finding = Silence(type(error).__name__, str(error))
        flags.append(("over_budget", isinstance(error, JudgeOverBudget)))
    except Exception as bug:
        finding = broken(put.query.judge.name, bug)
    own = account.own
    call = Call(model, own.input_tokens, own.output_tokens, own.usd, cached)
    return Judged(finding, clock() - started, call, tuple(name for name, said in flags if said))


def _hang_up(switchboard: Switchboard | Direct, shared: Shared, runner: asyncio.Runner) -> None:
    try:
        asyncio.get_running_loop()
    except RuntimeError:
        runner.run(switchboard.close())
        runner.run(shared.close())
        runner.close()


def line_to(models: str) -> Line:
    """Return the way to the models: `bedrock` or `offline`."""
    if models == "offline":
        return Offline()
    from judges.bedrock import Telephone  # noqa: PLC0415 - the AWS SDK; the offline path never needs it

    return Telephone()
