"""
Random batches before random models, from a seed; and what must hold of each of them, whatever happens.

    schedule(seed)       what is asked, of whom, and what goes wrong
    play(schedule)       what came of it, through the real router.consult and switchboard, in virtual time
    broken(record)       the invariants that do not hold; none should be named

The same seed makes the same schedule and the same log.
"""

import asyncio
import hashlib
import math
import re
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
from router.policy.model import JudgeSpec, ModelSpec
from router.shared import Shared
from tests.simulated.batch import judge, question
from tests.simulated.model import Call, Faults, SimulatedModel
from tests.simulated.virtual_time import run

MARK = re.compile(r"answer \d+")
KINDS = ("throttled", "hangs", "down", "lost", "garbled", "refused")


@dataclass(frozen=True, slots=True)
class Order:
    """One batch: what is asked, and by when for how much."""

    responses: tuple[str, ...]
    seconds: float
    cap: float
    audits: tuple[str, ...] = ()
    """What is asked when all else is answered, on what that left of the cap, for MOST_SECONDS at the most."""


@dataclass(frozen=True, slots=True)
class Schedule:
    """All that a seed decides."""

    seed: int
    asked: JudgeSpec
    models: Mapping[str, SimulatedModel]
    orders: tuple[Order, ...]
    """Batches one after the other in one container, with pauses between them."""
    usd_per_day: float = math.inf
    """All of them fall on one day."""


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


def mark(prompt: Prompt) -> str:
    """Return the response that a prompt asks about."""
    found = MARK.search(prompt.texts["response"])
    assert found
    return found[0]


def schedule(seed: int) -> Schedule:
    """Draw what is asked, of whom, and what goes wrong; quiet seeds among them, where nothing does."""
    rng = Random(seed)
    quiet = rng.random() < 0.25
    specs = [_spec(rng, name) for name in ("first", "second", "third")[: rng.choice((1, 1, 2, 3))]]
    models = {str(spec.settings["model"]): _model(rng, spec, quiet=quiet) for spec in specs}
    panel = len(specs) > 1 and rng.random() < 0.4
    asked = (
        judge(*specs, take=rng.choice(("median", "majority", "mean")))
        if panel
        else judge(specs[0], backups=specs[1:])
    )
    orders = tuple(_order(rng) for _ in range(rng.choice((1, 1, 1, 2))))
    return Schedule(seed, asked, models, orders, rng.choice((*[math.inf] * 3, 0.0005, 0.01)))


def _spec(rng: Random, name: str) -> ModelSpec:
    requests = rng.choice((None, None, 60.0, 600.0, 6000.0))
    tokens = rng.choice((None, None, None, 60_000.0, 2_000_000.0))
    settings = {"model": name, "timeout_seconds": rng.choice((2.0, 10.0, 20.0))}
    scores = rng.choice(((0.0, 1.0), (0.0, 1.0), (0.1, 0.8)))
    hedge = rng.choice((0.0, 0.0, 0.05, 0.3))
    return ModelSpec(settings, (rng.choice((0.035, 3.0)), 0.24), (requests, tokens), hedge, scores)


def _model(rng: Random, spec: ModelSpec, *, quiet: bool) -> SimulatedModel:
    declared = spec.quota[0]
    per_second = declared / 60 if declared else rng.choice((None, 3.0, 20.0))
    return SimulatedModel(
        Random(rng.random()),
        per_second if not quiet or declared else None,
        median=rng.choice((0.05, 0.8, 3.0)) if not quiet else 0.3,
        sigma=rng.choice((0.1, 0.5)),
        faults=Faults() if quiet else _faults(rng),
        verdict=_verdict,
    )


def _verdict(prompt: Prompt, settings: Settings) -> Mapping[str, object]:
    """Say which response was read, and what this model always says of it."""
    said = mark(prompt)
    fair = hashlib.sha256(f"{settings.model} {said}".encode()).digest()[0] % 2
    return {"reason": said, "verdict": ("incorrect", "correct")[fair]}


def _faults(rng: Random) -> Faults:
    shares = {kind: rng.choice((0.0, 0.0, 0.0, 0.05, 0.3)) for kind in KINDS}
    start = rng.choice((0.0, 0.5, 5.0, rng.uniform(0, 30)))
    out = rng.choice((0.0, 0.0, 0.0, 3.0, 20.0, 1e9))
    return Faults(
        **shares,
        brown_outs=((start, start + out),) if out else (),
        brown_out_throttles=rng.random() < 0.5,
        rejects_from=rng.choice((math.inf,) * 8 + (0.0, rng.uniform(0, 10))),
    )


def _order(rng: Random) -> Order:
    count = rng.choice((0, 1, 2, 8, 20, 40, 80))
    distinct = rng.choice((1, max(1, count // 4), max(1, 2 * count), max(1, 2 * count)))
    responses, audits = (
        tuple(f"answer {rng.randrange(distinct)}" for _ in range(many))
        for many in (count, rng.choice((0, 0, 1, 8)))
    )
    seconds = rng.choice((0.0, 0.05, 1.0, 5.0, 20.0, 60.0, 60.0, 300.0, 300.0, 300.0))
    cap = rng.choice((*[math.inf] * 6, 0.0, 0.001, 0.01, 0.1))
    return Order(responses, seconds, cap, audits)


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
