"""When two expressions are equal, as they are usually read, or as they may be read."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from verifiers.symbolic.applications import Reading
from verifiers.symbolic.expression import Expression, expression
from verifiers.symbolic.formula import Unparsed
from verifiers.symbolic.numbers import number, same_number, same_quantity
from verifiers.symbolic.parser import USUAL
from verifiers.symbolic.points import alike, renamings, same_function
from verifiers.symbolic.quantities import measure
from verifiers.symbolic.sameness import DIFFERENT, EQUAL, READ, UNIT, Sameness
from verifiers.symbolic.value import Work

APPLIED = re.compile(r"[A-Za-z}\d]\s?\(\s?[a-z]\s?\)")
"""What may be a function of a letter."""
OTHER_READINGS = (
    (Reading(tight_slash=True), re.compile(r"/\s?[\w\\(]")),
    (Reading(applied=True), APPLIED),
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
        return same_quantity(one, other, asked.work)
    found = same_number(one, other, asked.work)
    if found == DIFFERENT and one.unit != other.unit and _powers_of_ten_apart(one, other, asked.work):
        raise Unparsed("a unit that one side leaves out may be another one")
    return UNIT if found == EQUAL and one.unit and not other.unit else found


def _powers_of_ten_apart(one: Expression, other: Expression, work: Work) -> bool:
    a, b = number(one, work), number(other, work)
    return any(alike(a * 10**power, b) or alike(a, b * 10**power) for power in (2, 3, 6, 9))


def _same_with_letters(one: Expression, other: Expression, asked: Asked) -> Sameness:
    if one.unit != other.unit and one.unit and other.unit:
        raise Unparsed("an expression in different units")
    found = same_function(one.tree, other.tree, asked.renamed, asked.work)
    return UNIT if found == EQUAL and one.unit and not other.unit else found


def _same_digits(one: Expression, other: Expression) -> Sameness:
    """Compare numbers of which a base is written: what is usual is to leave it out, not to convert."""
    if one.base and other.base:
        equal = number(one, Work()) == number(other, Work())
        return (EQUAL if one.base == other.base else READ) if equal else DIFFERENT
    if one.digits.replace(" ", "") == other.digits.replace(" ", ""):
        return READ
    if not one.names and not other.names and number(one, Work()) == number(other, Work()):
        raise Unparsed("a number in another base")
    return DIFFERENT
