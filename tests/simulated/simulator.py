"""
A schedule played in virtual time: its batches go to its models through the real consult and switchboard.

    play(schedule(seed))     what came of it; tests/simulated/invariants.py says what must hold of that

The same schedule makes the same log.
"""

import asyncio
import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from random import Random

from judges.base import Prompt, Reply, Settings
from judges.switchboard import Batch, Ledger, Switchboard
from router.audit import MOST_SECONDS
from router.cache import Verdicts
from router.case import Judged, Question
from router.consult import answers
from router.hearing import Hearing
from router.shared import Shared
from tests.simulated.batch import question
from tests.simulated.model import Call, SimulatedModel
from tests.simulated.schedules import Order, Schedule, mark
from tests.simulated.virtual_time import run


@dataclass(slots=True)
class Played:
    """What came of one batch."""

    order: Order
    batch: Batch
    started: float
    judged: list[Judged] = field(default_factory=list)
    ended: float = math.inf
    calls: list[Call] = field(default_factory=list)
    most_held: float = 0.0
    """The most dollars that were spent or reserved at a time."""


@dataclass(frozen=True, slots=True)
class Record:
    """What came of a schedule."""

    schedule: Schedule
    batches: list[Played]

    def log(self) -> str:
        """Return everything that happened, line by line."""
        lines = []
        for one in self.batches:
            lines.append(
                f"batch at {one.started:.6f} until {one.batch.deadline:.6f}, cap {one.order.cap:.6f}"
            )
            lines += [f"  {told(call)}" for call in one.calls]
            lines += [f"  {judged}" for judged in one.judged]
            lines += [f"  {at} {spent}" for at, spent in one.batch.ledger.by.items()]
        return "\n".join(lines)


def told(call: Call) -> str:
    """Return a call in words."""
    about = f"{call.settings.model} about {mark(call.prompt)!r}"
    return f"{about} at {call.at:.6f}: {call.came_of_it} at {call.ended:.6f}"


class Exchange:
    """The line to all models of a schedule; watches what is held of the budget."""

    def __init__(self, models: Mapping[str, SimulatedModel]) -> None:
        self._models = models
        self.batch: Played | None = None

    async def open(self, settings: Settings) -> None:
        """Nothing to get ready."""

    async def call(self, prompt: Prompt, settings: Settings) -> Reply:
        """Put the call through."""
        assert self.batch
        model, ledger = self._models[settings.model], self.batch.batch.ledger
        self.batch.most_held = max(self.batch.most_held, ledger.spent + ledger.reserved)
        return await model.call(prompt, settings)

    async def close(self) -> None:
        """Nothing is open."""


def play(plan: Schedule) -> Record:
    """Put the batches, one after the other; fails where a task is left behind."""

    async def all_batches() -> list[Played]:
        clock = asyncio.get_running_loop().time
        line = Exchange(plan.models)
        switchboard = Switchboard(line, clock=clock, rng=Random(plan.seed))
        verdicts, played = Verdicts(), []
        shared = Shared(usd_per_day=plan.usd_per_day, now=lambda: 0.0)

        async def asked(order: Order) -> Played:
            batch = Batch(clock() + order.seconds, Ledger(order.cap))
            line.batch = one = Played(order, batch, clock())
            made = {name: len(model.calls) for name, model in plan.models.items()}
            hearing = Hearing(switchboard, verdicts, batch)
            one.judged = await answers(hearing, _questions(plan, order), shared)
            one.ended = clock()
            new = [call for name, model in plan.models.items() for call in model.calls[made[name] :]]
            one.calls = sorted(new, key=lambda call: call.at)
            return one

        for order in plan.orders:
            played.append(first := await asked(order))
            if order.audits:
                played.append(await asked(_audit(first, clock())))
            await asyncio.sleep(1.0)
        return played

    return Record(plan, run(all_batches()))


def _audit(first: Played, now: float) -> Order:
    """Return what follows the answers within the same invocation."""
    seconds = min(first.batch.deadline - now, MOST_SECONDS)
    return Order(first.order.audits, seconds, max(0.0, first.order.cap - first.batch.ledger.spent))


def _questions(plan: Schedule, order: Order) -> list[Question]:
    rules = ("math", "short answers")
    return [
        question(response, plan.asked, rule=rules[int(response.split()[1]) % 2])
        for response in order.responses
    ]
