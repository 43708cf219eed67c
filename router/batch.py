"""One batch of rollouts, from the trainer's event to its reply: read, route, write, and say what was done."""

import os
import time
from collections.abc import Callable, Sequence
from functools import partial
from typing import TYPE_CHECKING

from router.case import LATE, Judged, Question
from router.errors import BatchBroken, JudgeRejected, RouterError
from router.policy import Policy
from router.route import route
from router.telemetry import Outcome, Telemetry, Telling, log_bug
from router.types import Row, Spent
from router.wire import read, write

if TYPE_CHECKING:
    from router.consult import Consult, Kept

Handler = Callable[[object, object], object]

JUDGES = ("bedrock", "offline", "none")

FINISHING_SECONDS = 1.0
"""What is kept of the remaining time to price, write and send the reply, at the least."""
FINISHING_TO_READING = 4.0
"""The same as a multiple of what reading the batch took, for many rows and busy machines."""
LOADING_SECONDS = 0.25
"""With less than this, what asks the judges is not loaded: nobody could be asked in the rest."""
DEFAULT_SECONDS = 300.0
"""The time for a batch where there is no Lambda context: as much as the template gives."""


class BatchHandler:
    """A handler: (event, context) -> reply. Takes up the telephone with the first question, and keeps it."""

    def __init__(self, policy: Policy, judge: str, *, table: str, trail: bool, telemetry: Telemetry) -> None:
        if judge not in JUDGES:
            raise ValueError(f"judge is {judge!r}: choose {', '.join(JUDGES[:-1])} or {JUDGES[-1]}")
        self.policy = policy
        self._judge = judge
        self._table = table
        self._trail = trail
        self._telemetry = telemetry
        self._consult: Consult | None = None
        self._kept: Kept | None = None

    def __call__(self, event: object, context: object) -> object:
        """Reward one batch of rollouts."""
        started = time.monotonic()
        ends = started + seconds_left(context)
        outcome = partial(Outcome, self.policy)
        rows: Sequence[Row] = ()
        spending: dict[tuple[str, str], Spent] = {}
        ask = None if self._judge == "none" else partial(self._ask, spending=spending, rejected={})
        try:
            batch = read(event)
            rows = batch.rows
            deadline = ends - finishing_seconds(time.monotonic() - started)
            rewards = route(self.policy, rows, ask, deadline)
            envelope = batch.envelope if self.policy.envelope == "mirror" else self.policy.envelope
            reply = write(rows, rewards, envelope, trail=self._trail)
        except Exception as error:
            took, name = time.monotonic() - started, type(error).__name__
            if not isinstance(error, RouterError):
                log_bug("a batch", error)
            self._telemetry.failed(outcome(took, len(rows), (), spending, failed=name))
            if isinstance(error, RouterError):
                raise
            raise BatchBroken(f"a bug of ours failed the batch: {name}; the log says where") from None
        took, spent = time.monotonic() - started, self._day_spent if spending else None
        self._telemetry.done(
            outcome(took, len(rows), rewards, spending, spent), rows, event, request_of(context), deadline
        )
        return reply

    def change_to(self, policy: Policy) -> None:
        """Serve another policy from the next batch on; what judges have said stays known."""
        self._hang_up()
        self.policy = policy

    def policy_rejected(self) -> None:
        """Count that a newer policy could not be taken."""
        self._telemetry.policy_rejected(self.policy)

    def close(self) -> None:
        """Hang up, and say what is still to be said. The next question opens the line again."""
        self._hang_up()
        self._telemetry.close()

    def _hang_up(self) -> None:
        if self._consult is not None:
            self._consult.close()
            self._consult = None

    @property
    def _day_spent(self) -> float | None:
        return self._consult.day_spent if self._consult else None

    def _ask(
        self,
        questions: Sequence[Question],
        deadline: float,
        spending: dict[tuple[str, str], Spent],
        rejected: dict[tuple[str, str], JudgeRejected],
    ) -> Sequence[Judged]:
        """Ask within what earlier questions of the batch have left of its budget, none of whom refused us."""
        if deadline - time.monotonic() < (0.0 if self._consult else LOADING_SECONDS):
            return [Judged(LATE, 0.0, None)] * len(questions)
        if self._consult is None:
            from router.consult import Consult, Kept, line_to  # noqa: PLC0415 - asyncio and the judges wait for a question
            from router.shared import shared_by  # noqa: PLC0415

            self._kept = self._kept or Kept()
            shared = shared_by(self._judge, self._table, self.policy.usd_per_day, self._kept.spent)
            self._consult = Consult(line_to(self._judge), shared, self._kept.verdicts)
        gone = sum(one.usd + one.lost_usd for one in spending.values())
        cap = max(0.0, self.policy.usd_per_invocation - gone)
        answers, spent = self._consult(questions, deadline, cap, rejected)
        for at, one in spent.items():
            spending.setdefault(at, Spent()).add(one)
        return answers


def make_handler(
    policy: Policy,
    judge: str = "bedrock",
    *,
    table: str = "",
    trail: bool = False,
    emit: Callable[[str], None] = print,
) -> BatchHandler:
    """
    Return a handler for this policy, as the command line has it.

    `judge` is bedrock, offline or none; `table` is a DynamoDB table that instances share, if there is one;
    `trail` adds what each reward rests on to the reply; `emit` takes the one line that is said of each batch.
    """
    return BatchHandler(policy, judge, table=table, trail=trail, telemetry=Telemetry(emit, Telling()))


def seconds_left(context: object) -> float:
    """Return the time that Lambda leaves this invocation; a fixed one where there is no Lambda."""
    remaining = getattr(context, "get_remaining_time_in_millis", None)
    return remaining() / 1000 if remaining else DEFAULT_SECONDS


def finishing_seconds(reading: float) -> float:
    """Return what is kept for the reply of a batch that took so many seconds to read."""
    return max(FINISHING_SECONDS, FINISHING_TO_READING * reading)


def request_of(context: object) -> str:
    """Return the request's id as Lambda names it, or one of our own."""
    given = getattr(context, "aws_request_id", None)
    return given if isinstance(given, str) else os.urandom(16).hex()
