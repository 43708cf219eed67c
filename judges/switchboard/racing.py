"""Several calls for one reply: the first one counts, and the others end with it."""

import asyncio
from typing import Any

from judges.base import Reply


async def first_reply(calls: set[asyncio.Task[Reply]]) -> Reply:
    """Return the first reply; raise the last error where all of them fail."""
    waiting = calls
    while True:
        done, waiting = await asyncio.wait(waiting, return_when=asyncio.FIRST_COMPLETED)
        for call in done:
            if call.exception() is None or not waiting:
                return call.result()


async def cancelled(calls: set[asyncio.Task[Any]]) -> None:
    """End the calls that are still out, and wait until they have."""
    for call in calls:
        call.cancel()
    await asyncio.gather(*calls, return_exceptions=True)
