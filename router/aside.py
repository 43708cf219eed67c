"""
Verifiers that wait for other processes: the samples of a batch go to them side by side, in two rounds.

Everything is looked at for a moment first, and what takes longer has its turn when that is done: a program
that never ends holds up nothing but itself. Whatever is looked at longer gets as much of the time as any
other of them, so that what comes last cannot be left unsettled by what is slow. Where the time is over before
a first look, the verifier abstains, and a sample whose gate had no time is left unseen.
"""

import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from itertools import count

from router.case import Case
from router.observe import GATE, decided, gated, observe


def look_aside(cases: Sequence[Case], ends: float, go_on: Callable[[Case], None]) -> None:
    """
    Let the verifiers that the cases wait for look by `ends`, and note what they settle.

    `go_on` takes a case whose gates have looked to its parts, which may have to wait as well.
    """
    width = _width(cases)
    with ThreadPoolExecutor(width, "aside") as pool:

        def side_by_side(turn: Sequence[Case], *, briefly: bool) -> None:
            share = None if briefly else _shares(ends, width, len(turn))
            list(pool.map(partial(_look, ends=ends, share=share), turn))

        for briefly in (True, False):
            turn = [case for case in cases if case.waiting]
            side_by_side(turn, briefly=briefly)
            seen = [case for case in turn if case.at_gate and not case.waiting]
            for case in seen:
                go_on(case)
            side_by_side([case for case in seen if case.waiting], briefly=briefly)


def _width(cases: Sequence[Case]) -> int:
    """Return how many samples may be looked at at once: as many as the widest of the verifiers takes."""
    widths = {verifier.at_once for case in cases for _, _, verifier in case.waiting}
    if 0 in widths:
        from verifiers.sandbox import processors  # noqa: PLC0415 - not for those whose programs run elsewhere

        widths |= {processors()}
    return max(widths)


def _shares(ends: float, width: int, looks: int) -> Callable[[], float]:
    """Return what tells each of so many looks, as it begins, by when it ends if all are to get as much."""
    left = count(looks, -1)

    def share() -> float:
        now = time.monotonic()
        return now + (ends - now) * min(1.0, width / max(1, next(left)))

    return share


def _look(case: Case, ends: float, share: Callable[[], float] | None) -> None:
    """
    Ask a case's verifiers in order, each for a glance first.

    What is not found at a glance is looked at longer, for its share of the time; without shares it waits on.
    """
    waiting, case.waiting = case.waiting, ()
    for place, (part, by, verifier) in enumerate(waiting):
        if part and part.name in case.decided:
            continue
        at = part.name if part else GATE
        finding = None if case.glanced else observe(case, at, by, partial(verifier.glance, ends=ends))
        case.glanced = finding is None and share is None
        if case.glanced:
            case.waiting = waiting[place:]
            return
        if finding is None and share:
            finding = observe(case, at, by, partial(verifier.verify_by, ends=share()))
        if part is None and gated(case, finding):
            return
        if part:
            decided(case, part, finding)
