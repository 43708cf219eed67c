"""
How long a reply may take: learnt from those that came, as far as the policy's timeout allows.

Latencies of models are about lognormal, so mean and deviation are those of their logarithms.
"""

import asyncio
import math
from collections import deque
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

REMEMBERED = 200
ENOUGH = 20
"""Replies from which something is learnt."""
STRAGGLES, HOPELESS = 1.645, 3.5
"""Deviations above the mean: one of twenty replies takes longer; one of four thousand."""
STEADIEST = 0.25
"""The least deviation that is believed: tomorrow's latencies are not as alike as the last ones."""
SHORTEST = 1.0
"""Seconds; no timeout is learnt that is shorter."""
LARGEST_WAIT = 0.2
"""Share of the time that is left which one call may take, where nineteen of twenty replies take less: of two
calls that hang near the deadline the second leaves time for a third."""
OVERDUE, MOST_DOUBLINGS = 8, 10
"""Calls that took too long, after which the next ones are given twice the time, and so on."""
NOTICEABLE = 0.1
"""Share by which what is learnt must move before the calls that are out are told."""


class Patience:
    """What is known of one model's latencies, in seconds."""

    def __init__(self) -> None:
        self._logs: deque[float] = deque()
        self._sum = self._squares = 0.0
        """Of the logarithms and of their squares."""
        self._learnt = math.inf
        """How long a reply may take, by all that is known."""
        self._told = math.inf
        """The same as the calls that are out were last given it."""
        self._overdue = 0
        """Calls that took too long, less the replies that have come since."""
        self._waiting: dict[asyncio.Timeout, tuple[float, float, float]] = {}
        """(start by the loop's clock, the policy's timeout, how many times what is learnt) of each call."""

    def learn(self, seconds: float) -> None:
        """Note how long a reply took; calls that are out are given no longer than is known now."""
        self._overdue = max(0, self._overdue - 1)
        self._remember(math.log(max(seconds, 1e-3)))
        self._learnt = max(SHORTEST, self._quantile(HOPELESS, math.inf))
        if not (1 - NOTICEABLE) * self._told <= self._learnt <= (1 + NOTICEABLE) * self._told:
            self._told = self._learnt
            for timeout, (started, most, times) in self._waiting.items():
                if not timeout.expired():
                    timeout.reschedule(started + min(most, times * self._learnt))

    def struck(self) -> None:
        """Note that a call took too long; after some the model may just have become slower."""
        self._overdue += 1

    def typical(self) -> float:
        """Return how long a reply takes; 0 before anything is known."""
        return self._quantile(0, 0.0)

    def straggler(self) -> float:
        """Return after how long a call straggles; infinite before anything is known."""
        return self._quantile(STRAGGLES, math.inf)

    @asynccontextmanager
    async def timeout(self, started: float, most: float, left: float) -> AsyncIterator[None]:
        """
        Raise TimeoutError where a call takes too long, by what is known while it is out.

        At most `most` seconds; `left` are those until the deadline. Only replies teach, so a model that has
        become slower, of which none comes in the time that is learnt, is given ever longer until they do.
        """
        times = 2.0 ** min(self._overdue // OVERDUE, MOST_DOUBLINGS)
        most = min(most, max(SHORTEST, times * self.straggler(), LARGEST_WAIT * left))
        async with asyncio.timeout_at(started + min(most, times * self._learnt)) as timeout:
            self._waiting[timeout] = (started, most, times)
            try:
                yield
            finally:
                del self._waiting[timeout]

    def _remember(self, log: float) -> None:
        self._logs.append(log)
        forgotten = self._logs.popleft() if len(self._logs) > REMEMBERED else 0.0
        self._sum += log - forgotten
        self._squares += log * log - forgotten * forgotten

    def _quantile(self, deviations: float, unknown: float) -> float:
        if (count := len(self._logs)) < ENOUGH:
            return unknown
        mean = self._sum / count
        deviation = math.sqrt(max(0.0, self._squares / count - mean * mean))
        return math.exp(mean + deviations * max(STEADIEST, deviation))
