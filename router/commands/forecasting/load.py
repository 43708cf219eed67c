"""What the instances of a job may ask of each model, what they ask, and how many of them use a quota up."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from statistics import fmean

from judges.base import Quota
from router.commands.forecasting.job import Job
from router.commands.forecasting.serving import Address, Work

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


def shares(quotas: Quotas, job: Job) -> Quotas:
    """Return what an instance may ask of each model: less than the policy says where more share it."""
    parts = {at: min(1.0, job.shared_by.get(at, job.at_once) / job.at_once) for at in quotas}
    return {at: _times(quota, parts[at]) for at, quota in quotas.items()}


def loads_of(
    batches: Sequence[Sequence[Work]], quotas: Quotas, job: Job, seconds: float, unlimited: float
) -> dict[Address, Load]:
    """Return the load of each model by what its batches ask, which take so many seconds."""
    works = [work for stream in batches for work in stream]
    return {
        address: _load(
            [[tokens for model, tokens in work.calls if model == address] for work in works],
            _times(quota, job.shared_by.get(address, 1)),
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


def _times(quota: Quota, factor: float) -> Quota:
    requests, tokens = quota.requests_per_minute, quota.tokens_per_minute
    return Quota(requests and requests * factor, tokens and tokens * factor)
