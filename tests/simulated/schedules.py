"""
Random batches before random models, drawn from a seed: what is asked, of whom, and what goes wrong.

The same seed makes the same schedule.
"""

import hashlib
import math
import re
from collections.abc import Mapping
from dataclasses import dataclass
from random import Random

from judges.base import Prompt, Settings
from router.policy.model import JudgeSpec, ModelSpec
from tests.simulated.batch import judge
from tests.simulated.model import Faults, SimulatedModel

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


def mark(prompt: Prompt) -> str:
    """Return the response that a prompt asks about."""
    found = MARK.search(prompt.texts["response"])
    assert found
    return found[0]
