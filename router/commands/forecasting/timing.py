"""
How long batches take on one instance, what a quota adds to that, and how many instances use it up.

Batches are made of groups drawn from the file, and come back to back, as if the trainer never paused.
"""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from random import Random
from statistics import fmean

from judges.base import Quota
from router.commands.forecasting.job import Job
from router.commands.forecasting.serving import Address, Instance, Served, Work, latency
from router.commands.forecasting.spread import Range, quantile, tail
from router.commands.forecasting.survey import Group, Survey

STREAMS, BATCHES, WARMING_UP = 40, 8, 2
"""Instances that are simulated, the most batches that each serves, and how many are not counted where the job
has more."""
ONE_CORE = 1769
"""Megabytes of memory with which Lambda gives one virtual CPU; below it gives a share of one."""

Quotas = Mapping[Address, Quota]


@dataclass(frozen=True, slots=True)
class Load:
    """What one model is asked while all instances are at work."""

    requests_per_minute: float
    tokens_per_minute: float
    """As Bedrock reserves them: input and max_tokens."""
    quota: Quota
    """Of all instances together."""
    saturated_at: float
    """Instances at work at once that use up the quota; infinite where none is declared."""


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
    batches = [_batches(groups, job, Random(seed)) for seed in range(STREAMS)]  # noqa: S311 - simulates
    counted = slice(WARMING_UP if job.rounds > BATCHES else 0, None)
    every = _served(batches, survey.quotas, survey, job)
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
        loads=_loads(batches, survey.quotas, job, fmean(means), unlimited),
    )


def _batches(groups: Sequence[Group], job: Job, rng: Random) -> list[Work]:
    """Return the batches that one instance gets, made of what a redrawn file holds."""
    drawn = rng.choices(groups, k=len(groups))
    return [_batch(drawn, job, rng) for _ in range(min(BATCHES, math.ceil(job.rounds)))]


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


def _loads(
    batches: Sequence[Sequence[Work]], quotas: Quotas, job: Job, seconds: float, unlimited: float
) -> dict[Address, Load]:
    works = [work for stream in batches for work in stream]
    return {
        address: _load(
            [[tokens for model, tokens in work.calls if model == address] for work in works],
            _whole(quota, job.shared_by.get(address, 1)),
            job.at_once / seconds,
            unlimited,
        )
        for address, quota in quotas.items()
    }


def _load(reserved: Sequence[Sequence[int]], quota: Quota, a_second: float, unlimited: float) -> Load:
    """Return a model's load from the tokens that each batch's calls reserve, at so many batches a second."""
    calls = fmean(len(one) for one in reserved)
    tokens = fmean(sum(one) for one in reserved)
    limits = [
        limit / 60 / each * unlimited
        for limit, each in ((quota.requests_per_minute, calls), (quota.tokens_per_minute, tokens))
        if limit and each
    ]
    return Load(60 * a_second * calls, 60 * a_second * tokens, quota, min(limits, default=math.inf))


def _whole(quota: Quota, shared_by: int) -> Quota:
    """Return what all instances together may ask."""
    requests, tokens = quota.requests_per_minute, quota.tokens_per_minute
    return Quota(requests and requests * shared_by, tokens and tokens * shared_by)
