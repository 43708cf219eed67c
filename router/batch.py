"""One batch of rollouts, from the trainer's event to its reply: read, route, write, and say what was done."""

import time
from collections.abc import Callable, Sequence
from functools import partial
from typing import TYPE_CHECKING

from router.case import Judged, Question
from router.errors import Unsettled
from router.policy import Policy
from router.route import route
from router.telemetry import batch_line, failed_line, rejected_line
from router.types import Spent
from router.wire import read, write

if TYPE_CHECKING:
    from router.consult import Consult, Kept

Handler = Callable[[object, object], object]

JUDGES = ("bedrock", "offline", "none")

FINISHING_SECONDS = 1.0
"""What is kept of the remaining time to price, write and send the reply."""
DEFAULT_SECONDS = 300.0
"""The time for a batch where there is no Lambda context: as much as the template gives."""


class BatchHandler:
    """A handler: (event, context) -> reply. Takes up the telephone with the first question, and keeps it."""

    def __init__(
        self, policy: Policy, judge: str, *, table: str, trail: bool, emit: Callable[[str], None]
    ) -> None:
        self.policy = policy
        self._judge = judge
        self._table = table
        self._trail = trail
        self._emit = emit
        self._consult: Consult | None = None
        self._kept: Kept | None = None

    def __call__(self, event: object, context: object) -> object:
        """Reward one batch of rollouts."""
        started = time.monotonic()
        deadline = started + seconds_left(context) - FINISHING_SECONDS
        batch = read(event)
        spending: dict[tuple[str, str], Spent] = {}
        ask = None if self._judge == "none" else partial(self._ask, spending=spending)
        try:
            rewards = route(self.policy, batch.rows, ask, deadline)
        except Unsettled:
            self._emit(failed_line(self.policy, len(batch.rows), spending, time.monotonic() - started))
            raise
        envelope = batch.envelope if self.policy.envelope == "mirror" else self.policy.envelope
        reply = write(batch.rows, rewards, envelope, trail=self._trail)
        self._emit(batch_line(self.policy, rewards, spending, time.monotonic() - started))
        return reply

    def change_to(self, policy: Policy) -> None:
        """Serve another policy from the next batch on; what judges have said stays known."""
        self._hang_up()
        self.policy = policy

    def policy_rejected(self) -> None:
        """Count that a newer policy could not be taken."""
        self._emit(rejected_line(self.policy))

    def close(self) -> None:
        """Hang up. The next question opens the line again."""
        self._hang_up()

    def _hang_up(self) -> None:
        if self._consult is not None:
            self._consult.close()
            self._consult = None

    def _ask(
        self, questions: Sequence[Question], deadline: float, spending: dict[tuple[str, str], Spent]
    ) -> Sequence[Judged]:
        """Ask within what earlier questions of the batch have left of its budget."""
        if self._consult is None:
            from router.consult import Consult, Kept, line_to  # noqa: PLC0415 - asyncio and the judges wait for a question
            from router.shared import shared_by  # noqa: PLC0415

            self._kept = self._kept or Kept()
            shared = shared_by(self._judge, self._table, self.policy.usd_per_day, self._kept.spent)
            self._consult = Consult(line_to(self._judge), shared, self._kept.verdicts)
        gone = sum(one.usd + one.lost_usd for one in spending.values())
        answers, spent = self._consult(questions, deadline, max(0.0, self.policy.usd_per_invocation - gone))
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
    Return a handler for this policy.

    `judge` is bedrock, offline or none; `table` is a DynamoDB table that instances share, if there is one;
    `trail` adds what each reward rests on to the reply; `emit` takes the one line that is said of each batch.
    """
    if judge not in JUDGES:
        raise ValueError(f"judge is {judge!r}: choose {', '.join(JUDGES[:-1])} or {JUDGES[-1]}")
    return BatchHandler(policy, judge, table=table, trail=trail, emit=emit)


def seconds_left(context: object) -> float:
    """Return the time that Lambda leaves this invocation; a fixed one where there is no Lambda."""
    remaining = getattr(context, "get_remaining_time_in_millis", None)
    return remaining() / 1000 if remaining else DEFAULT_SECONDS
