"""When two expressions are equal: as numbers, as functions of their letters, as quantities with units."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from mpmath import mp

from verifiers.symbolic.applications import Reading
from verifiers.symbolic.expression import Expression, expression
from verifiers.symbolic.formula import Tree, Unparsed, operations
from verifiers.symbolic.parser import USUAL
from verifiers.symbolic.points import alike, renamings, same_function
from verifiers.symbolic.quantities import measure
from verifiers.symbolic.sameness import DIFFERENT, EQUAL, PERCENTAGE, READ, ROUNDED, SIGN, UNIT, Sameness
from verifiers.symbolic.value import DIGITS, Work, value

EXACTLY = mp.mpf(10) ** (8 - DIGITS)
CONVERTED = mp.mpf(10) ** -9
"""What the factors between units are good for."""
MOST_DIGITS = 1000
COARSEST = 0.01
"""The coarsest rounding, relative to the value, that passes for the same number."""
OTHER_READINGS = (
    (Reading(tight_slash=True), re.compile(r"/\s?[\w\\(]")),
    (Reading(applied=True), re.compile(r"[A-Za-z}\d]\s?\(\s?[a-z]\s?\)")),
    (Reading(common_log=True), re.compile(r"log(?!\s?_)")),
)
"""Other readings, and the spellings that have them."""


@dataclass(frozen=True, slots=True)
class Asked:
    """One question under way."""

    renamed: Mapping[str, str] = field(default_factory=dict)
    """Letters of the answer, and what the reference answer calls them."""
    work: Work = field(default_factory=Work)

    def renaming(self, letter: str, other: str) -> "Asked":
        """Return the question inside a function of `letter`, which the reference answer calls `other`."""
        return replace(self, renamed={**self.renamed, letter: other})


def same(answer: str, reference: str, asked: Asked) -> Sameness:
    """Compare two expressions; raise Unparsed."""
    if answer == reference:
        return EQUAL
    one, other = expression(answer), expression(reference)
    found = _same(one, other, asked)
    if found != DIFFERENT:
        return found
    if one.names != other.names:
        ours, theirs = _with_units(answer, one), _with_units(reference, other)
        if (ours, theirs) != (one, other) and not ours.names and not theirs.names:
            return _same(ours, theirs, asked)
    if (one.unit and other.names) or (other.unit and one.names):
        raise Unparsed("a unit against a letter")
    for reading, spelling in OTHER_READINGS:
        if not (spelling.search(answer) or spelling.search(reference)):
            continue
        if _same(expression(answer, reading), expression(reference, reading), asked) != DIFFERENT:
            return READ
    return _same_but_for_constants(one, other, asked)


def _with_units(text: str, usual: Expression) -> Expression:
    """Return the expression with its letters read as units, where all of them are units that are known."""
    if not usual.names:
        return usual
    read = expression(text, USUAL, True)
    known = measure(read.unit) if read.unit else None
    return read if known and not known.of else usual


def _same_but_for_constants(one: Expression, other: Expression, asked: Asked) -> Sameness:
    for renamed in renamings(one.names, other.names):
        if same_function(one.tree, other.tree, {**asked.renamed, **renamed}, asked.work) == EQUAL:
            return READ
    return DIFFERENT


def _same(one: Expression, other: Expression, asked: Asked) -> Sameness:
    if one.base or other.base:
        return _same_digits(one, other)
    if one.names or other.names:
        return _same_with_letters(one, other, asked)
    if one.unit and other.unit and one.unit != other.unit:
        return _same_quantity(one, other, asked.work)
    found = _same_number(one, other, asked.work)
    if found == DIFFERENT and one.unit != other.unit and _powers_of_ten_apart(one, other, asked.work):
        raise Unparsed("a unit that one side leaves out may be another one")
    return UNIT if found == EQUAL and one.unit and not other.unit else found


def _powers_of_ten_apart(one: Expression, other: Expression, work: Work) -> bool:
    a, b = _number(one, work), _number(other, work)
    return any(alike(a * 10**power, b) or alike(a, b * 10**power) for power in (2, 3, 6, 9))


def _same_with_letters(one: Expression, other: Expression, asked: Asked) -> Sameness:
    if one.unit != other.unit and one.unit and other.unit:
        raise Unparsed("an expression in different units")
    found = same_function(one.tree, other.tree, asked.renamed, asked.work)
    return UNIT if found == EQUAL and one.unit and not other.unit else found


def _same_digits(one: Expression, other: Expression) -> Sameness:
    """Compare numbers of which a base is written: what is usual is to leave it out, not to convert."""
    if one.base and other.base:
        equal = _number(one, Work()) == _number(other, Work())
        return (EQUAL if one.base == other.base else READ) if equal else DIFFERENT
    if one.digits.replace(" ", "") == other.digits.replace(" ", ""):
        return READ
    if not one.names and not other.names and _number(one, Work()) == _number(other, Work()):
        raise Unparsed("a number in another base")
    return DIFFERENT


def _number(one: Expression, work: Work) -> Any:
    if "matrix" in operations(one.tree):
        raise Unparsed("a matrix for a number")
    found = value(one.tree, {}, work)
    if found is None:
        raise Unparsed("no number")
    return found


def _same_quantity(one: Expression, other: Expression, work: Work) -> Sameness:
    ours, theirs = measure(one.unit), measure(other.unit)
    if ours is None or theirs is None:
        if _singular(one.unit) == _singular(other.unit):
            return _same_number(one, other, work)
        raise Unparsed("units that are not known")
    if ours.of and theirs.of and _singular(ours.of) != _singular(theirs.of):
        raise Unparsed("quantities of different things")
    if ours.dimensions != theirs.dimensions:
        return DIFFERENT
    a = _number(one, work) * ours.factor + ours.offset
    b = _number(other, work) * theirs.factor + theirs.offset
    if alike(a, b, CONVERTED):
        return EQUAL
    steps = (one.step and one.step * ours.factor, other.step and other.step * theirs.factor)
    return ROUNDED if _rounds(a, b, *steps) else DIFFERENT


def _singular(words: str) -> str:
    return " ".join(word.lower().removesuffix("s") for word in words.split())


def _same_number(one: Expression, other: Expression, work: Work) -> Sameness:
    if "matrix" in operations(one.tree) | operations(other.tree):
        return same_function(one.tree, other.tree, {}, work)
    a, b = _number(one, work), _number(other, work)
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
