"""
What a result's `metrics_list` says; and what of it is left out, in order, where a reply grows too large.

First go the scores of single findings, then everything but the four metrics that are always there, then
those: a trainer can do without each of them, and not without a reward.
"""

from collections.abc import Callable, Sequence

from router.types import Reward, Verdict

Metric = dict[str, object]
Form = Callable[[Reward], list[Metric]]


def whole(reward: Reward) -> list[Metric]:
    """Return all: the four, the parts, the findings, the flags."""
    return [*four(reward), *_parts(reward), *_findings(reward), *_flags(reward.flags)]


def without_findings(reward: Reward) -> list[Metric]:
    """Return all but the findings, and say so."""
    return [*four(reward), *_parts(reward), *_flags(reward.flags), *shed(reward)]


def four_and_shed(reward: Reward) -> list[Metric]:
    """Return the four, and say that others are missing."""
    return [*four(reward), *shed(reward)]


def four(reward: Reward) -> list[Metric]:
    """Return what is always there."""
    return [
        _metric("confidence", reward.confidence),
        _metric("escalated", int(reward.escalated)),
        _metric("judge_error", int(reward.judge_error)),
        _metric("fallback", int(reward.decided_by == "fallback")),
    ]


def shed(reward: Reward) -> list[Metric]:
    """Say only that metrics are missing."""
    return [_metric("metrics_shed", 1)]


def none(reward: Reward) -> list[Metric]:
    """Leave everything to the reward."""
    return []


FORMS: Sequence[Form] = (whole, without_findings, four_and_shed, four, shed, none)
"""From all to nothing. All results of a reply have the same one."""


def _parts(reward: Reward) -> list[Metric]:
    return [{"name": part, "value": value, "type": "Reward"} for part, value in reward.parts.items()]


def _findings(reward: Reward) -> list[Metric]:
    return [
        _metric(f"{entry.part}.{'audit' if entry.audits else entry.by}", entry.finding.score)
        for entry in reward.trail
        if isinstance(entry.finding, Verdict)
    ]


def _flags(flags: Sequence[str]) -> list[Metric]:
    return [_metric(flag, 1) for flag in flags]


def _metric(name: str, value: float) -> Metric:
    return {"name": name, "value": value, "type": "Metric"}
