"""How much confidence a count of right verdicts carries."""

from math import floor, sqrt

SCARCE = 20
"""Verdicts; fewer are too few to say how often a score is right."""
UNPROVEN = 0.9
"""The most that a situation may claim on too little evidence: it leans, and settles nothing."""


def wilson(right: int, verdicts: int, z: float = 1.96) -> tuple[float, float]:
    """Return the 95 % score interval of a share (E. B. Wilson, 1927); 0 to 1 where nothing was seen."""
    if not verdicts:
        return 0.0, 1.0
    share = right / verdicts
    spread = z * sqrt(share * (1 - share) / verdicts + z * z / (4 * verdicts * verdicts))
    centre, scale = share + z * z / (2 * verdicts), 1 + z * z / verdicts
    return (centre - spread) / scale, (centre + spread) / scale


def most(right: int, verdicts: int, *, grounded: bool = False) -> tuple[float, str]:
    """
    Return the highest confidence that the evidence carries, in hundredths, and why.

    It is the middle of the Wilson interval: the measured share, drawn towards one half the more the less
    was seen, so that it takes 35 verdicts without a mistake to settle anything. A situation that rests
    on more than rollouts (see `benchmarks/grounds.py`) need only not be contradicted by them.
    """
    low, high = wilson(right, verdicts)
    if grounded:
        return _hundredths(high), "the upper end of the Wilson interval"
    if verdicts < SCARCE:
        return _hundredths(
            min(high, UNPROVEN)
        ), f"for want of {SCARCE} verdicts or a ground in benchmarks/grounds.py"
    return _hundredths((low + high) / 2), "the middle of the Wilson interval"


def _hundredths(share: float) -> float:
    """Round down to what a confidence is written in, sparing what the floats lose."""
    return floor(share * 100 + 1e-9) / 100
