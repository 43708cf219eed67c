"""All that is said of a batch: its figures, and what else was asked for."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from router.policy.model import Policy
from router.telemetry.bugs import log_bug, take_bugs
from router.telemetry.line import Lines
from router.telemetry.meter import Meter
from router.telemetry.outcome import Outcome
from router.types import Row

if TYPE_CHECKING:
    from router.telemetry.samples import Samples
    from router.telemetry.trails import Trails


@dataclass(frozen=True, slots=True)
class Telling:
    """What is to be said."""

    function: str = ""
    """The function's name: its metrics are written. Empty: a line a batch, as on the command line."""
    log_samples: float = 0.0
    """Share of the samples whose texts are logged, redacted."""
    trails: str = ""
    """`s3://bucket/prefix`, for whole trails."""
    trail_share: float = 0.0
    """Share of the samples whose trails go there."""


class Telemetry:
    """Says it: lines through `emit`, trails to S3. Nothing that goes wrong here costs a batch its rewards."""

    def __init__(self, emit: Callable[[str], None], telling: Telling) -> None:
        self._figures = Meter(emit, telling.function) if telling.function else Lines(emit)
        self._samples = _samples(telling, emit)
        self._trails = _trails(telling)

    def failed(self, outcome: Outcome) -> None:
        """Say that a batch failed as a whole."""
        self._told(lambda: self._figures.add(replace(outcome, bugs=take_bugs())))

    def done(
        self, outcome: Outcome, rows: Sequence[Row], event: object, request: str, deadline: float
    ) -> None:
        """Say what became of a batch, before its deadline on the monotonic clock."""
        self._told(lambda: self._figures.add(replace(outcome, bugs=take_bugs())))
        if samples := self._samples:
            self._told(lambda: samples.add(outcome, rows))
        if trails := self._trails:
            self._told(lambda: trails.add(outcome, rows, event, request, deadline))

    def policy_rejected(self, policy: Policy) -> None:
        """Say that a newer policy does not check out, and this one goes on."""
        self._told(lambda: self._figures.policy_rejected(policy))

    def close(self) -> None:
        """Write what is still to be written."""
        if isinstance(self._figures, Meter):
            self._figures.write()

    def _told(self, tell: Callable[[], None]) -> None:
        try:
            tell()
        except Exception as bug:
            log_bug("the telemetry", bug)


def _samples(telling: Telling, emit: Callable[[str], None]) -> "Samples | None":
    if not telling.log_samples:
        return None
    from router.telemetry.samples import Samples  # noqa: PLC0415 - patterns, for those who want texts

    return Samples(telling.log_samples, emit)


def _trails(telling: Telling) -> "Trails | None":
    if not (telling.trails and telling.trail_share):
        return None
    from router.telemetry.trails import Trails  # noqa: PLC0415 - the AWS SDK, for those who want trails

    return Trails(telling.trails, telling.trail_share)
