"""
Whether a model is up. Open after many failures in a row; then single probes, at first half a second apart.

The caller waits and calls; the breaker only says for how long, and whether a call is the probe.
"""

from random import Random

ENOUGH = 8
"""Failures in a row that open it."""
FIRST_WAIT = 0.5
"""Seconds until the first probe; they double from one to the next, up to the limits below."""
LONGEST_WAIT, SHARE_OF_OUTAGE = 2.0, 1 / 15
"""Seconds between probes at the most, and the same as a share of the outage so far; the longer one counts."""


class Breaker:
    """Up or down. Times are seconds of one clock."""

    def __init__(self, rng: Random) -> None:
        self._rng = rng
        self._in_a_row = 0
        self._first_failed = 0.0
        """When the first call of the row was made."""
        self._probes = 0
        self._until: float | None = None
        """When the next probe may go; None while the model is up."""

    @property
    def is_open(self) -> bool:
        """Whether the model is taken to be down."""
        return self._until is not None

    def wait(self, now: float) -> float:
        """Return the seconds until a call may go."""
        return 0.0 if self._until is None else max(0.0, self._until - now)

    def take(self, now: float) -> bool:
        """Note that a call goes now; return whether it is a probe, which holds up the next only so long."""
        if self._until is not None:
            self._until = now + self._longest(now)
        return self.is_open

    def answered(self, called_at: float) -> bool:
        """Note a reply; return whether the model is up again. One from before the trouble says nothing."""
        if called_at < self._first_failed:
            return False
        was_open = self.is_open
        self._in_a_row = self._probes = 0
        self._until = None
        return was_open

    def trouble_since(self, called_at: float) -> float:
        """Return when the first call of this row of failures was made, where one made then fails now."""
        return self._first_failed if self._in_a_row else called_at

    def failed(self, called_at: float, now: float, *, probe: bool, hopeful: bool) -> None:
        """Note a failed call. `hopeful`: others were let through lately, so the model is up."""
        self._first_failed = self.trouble_since(called_at)
        self._in_a_row += 1
        if probe or (self._in_a_row >= ENOUGH and not hopeful and not self.is_open):
            wait = min(self._longest(now), FIRST_WAIT * 2**self._probes)
            self._until = now + wait * self._rng.uniform(0.8, 1.2)
            self._probes += 1

    def _longest(self, now: float) -> float:
        return max(LONGEST_WAIT, (now - self._first_failed) * SHARE_OF_OUTAGE)
