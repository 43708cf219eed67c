"""
Verifiers that wait for other processes: the samples of a batch go to them side by side, in two rounds.

Everything is looked at for a moment first, and what takes longer has its turn when that is done: a program
that never ends holds up nothing but itself. Where the time is over, the rest abstains.
"""

import os
import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import partial

from router.case import Case
from router.observe import observe, settles

VERIFYING_SHARE = 0.5
"""Of the time that is left, where judges may have to be asked as well."""


def look_aside(cases: Sequence[Case], deadline: float, *, judged: bool) -> None:
    """Let the verifiers that the cases wait for look, and decide what they settle."""
    now = time.monotonic()
    ends = now + (deadline - now) * (VERIFYING_SHARE if judged else 1)
    with ThreadPoolExecutor(os.cpu_count(), "aside") as pool:
        list(pool.map(partial(_look, ends=ends, briefly=True), cases))
        list(pool.map(partial(_look, ends=ends, briefly=False), [case for case in cases if case.waiting]))


def _look(case: Case, ends: float, *, briefly: bool) -> None:
    """Ask a case's verifiers in order; what is not found in a moment stays waiting."""
    waiting = case.waiting
    case.waiting = ()
    for place, (part, by, verifier) in enumerate(waiting):
        if part.name in case.decided:
            continue
        look = verifier.glance if briefly else verifier.verify_by
        finding = observe(case, part.name, by, partial(look, ends=ends))
        if finding is None:
            case.waiting = waiting[place:]
            return
        if settles(finding, part.escalate_below):
            case.decided[part.name] = finding
