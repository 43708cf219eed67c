"""When metrics are written: for the first batch, then once a minute, and at once when trouble begins."""

import time
from collections.abc import Callable

from router.policy.model import Policy
from router.telemetry.emf import lines
from router.telemetry.outcome import Outcome
from router.telemetry.sums import Sums

EVERY = 60.0
"""Seconds: as finely as CloudWatch keeps a metric."""


class Meter:
    """
    Sums what batches of one instance come to, and writes the lines.

    What is summed and not yet written when Lambda ends the instance is lost: at most the last minute.
    `now` returns the seconds since the epoch, which go on while Lambda freezes the instance.
    """

    def __init__(
        self,
        emit: Callable[[str], None],
        function: str,
        *,
        every: float = EVERY,
        now: Callable[[], float] = time.time,
    ) -> None:
        self._emit = emit
        self._function = function
        self._every = every
        self._now = now
        self._sums: Sums | None = None
        self._written_at = -every
        self._in_trouble = False
        """Whether the lines that were written last told of trouble: then the next trouble can wait."""

    def add(self, outcome: Outcome) -> None:
        """Add a batch, and write what is due."""
        self._under(outcome.policy).add(outcome)
        self._write_if_due(trouble=bool(outcome.failed or outcome.bugs))

    def policy_rejected(self, policy: Policy) -> None:
        """Note that a newer policy does not check out; `policy` is the one that goes on."""
        self._under(policy).note("policy_rejected", 1)
        self._write_if_due(trouble=True)

    def write(self) -> None:
        """Write what is summed, if anything is."""
        if self._sums is not None:
            for line in lines(self._sums, self._function, self._now()):
                self._emit(line)
        self._sums = None

    def _under(self, policy: Policy) -> Sums:
        """Return the sums under a policy; those under another are written first."""
        if self._sums is not None and self._sums.policy.fingerprint != policy.fingerprint:
            self.write()
        self._sums = self._sums or Sums(policy)
        return self._sums

    def _write_if_due(self, *, trouble: bool) -> None:
        begins = trouble and not self._in_trouble
        if begins or not 0 <= self._now() - self._written_at < self._every:
            self.write()
            self._written_at, self._in_trouble = self._now(), trouble
