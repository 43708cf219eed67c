"""What a day has spent, counted before it is spent: in the shared table, or in this instance alone."""

import asyncio
import re
from functools import partial
from typing import TYPE_CHECKING, Any, Protocol

from router.errors import TableUnavailable

if TYPE_CHECKING:
    from router.shared.table import Answer, Table

KEPT_SECONDS = 30 * 86_400
"""How long the table can be asked what a day has spent."""

WHOLE = re.compile(r"\d+", re.ASCII)


class Counter(Protocol):
    """Counts what days have spent, in whole units. A day is written as in 2026-11-26."""

    spent: int
    """What the day that was last asked about has spent, as far as was heard then; leases count as spent."""

    async def lease(self, day: str, units: int, cap: int, until: float) -> int:
        """
        Count so many units as spent, or as many as are left under the cap; return how many.

        Raises TableUnavailable where that cannot be done by `until`, on the event loop's clock.
        """


class InstanceCounter:
    """Counts what this instance has spent: where there is no table, a cap holds for each instance alone."""

    def __init__(self) -> None:
        self._day = ""
        self.spent = 0

    async def lease(self, day: str, units: int, cap: int, until: float) -> int:
        """Count up; always possible."""
        if day != self._day:
            self._day, self.spent = day, 0
        leased = max(0, min(units, cap - self.spent))
        self.spent += leased
        return leased


class TableCounter:
    """
    Counts in the item `budget#DAY` what all instances together have spent.

    Counting up is one conditional write, so that no number of instances exceeds the cap between them.
    Where its answer is lost, the units are lost as well.
    """

    def __init__(self, table: "Table") -> None:
        self._table = table
        self.spent = 0

    async def lease(self, day: str, units: int, cap: int, until: float) -> int:
        """Count up; less where others were faster, and again where the table failed and there is time."""
        clock = asyncio.get_running_loop().time
        left = cap
        while lease := min(units, left):
            try:
                counted, self.spent = await self._count(day, lease, cap, until)
            except TableUnavailable:
                if clock() + self._table.pause >= until:
                    raise
                await asyncio.sleep(self._table.pause)
            else:
                if counted:
                    return lease
                left = max(0, cap - self.spent)
        return 0

    async def _count(self, day: str, lease: int, cap: int, until: float) -> tuple[bool, int]:
        """Count up, unless what is spent leaves less; return whether that was done, and what is spent."""
        return await self._table.call(
            "update_item",
            until,
            partial(_counted, lease=lease, cap=cap),
            TableName=self._table.name,
            Key={"id": {"S": f"budget#{day}"}},
            UpdateExpression="SET expires = :expires ADD spent :lease",
            ConditionExpression="attribute_not_exists(spent) OR spent <= :room",
            ExpressionAttributeValues={
                ":expires": {"N": str(int(self._table.now()) + KEPT_SECONDS)},
                ":lease": {"N": str(lease)},
                ":room": {"N": str(cap - lease)},
            },
            ReturnValues="UPDATED_NEW",
            ReturnValuesOnConditionCheckFailure="ALL_OLD",
        )


def _counted(answer: "Answer", lease: int, cap: int) -> tuple[bool, int]:
    if "Attributes" in answer:
        if not lease <= (spent := _spent(answer["Attributes"])) <= cap:
            raise ValueError("more is spent than can be")
        return True, spent
    if (spent := _spent(answer["Item"])) <= cap - lease:
        raise ValueError("the condition should have held")
    return False, spent


def _spent(item: Any) -> int:
    """Return the whole number that an item counts; raise where it is none."""
    text = item["spent"]["N"]
    if not WHOLE.fullmatch(text):
        raise ValueError("no whole number")
    return int(text)
