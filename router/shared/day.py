"""
The day's budget. A batch spends only dollars that were leased from the day before, so that the cap is hard.

A lease is for what the batch's questions may cost; where replies are lost, and asked for again, more is
leased while there is any. What is left is spent by the next batches of the same day (UTC), and lost when
the day or the instance ends. So a day may come to a little less than its cap, and never to more. A batch
spends on the day on which it began.
"""

import asyncio
import math
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from functools import partial

from judges.switchboard import Ledger
from router.errors import TableUnavailable
from router.shared.counters import Counter

UNITS = 100_000_000
"""To a dollar: millionths of a cent, in whole numbers, which do not drift."""
SHARES = 1000
"""Of the cap; a lease is at least one, so that few batches have to ask, and little is lost."""

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
        share = Share(ledger, self._taken(date), partial(self._leased, date, deadline))
        try:
            await share.suffice(min(usd, ledger.cap))
            yield
        finally:
            if date == self._date:
                self._purse += max(0, share.purse - math.ceil(_units(ledger.spent)))

    @property
    def share_spent(self) -> float | None:
        """
        What is spent of the day's budget, 0 to 1, as far as this instance knows; None on another day.

        What other instances have leased is heard with each lease, and counts as spent.
        """
        if self._date != self._today():
            return None
        return (self._counter.spent - self._purse) / self._cap if self._cap else 1.0

    async def _leased(self, date: str, deadline: float, units: int) -> int:
        until = min(asyncio.get_running_loop().time() + self._lease_seconds, deadline)
        return await self._counter.lease(date, max(units, self._cap // SHARES), self._cap, until)

    def _today(self) -> str:
        return datetime.fromtimestamp(self._now(), UTC).date().isoformat()

    def _taken(self, date: str) -> int:
        """Return the whole purse, and leave it empty; what is in it of another day is lost."""
        purse = self._purse if date == self._date else 0
        self._date, self._purse = date, 0
        return purse


class Share:
    """
    What a batch has of the day: a purse that its ledger's cap follows, up to the batch's own cap.

    `lease` returns so many units, or as many as there are.
    """

    def __init__(self, ledger: Ledger, purse: int, lease: Callable[[int], Awaitable[int]]) -> None:
        self.purse = purse
        self._ledger = ledger
        self._own, self._advice = ledger.cap, ledger.advice
        self._lease = lease
        self._leasing = asyncio.Lock()

    async def suffice(self, usd: float) -> None:
        """Have so many dollars in all, as far as the day has them, and cap the ledger at what there is."""
        ledger, missing, why = self._ledger, math.ceil(_units(usd)) - self.purse, NO_MORE
        there_is_more = True
        if missing > 0:
            try:
                leased = await self._lease(missing)
            except TableUnavailable as error:
                leased, why = 0, f"{error}, and it counts the day's budget"
            self.purse += leased
            there_is_more = leased > 0
        ledger.cap, ledger.advice, ledger.more = self._own, self._advice, None
        if self.purse / UNITS < self._own:
            ledger.cap, ledger.advice = self.purse / UNITS, why
            ledger.more = self._more if there_is_more else None

    async def _more(self, usd: float) -> bool:
        """Lease for a call of this price, beside what is spent and reserved; say whether there is room."""
        async with self._leasing:
            ledger = self._ledger
            if ledger.more and not ledger.has_room(usd):
                await self.suffice(min(ledger.spent + ledger.reserved + usd, self._own))
            return ledger.has_room(usd)


def _units(usd: float) -> float:
    """Return dollars in units, without what the sum of many floats is off by."""
    return round(usd * UNITS, 3)
