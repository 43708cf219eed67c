"""
A batch's dealings with the function's other instances.

    within     its share of the day's budget
    recall     what they know of its questions; nothing, where the table cannot say so at once
    telling    what it found out; side by side with the judging, dropped rather than waited for
"""

import asyncio
import math
import time
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from contextlib import AbstractAsyncContextManager, asynccontextmanager, nullcontext, suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from judges.switchboard import Ledger
from router.cache import Remembered
from router.errors import TableUnavailable
from router.shared.counters import InstanceCounter, TableCounter
from router.shared.day import Day
from router.shared.records import Item, item_of, read_item

if TYPE_CHECKING:
    from router.shared.table import Answer, Table

KEYS = 100
"""Of one BatchGetItem, at the most."""
ROUNDS = 2
"""Keys that the table did not get to are asked for once more."""
WRITES = 8
"""Verdicts told at once."""
OPENED_AFTER = 0.05
"""Seconds into the first batch, when its questions are out and this instance would only wait for replies."""

Tell = Callable[[str, Remembered], None]


@dataclass(frozen=True, slots=True)
class Waits:
    """How long the table is waited for, in seconds."""

    verdicts: float = 0.05
    """By a batch, to be told what others know; and, in the end, for others to be told."""
    write: float = 0.5
    """For one verdict to be told."""
    lease: float = 2.0
    """By a batch, for its share of the day's budget: without it, none of its questions can be asked."""


WAITS = Waits()


class Shared:
    """
    What this instance has in common with others: verdicts, where there is a table, and the budget of a day.

    `spent` counts the day where there is no table. `now` returns the seconds since the epoch.
    """

    def __init__(
        self,
        table: "Table | None" = None,
        usd_per_day: float = math.inf,
        *,
        spent: InstanceCounter | None = None,
        waits: Waits = WAITS,
        now: Callable[[], float] = time.time,
    ) -> None:
        self._table = table
        counter = TableCounter(table) if table else spent or InstanceCounter()
        self._day = (
            Day(usd_per_day, counter, now=now, lease_seconds=waits.lease) if usd_per_day < math.inf else None
        )
        self._waits = waits
        self._now = now

    async def recall(self, models: Mapping[str, str], deadline: float) -> dict[str, Remembered]:
        """
        Return what others know of these keys. `models` says whose verdict each of them stands for.

        The very first batch is told nothing, unless the day's budget has made it open the table.
        """
        if not (models and self._table and self._table.opened and not self._table.pause):
            return {}
        until = min(asyncio.get_running_loop().time() + self._waits.verdicts, deadline)
        keys = list(models)
        pages = [keys[start : start + KEYS] for start in range(0, len(keys), KEYS)]
        found = await asyncio.gather(*[_page(self._table, page, until) for page in pages])
        read = [read_item(item, models, self._now()) for items in found for item in items]
        return dict(one for one in read if one)

    def within(self, ledger: Ledger, usd: float, deadline: float) -> AbstractAsyncContextManager[None]:
        """Cap a batch, whose questions cost so many dollars at the most, at its share of the day's budget."""
        return self._day.within(ledger, usd, deadline) if self._day else nullcontext()

    @property
    def day_spent(self) -> float | None:
        """Share of the day's budget that is spent, as far as is known here; None where there is none."""
        return self._day.share_spent if self._day else None

    @asynccontextmanager
    async def telling(self, deadline: float) -> AsyncIterator[Tell]:
        """Let a batch tell others its verdicts, as they come. In the end, nothing is left under way."""
        if self._table is None:
            yield lambda key, remembered: None
            return
        places, told = asyncio.Semaphore(WRITES), set[asyncio.Task[None]]()

        def tell(key: str, remembered: Remembered) -> None:
            item = item_of(key, remembered, self._now())
            told.add(asyncio.create_task(_put(table, item, places, self._waits.write)))

        table = self._table
        opening = asyncio.create_task(_opened_aside(table))
        try:
            yield tell
        finally:
            left = deadline - asyncio.get_running_loop().time()
            if told:
                await asyncio.wait(told, timeout=max(0.0, min(self._waits.verdicts, left)))
            for task in (opening, *told):
                task.cancel()
            await asyncio.gather(opening, *told, return_exceptions=True)

    async def close(self) -> None:
        """Hang up."""
        if self._table is not None:
            await self._table.close()


async def _page(table: "Table", keys: Sequence[str], until: float) -> list[Any]:
    """Return the items of at most KEYS keys, or those that came before the table failed."""
    items: list[Any] = []
    with suppress(TableUnavailable):
        for _ in range(ROUNDS):
            wanted = {table.name: {"Keys": [{"id": {"S": key}} for key in keys]}}
            found, keys = await table.call(
                "batch_get_item", until, lambda answer: _found(answer, table.name), RequestItems=wanted
            )
            items += found
            if not keys:
                break
    return items


def _found(answer: "Answer", name: str) -> tuple[list[Any], list[str]]:
    """Return the items, and the keys that the table did not get to; raise where the answer is none."""
    left = answer.get("UnprocessedKeys") or {}
    again = [key["id"]["S"] for key in left[name]["Keys"]] if left else []
    return [*answer["Responses"][name]], again


async def _put(table: "Table", item: Item, places: asyncio.Semaphore, seconds: float) -> None:
    async with places:
        until = asyncio.get_running_loop().time() + seconds
        with suppress(TableUnavailable):
            await table.call("put_item", until, lambda _: None, TableName=table.name, Item=item)


async def _opened_aside(table: "Table") -> None:
    """Open the table for the batches that follow, while this one waits for its judges."""
    if not (table.opened or table.pause):
        await asyncio.sleep(OPENED_AFTER)
        await table.open()


def shared_by(models: str, table: str, usd_per_day: float, spent: InstanceCounter | None = None) -> Shared:
    """Return what instances share. What a stand-in for the models says is shared with nobody."""
    if not table or models != "bedrock":
        return Shared(usd_per_day=usd_per_day, spent=spent)
    from router.shared.table import Table  # noqa: PLC0415 - the AWS SDK, for those who have a table

    return Shared(Table(table), usd_per_day)
