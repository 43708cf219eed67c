"""What may set two numbers apart that are meant to be one: rounding, or a unit that one side leaves out."""

from fractions import Fraction

from verifiers.quantity import Quantity, Rational

ROUNDING = 0.05
"""Largest difference that rounding may make, relative to the reference answer."""
BETWEEN_UNITS = frozenset(Fraction(10) ** power for power in (-9, -6, -3, -2, -1, 1, 2, 3, 6, 9))
"""Powers of ten that lie between two units of one kind."""
TIMES = frozenset({"sec", "second", "min", "minute", "h", "hr", "hour", "day", "week", "month", "year"})
BETWEEN_TIMES = frozenset(
    Fraction(ratio) ** sign for ratio in (60, 3600, 24, 1440, 7, 168, 12, 52, 30, 365) for sign in (-1, 1)
)
"""The same for two units of time."""


def within(found: Rational, reference: Rational, tolerance: float) -> bool:
    """Say whether two numbers differ by no more than a share of the reference answer."""
    allowed = tolerance * (reference if reference > 0 else -reference)
    return -allowed <= found - reference <= allowed


def rounded(found: Rational, reference: Rational) -> bool:
    """Say whether rounding may be what sets two numbers apart; it never is between whole numbers."""
    whole = isinstance(found, int) and isinstance(reference, int)
    return not whole and within(found, reference, ROUNDING)


def in_another_unit(found: Quantity, reference: Quantity) -> bool:
    """Say whether two numbers, of which one lacks a unit, are so far apart as two units of one kind are."""
    return found.unit != reference.unit and _ratio(found, reference) in BETWEEN_UNITS


def in_another_time(found: Quantity, reference: Quantity) -> bool:
    """Say the same of two units of time, of which one is named."""
    if found.unit == reference.unit:
        return False
    named = (found.unit or reference.unit).split()[0].removesuffix("s")
    return named in TIMES and _ratio(found, reference) in BETWEEN_TIMES


def _ratio(found: Quantity, reference: Quantity) -> Rational:
    return Fraction(found.value) / reference.value if reference.value else 0
