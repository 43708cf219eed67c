"""One verifier's look at one sample."""

import time
from collections.abc import Callable
from typing import TypeGuard

from router.case import Case
from router.telemetry import log_bug
from router.types import Abstain, Entry, Finding, Sample, Verdict


def settles(finding: Finding | None, escalate_below: float) -> TypeGuard[Verdict]:
    """Say whether a finding needs no judge."""
    return isinstance(finding, Verdict) and finding.confidence >= escalate_below


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
