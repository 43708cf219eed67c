"""A batch of questions before simulated models in virtual time, through everything but the network."""

import asyncio
import math
from collections.abc import Sequence
from dataclasses import dataclass
from random import Random

from judges.base import Line
from judges.switchboard import Batch, Ledger, Switchboard
from router.cache import Verdicts
from router.case import Case, Judged, Question
from router.consult import answers
from router.hearing import Hearing
from router.policy.model import JudgeSpec, ModelSpec, Rule, Take, When
from router.types import Message, Sample, Verdict
from tests.simulated.virtual_time import run

NOVA = ModelSpec({"model": "nova"}, (0.06, 0.24))
NEVER = 1e6
"""Seconds; a deadline that nothing reaches."""


def judge(*models: ModelSpec, backups: Sequence[ModelSpec] = (), take: Take | None = None) -> JudgeSpec:
    """A judge that asks these models; without any, one whose quota is not declared."""
    return JudgeSpec("reference", {}, models or (NOVA,), tuple(backups), take)


def question(response: str, asked: JudgeSpec, *, rule: str = "all") -> Question:
    """A question about a response; the same response makes the same question."""
    sample = Sample(id=response, prompt=(Message("user", "2+2?"),), response=response, reference="4")
    return Question(Case(sample, Rule(rule, When(), (), (), 0.95, (), "group_mean")), "answer", asked)


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of a batch."""

    judged: list[Judged]
    ledger: Ledger
    ended: float
    """When the batch came back, in seconds."""

    @property
    def answered(self) -> int:
        """How many questions were answered with a verdict."""
        return sum(isinstance(one.finding, Verdict) for one in self.judged)

    @property
    def seconds(self) -> float:
        """Until the last verdict."""
        return max([one.seconds for one in self.judged if isinstance(one.finding, Verdict)], default=0.0)


def put(
    line: Line,
    questions: Sequence[Question],
    *,
    deadline: float = NEVER,
    cap: float = math.inf,
    seed: int = 0,
) -> Outcome:
    """Put one batch from time 0 on; fails where a task is left behind."""

    async def batch() -> Outcome:
        clock = asyncio.get_running_loop().time
        switchboard = Switchboard(line, clock=clock, rng=Random(seed))
        hearing = Hearing(switchboard, Verdicts(), Batch(deadline, Ledger(cap)))
        judged = await answers(hearing, questions)
        return Outcome(judged, hearing.batch.ledger, clock())

    return run(batch())
