"""How two answers compare, from the same to something else."""

from collections.abc import Iterable
from typing import Literal

Sameness = Literal[
    "equal",
    "equal in value, one as a percentage",
    "close but for a unit that one side leaves out",
    "close but for rounding",
    "close but for how it is read",
    "close but for a percent sign",
    "different",
]
"""`close`: what sets them apart may be no mistake; only who asked the question knows."""

EQUAL: Sameness = "equal"
PERCENTAGE: Sameness = "equal in value, one as a percentage"
UNIT: Sameness = "close but for a unit that one side leaves out"
ROUNDED: Sameness = "close but for rounding"
READ: Sameness = "close but for how it is read"
SIGN: Sameness = "close but for a percent sign"
DIFFERENT: Sameness = "different"

RANK: dict[Sameness, int] = {
    sameness: rank for rank, sameness in enumerate((EQUAL, PERCENTAGE, UNIT, ROUNDED, READ, SIGN, DIFFERENT))
}


def worst(found: Iterable[Sameness]) -> Sameness:
    """Return the one furthest from equal."""
    return max(found, key=lambda sameness: RANK[sameness])
