"""When two numbers are equal: exactly, as shares or angles, as quantities with units, or but for rounding."""

from typing import Any

from mpmath import mp

from verifiers.symbolic.expression import Expression
from verifiers.symbolic.formula import Tree, Unparsed, operations
from verifiers.symbolic.points import alike, same_function
from verifiers.symbolic.quantities import measure
from verifiers.symbolic.sameness import DIFFERENT, EQUAL, PERCENTAGE, ROUNDED, SIGN, Sameness
from verifiers.symbolic.value import DIGITS, Work, value

EXACTLY = mp.mpf(10) ** (8 - DIGITS)
CONVERTED = mp.mpf(10) ** -9
"""What the factors between units are good for."""
MOST_DIGITS = 1000
COARSEST = 0.01
"""The coarsest rounding, relative to the value, that passes for the same number."""


def number(one: Expression, work: Work) -> Any:
    """Return the value of an expression without letters; raise Unparsed where it has none."""
    if "matrix" in operations(one.tree):
        raise Unparsed("a matrix for a number")
    found = value(one.tree, {}, work)
    if found is None:
        raise Unparsed("no number")
    return found


def same_quantity(one: Expression, other: Expression, work: Work) -> Sameness:
    """Compare two numbers with different units; raise Unparsed where the units say nothing of each other."""
    ours, theirs = measure(one.unit), measure(other.unit)
    if ours is None or theirs is None:
        if _singular(one.unit) == _singular(other.unit):
            return same_number(one, other, work)
        raise Unparsed("units that are not known")
    if ours.of and theirs.of and _singular(ours.of) != _singular(theirs.of):
        raise Unparsed("quantities of different things")
    if ours.dimensions != theirs.dimensions:
        return DIFFERENT
    a = number(one, work) * ours.factor + ours.offset
    b = number(other, work) * theirs.factor + theirs.offset
    if alike(a, b, CONVERTED):
        return EQUAL
    steps = (one.step and one.step * ours.factor, other.step and other.step * theirs.factor)
    return ROUNDED if _rounds(a, b, *steps) else DIFFERENT


def _singular(words: str) -> str:
    return " ".join(word.lower().removesuffix("s") for word in words.split())


def same_number(one: Expression, other: Expression, work: Work) -> Sameness:
    """Compare two numbers, or two matrices of numbers, whatever their unit."""
    if "matrix" in operations(one.tree) | operations(other.tree):
        return same_function(one.tree, other.tree, {}, work)
    a, b = number(one, work), number(other, work)
    if one.percent != other.percent:
        return _same_share(one, other, a, b)
    if one.degrees != other.degrees:
        return _same_angle(one, other, a, b)
    if one.percent:
        a, b = a / 100, b / 100
    return _compared(one, other, a, b)


def _same_share(one: Expression, other: Expression, a: Any, b: Any) -> Sameness:
    found = _compared(one, other, a / 100 if one.percent else a, b / 100 if other.percent else b)
    if found == EQUAL:
        return PERCENTAGE
    return SIGN if found == DIFFERENT and alike(a, b) else found


def _same_angle(one: Expression, other: Expression, a: Any, b: Any) -> Sameness:
    if alike(a, b):
        return EQUAL
    radians = mp.pi / 180
    return _compared(one, other, a * radians if one.degrees else a, b * radians if other.degrees else b)


def _compared(one: Expression, other: Expression, a: Any, b: Any) -> Sameness:
    if mp.isinf(a) or mp.isinf(b):
        return EQUAL if a == b else DIFFERENT
    if alike(a, b, EXACTLY):
        return EQUAL if one.percent or _to_the_last_digit(one.tree, other.tree, a, b) else DIFFERENT
    return ROUNDED if _rounds(a, b, one.step, other.step) else DIFFERENT


def _to_the_last_digit(one: Tree, other: Tree, a: Any, b: Any) -> bool:
    """Compare numbers too large for the usual digits with as many as they have."""
    if abs(b) < mp.mpf(10) ** (DIGITS - 10):
        return True
    digits = int(mp.log10(abs(b))) + 10
    if digits > MOST_DIGITS:
        raise Unparsed("too many digits")
    with mp.workdps(digits):
        return bool(abs(value(one, {}, Work()) - value(other, {}, Work())) < 1e-3)


def _rounds(a: Any, b: Any, ours: float | None, theirs: float | None) -> bool:
    """Say whether one side is a decimal to which the other one rounds, or is cut."""
    for short, step, full, finer in ((a, ours, b, theirs), (b, theirs, a, ours)):
        if step is None or (finer is not None and finer >= step) or mp.im(short) or mp.im(full):
            continue
        if abs(a - b) > COARSEST * max(abs(a), abs(b)):
            continue
        truncated = int(full / step) == int(mp.nint(short / step))
        if truncated or abs(a - b) <= 0.5000001 * step:
            return True
    return False
