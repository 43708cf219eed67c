"""Where programs are tried, and within what."""

import time
from dataclasses import dataclass, replace

from verifiers.sandbox import Limits, Sandbox


@dataclass(frozen=True, slots=True)
class Bench:
    """Where programs are tried, and within what."""

    sandbox: Sandbox
    limits: Limits
    """For a test, where there is time for it."""
    ends: float
    """When everything about this sample has to end, on the monotonic clock."""
    tolerance: float
    """Largest difference between equal numbers."""
    briefly: bool = False
    """Whether to stop at the first test that takes longer than it may, since all are made again."""

    def left(self) -> float:
        """Return how many seconds are left."""
        return self.ends - time.monotonic()

    def limits_in(self, seconds: float) -> Limits:
        """Return the limits of a test, cut to so many seconds on the clock."""
        return replace(self.limits, wall_seconds=min(self.limits.wall_seconds, max(seconds, 0.0)))

    def for_test_code(self) -> Limits:
        """Return the limits of test code that runs as it is: all the time that is left."""
        return replace(self.limits, seconds=max(self.left(), 0.0), wall_seconds=max(self.left(), 0.0))
