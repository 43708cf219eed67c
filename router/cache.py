"""Verdicts of judges, remembered; and a question asked once when it is asked twice at the same time."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from cachetools import LRUCache

from router.errors import JudgeUnavailable
from router.types import Verdict

MOST_BYTES = 32 * 2**20
OVERHEAD = 400
"""Bytes that a verdict takes beside its texts, about."""
LEADERS = 2
"""A question whose first asker fails is asked once more by one of those who waited, and then by nobody."""


@dataclass(frozen=True, slots=True)
class Remembered:
    """A verdict, and the model that gave it."""

    verdict: Verdict
    model: str


Ask = Callable[[], Awaitable[Remembered]]


class Verdicts:
    """What judges said, by a key that covers all that they were asked; the least lately used goes first."""

    def __init__(self, most_bytes: int = MOST_BYTES) -> None:
        self._kept: LRUCache[str, Remembered] = LRUCache(most_bytes, getsizeof=_size)
        self._asked: dict[str, asyncio.Future[Remembered]] = {}

    def get(self, key: str) -> Remembered | None:
        """Return what is remembered."""
        return self._kept.get(key)

    def keep(self, key: str, remembered: Remembered) -> None:
        """Remember a verdict, unless it is larger than all that may be kept."""
        if _size(remembered) <= self._kept.maxsize:
            self._kept[key] = remembered

    async def once(self, key: str, ask: Ask) -> tuple[Remembered, bool]:
        """
        Return the verdict, and whether it cost this caller nothing.

        The first to come asks, everybody else waits for it. Raises what the last asker met.
        """
        failure: BaseException | None = None
        for _ in range(LEADERS):
            if kept := self.get(key):
                return kept, True
            if not (asked := self._asked.get(key)):
                return await self._lead(key, ask), False
            await asyncio.wait([asked])
            if not (failure := asked.exception()):
                return asked.result(), True
        assert failure  # noqa: S101 - nobody waits twice but for a failure
        raise failure

    async def _lead(self, key: str, ask: Ask) -> Remembered:
        self._asked[key] = asked = asyncio.get_running_loop().create_future()
        try:
            remembered = await ask()
        except BaseException as failure:
            asked.set_exception(
                JudgeUnavailable("whoever asked first was interrupted")
                if isinstance(failure, asyncio.CancelledError)
                else failure
            )
            asked.exception()  # nobody may be waiting, and that is no reason to warn
            raise
        else:
            self.keep(key, remembered)
            asked.set_result(remembered)
            return remembered
        finally:
            del self._asked[key]


def _size(remembered: Remembered) -> int:
    return OVERHEAD + 4 * len(remembered.verdict.reason) + len(remembered.model)
