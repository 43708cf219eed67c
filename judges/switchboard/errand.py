"""A question on its way to one model, and what it shares with the others of its batch."""

from dataclasses import dataclass, field
from functools import cached_property

from judges.base import Prompt, Seat
from judges.switchboard.ledger import Account, Ledger, quota_tokens, worst_case
from router.errors import JudgeRejected


@dataclass(slots=True)
class Batch:
    """What the questions of one invocation share."""

    deadline: float
    """In seconds of the switchboard's clock."""
    ledger: Ledger
    rejected: dict[tuple[str, str], JudgeRejected] = field(default_factory=dict)
    """Models that refuse us for good, with what to do about it: asked no more in this batch."""
    calls: int = 0
    hedges: int = 0


@dataclass(frozen=True)
class Errand:
    """A question on its way to one model."""

    prompt: Prompt
    seat: Seat
    batch: Batch
    account: Account
    elsewhere: bool = False
    """Whether another model could be asked instead, so that nobody need wait long for this one."""
    attempt: int = 1

    @cached_property
    def tokens(self) -> int:
        """What the call takes of the model's quota."""
        return quota_tokens(self.prompt, self.seat.settings)

    @cached_property
    def usd(self) -> float:
        """The most that the call may cost."""
        return worst_case(self.prompt, self.seat.settings)
