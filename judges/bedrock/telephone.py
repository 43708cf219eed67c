"""
Send one prompt to Bedrock and return its reply: the one place that waits, retries and gives up.

    send      up to four attempts, with full jitter between them, never past the deadline
    attempt   takes one of the places for calls in flight; gives it back before any sleep
    call      one HTTP request, bounded by `timeout_seconds`

A telephone belongs to one event loop and lives as long: its connections are used again.
"""

import asyncio
import time
from collections.abc import Awaitable, Callable
from functools import cached_property
from random import Random

from tenacity import AsyncRetrying, RetryCallState, retry_if_exception_type

from judges.base import Prompt, Reply, Settings
from judges.bedrock import dialect
from judges.bedrock.clients import NEWER_FIELDS, Clients
from judges.bedrock.failures import FAILURES, judge_error
from router.errors import JudgeLate, JudgeUnavailable

ATTEMPTS = 4
LONGEST_SLEEP = 8.0
SHORTEST_CEILING = 0.5


class Telephone:
    """
    Calls models through Bedrock's Converse.

    `clock` returns seconds; deadlines are in its units. `in_flight` bounds the calls under way
    at once, over all regions.
    """

    def __init__(
        self,
        *,
        clock: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
        rng: Random | None = None,
        in_flight: int = 64,
    ) -> None:
        self._clock = clock
        self._sleep = sleep
        self._rng = rng or Random()  # noqa: S311 - spreads retries, keeps no secret
        self._in_flight = in_flight
        self._clients = Clients(connections=in_flight)

    async def send(self, prompt: Prompt, settings: Settings, deadline: float) -> Reply:
        """
        Return the model's reply.

        Raises the true last error: JudgeUnavailable after the fourth attempt, or as soon as the
        next sleep would pass the deadline; JudgeLate where the deadline itself came first, before
        a call or during one; JudgeRejected and JudgeUnreadable at once, because asking again
        would change nothing.
        """

        def enough(state: RetryCallState) -> bool:
            wakes = self._clock() + state.upcoming_sleep
            return state.attempt_number >= ATTEMPTS or wakes >= deadline

        retrying = AsyncRetrying(
            retry=retry_if_exception_type(JudgeUnavailable),
            wait=self._full_jitter,
            stop=enough,
            sleep=self._sleep,
            reraise=True,
        )
        return await retrying(self._attempt, prompt, settings, deadline)

    async def close(self) -> None:
        """Hang up. Belongs on the loop that the calls were made on."""
        await self._clients.close()

    @cached_property
    def _places(self) -> asyncio.Semaphore:
        return asyncio.Semaphore(self._in_flight)

    def _full_jitter(self, state: RetryCallState) -> float:
        """Return a sleep as in AWS's "Exponential Backoff And Jitter", in seconds."""
        ceiling = SHORTEST_CEILING * 2 ** (state.attempt_number - 1)
        return self._rng.uniform(0, min(LONGEST_SLEEP, ceiling))

    async def _attempt(self, prompt: Prompt, settings: Settings, deadline: float) -> Reply:
        left = deadline - self._clock()
        if left <= 0:
            raise JudgeLate(f"no time was left to ask {settings.model}")
        try:
            async with asyncio.timeout(left), self._places:
                return await self._call(prompt, settings)
        except TimeoutError:
            raise JudgeLate(f"the deadline came before a reply of {settings.model}") from None

    async def _call(self, prompt: Prompt, settings: Settings) -> Reply:
        region = self._clients.region(settings.region)
        parameters = dialect.parameters(prompt, settings)
        NEWER_FIELDS.set(dialect.newer_fields(prompt, settings))
        try:
            async with asyncio.timeout(settings.timeout_seconds):
                client = await self._clients.of(region)
                reply = await client.converse(**parameters)
        except TimeoutError:
            seconds = settings.timeout_seconds
            raise JudgeUnavailable(f"{settings.model} sent no reply within {seconds:g} s") from None
        except FAILURES as error:
            raise judge_error(error, prompt, settings, region) from error
        return dialect.read(reply, settings)
