"""What the verifiers claim, held against what was measured and what else it rests on."""

from collections.abc import Iterator

from tabulate import tabulate

from benchmarks.evidence import Rows, confidences
from benchmarks.grounds import GROUNDS
from benchmarks.reliability import most, wilson
from verifiers import VERIFIERS

Counts = dict[tuple[str, str], tuple[int, int]]


def refusals(rows: Rows) -> list[str]:
    """Return a line for each number that has to change, and for each entry that nothing stands behind."""
    counts = pooled(rows)
    return [*_above_their_evidence(counts), *_stale_evidence(counts), *_idle_grounds()]


def pooled(rows: Rows) -> Counts:
    """Return (right, verdicts) for each situation of each `CONFIDENCE`, whoever handed its verdicts on."""
    counts: Counts = {}
    for row in rows:
        right, verdicts = counts.get((row.source, row.situation), (0, 0))
        counts[row.source, row.situation] = right + row.right, verdicts + row.verdicts
    return counts


def claims() -> Iterator[tuple[str, str, float]]:
    """Go through every verifier's situations and what it claims in them."""
    for verifier in VERIFIERS:
        for situation, claimed in confidences(verifier).items():
            yield verifier, situation, claimed


def _above_their_evidence(counts: Counts) -> Iterator[str]:
    for verifier, situation, claimed in claims():
        right, verdicts = counts.get((verifier, situation), (0, 0))
        limit, why = most(right, verdicts, grounded=situation in GROUNDS.get(verifier, {}))
        if claimed > limit:
            told = _told(right, verdicts)
            yield f"{verifier}: {situation!r} claims {claimed:g}, {told}: at most {limit:g}, {why}"


def _told(right: int, verdicts: int) -> str:
    if not verdicts:
        return "and nothing was measured"
    low, high = wilson(right, verdicts)
    return f"{right} of {verdicts} were right ({low:.3f} to {high:.3f})"


def _stale_evidence(counts: Counts) -> Iterator[str]:
    for verifier, situation in counts:
        if _unknown(verifier, situation):
            yield f"{verifier}: {situation!r} was measured and stands in no CONFIDENCE: run make evidence"


def _idle_grounds() -> Iterator[str]:
    for verifier, grounds in GROUNDS.items():
        for situation in grounds:
            if _unknown(verifier, situation):
                yield f"{verifier}: {situation!r} has a ground and no number: delete the ground"


def _unknown(verifier: str, situation: str) -> bool:
    return verifier not in VERIFIERS or situation not in confidences(verifier)


def unmeasured_table(rows: Rows) -> str:
    """Return what no rollout shows, each with what it rests on."""
    counts = pooled(rows)
    lines = [
        [verifier, situation, f"{claimed:g}", GROUNDS.get(verifier, {}).get(situation, "a cautious guess")]
        for verifier, situation, claimed in claims()
        if not counts.get((verifier, situation), (0, 0))[1]
    ]
    align = ("left", "left", "right", "left")
    return tabulate(
        lines, ["verifier", "situation", "claimed", "rests on"], colalign=align, disable_numparse=True
    )
