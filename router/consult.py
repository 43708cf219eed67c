"""
From a batch's open questions to answers: everything at once, paid once, in time.

    remember what others know -> put the questions -> tell others

This module and everything below it (asyncio, the judges, the telephone) is loaded when the first
sample is not settled, and not before.
"""

import asyncio
import math
import weakref
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from judges.base import Line, Seat
from judges.offline import Offline
from judges.switchboard import Account, Batch, Direct, Ledger, Switchboard, worst_case
from router.cache import Verdicts
from router.case import Judged, Question
from router.errors import JudgeError, JudgeLate, JudgeOverBudget
from router.hearing import Hearing
from router.query import Query
from router.shared import InstanceCounter, Shared
from router.telemetry import log_bug
from router.types import Call, Silence, Spending, Verdict


@dataclass(frozen=True, slots=True)
class Put:
    """A question, ready to be put; or why it cannot be."""

    query: Query | Silence
    seats: Mapping[str, Seat] = field(default_factory=dict)
    """The models that are asked first, by the keys of what they come to."""
    twice: bool = False
    """Whether an earlier row of the batch asks the same, and pays."""

    @property
    def size(self) -> int:
        """How much the model has to read: about how long it takes."""
        return len(self.query.first.text) if isinstance(self.query, Query) else 0

    def at_most(self, verdicts: Verdicts) -> float:
        """Return what it may cost, in dollars, where every reply comes at once, at worst from a backup."""
        if not isinstance(self.query, Query) or self.twice:
            return 0.0
        first, behind = self.query.first, self.query.backups
        asked = [seat for key, seat in self.seats.items() if verdicts.get(key) is None]
        return math.fsum(max(worst_case(first, one.settings) for one in (seat, *behind)) for seat in asked)


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
        self.close = weakref.finalize(self, _hang_up, self._switchboard, self._shared, self._runner)

    @property
    def day_spent(self) -> float | None:
        """Share of the day's budget that is spent, as far as is known here; None where there is none."""
        return self._shared.day_spent

    def __call__(
        self, questions: Sequence[Question], deadline: float, cap: float = math.inf
    ) -> tuple[list[Judged], Spending]:
        """
        Return one answer for each question, in order, and what they took.

        `deadline`, in seconds of `time.monotonic`, and `cap`, in dollars, are kept.
        """
        hearing = Hearing(self._switchboard, self._verdicts, Batch(deadline, Ledger(cap)))
        judged = self._runner.run(answers(hearing, questions, self._shared))
        return judged, hearing.batch.ledger.by


async def answers(
    hearing: Hearing, questions: Sequence[Question], shared: Shared | None = None
) -> list[Judged]:
    """Remember what others know, put the questions, tell others; all within the day's budget."""
    shared, verdicts, batch = shared or Shared(), hearing.verdicts, hearing.batch
    put = _put(questions)
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
    judged = await asyncio.gather(*[_answer(hearing, put[place]) for place in order])
    return [one for _, one in sorted(zip(order, judged, strict=True), key=lambda pair: pair[0])]


def _put(questions: Sequence[Question]) -> list[Put]:
    """Word the questions; one that cannot be asked is a silence that costs nothing."""
    put: list[Put] = []
    keys: set[str] = set()
    for question in questions:
        try:
            query = Query.of(question)
            seats = {query.key(seat): seat for seat in query.seats}
        except JudgeError as error:
            put.append(Put(Silence(type(error).__name__, str(error))))
        except Exception as bug:
            put.append(Put(_broken(question.judge.name, bug)))
        else:
            put.append(Put(query, seats, keys.issuperset(seats)))
            keys.update(seats)
    return put


async def _answer(hearing: Hearing, put: Put) -> Judged:
    """Answer one question. Whatever happens becomes a verdict or a silence; no other question notices."""
    if isinstance(put.query, Silence):
        return Judged(put.query, 0.0, None)
    clock = asyncio.get_running_loop().time
    started = clock()
    account = Account(hearing.batch.ledger, put.query.rule)
    model, cached = put.query.seats[0].settings.model, False
    finding: Verdict | Silence
    flags = [("truncated", bool(put.query.first.truncated))]
    try:
        async with asyncio.timeout_at(hearing.batch.deadline):
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
        finding = _broken(put.query.judge.name, bug)
    own = account.own
    call = Call(model, own.input_tokens, own.output_tokens, own.usd, cached)
    return Judged(finding, clock() - started, call, tuple(name for name, said in flags if said))


def _broken(judge: str, bug: Exception) -> Silence:
    log_bug(f"the judge {judge}", bug)
    return Silence("JudgeBroken", f"the judge failed: {type(bug).__name__}")


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
