"""
Equations with letters: when two have the same solutions, and when one gives a value.

Two are the same where the differences of their sides are in one ratio, or where both are linear in a
letter and give it the same value, whatever the other letters are.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from verifiers.symbolic.applications import Reading
from verifiers.symbolic.expression import expression
from verifiers.symbolic.formula import Apply, Tree, Unparsed, symbols
from verifiers.symbolic.leaf import APPLIED
from verifiers.symbolic.parser import USUAL
from verifiers.symbolic.points import POINTS, alike, generic
from verifiers.symbolic.sameness import DIFFERENT, EQUAL, READ, Sameness
from verifiers.symbolic.value import Work, value

Sides = tuple[str, str]

TURNS = 3
TRIED = (1.25, 2.75, 4.0)
"""Where a letter is set to see whether an equation is linear in it."""


def same_equation(one: Sides, other: Sides, work: Work) -> Sameness:
    """Compare two equations."""
    found = _same_equation(difference(one), difference(other), work)
    if found != DIFFERENT or not any(APPLIED.search(side) for side in (*one, *other)):
        return found
    first, second = (difference(sides, Reading(applied=True)) for sides in (one, other))
    return READ if _same_equation(first, second, work) == EQUAL else DIFFERENT


def _same_equation(first: Tree, second: Tree, work: Work) -> Sameness:
    if _proportional(first, second, work):
        return EQUAL
    names = symbols(first)
    if names != symbols(second):
        return DIFFERENT
    for letter in sorted(names, key=lambda name: ("'" not in name, name)):
        found = [_solved(tree, letter, sorted(names), work) for tree in (first, second)]
        if all(found):
            return EQUAL if all(alike(a, b) for a, b in zip(*found, strict=True)) else DIFFERENT
    return DIFFERENT


def difference(sides: Sides, reading: Reading = USUAL) -> Tree:
    """Return what is zero where an equation holds."""
    left, right = (expression(side, reading) for side in sides)
    if left.unit or right.unit:
        raise Unparsed("an equation with units")
    return Apply("+", (left.tree, Apply("neg", (right.tree,))))


def _proportional(one: Tree, other: Tree, work: Work) -> bool:
    names = sorted(symbols(one) | symbols(other))
    ratios = []
    for turn in range(TURNS):
        a, b = (value(tree, points_of(names, turn), work) for tree in (one, other))
        if a is None or b is None or alike(b, 0):
            raise Unparsed("no value at a point")
        ratios.append(a / b)
    return not alike(ratios[0], 0) and all(alike(ratio, ratios[0]) for ratio in ratios)


def points_of(names: Sequence[str], turn: int) -> dict[str, Any]:
    """Return where each letter is evaluated in a turn."""
    if len(names) > len(POINTS):
        raise Unparsed("more letters than points")
    return {name: generic(place, turn) for place, name in enumerate(names)}


def _solved(tree: Tree, letter: str, names: Sequence[str], work: Work) -> list[Any]:
    """
    Return the letter's values where the tree is zero, one a turn; nothing where it is not linear in it.

    Nothing either where another letter has no say in that value: it may stand in a factor of its own,
    which could be zero as well.
    """
    turns = [points_of(names, turn) for turn in range(TURNS)]
    roots = [_root(tree, letter, points, work) for points in turns]
    if any(root is None for root in roots):
        return []
    for name in set(names) - {letter}:
        moved = _root(tree, letter, {**turns[0], name: turns[1][name]}, work)
        if moved is None or alike(moved, roots[0]):
            return []
    return roots


def _root(tree: Tree, letter: str, points: Mapping[str, Any], work: Work) -> Any:
    """Return the letter's value where the tree is zero, by a line through three points; or None."""
    at = [generic(0, 0) * place for place in TRIED]
    values = [value(tree, {**points, letter: place}, work) for place in at]
    if any(found is None for found in values):
        return None
    near, far = values[1] - values[0], values[2] - values[1]
    if alike(near, 0) or not alike(near * (at[2] - at[1]), far * (at[1] - at[0])):
        return None
    return at[0] - values[0] * (at[1] - at[0]) / near


def gives(sides: Sides, value_text: str, work: Work) -> bool:
    """Say whether an equation, solved for a letter, gives a value."""
    tree, wanted = difference(sides), expression(value_text)
    names = sorted(symbols(tree))
    if wanted.unit or not wanted.names <= symbols(tree):
        return False
    values = [value(wanted.tree, points_of(names, turn), work) for turn in range(TURNS)]
    for letter in names:
        roots = [] if letter in wanted.names else _solved(tree, letter, names, work)
        pairs = zip(values, roots, strict=False)
        if roots and all(found is not None and alike(found, root) for found, root in pairs):
            return True
    return False
