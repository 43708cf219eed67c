"""
The line to the function that runs programs: Lambda's Invoke, on an event loop in a thread.

Verifiers are plain calls; many of them wait here side by side, and each for no longer than it may: a call
that is late is cancelled, with all that it holds. Asking twice does no harm, so what Lambda throws back and
what is lost on the way is asked again, here and nowhere else, a few times.
"""

import asyncio
import json
import logging
import random
import threading
import time
from collections.abc import Callable

from router.away.failures import FAILURES, Unanswered, failed, unanswered
from router.away.place import AT_ONCE
from router.service import Connect, Connecting, Service

PAUSES = (0.25, 0.5, 1.0)
"""Seconds at the most before each new attempt; a random share of it is waited."""
LEFT_ALONE_SECONDS = 5.0
"""For which nobody is asked after a failure that the next sample would meet as well."""
OPTIONS = {"max_pool_connections": AT_ONCE, "connect_timeout": 3, "read_timeout": 900}
"""botocore's: a connection for each call, and as long as any function may take."""

log = logging.getLogger(__name__)


class Line:
    """
    Asks one function, from any thread.

    `connect` returns a client to enter; `now` returns the seconds since the epoch.
    """

    def __init__(
        self, function: str, connect: Connect | None = None, *, now: Callable[[], float] = time.time
    ) -> None:
        self._function = function
        self._service = Service(connect or Connecting("lambda", **OPTIONS), now=now)
        self._loop = asyncio.new_event_loop()
        self._alone: tuple[float, str] = (0.0, "")
        self._thread = threading.Thread(target=self._loop.run_forever, name="away", daemon=True)
        self._thread.start()

    def ask(self, letter: bytes, until: float) -> object:
        """Return the function's JSON by `until` (monotonic); raise Unanswered, TimeoutError."""
        return asyncio.run_coroutine_threadsafe(self._ask(letter, until), self._loop).result()

    def close(self) -> None:
        """Hang up for good."""
        asyncio.run_coroutine_threadsafe(self._service.close(), self._loop).result()
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()

    async def _ask(self, letter: bytes, until: float) -> object:
        alone_until, why = self._alone
        if self._loop.time() < alone_until:
            raise Unanswered(why)
        try:
            async with asyncio.timeout_at(until):
                return await self._attempts(letter)
        except Unanswered as unanswered:
            if unanswered.alone:
                self._alone = self._loop.time() + LEFT_ALONE_SECONDS, str(unanswered)
                log.warning("%s; left alone for %g s", unanswered, LEFT_ALONE_SECONDS)
            raise

    async def _attempts(self, letter: bytes) -> object:
        for pause in PAUSES:
            try:
                return await self._attempt(letter)
            except Unanswered as unanswered:
                if not unanswered.again:
                    raise
            await asyncio.sleep(pause * random.random())  # noqa: S311 - a jitter
        return await self._attempt(letter)

    async def _attempt(self, letter: bytes) -> object:
        try:
            async with self._service.client() as client:
                reply = await client.invoke(FunctionName=self._function, Payload=letter)
                body = await reply["Payload"].read()
        except FAILURES as error:
            raise unanswered(error, self._function) from None
        try:
            said: object = json.loads(body)
        except (ValueError, RecursionError):
            raise Unanswered(f"the function {self._function} answers no JSON") from None
        if "FunctionError" in reply:
            raise failed(said, self._function)
        return said


LINES: dict[str, Line] = {}
"""This process's, by function; they last as long as it does."""
OPENING = threading.Lock()


def line_to(function: str) -> Line:
    """Return this process's line to a function; threads may ask at once."""
    with OPENING:
        return LINES.get(function) or LINES.setdefault(function, Line(function))
