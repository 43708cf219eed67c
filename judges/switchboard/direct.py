"""Questions to a stand-in on this machine: it is never full, never down, never late, and costs nothing."""

from dataclasses import dataclass

from judges.base import Line, Reply
from judges.switchboard.errand import Errand


@dataclass(frozen=True, slots=True)
class Direct:
    """Puts every question through at once."""

    line: Line

    async def ask(self, errand: Errand) -> Reply:
        """Return the stand-in's reply."""
        reply = await self.line.call(errand.prompt, errand.seat.settings)
        errand.account.settle(0.0, reply, errand.seat.settings.price)
        return reply

    async def close(self) -> None:
        """Hang up."""
        await self.line.close()
