"""The two models that the job's judges ask, and when they throw calls back."""

from random import Random

from benchmarks.dashboard.student import pleased
from judges.base import Prompt, Reply, Settings
from tests.simulated.model import Faults, SimulatedModel

JUDGE, BACKUP = "us.amazon.nova-lite-v1:0", "us.amazon.nova-micro-v1:0"
HOUR = 3600.0
HOURS = 6.0
"""Of the job."""
THROTTLED = (1.5 * HOUR, 2.33 * HOUR)
LETS_THROUGH = 6.0
"""Seconds of each minute in which Bedrock throws nothing back, even then."""
BACKUP_PER_SECOND, BACKUP_LETS_THROUGH = 1.0, 4.0
"""Of each minute, all day: a backup with little room."""


def _full(between: tuple[float, float], lets_through: float) -> tuple[tuple[float, float], ...]:
    """Return when a model throws everything back: all of each minute but so many seconds."""
    start, end = (int(one) for one in between)
    return tuple((float(at), at + 60.0 - lets_through) for at in range(start, end, 60))


class Models:
    """The line to both models."""

    def __init__(self, rng: Random) -> None:
        faults = Faults(
            lost=0.002, garbled=0.001, brown_outs=_full(THROTTLED, LETS_THROUGH), brown_out_throttles=True
        )
        little = Faults(brown_outs=_full((0.0, HOURS * HOUR), BACKUP_LETS_THROUGH), brown_out_throttles=True)
        self.judge = SimulatedModel(Random(rng.random()), median=0.8, faults=faults, verdict=pleased)
        self.backup = SimulatedModel(
            Random(rng.random()), BACKUP_PER_SECOND, median=0.5, faults=little, verdict=pleased
        )

    async def open(self, settings: Settings) -> None:
        """Nothing to get ready."""

    async def call(self, prompt: Prompt, settings: Settings) -> Reply:
        """Put the call through."""
        return await (self.judge if settings.model == JUDGE else self.backup).call(prompt, settings)

    async def close(self) -> None:
        """Nothing is open."""
