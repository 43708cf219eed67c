"""
One question to one model: wait for a turn, call, and again where that may help, until the deadline.

    ask       attempts with full jitter between them, while there is time for another
    attempt   leave from the model's desk, a reservation of what it may cost, the call, what came of it
    call      the telephone; a second call beside a straggling one where the policy allows it

Whatever is raised is the true last error. Nothing is started that could not end before the deadline,
and nothing that was started outlives it.
"""

import asyncio
import math
import time
from collections.abc import Awaitable, Callable
from dataclasses import replace
from functools import partial
from random import Random

from tenacity import AsyncRetrying, RetryCallState, retry_if_exception

from judges.base import Line, Reply, Seat
from judges.switchboard.desk import Desk, Turn
from judges.switchboard.errand import Errand
from judges.switchboard.patience import SHORTEST
from judges.switchboard.racing import cancelled, first_reply
from router.errors import (
    JudgeBusy,
    JudgeError,
    JudgeLate,
    JudgeLost,
    JudgeRejected,
    JudgeUnavailable,
)

MOST_ATTEMPTS, MOST_LOST = 60, 20
"""Of one question to one model, and the replies to it that may have been billed and did not arrive; the
deadline, the model's desk and the budget may end it sooner. The last question of a batch may be put all
through an outage, and is not to be given up shortly before its end."""
FIRST_CEILING, LAST_CEILING = 0.25, 8.0
"""Seconds that bound the sleep before the second attempt, and before any."""
LARGEST_SLEEP = 0.1
"""Share of the time that is left which a question sleeps at the most."""
ELSEWHERE_AFTER, ELSEWHERE_ATTEMPTS = 0.5, 3
"""Where another model could be asked: the share of the time that is left which a question gives this one, for
a turn and for a reply, and how often it is called."""


class Switchboard:
    """
    Puts questions through to models.

    `line` makes one call. `clock` returns seconds and is the event loop's; `sleep` and `rng` space the
    attempts of one question. One switchboard lives as long as its event loop, and learns.
    """

    def __init__(
        self,
        line: Line,
        *,
        clock: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
        rng: Random | None = None,
    ) -> None:
        self._line = line
        self._clock = clock
        self._sleep = sleep
        self._rng = rng or Random()  # noqa: S311 - spreads retries, keeps no secret
        self._desks: dict[tuple[str, str], Desk] = {}

    async def ask(self, errand: Errand) -> Reply:
        """Return the model's reply; raise a JudgeError where there is none before the deadline."""
        desk = self._desk(errand.seat)
        attempts = AsyncRetrying(
            retry=retry_if_exception(_may_be_asked_again),
            wait=lambda state: self._full_jitter(state, errand),
            stop=lambda state: self._enough(state, errand, desk),
            sleep=self._sleep,
            reraise=True,
        )
        try:
            async with asyncio.timeout_at(errand.batch.deadline):
                async for attempt in attempts:
                    with attempt:
                        await self._line.open(errand.seat.settings)
                        number = attempt.retry_state.attempt_number
                        return await self._attempt(replace(errand, attempt=number), desk)
        except TimeoutError:
            raise JudgeLate(f"the deadline came before a reply of {errand.seat.settings.model}") from None
        raise AssertionError("the last attempt returns or raises")

    async def close(self) -> None:
        """Hang up."""
        await self._line.close()

    def _desk(self, seat: Seat) -> Desk:
        if seat.address not in self._desks:
            self._desks[seat.address] = Desk(seat.quota, self._clock, self._rng)
        return self._desks[seat.address]

    def _full_jitter(self, state: RetryCallState, errand: Errand) -> float:
        """Return a sleep as in AWS's "Exponential Backoff And Jitter", in seconds; short near the end."""
        ceiling: float = FIRST_CEILING * 2 ** (state.attempt_number - 1)
        left = max(0.0, errand.batch.deadline - self._clock())
        return self._rng.uniform(0, min(LAST_CEILING, ceiling, left * LARGEST_SLEEP))

    def _enough(self, state: RetryCallState, errand: Errand, desk: Desk) -> bool:
        """Say whether to give up: too often, too late, or better elsewhere."""
        wakes = self._clock() + state.upcoming_sleep
        late = wakes + desk.patience.typical() >= errand.batch.deadline
        most = ELSEWHERE_ATTEMPTS if errand.elsewhere else MOST_ATTEMPTS
        too_often = state.attempt_number >= most or errand.account.own.lost >= MOST_LOST
        return late or too_often or (errand.elsewhere and desk.is_down)

    async def _attempt(self, errand: Errand, desk: Desk) -> Reply:
        """Call once, when it is this question's turn."""
        worth_it, most_wait = partial(self._is_worth_it, errand, desk), self._patience_for(errand)
        async with desk.turn(errand.tokens, worth_it, again=errand.attempt > 1, most_wait=most_wait) as turn:
            if errand.seat.hedge:
                return await self._hedged(errand, desk, turn)
            return await self._call(errand, desk, turn)

    async def _call(self, errand: Errand, desk: Desk, turn: Turn) -> Reply:
        """Telephone once, within what the budget and the model's patience allow; note what came of it."""
        await errand.account.ledger.reserve(errand.usd)
        started = self._clock()
        try:
            self._is_worth_it(errand, desk)
            errand.batch.calls += 1
            reply = await self._patiently(errand, desk, started)
            errand.account.settle(errand.usd, reply, errand.seat.settings.price)
        except JudgeError as error:
            _note(errand, desk, turn, error)
            raise
        except BaseException:  # cut off, or a bug: either may have been billed
            errand.account.lose(errand.usd, errand.seat.settings.model)
            if self._clock() - started >= errand.seat.settings.timeout_seconds / 2:
                desk.failed(turn, JudgeLost("no reply before the deadline"))
            raise
        desk.answered(turn, self._clock() - started)
        return reply

    def _patience_for(self, errand: Errand) -> float:
        """Return the seconds that a question gives a model before it looks elsewhere."""
        left = errand.batch.deadline - self._clock()
        return left * ELSEWHERE_AFTER if errand.elsewhere else math.inf

    def _is_worth_it(self, errand: Errand, desk: Desk) -> None:
        """Raise where the call that is waited for, for its turn and its budget, is not worth it any more."""
        errand.account.ledger.afford(errand.usd)
        if rejected := errand.batch.rejected.get(errand.seat.address):
            raise rejected
        if self._clock() + desk.patience.typical() >= errand.batch.deadline:
            raise JudgeLate(f"no time was left to ask {errand.seat.settings.model}")

    async def _patiently(self, errand: Errand, desk: Desk, started: float) -> Reply:
        """Call, for as long as the policy, the model's patience and its backups allow."""
        settings = errand.seat.settings
        most = min(settings.timeout_seconds, max(SHORTEST, self._patience_for(errand)))
        left = errand.batch.deadline - started
        try:
            async with desk.patience.timeout(started, most, left):
                return await self._line.call(errand.prompt, settings)
        except TimeoutError:
            seconds = self._clock() - started
            desk.patience.struck()
            raise JudgeLost(f"{settings.model} sent no reply within {seconds:.1f} s") from None

    async def _hedged(self, errand: Errand, desk: Desk, turn: Turn) -> Reply:
        """Call, and once more beside it where it straggles and few others did; the first reply counts."""
        calls = {asyncio.create_task(self._call(errand, desk, turn))}
        try:
            await asyncio.wait(calls, timeout=desk.patience.straggler())
            batch = errand.batch
            if not any(call.done() for call in calls) and batch.hedges < errand.seat.hedge * batch.calls:
                batch.hedges += 1
                calls.add(asyncio.create_task(self._attempt_beside(errand, desk)))
            return await first_reply(calls)
        finally:
            await cancelled(calls)

    async def _attempt_beside(self, errand: Errand, desk: Desk) -> Reply:
        worth_it = partial(self._is_worth_it, errand, desk)
        async with desk.turn(errand.tokens, worth_it, again=True, beside=True) as turn:
            return await self._call(errand, desk, turn)


def _note(errand: Errand, desk: Desk, turn: Turn, error: JudgeError) -> None:
    """Note what a failed call cost, and what it says of the model."""
    errand.account.fail(errand.usd, errand.seat.settings.model, error)
    if isinstance(error, JudgeUnavailable):
        desk.failed(turn, error)
    elif isinstance(error, JudgeRejected):
        errand.batch.rejected[errand.seat.address] = error


def _may_be_asked_again(error: BaseException) -> bool:
    return isinstance(error, JudgeUnavailable) and not isinstance(error, JudgeBusy)
