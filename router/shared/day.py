"""
The day's budget. A batch spends only dollars that were leased from the day before, so that the cap is hard.

A lease is larger than the batch needs; what is left of it is spent by the next batches of the same day
(UTC), and lost when the day or the instance ends. So a day may come to a little less than its cap,
and never to more. A batch spends on the day on which it began.
"""

import asyncio
import math
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from datetime import UTC, datetime

from judges.switchboard import Ledger
from router.errors import TableUnavailable
from router.shared.counters import Counter

UNITS = 100_000_000
"""To a dollar: millionths of a cent, in whole numbers, which do not drift."""
SHARES = 1000
"""Of the cap; a lease is at least one, so that few batches have to ask, and little is lost."""
HEADROOM = 2
"""Times what a batch's questions may cost, which is leased: replies may be lost, and asked for again."""

NO_MORE = "the day's budget leaves this batch no more: raise `usd_per_day`, or wait for midnight UTC"


class Day:
    """
    `usd` is the cap on a day, `lease_seconds` the most that a batch waits for a lease.

    `now` returns the seconds since the epoch.
    """

    def __init__(
        self, usd: float, counter: Counter, *, lease_seconds: float, now: Callable[[], float] = time.time
    ) -> None:
        self._cap = math.floor(_units(usd))
        self._counter = counter
        self._lease_seconds = lease_seconds
        self._now = now
        self._date = ""
        self._purse = 0
        """Units that were leased for this date and are not spent."""

    @asynccontextmanager
    async def within(self, ledger: Ledger, usd: float, deadline: float) -> AsyncIterator[None]:
        """Cap a batch, whose questions cost so many dollars at the most, at what the day lets it have."""
        date = self._today()
        purse, why = self._taken(date), NO_MORE
        needed = math.ceil(_units(min(usd, ledger.cap)))
        try:
            if purse < needed * HEADROOM:
                until = min(asyncio.get_running_loop().time() + self._lease_seconds, deadline)
                wanted = max(needed * HEADROOM - purse, self._cap // SHARES)
                try:
                    purse += await self._counter.lease(date, wanted, self._cap, until)
                except TableUnavailable as error:
                    why = f"{error}, and it counts the day's budget"
            if (leased := purse / UNITS) < ledger.cap:
                ledger.cap, ledger.advice = leased, why
            yield
        finally:
            if date == self._date:
                self._purse += max(0, purse - math.ceil(_units(ledger.spent)))

    @property
    def share_spent(self) -> float | None:
        """
        What is spent of the day's budget, 0 to 1, as far as this instance knows; None on another day.

        What other instances have leased is heard with each lease, and counts as spent.
        """
        if self._date != self._today():
            return None
        return (self._counter.spent - self._purse) / self._cap if self._cap else 1.0

    def _today(self) -> str:
        return datetime.fromtimestamp(self._now(), UTC).date().isoformat()

    def _taken(self, date: str) -> int:
        """Return the whole purse, and leave it empty; what is in it of another day is lost."""
        purse = self._purse if date == self._date else 0
        self._date, self._purse = date, 0
        return purse


def _units(usd: float) -> float:
    """Return dollars in units, without what the sum of many floats is off by."""
    return round(usd * UNITS, 3)
