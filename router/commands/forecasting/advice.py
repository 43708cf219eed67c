"""What to set before the job, and what about it needs looking at."""

import math
import sys
from collections.abc import Iterator
from dataclasses import dataclass

from router.commands.forecasting.outlook import Outlook
from router.commands.forecasting.timing import ONE_CORE
from router.commands.summary import NO_RULE
from router.policy import Policy

MEMORIES = (512, 1024, ONE_CORE)
SPARE_MEMORY = 1.5
"""How much more memory than this process took."""
SLOWER = 1.1
"""How much longer a batch may take with less memory than one core's."""
SPARE_TIME = 2.0
"""How much longer than one batch in a hundred takes, for a model that is slow for once."""
LONGEST_TIMEOUT = 900
ENOUGH_GROUPS = 30
DAY = 86_400


@dataclass(frozen=True, slots=True)
class Advice:
    """Settings for the trainer, the template and the policy."""

    concurrency: int
    """Invocations at once, and `shared_by` of the quota."""
    lambda_usd: float
    """About what Lambda costs then."""
    memory: int
    timeout: int
    """Seconds."""
    notes: tuple[str, ...]


def advice(expected: Outlook, policy: Policy, megabytes: float) -> Advice:
    """Return what to set; `megabytes` is what a process needs that holds the router and its judges."""
    concurrency = _concurrency(expected)
    return Advice(
        concurrency=concurrency,
        lambda_usd=_lambda_usd(expected, concurrency),
        memory=_memory(expected, megabytes),
        timeout=min(LONGEST_TIMEOUT, 30 * max(2, math.ceil(SPARE_TIME * expected.timing.longest / 30))),
        notes=(*_about_the_file(expected), *_about_money(expected, policy), *_about_time(expected)),
    )


def megabytes_of_this_process() -> float:
    """Return the most memory that this process has held."""
    import resource  # noqa: PLC0415 - Windows has none, and the other commands run there

    held = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return held / 2**20 if sys.platform == "darwin" else held / 2**10


def _concurrency(expected: Outlook) -> int:
    """Return how many invocations at once are done as soon as any number is, and pay for no waiting."""
    most = expected.timing.saturated_at
    return expected.job.at_once if most == math.inf else min(expected.job.at_once, math.ceil(most))


def _lambda_usd(expected: Outlook, concurrency: int) -> float:
    """Return what Lambda costs where so many invocations at once share what is waited for now."""
    now = expected.timing.seconds.expected
    then = max(expected.timing.unlimited, now * concurrency / expected.job.at_once)
    return expected.lambda_usd.expected * min(1.0, then / now)


def _memory(expected: Outlook, megabytes: float) -> int:
    """Return the least memory that holds the router and hardly slows a batch down."""
    own = expected.timing.own / max(1.0, ONE_CORE / expected.job.memory)
    others = expected.timing.seconds.expected - expected.timing.own
    for memory in MEMORIES:
        slow = own * ONE_CORE / memory + others
        if memory >= SPARE_MEMORY * megabytes and slow <= SLOWER * (own + others):
            return memory
    return max(ONE_CORE, math.ceil(SPARE_MEMORY * megabytes))


def _about_the_file(expected: Outlook) -> Iterator[str]:
    if expected.groups < ENOUGH_GROUPS:
        yield (
            f"The file has rollouts of {expected.groups} prompts: the ranges are wide, and rare kinds may be"
            f" missing. Record at least {ENOUGH_GROUPS} prompts."
        )
    if stray := expected.rules.get(NO_RULE):
        yield (
            f"{stray.samples.expected:.1%} of the rows are malformed or have no response: they get the bottom"
            " of the range, and are neither settled nor asked about. `score --trail` shows which."
        )
    if not expected.questions.expected:
        share = 1 - 0.05 ** (1 / expected.groups)
        yield (
            f"No question was open. That {expected.groups} prompts left none does not rule out that"
            f" {share:.1%} of the prompts to come leave one."
        )


def _about_money(expected: Outlook, policy: Policy) -> Iterator[str]:
    a_batch = expected.judges_usd.expected / expected.job.invocations
    if a_batch > policy.usd_per_invocation:
        yield (
            f"A batch's calls come to ${a_batch:.4f}, and `usd_per_invocation` allows"
            f" ${policy.usd_per_invocation:g}: what it leaves unasked falls back."
        )
    a_day = expected.judges_usd.high / max(1.0, expected.seconds.expected / DAY)
    if a_day > policy.usd_per_day:
        yield (
            f"Judges may come to ${a_day:.2f} a day, and `usd_per_day` allows ${policy.usd_per_day:g}, to all"
            " instances together where they share a table: what it leaves unasked falls back."
        )


def _about_time(expected: Outlook) -> Iterator[str]:
    if any(shared < expected.job.at_once for shared in expected.job.shared_by.values()):
        fewest = min(expected.job.shared_by.values())
        yield (
            f"{expected.job.at_once} invocations at once share a quota that the policy divides by"
            f" {fewest}: together they ask for more than it, and are thrown back until each has found its"
            f" part, as is assumed here. Set `shared_by` to {expected.job.at_once}."
        )
    if expected.timing.longest > LONGEST_TIMEOUT:
        yield (
            f"One batch in a hundred would take {expected.timing.longest:.0f} s, and Lambda ends at"
            f" {LONGEST_TIMEOUT}: send fewer rows at once."
        )
