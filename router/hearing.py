"""
One question before its judge, from what is remembered to a verdict.

    hear     one model, or a panel
    panel    as many voices as it takes until the outcome cannot change, whoever is down left out
    voice    a model; where it is down, throttled or too slow, the backups behind it
    ask      through the switchboard; a reply that cannot be read is asked for once more
"""

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from judges.base import Reply, Seat
from judges.prompt import once_more
from judges.switchboard import Account, Batch, Direct, Errand, Switchboard
from judges.switchboard.racing import cancelled
from router.cache import Remembered, Verdicts
from router.errors import JudgeError, JudgeRejected, JudgeStopped, JudgeUnavailable, JudgeUnreadable
from router.panel import decided, quorum, together
from router.query import Query
from router.types import Sample, Verdict


@dataclass(frozen=True, slots=True)
class Heard:
    """A verdict and where it came from."""

    verdict: Verdict
    model: str
    backup: bool = False
    cached: bool = False


@dataclass(frozen=True, slots=True)
class Hearing:
    """Puts the questions of one batch."""

    switchboard: Switchboard | Direct
    verdicts: Verdicts
    batch: Batch
    tell: Callable[[str, Remembered], None] = lambda key, remembered: None
    """Takes every verdict that this batch paid for, with its key."""

    async def hear(self, query: Query, account: Account) -> Heard:
        """Return the verdict on a question; raise a JudgeError where there is none."""
        if query.take is None:
            return await self._voice(query, query.seats[0], account, elsewhere=False)
        heard = await self._panel(query, account)
        return Heard(
            verdict=together([one.verdict for one in heard], query.take),
            model=", ".join(one.model for one in heard),
            backup=any(one.backup for one in heard),
            cached=all(one.cached for one in heard),
        )

    async def _panel(self, query: Query, account: Account) -> list[Heard]:
        """
        Ask in the policy's order, never more at once than are needed, so that it always ends the same.

        A model that is down, throttled or too slow is waited for only where too few others speak.
        """
        assert query.take  # noqa: S101 - this is a panel
        heard: list[Heard] = []
        away: list[Seat] = []
        waiting, enough = list(query.seats), quorum(len(query.seats))
        wave = len(waiting) if query.take == "mean" else enough
        while not decided([one.verdict.score for one in heard], len(waiting), query.take):
            asked, waiting, wave = waiting[:wave], waiting[wave:], 1
            for seat, said in zip(asked, await self._wave(query, asked, account), strict=True):
                if isinstance(said, Heard):
                    heard.append(said)
                elif isinstance(said, JudgeUnavailable):
                    away.append(seat)
                else:
                    refusal = said
            if len(heard) + len(away) + len(waiting) < enough:
                raise refusal
        if len(heard) < enough:
            heard += await self._waited_for(query, away, account, enough - len(heard))
        return heard

    async def _wave(
        self, query: Query, seats: Sequence[Seat], account: Account
    ) -> Sequence[Heard | JudgeError]:
        async def said(seat: Seat) -> Heard | JudgeError:
            try:
                return await self._voice(query, seat, account, elsewhere=True)
            except JudgeError as failure:
                return failure

        return await asyncio.gather(*[said(seat) for seat in seats])

    async def _waited_for(
        self, query: Query, seats: Sequence[Seat], account: Account, needed: int
    ) -> list[Heard]:
        """Return what the first of these models say that say anything; raise where too few of them do."""
        heard: list[Heard] = []
        voices = {asyncio.create_task(self._voice(query, seat, account, elsewhere=False)) for seat in seats}
        spare = len(voices) - needed
        try:
            for voice in asyncio.as_completed(voices):
                try:
                    heard.append(await voice)
                except JudgeError:
                    spare -= 1
                    if spare < 0:
                        raise
                if len(heard) == needed:
                    break
        finally:
            await cancelled(voices)
        return heard

    async def _voice(self, query: Query, seat: Seat, account: Account, *, elsewhere: bool) -> Heard:
        """Return what a model says, or the first of its backups that says anything."""
        *others, last = (seat, *query.backups)
        for one in others:
            try:
                return await self._at(query, one, account, elsewhere=True, backup=one is not seat)
            except JudgeUnavailable:
                continue
        return await self._at(query, last, account, elsewhere=elsewhere, backup=last is not seat)

    async def _at(
        self, query: Query, seat: Seat, account: Account, *, elsewhere: bool, backup: bool
    ) -> Heard:
        async def ask() -> Remembered:
            return await self._asked(query, seat, account, elsewhere=elsewhere)

        key = query.key(seat)
        remembered, cached = await self.verdicts.once(key, ask)
        if not cached:
            self.tell(key, remembered)
        low, high = seat.scores
        verdict = replace(remembered.verdict, score=low + (high - low) * remembered.verdict.score)
        return Heard(annotated(verdict, query.sample), remembered.model, backup, cached)

    async def _asked(self, query: Query, seat: Seat, account: Account, *, elsewhere: bool) -> Remembered:
        """Ask, and once more where the reply cannot be read and another might be."""
        errand = Errand(query.prompt(seat), seat, self.batch, account, elsewhere)
        try:
            reply = await self.switchboard.ask(errand)
        except JudgeRejected as refusal:
            self.batch.rejected[seat.address] = refusal  # also where there is no way to call it
            raise
        try:
            return _read(query, reply)
        except JudgeStopped:
            raise
        except JudgeUnreadable:
            again = replace(errand, prompt=once_more(errand.prompt))
            return _read(query, await self.switchboard.ask(again))


def _read(query: Query, reply: Reply) -> Remembered:
    """Read a reply; trust a stand-in's verdict like a coin."""
    verdict = query.judge.read(reply)
    return Remembered(verdict if reply.billed else replace(verdict, confidence=0.5), reply.model)


def annotated(verdict: Verdict, sample: Sample) -> Verdict:
    """Say in the verdict what the judge was not shown."""
    if not sample.unread:
        return verdict
    return replace(verdict, reason=f"{verdict.reason} (not shown to the judge: {', '.join(sample.unread)})")
