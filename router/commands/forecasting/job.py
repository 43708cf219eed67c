"""What is forecast: how many samples, sent how, to what kind of function."""

import math
from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Job:
    """What a trainer will send, and what stands ready for it."""

    samples: int
    batch: int = 128
    """Rows an invocation."""
    concurrency: int = 12
    """Invocations that the trainer makes at once, where there are so many."""
    memory: int = 1769
    """Megabytes."""
    arch: str = "arm64"
    latency: float = 0.8
    """Median seconds of a reply, where the file has no trails that say."""
    shared_by: Mapping[tuple[str, str], int] = field(default_factory=dict)
    """Among how many instances the policy shares a quota, by model and region."""

    @property
    def invocations(self) -> int:
        """How many batches the samples make."""
        return math.ceil(self.samples / self.batch)

    @property
    def at_once(self) -> int:
        """How many invocations there are at once."""
        return min(self.concurrency, self.invocations)

    @property
    def rounds(self) -> float:
        """How many batches one instance serves after another."""
        return self.invocations / self.at_once
