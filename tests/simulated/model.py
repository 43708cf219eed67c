"""
A model in virtual time: a quota, latencies, faults by schedule, and a log of everything.

Errors come after a round trip, replies after a lognormal latency. The quota is a bucket that holds one
second's worth and is filled steadily, as a service counts that smooths what its customers send.
"""

import asyncio
import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from random import Random

from judges.base import Prompt, Reply, Settings
from router.errors import JudgeError, JudgeLost, JudgeRefused, JudgeRejected, JudgeThrottled, JudgeUnavailable

ROUND_TRIP = 0.03
"""Seconds until an error comes back."""
OUTPUT_TOKENS = 50
CUT_OFF, ANSWERED = "cut off", "answered"
"""What comes of a call, beside the name of an error."""


@dataclass(slots=True)
class Call:
    """One call as the model saw it."""

    at: float
    prompt: Prompt
    settings: Settings
    came_of_it: str = CUT_OFF
    ended: float = math.inf
    reply: Reply | None = None


@dataclass(frozen=True, slots=True)
class Faults:
    """What goes wrong by chance, and when everything does."""

    throttled: float = 0.0
    hangs: float = 0.0
    down: float = 0.0
    lost: float = 0.0
    garbled: float = 0.0
    refused: float = 0.0
    """Shares of the calls."""
    brown_outs: tuple[tuple[float, float], ...] = ()
    """(from, to) in seconds, when every call fails."""
    brown_out_throttles: bool = False
    """Whether it then throws calls back, as for a quota, instead of being down."""
    rejects_from: float = math.inf
    """From when on it refuses everybody for good, as for want of a permission."""


def correct(prompt: Prompt, settings: Settings) -> Mapping[str, object]:
    """Return the verdict of a model that likes everything."""
    return {"reason": "", "verdict": "correct"}


@dataclass(slots=True)
class SimulatedModel:
    """Answers calls as a `Line`; `per_second` is its quota, None for none."""

    rng: Random
    per_second: float | None = None
    median: float = 0.8
    sigma: float = 0.5
    faults: Faults = field(default_factory=Faults)
    verdict: Callable[[Prompt, Settings], Mapping[str, object]] = correct
    calls: list[Call] = field(default_factory=list)
    _level: float | None = None
    _filled_at: float = 0.0

    async def open(self, settings: Settings) -> None:
        """Nothing to get ready."""

    async def call(self, prompt: Prompt, settings: Settings) -> Reply:
        """Reply, or fail as the schedule and the quota say."""
        loop = asyncio.get_running_loop()
        call = Call(loop.time(), prompt, settings)
        self.calls.append(call)
        try:
            call.reply = await self._come_of(call)
        except JudgeError as error:
            call.came_of_it = type(error).__name__
            raise
        finally:
            call.ended = loop.time()
        call.came_of_it = ANSWERED
        return call.reply

    async def close(self) -> None:
        """Nothing is open."""

    async def _come_of(self, call: Call) -> Reply:
        chance, faults = self.rng.random(), self.faults
        latency = self.rng.lognormvariate(math.log(self.median), self.sigma)

        def strikes(share: float) -> bool:
            nonlocal chance
            chance -= share
            return -share <= chance < 0

        if call.at >= faults.rejects_from:
            await self._fail(JudgeRejected("allow bedrock:InvokeModel"))
        if any(start <= call.at < end for start, end in faults.brown_outs):
            throttles = faults.brown_out_throttles
            await self._fail(JudgeThrottled("brown-out") if throttles else JudgeUnavailable("brown-out"))
        if not self._within_quota(call.at) or strikes(faults.throttled):
            await self._fail(JudgeThrottled("too many requests"))
        if strikes(faults.hangs):
            await asyncio.sleep(3600)
        if strikes(faults.down):
            await self._fail(JudgeUnavailable("down"))
        if strikes(faults.refused):
            await self._fail(JudgeRefused("refused"))
        await asyncio.sleep(latency)
        if strikes(faults.lost):
            raise JudgeLost("reset")
        content = "gibberish" if strikes(faults.garbled) else self.verdict(call.prompt, call.settings)
        tokens = len(call.prompt.text) // 4
        return Reply(content, "end_turn", call.settings.model, tokens, OUTPUT_TOKENS)

    async def _fail(self, error: JudgeError) -> None:
        await asyncio.sleep(ROUND_TRIP)
        raise error

    def _within_quota(self, now: float) -> bool:
        if self.per_second is None:
            return True
        level = self.per_second if self._level is None else self._level
        level = min(self.per_second, level + (now - self._filled_at) * self.per_second)
        self._filled_at = now
        allowed = level >= 1
        self._level = level - 1 if allowed else level
        return allowed
