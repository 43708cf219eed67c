"""
How long batches take on one instance, and what a quota adds to that.

Batches are made of groups drawn from the file, and come back to back, as if the trainer never paused.
"""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from random import Random
from statistics import fmean

from judges.base import Quota
from judges.switchboard.pace import SAVED_UP
from router.commands.forecasting.job import Job
from router.commands.forecasting.load import Load, Quotas, loads_of, shares
from router.commands.forecasting.serving import Address, Instance, Served, Work, latency
from router.commands.forecasting.spread import Range, quantile, tail
from router.commands.forecasting.survey import Group, Survey

STREAMS, BATCHES = 40, 6
"""Instances that are simulated, and batches of each that count."""
WARMING_UP, MOST_WARMING_UP = 2, 60
"""The fewest and the most batches before these, where the job has so many."""
SPENT = 3
"""Times what may be saved up of a quota: when an instance has asked for that, none is left."""
ONE_CORE = 1769
"""Megabytes of memory with which Lambda gives one virtual CPU; below it gives a share of one."""


@dataclass(frozen=True, slots=True)
class Timing:
    """Seconds of a batch, and what the models meet meanwhile."""

    seconds: Range
    """Of a batch, on average."""
    longest: float
    """Of a hundred batches one takes longer."""
    own: float
    """Of them reading, verifying and wording."""
    waited: float
    """Of them until the last call of a batch has a turn."""
    rested: float
    """What a batch takes on an instance that has saved up its quota: the first one, or one after a pause."""
    unlimited: float
    """What a batch would take without any quota."""
    loads: Mapping[Address, Load]

    @property
    def saturated_at(self) -> float:
        """Instances at once that use up the scarcest quota."""
        return min([load.saturated_at for load in self.loads.values()], default=math.inf)


def timing(survey: Survey, job: Job) -> Timing:
    """Return how long batches take with the quotas of the policy."""
    groups = list(survey.groups.values())
    warming_up = _warming_up(survey, job)
    served = min(warming_up + BATCHES, math.ceil(job.rounds))
    batches = [_batches(groups, job, served, Random(seed)) for seed in range(STREAMS)]  # noqa: S311 - simulates
    counted = slice(warming_up if served < job.rounds else 0, None)
    every = _served(batches, shares(survey.quotas, job), survey, job)
    limited = [stream[counted] for stream in every]
    free = [
        stream[counted] for stream in _served(batches, dict.fromkeys(survey.quotas, Quota()), survey, job)
    ]
    means = sorted(fmean(one.seconds for one in stream) for stream in limited)
    share, unlimited = tail(len(groups)), fmean(one.seconds for stream in free for one in stream)
    return Timing(
        seconds=Range(quantile(means, share), fmean(means), quantile(means, 1 - share)),
        longest=quantile(sorted(one.seconds for stream in limited for one in stream), 0.99),
        own=fmean(work.own for stream in batches for work in stream),
        waited=fmean(one.waited for stream in limited for one in stream),
        rested=fmean(stream[0].seconds for stream in every),
        unlimited=unlimited,
        loads=loads_of(batches, survey.quotas, job, fmean(means), unlimited),
    )


def _warming_up(survey: Survey, job: Job) -> int:
    """Return after how many batches an instance has spent what a fresh one has saved up of its quotas."""
    longest = float(WARMING_UP)
    for address, quota in survey.quotas.items():
        made = [one for group in survey.groups.values() for one in group.calls if one.address == address]
        for most, each in (
            (quota.requests_per_minute, sum(one.times[1] for one in made)),
            (quota.tokens_per_minute, sum(one.times[1] * one.reserves for one in made)),
        ):
            if most and each:
                longest = max(longest, SPENT * most * SAVED_UP / 60 / (each / survey.rows * job.batch))
    return min(MOST_WARMING_UP, math.ceil(longest))


def _batches(groups: Sequence[Group], job: Job, count: int, rng: Random) -> list[Work]:
    """Return the batches that one instance gets, made of what a redrawn file holds."""
    drawn = rng.choices(groups, k=len(groups))
    return [_batch(drawn, job, rng) for _ in range(count)]


def _batch(groups: Sequence[Group], job: Job, rng: Random) -> Work:
    """Fill a batch with groups; the last one as far as it fits."""
    rows, own, most = 0, 0.0, min(job.batch, job.samples)
    calls: list[tuple[Address, int]] = []
    while rows < most:
        group = rng.choice(groups)
        part = min(1.0, (most - rows) / group.rows)
        rows += min(group.rows, most - rows)
        own += part * group.seconds * max(1.0, ONE_CORE / job.memory)
        made = [(one.address, one.reserves) for one in group.calls if one.times[1]]
        calls += made[: round(part * len(made))]
    return Work(own, calls)


def _served(
    batches: Sequence[Sequence[Work]], quotas: Quotas, survey: Survey, job: Job
) -> list[list[Served]]:
    """Return what becomes of each instance's batches; a fresh one has saved up some of its quota."""
    draws = [latency(Random(seed), job.latency, survey.latencies) for seed in range(STREAMS)]  # noqa: S311 - simulates
    instances = [Instance(quotas, one) for one in draws]
    return [[one.serve(work) for work in stream] for one, stream in zip(instances, batches, strict=True)]
