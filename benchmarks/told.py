"""
Batches under the shipped policy, and what a meter writes of them in half an hour.

A batch is 16 prompts with 8 rollouts each. Of a judged one a share goes to a judge, whose replies have 1,000
and 100 tokens; nobody is asked. The clock is the benchmark's.
"""

import time
from collections.abc import Sequence
from dataclasses import replace
from random import Random

from benchmarks.stories import rollouts
from router.case import Judged, Question
from router.consult import Consult
from router.policy import Policy
from router.route import route
from router.telemetry import Outcome
from router.telemetry.meter import Meter
from router.types import Spent
from router.wire import read
from tests.fake_line import FakeLine

NAME = "SageMaker-RewardRouter"
PROMPTS, GROUP, BATCHES = 16, 8, 10
ROWS = PROMPTS * GROUP
MINUTES = 30
EVENT = 26
"""Bytes that CloudWatch Logs counts for an event, beside those of its text."""


def outcomes(policy: Policy, share: float) -> list[Outcome]:
    """Return what some batches come to, of which a judge is asked about this share."""
    consult = Consult(FakeLine())
    made = [_outcome(policy, consult, Random(seed), share) for seed in range(BATCHES)]
    consult.close()
    return made


def _outcome(policy: Policy, consult: Consult, rng: Random, share: float) -> Outcome:
    spending: dict[tuple[str, str], Spent] = {}
    deadline = time.monotonic() + 60.0

    def ask(questions: Sequence[Question], until: float) -> Sequence[Judged]:
        judged, spent = consult(questions, until)
        spending.update(spent)
        return judged

    rows = read(batch(rng, share)).rows
    started = time.perf_counter()
    rewards = route(policy, rows, ask, deadline)
    took = (time.perf_counter() - started) * rng.lognormvariate(0.0, 0.3)
    return Outcome(policy, took, ROWS, rewards, spending)


def batch(rng: Random, share: float) -> list[object]:
    """Return a batch in rollout groups, three of four rollouts right; some leave their answer open."""
    rows: list[object] = []
    for story in rollouts(PROMPTS, rng.randrange(10**6)):
        for number in range(GROUP):
            answer = int(story["reference_answer"]) + (rng.random() > 0.75)
            open_still = f"\\boxed{{{answer}}} or \\boxed{{{answer + 1 + number}}}"
            said = open_still if rng.random() < share else f"\\boxed{{{answer}}}"
            turns = [story["messages"][0], {"role": "assistant", "content": said}]
            rows.append(story | {"id": f"{story['id']}-{number}", "messages": turns})
    return rows


def lines(batches: Sequence[Outcome], rate: float) -> list[str]:
    """Return what a meter writes of so many batches a minute."""
    now, written = [0.0], list[str]()
    meter = Meter(written.append, NAME, now=lambda: now[0])
    for number in range(int(rate * MINUTES)):
        meter.add(batches[number % len(batches)])
        now[0] += 60.0 / rate
    meter.write()
    return written


def size(batches: Sequence[Outcome], rate: float) -> float:
    """Return bytes of log per 1,000 samples."""
    samples = sum(batches[number % len(batches)].rows for number in range(int(rate * MINUTES)))
    return sum(len(line) + 1 + EVENT for line in lines(batches, rate)) / samples * 1000


def singles(batches: Sequence[Outcome]) -> list[Outcome]:
    """Return the same rewards, each as a batch of one."""
    return [
        replace(one, rows=1, rewards=(reward,), seconds=one.seconds / one.rows, spending={})
        for one in batches
        for reward in one.rewards
    ]
