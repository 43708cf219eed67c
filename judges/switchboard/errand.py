"""A question on its way to one model, and what it shares with the others of its batch."""

from dataclasses import dataclass, field

from judges.base import Prompt, Seat
from judges.switchboard.ledger import Account, Ledger, quota_tokens
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


@dataclass(frozen=True, slots=True)
class Errand:
    """A question on its way to one model."""

    prompt: Prompt
    seat: Seat
    batch: Batch
    account: Account
    elsewhere: bool = False
    """Whether another model could be asked instead, so that nobody need wait long for this one."""
    attempt: int = 1

    @property
    def tokens(self) -> int:
        """What the call takes of the model's quota."""
        return quota_tokens(self.prompt, self.seat.settings)
