"""
A job of six hours, simulated: what four instances of the function tell CloudWatch while a student learns.

Two things go wrong. From 1:30 to 2:20 Bedrock throws nearly everything back, and the backup has little room.
From 4:00 on the student learns a sentence that pleases everybody: rewards meet at the ceiling.

Real are the policy, the verifiers, the judges' side with its pace, patience, backup, cache, audit and budget,
and the meter; made up are the student, the models (tests/simulated/model.py, in virtual time) and the seconds
that verifying takes. Instances are simulated one after the other, each with its share of the quota.
"""

import asyncio
import math
from collections.abc import Sequence
from dataclasses import dataclass, field
from random import Random

from benchmarks.dashboard.models import BACKUP, HOUR, HOURS, JUDGE, Models
from benchmarks.dashboard.student import batch
from judges.switchboard import Batch, Ledger, Switchboard
from router.cache import Verdicts
from router.case import Judged, Question
from router.consult import answers
from router.hearing import Hearing
from router.policy import Policy
from router.policy.build import build
from router.policy.check import check_text
from router.route import route
from router.shared import Shared
from router.telemetry import Outcome
from router.telemetry.meter import Meter
from router.types import Spending, Spent
from router.wire import read
from tests.local.cloudwatch import Point
from tests.local.cloudwatch import read as read_points
from tests.simulated.model import ANSWERED
from tests.simulated.virtual_time import VirtualLoop

FUNCTION = "SageMaker-RewardRouter"
START = 1_796_101_200.0
"""2026-12-01, 05:00 UTC."""
INSTANCES = 4
EVERY = 100.0
"""Seconds from one batch of an instance to its next, where it takes no longer."""
TIMEOUT, FINISHING = 300.0, 1.0
ROW_SECONDS = 60e-6

POLICY = f"""
version: 1
judge:
  model: {JUDGE}
  max_tokens: 500
  quota: {{requests_per_minute: 1000, tokens_per_minute: 2000000, shared_by: {INSTANCES}}}
  backups: [{{model: {BACKUP}}}]
budget: {{usd_per_invocation: 0.01, usd_per_day: 0.15}}
rules:
  - {{name: math, when: {{task: math, has: reference}}, verify: [math], judge: reference, audit: 0.03}}
  - {{name: short answers, when: {{task: qa, has: reference}}, verify: [short_answer], judge: reference}}
  - {{name: support replies, judge: {{rubric: {{criteria: support_tone}}}}}}
"""


@dataclass(slots=True)
class Told:
    """What CloudWatch was told."""

    lines: list[str] = field(default_factory=list)
    """By the function, in the embedded metric format."""
    durations: list[tuple[float, float]] = field(default_factory=list)
    """(seconds since the epoch, seconds that the invocation took)."""
    latencies: list[tuple[float, float]] = field(default_factory=list)
    """(seconds since the epoch, seconds until the reply) of the judge model's calls."""

    def points(self) -> dict[str, list[Point]]:
        """Return the points of each namespace."""
        name = (("FunctionName", FUNCTION),)
        lasted = [_point("Duration", name, at, 1000 * seconds) for at, seconds in self.durations]
        fine = [_point(which, name, at, 0.0) for at, _ in self.durations for which in ("Errors", "Throttles")]
        model = (("ModelId", JUDGE),)
        calls = [_point("InvocationLatency", model, at, 1000 * seconds) for at, seconds in self.latencies]
        return {"RewardRouter": read_points(self.lines), "AWS/Lambda": lasted + fine, "AWS/Bedrock": calls}


def _point(name: str, dimensions: tuple[tuple[str, str], ...], at: float, value: float) -> Point:
    return Point(name, "None", dimensions, 1, value, value, value, at, ((value, 1),))


def job(hours: float = HOURS, seed: int = 0) -> Told:
    """Run it, and return what CloudWatch was told."""
    told = Told()
    for number in range(INSTANCES):
        Instance(
            build(check_text("the job's policy", POLICY.encode())), told, Random(f"{seed} {number}")
        ).run(hours)
    return told


class Instance:
    """One instance of the function."""

    def __init__(self, policy: Policy, told: Told, rng: Random) -> None:
        self._policy, self._told, self._rng = policy, told, rng
        self._runner = asyncio.Runner(loop_factory=VirtualLoop)
        self._models = Models(rng)
        self._switchboard = Switchboard(self._models, clock=self._clock, rng=Random(rng.random()))
        self._verdicts = Verdicts()
        self._shared = Shared(None, policy.usd_per_day, now=self._now)
        self._meter = Meter(told.lines.append, FUNCTION, now=self._now)

    def run(self, hours: float) -> None:
        """Take batches until the job is over."""
        due = self._rng.uniform(0, EVERY)
        while due < hours * HOUR:
            self._runner.run(asyncio.sleep(due - self._clock()))
            self._reward()
            due = max(due + EVERY, self._clock() + 1.0)
        self._runner.run(self._switchboard.close())
        self._runner.run(self._shared.close())
        self._runner.close()
        self._meter.write()
        came = [one for one in self._models.judge.calls if one.came_of_it == ANSWERED]
        self._told.latencies += [(START + one.ended, one.ended - one.at) for one in came]

    def _clock(self) -> float:
        return self._runner.get_loop().time()

    def _now(self) -> float:
        return START + self._clock()

    def _reward(self) -> None:
        started, ledgers = self._clock(), list[Ledger]()
        rows = read(batch(self._rng, started / HOUR)).rows
        verifying = len(rows) * ROW_SECONDS * self._rng.lognormvariate(0.0, 0.3)
        self._runner.run(asyncio.sleep(verifying))

        def ask(questions: Sequence[Question], _: float) -> Sequence[Judged]:
            left = self._policy.usd_per_invocation - sum(ledger.spent for ledger in ledgers)
            ledgers.append(Ledger(left))
            return self._asked(questions, Batch(started + TIMEOUT - FINISHING, ledgers[-1]))

        rewards = route(self._policy, rows, ask, deadline=math.inf)
        took = self._clock() - started
        self._told.durations.append((self._now(), took))
        spending = together(ledgers)
        day_spent = self._shared.day_spent if spending else None
        self._meter.add(Outcome(self._policy, took, len(rows), rewards, spending, day_spent))

    def _asked(self, questions: Sequence[Question], within: Batch) -> list[Judged]:
        hearing = Hearing(self._switchboard, self._verdicts, within)
        return self._runner.run(answers(hearing, questions, self._shared))


def together(ledgers: Sequence[Ledger]) -> Spending:
    """Return what a batch took: its open questions, and its audits."""
    spending: dict[tuple[str, str], Spent] = {}
    for ledger in ledgers:
        for at, spent in ledger.by.items():
            spending.setdefault(at, Spent()).add(spent)
    return spending
