"""One verifier's look at one sample, and what it means for the sample's way."""

import time
from collections.abc import Callable
from typing import TypeGuard

from router.case import Case
from router.policy.model import Part
from router.telemetry import log_bug
from router.types import Abstain, Entry, Finding, Sample, Verdict
from verifiers.base import OUT_OF_TIME

GATE = "gate"
"""What stands in a trail for the part of a gate's finding."""


def settles(finding: Finding | None, escalate_below: float) -> TypeGuard[Verdict]:
    """Say whether a finding needs no judge."""
    return isinstance(finding, Verdict) and finding.confidence >= escalate_below


def gated(case: Case, finding: Finding | None) -> bool:
    """Note what a gate's finding means, and say whether the case goes no further."""
    if finding == OUT_OF_TIME:
        leave_unseen(case)
    case.gate = settles(finding, case.rule.escalate_below) and finding.score < 1
    return case.gate or case.unseen


def decided(case: Case, part: Part, finding: Finding | None) -> bool:
    """Note what a finding means for a part, and say whether it settles it."""
    if finding == OUT_OF_TIME:
        flag_late(case)
    if settles(finding, part.escalate_below):
        case.decided[part.name] = finding
    return part.name in case.decided


def leave_unseen(case: Case) -> None:
    """Note that there was no time for a case: nobody has looked at it, and no judge is asked about it."""
    case.unseen = True
    case.trail.append(Entry("row", "clock", OUT_OF_TIME, 0.0))
    flag_late(case)


def flag_late(case: Case) -> None:
    """Have the reward say that there was too little time."""
    if "out_of_time" not in case.flags:
        case.flags += ("out_of_time",)


def observe(case: Case, part: str, by: str, look: Callable[[Sample], Finding | None]) -> Finding | None:
    """Let a verifier look, and note what it finds. A bug in it is its abstention, and is logged."""
    started = time.perf_counter()
    try:
        finding = look(case.sample)
    except Exception as bug:
        log_bug(f"the verifier {by}", bug)
        finding = Abstain(f"the verifier failed: {type(bug).__name__}")
    if finding is not None:
        case.trail.append(Entry(part, by, finding, time.perf_counter() - started))
    return finding
