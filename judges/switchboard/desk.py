"""
One model's desk: who may call now, what came of it, and what that says of the next call.

All who want to call queue at one door, first come, first served. Whoever is at its head waits for
the breaker and the pace; everybody behind waits for nothing but the door.
"""

import asyncio
import math
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, nullcontext, suppress
from dataclasses import dataclass
from random import Random

from judges.base import Quota
from judges.switchboard.breaker import Breaker
from judges.switchboard.pace import Pace, Try
from judges.switchboard.patience import Patience
from router.errors import JudgeBusy, JudgeThrottled, JudgeUnavailable

SCOUTED = 0.1
"""Seconds that a model never reached before may take with its first call, before others follow: enough
to refuse it, so that a missing permission is met once and not a hundred times."""
FREE_RETRIES = 10
"""Calls that may be repeated before any has succeeded."""
EARNED = 2
"""Calls that each reply allows to be repeated: as many again, and trouble still dies down."""
UNEARNED = 2.0
"""Seconds after which a call may be repeated although no reply has paid for it."""


HOPELESS = 0.1
"""Share of the latest calls that were let through, under which a failure says that the model may be down."""
TICK = 1e-6
"""Seconds that are not worth waiting for; less might not move a clock at all."""
IN_FLIGHT = 128
"""Calls at once."""


@dataclass(frozen=True, slots=True)
class Turn:
    """Leave to call once, now."""

    paced: Try
    probe: bool


class Desk:
    """What is known of one model in one region, for the container's life. `clock` is the event loop's."""

    def __init__(self, quota: Quota, clock: Callable[[], float], rng: Random) -> None:
        self._clock = clock
        self._quota = quota
        self._pace = Pace(quota, clock())
        self._breaker = Breaker(rng)
        self.patience = Patience()
        self._door = asyncio.Lock()
        self._queue = 0
        self._places = asyncio.Semaphore(IN_FLIGHT)
        self._changed = asyncio.Event()
        self._retries = FREE_RETRIES
        self._scout: float | None = None
        """When the first call of all went out; infinitely long ago once anything came of it."""

    @property
    def is_down(self) -> bool:
        """Whether the model is taken to be down."""
        return self._breaker.is_open

    @asynccontextmanager
    async def turn(
        self,
        tokens: int,
        worth_it: Callable[[], None],
        *,
        again: bool = False,
        beside: bool = False,
        most_wait: float = math.inf,
    ) -> AsyncIterator[Turn]:
        """
        Wait for leave to call, which reserves these tokens of the quota.

        `worth_it` raises where a call has become useless. `again`: the same question was put before, and
        failed. `beside`: the same question is under way, and holds a place. Raises JudgeBusy where the model
        is down, or the queue is longer than `most_wait` seconds, unless that is infinite.
        """
        if again:
            await self._retry_is_paid()
        async with nullcontext() if beside else self._places:
            turn = await self._through_the_door(tokens, worth_it, most_wait)
            try:
                yield turn
            finally:
                self._settled()

    async def _through_the_door(self, tokens: int, worth_it: Callable[[], None], most_wait: float) -> Turn:
        self._queue += 1
        try:
            async with self._door:
                await asyncio.sleep(0)  # whoever went before is on the wire before this one is prepared
                worth_it()
                while (wait := self._wait(tokens)) > TICK:
                    self._look_elsewhere(wait, most_wait)
                    await self._change(wait)
                    worth_it()
                now = self._clock()
                if self._scout is None:
                    self._scout = now
                return Turn(self._pace.take(tokens, now), self._breaker.take(now))
        finally:
            self._queue -= 1

    def _look_elsewhere(self, wait: float, most_wait: float) -> None:
        queue = self._queue / self._pace.rate(self._clock())
        if most_wait < math.inf and (self.is_down or max(wait, queue) > most_wait):
            raise JudgeBusy("the model is down" if self.is_down else "the model's quota is used up")

    def answered(self, turn: Turn, seconds: float) -> None:
        """Note a reply and how long it took."""
        self.patience.learn(seconds)
        self._pace.answered()
        self._retries = min(self._retries + EARNED, IN_FLIGHT)
        if self._breaker.answered(turn.paced.at):
            self._pace = Pace(self._quota, self._clock())
            self._retries = max(self._retries, FREE_RETRIES)

    def failed(self, turn: Turn, error: JudgeUnavailable) -> None:
        """Note that the model threw a call back, lost it, or was down."""
        now = self._clock()
        self._pace.failed(turn.paced, now)
        if isinstance(error, JudgeThrottled):
            self._pace.thrown_back(turn.paced, now)
            hopeful = self._pace.let_through(now) > 0
        else:
            since = self._breaker.trouble_since(turn.paced.at)
            hopeful = self._pace.share_let_through(since, now) >= HOPELESS
        self._breaker.failed(turn.paced.at, now, probe=turn.probe, hopeful=hopeful)

    def _wait(self, tokens: int) -> float:
        now = self._clock()
        if self.is_down:
            return self._breaker.wait(now)
        scouting = self._scout + SCOUTED - now if self._scout is not None else 0.0
        return max(self._pace.wait(tokens, now), scouting)

    async def _retry_is_paid(self) -> None:
        until = self._clock() + UNEARNED
        while self._retries < 1 and (left := until - self._clock()) > 0:
            await self._change(left)
        self._retries = max(0, self._retries - 1)

    async def _change(self, at_most: float) -> None:
        """Wait until something has changed here, or for so many seconds."""
        self._changed.clear()
        with suppress(TimeoutError):
            async with asyncio.timeout(min(at_most, 3600.0)):
                await self._changed.wait()

    def _settled(self) -> None:
        self._scout = -math.inf
        self._changed.set()
