"""What is left of a quota: filled steadily, emptied by calls."""

from dataclasses import dataclass


@dataclass(slots=True)
class Bucket:
    """Units of a quota. May owe some, where a call was larger than all that it holds."""

    level: float
    filled_at: float

    def fill(self, per_second: float, most: float, now: float) -> None:
        """Add what has come since it was last filled, up to `most`."""
        self.level = min(most, self.level + (now - self.filled_at) * per_second)
        self.filled_at = now

    def lacks(self, wanted: float, per_second: float) -> float:
        """Return the seconds until it holds what is wanted."""
        return max(0.0, wanted - self.level) / per_second
