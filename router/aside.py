"""
Verifiers that wait for other processes: the samples of a batch go to them side by side, in two rounds.

Everything is looked at for a moment first, and what takes longer has its turn when that is done: a program
that never ends holds up nothing but itself. Where the time is over, the rest abstains, and a sample whose
gate had no time is left unseen.
"""

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import partial

from router.case import Case
from router.observe import GATE, decided, flag_late, gated, leave_unseen, observe
from verifiers.base import OUT_OF_TIME


def look_aside(cases: Sequence[Case], ends: float, go_on: Callable[[Case], None]) -> None:
    """
    Let the verifiers that the cases wait for look by `ends`, and note what they settle.

    `go_on` takes a case whose gates have looked to its parts, which may have to wait as well.
    """
    with ThreadPoolExecutor(_width(cases), "aside") as pool:
        for briefly in (True, False):
            look = partial(_look, ends=ends, briefly=briefly)
            turn = [case for case in cases if case.waiting]
            list(pool.map(look, turn))
            seen = [case for case in turn if case.at_gate and not case.waiting]
            for case in seen:
                go_on(case)
            list(pool.map(look, [case for case in seen if case.waiting]))


def _width(cases: Sequence[Case]) -> int:
    """Return how many samples may be looked at at once: as many as the widest of the verifiers takes."""
    widths = {verifier.at_once for case in cases for _, _, verifier in case.waiting}
    if 0 in widths:
        from verifiers.sandbox import processors  # noqa: PLC0415 - not for those whose programs run elsewhere

        widths |= {processors()}
    return max(widths)


def _look(case: Case, ends: float, *, briefly: bool) -> None:
    """Ask a case's verifiers in order; what is not found in a moment stays waiting."""
    waiting, case.waiting = case.waiting, ()
    for place, (part, by, verifier) in enumerate(waiting):
        if part and part.name in case.decided:
            continue
        look = verifier.glance if briefly else verifier.verify_by
        finding = observe(case, part.name if part else GATE, by, partial(look, ends=ends))
        if finding is None:
            case.waiting = waiting[place:]
            return
        if finding == OUT_OF_TIME and part is None:
            leave_unseen(case)
            return
        if finding == OUT_OF_TIME:
            flag_late(case)
        if part is None and gated(case, finding):
            return
        if part:
            decided(case, part, finding)
