"""What a batch came to, as it is told."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from router.policy.model import Policy
from router.types import Reward, Spending


@dataclass(frozen=True, slots=True)
class Outcome:
    """One batch, done or failed as a whole."""

    policy: Policy
    seconds: float
    rows: int = 0
    """How many it had, as far as it could be read."""
    rewards: Sequence[Reward] = ()
    """One for each row, in order; none where the batch failed."""
    spending: Spending = field(default_factory=dict)
    day_spent: float | None = None
    """Share of the day's budget that is spent; None where there is none, or nobody was asked."""
    failed: str = ""
    """The name of the error that the batch failed with; empty where it did not."""
    bugs: int = 0
