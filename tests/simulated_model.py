"""
A model in virtual time: a quota, latencies, faults by schedule, and a log of everything.

Errors come after a round trip, replies after a lognormal latency. The quota is a bucket that holds one
second's worth and is filled steadily, as a service counts that smooths what its customers send.
"""

import asyncio
import math
from dataclasses import dataclass, field
from random import Random

from judges.base import Prompt, Reply, Settings
from router.errors import JudgeError, JudgeLost, JudgeThrottled, JudgeUnavailable

ROUND_TRIP = 0.03
"""Seconds until an error comes back."""


@dataclass(slots=True)
class Call:
    """One call as the model saw it."""

    at: float
    prompt: str
    model: str
    came_of_it: str = "under way"


@dataclass(slots=True)
class Faults:
    """What goes wrong by chance, and when everything does."""

    throttled: float = 0.0
    hangs: float = 0.0
    lost: float = 0.0
    down: float = 0.0
    garbled: float = 0.0
    """Shares of the calls."""
    brown_outs: tuple[tuple[float, float], ...] = ()
    """(from, to) in seconds, when every call fails."""
    brown_out_throttles: bool = False
    """Whether it then throws calls back, as for a quota, instead of being down."""


@dataclass(slots=True)
class SimulatedModel:
    """Answers calls as a `Line`; `per_second` is its quota, None for none."""

    rng: Random
    per_second: float | None = None
    median: float = 0.8
    sigma: float = 0.5
    faults: Faults = field(default_factory=Faults)
    calls: list[Call] = field(default_factory=list)
    _level: float | None = None
    _filled_at: float = 0.0

    async def open(self, settings: Settings) -> None:
        """Nothing to get ready."""

    async def call(self, prompt: Prompt, settings: Settings) -> Reply:
        """Reply, or fail as the schedule and the quota say."""
        loop = asyncio.get_running_loop()
        call = Call(loop.time(), prompt.text, settings.model)
        self.calls.append(call)
        call.came_of_it = "cut off"
        try:
            reply = await self._come_of(call, settings)
        except JudgeError as error:
            call.came_of_it = type(error).__name__
            raise
        call.came_of_it = "answered"
        return reply

    async def close(self) -> None:
        """Nothing is open."""

    async def _come_of(self, call: Call, settings: Settings) -> Reply:
        chance, faults = self.rng.random(), self.faults
        if any(start <= call.at < end for start, end in faults.brown_outs):
            await asyncio.sleep(ROUND_TRIP)
            raise JudgeThrottled("brown-out") if faults.brown_out_throttles else JudgeUnavailable("brown-out")
        if not self._within_quota(call.at) or chance < faults.throttled:
            await asyncio.sleep(ROUND_TRIP)
            raise JudgeThrottled("too many requests")
        chance -= faults.throttled
        latency = self.rng.lognormvariate(math.log(self.median), self.sigma)
        if 0 <= chance < faults.hangs:
            await asyncio.sleep(3600)
        chance -= faults.hangs
        if 0 <= chance < faults.down:
            await asyncio.sleep(ROUND_TRIP)
            raise JudgeUnavailable("down")
        chance -= faults.down
        await asyncio.sleep(latency)
        if 0 <= chance < faults.lost:
            raise JudgeLost("reset")
        chance -= faults.lost
        garbled = 0 <= chance < faults.garbled
        content = "gibberish" if garbled else {"reason": "", "verdict": "correct"}
        return Reply(content, "end_turn", settings.model, len(call.prompt) // 4, 50)

    def _within_quota(self, now: float) -> bool:
        if self.per_second is None:
            return True
        level = self.per_second if self._level is None else self._level
        level = min(self.per_second, level + (now - self._filled_at) * self.per_second)
        self._filled_at = now
        allowed = level >= 1
        self._level = level - 1 if allowed else level
        return allowed
