"""
When two expressions with letters are equal: where they have the same value at the same points.

The points are fixed, so the verdict is the same everywhere. Equality at several generic points, to 25
digits, proves two analytic expressions identical but for a coincidence (the idea of Schwartz and
Zippel); a difference at one point disproves it.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from itertools import permutations
from typing import Any

from mpmath import mp

from verifiers.symbolic import matrices
from verifiers.symbolic.formula import Number, Tree, Unparsed, operations, symbols, walk
from verifiers.symbolic.functions import STEPPED
from verifiers.symbolic.sameness import DIFFERENT, EQUAL, READ, ROUNDED, Sameness
from verifiers.symbolic.value import Work, value

Names = Mapping[str, str]

POINTS = tuple(
    mp.mpf(point)
    for point in (
        "0.7312", "1.9183", "3.2741", "0.4431", "2.7709", "1.3377",
        "0.6653", "2.1173", "1.5507", "0.8859", "3.0301", "1.1213",
    )
)  # fmt: skip
"""Where letters are evaluated; each takes its own, in every turn another."""
TURNS, STEPPED_TURNS = 3, 12
WHOLE_POINTS = (4, 7, 2, 9, 6, 5, 3, 8, 13, 12, 22, 31)
WHOLE_TURNS = 4
WHOLE_LETTERS = re.compile(r"[nmkjl](_\w)?")
"""Letters that often stand for whole numbers."""
ALIKE = mp.mpf(10) ** -25
ZERO = mp.mpf(10) ** -50
ROUGHLY = mp.mpf("0.005")


def alike(one: Any, other: Any, tolerance: Any = ALIKE) -> bool:
    """Say whether two values are the same but for the arithmetic's own rounding."""
    if matrices.shape(one) != matrices.shape(other):
        return False
    return all(
        _near(a, b, tolerance) for a, b in zip(matrices.cells(one), matrices.cells(other), strict=True)
    )


def _near(a: Any, b: Any, tolerance: Any) -> bool:
    if mp.isinf(a) or mp.isinf(b):
        return bool(a == b)
    return bool(abs(a - b) <= max(tolerance * max(abs(a), abs(b)), ZERO))


def generic(place: int, turn: int) -> Any:
    """Return where the letter at a place is evaluated in a turn; later turns go further out."""
    point = POINTS[(place * 5 + turn * 4) % len(POINTS)]
    return point * (1, 7, 41, 230)[turn // TURNS]


def negative(place: int, turn: int) -> Any:
    """Return a point below zero."""
    return -generic(place, turn)


def whole(place: int, turn: int) -> Any:
    """Return a whole number."""
    return mp.mpf(WHOLE_POINTS[(place * 5 + turn) % len(WHOLE_POINTS)])


def same_function(one: Tree, other: Tree, renamed: Names, work: Work) -> Sameness:
    """Compare two expressions with letters; `renamed` gives letters of the first their names in the other."""
    pair = Pair(one, other, renamed, work)
    stepped = STEPPED & (operations(one) | operations(other))
    at = pair.values(generic, STEPPED_TURNS if stepped else TURNS)
    if len(at) < 2:
        raise Unparsed("no value at most points")
    if all(alike(a, b) for a, b in at):
        return EQUAL if pair.alike_below_zero() else READ
    if all(alike(a, b, ROUGHLY) for a, b in at) and (_has_decimals(one) or _has_decimals(other)):
        return ROUNDED
    return READ if pair.alike_at_whole_numbers(STEPPED_TURNS if stepped else WHOLE_TURNS) else DIFFERENT


class Pair:
    """Two expressions, evaluated at the same points."""

    def __init__(self, one: Tree, other: Tree, renamed: Names, work: Work) -> None:
        self._trees = (one, other)
        self._work = work
        ours = {name: renamed.get(name, name) for name in symbols(one)}
        self._names = (ours, {name: name for name in symbols(other)})
        self._all = sorted({*ours.values(), *symbols(other)})
        if len(self._all) > len(POINTS):
            raise Unparsed("more letters than points")

    def values(
        self, at: Callable[[int, int], Any], turns: int, only: re.Pattern[str] | None = None
    ) -> list[tuple[Any, Any]]:
        """Return both values wherever both have one, up to the first point that tells them far apart."""
        found = []
        for turn in range(turns):
            points = {
                name: (generic if only and not only.fullmatch(name) else at)(place, turn)
                for place, name in enumerate(self._all)
            }
            pair = self._at(points)
            if pair is not None:
                found.append(pair)
                if len(found) > 1 and not alike(*pair, tolerance=ROUGHLY):
                    break
        return found

    def _at(self, points: Mapping[str, Any]) -> tuple[Any, Any] | None:
        both: list[Any] = []
        for tree, names in zip(self._trees, self._names, strict=True):
            try:
                found = value(tree, {name: points[known] for name, known in names.items()}, self._work)
            except Unparsed:
                if self._work.left < 0:
                    raise
                return None
            if found is None:
                return None
            both.append(found)
        return both[0], both[1]

    def alike_below_zero(self) -> bool:
        """Say whether they are equal below zero too, as far as both are real there."""
        below = self.values(negative, 1)
        return all(alike(a, b) or _complex(a) or _complex(b) for a, b in below)

    def alike_at_whole_numbers(self, turns: int) -> bool:
        """Say whether they are equal where the letters for whole numbers are such: cos(n pi) and (-1)^n."""
        if not any(WHOLE_LETTERS.fullmatch(name) for name in self._all):
            return False
        at = self.values(whole, turns, only=WHOLE_LETTERS)
        return len(at) == turns and all(alike(a, b) for a, b in at)


def _complex(number: Any) -> bool:
    return any(abs(mp.im(cell)) > ZERO for cell in matrices.cells(number))


def _has_decimals(tree: Tree) -> bool:
    return any(isinstance(node, Number) and _written_as_decimal(node) for node in walk(tree))


def _written_as_decimal(number: Number) -> bool:
    below = number.value.denominator
    for prime in (2, 5):
        while below % prime == 0:
            below //= prime
    return number.value.denominator > 1 and below == 1


FAMILY = re.compile(r"[CcKk](_\w)?")
CONSTANT = re.compile(r"[A-DKa-dk](_\w)?|[nmkj]")
WHOLE_FAMILY = re.compile(r"[nmkj]")
MOST_RENAMED = 3


def renamings(one: frozenset[str], other: frozenset[str]) -> Sequence[Names]:
    """
    Return how letters that only one side has may stand for those that only the other has.

    They may where nothing but their case differs, or where they are the usual arbitrary constants.
    """
    ours, theirs = sorted(one - other, key=str.lower), sorted(other - one, key=str.lower)
    if not ours or len(ours) != len(theirs):
        return []
    if [name.lower() for name in ours] == [name.lower() for name in theirs]:
        return [dict(zip(ours, theirs, strict=True))]
    if len(ours) > MOST_RENAMED or not (_constants(ours, theirs) or _constants(theirs, ours)):
        return []
    return [dict(zip(ours, order, strict=True)) for order in permutations(theirs)]


def _constants(ours: Sequence[str], theirs: Sequence[str]) -> bool:
    if all(WHOLE_FAMILY.fullmatch(name) for name in (*ours, *theirs)):
        return True
    return all(FAMILY.fullmatch(name) for name in ours) and all(CONSTANT.fullmatch(name) for name in theirs)
