"""
Batches on one instance, one after the other, in simulated time: verify, wait for a turn, wait for the reply.

The turns are those that the switchboard's own `Pace` gives. Not covered: a model that throttles or fails, a
budget or a deadline that ends a batch early, and pauses between batches, in which a quota is saved up anew.
"""

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from heapq import heappop, heappush
from random import Random

from judges.base import Quota
from judges.switchboard.desk import IN_FLIGHT, TICK
from judges.switchboard.pace import Pace

SIGMA = 0.5
"""Of the logarithm of a reply's seconds, where they are assumed: one in twenty takes 2.3 times the median."""

Address = tuple[str, str]
Latency = Callable[[], float]


@dataclass(frozen=True, slots=True)
class Work:
    """A batch: seconds of its own, and its calls as (model, tokens that it reserves)."""

    own: float
    calls: Sequence[tuple[Address, int]]


@dataclass(frozen=True, slots=True)
class Served:
    """What became of a batch, in seconds."""

    seconds: float
    waited: float
    """Until its last call had a turn."""


class Instance:
    """One instance of the function, warm, with its share of each quota."""

    def __init__(self, quotas: Mapping[Address, Quota], latency: Latency) -> None:
        self._desks = {address: _Desk(Pace(quota, 0.0), latency) for address, quota in quotas.items()}
        self._now = 0.0

    def serve(self, work: Work) -> Served:
        """Serve a batch as soon as the one before is done."""
        asked = self._now + work.own
        for desk in self._desks.values():
            desk.now = asked
        ended = max([self._desks[address].call(tokens) for address, tokens in work.calls], default=asked)
        waited = max([desk.now for desk in self._desks.values()], default=asked) - asked
        served = Served(ended - self._now, waited)
        self._now = ended
        return served


@dataclass(slots=True)
class _Desk:
    """One model's door: calls pass it in order."""

    pace: Pace
    latency: Latency
    now: float = 0.0
    under_way: list[float] = field(default_factory=list)
    """When the replies that are waited for will be there, as a heap."""

    def call(self, tokens: int) -> float:
        """Return when the reply to the next call is there."""
        if len(self.under_way) >= IN_FLIGHT:
            self.now = max(self.now, heappop(self.under_way))
        while (wait := self.pace.wait(tokens, self.now)) > TICK:
            self.now += wait
        self.pace.take(tokens, self.now)
        ends = self.now + self.latency()
        heappush(self.under_way, ends)
        return ends


def latency(rng: Random, median: float, measured: Sequence[float]) -> Latency:
    """Return what draws the seconds of a reply: from those measured, else lognormal around the median."""
    if measured:
        return lambda: rng.choice(measured)
    return lambda: rng.lognormvariate(math.log(median), SIGMA)
