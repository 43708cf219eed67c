"""Equations and inequalities as text -> the value, the range or the relation that they state."""

import re
from collections.abc import Callable

from verifiers.symbolic.outer import Unreadable, outer, split
from verifiers.symbolic.structure import Assigned, Interval, Leaf, Relation, Union, Value

Inner = Callable[[str], Value]

SIGNS = frozenset({"=", "<", ">", r"\leq", r"\geq", r"\neq", r"\in", r"\equiv", r"\approx", r"\propto"})
_LETTER = r"(?:[A-Za-z]|\\[A-Za-z]{2,8})"
NAME = re.compile(
    r"\\?[A-Za-z]{1,12}'?(?:\^\s?\{-1\})?(?:\s?_\s?(?:\w|\{[^{}]{1,20}\}))?'?\s?(?:\(\s?(?P<argument>[^()]{1,12})\))?"
    r"|\|\s?[A-Za-z ]{1,5}\||\\angle\s?[A-Z]{1,3}"
    rf"|\({_LETTER}(?:\([a-z]\))?(?:, ?{_LETTER}(?:\([a-z]\))?)*\)"
)
"""What an answer gives a value to: x, S_n, f(x), |AB|, (x, y, z)."""
ABSOLUTE = re.compile(r"\|\s?[a-z]\s?\|")
NUMBER = re.compile(r"-?[\d.,]+")
LOW, HIGH = ("<", r"\leq"), (">", r"\geq")


def relation(text: str, inner: Inner) -> Value | None:
    """Return what a text with relation signs outside its brackets states; None where it has none."""
    tokens = outer(text, SIGNS)
    if not tokens:
        return None
    sides = split(text, SIGNS)
    if len(sides) != len(tokens) + 1:
        raise Unreadable("a relation without one of its sides")
    if tokens == [r"\in"]:
        if not NAME.fullmatch(sides[0]):
            raise Unreadable("something that is no name lies in a set")
        return inner(sides[1])
    if tokens[-1] == r"\approx" and set(tokens[:-1]) <= {"="}:
        return _rounded(sides, inner)
    if set(tokens) == {"="}:
        return _assigned(sides, inner) or Relation(tuple(sides), tuple(tokens))
    return _range(sides, tokens, inner) or Relation(tuple(sides), tuple(tokens))


def _assigned(sides: list[str], inner: Inner) -> Assigned | None:
    """Return the value in which a chain of equals signs ends; different numbers contradict each other."""
    if len({side for side in sides if NUMBER.fullmatch(side)}) > 1:
        raise Unreadable("different numbers are said to be equal")
    name = NAME.fullmatch(sides[0])
    if not name:
        return None
    return Assigned(
        name=sides[0],
        value=inner(sides[-1]),
        argument=(name["argument"] or "").strip(),
        sides=(sides[0], sides[-1]),
        also=tuple(side for side in sides[1:-1] if not re.fullmatch(r"[A-Za-z]", side)),
    )


def _rounded(sides: list[str], inner: Inner) -> Assigned:
    """Return what `x = \\sqrt{2} \\approx 1.41` says: the exact value, which the rounded one must fit."""
    named = NAME.fullmatch(sides[0]) is not None
    if named and len(sides) == 2:
        return Assigned(sides[0], inner(sides[1]), sides=(sides[0], sides[1]))
    name = sides[0] if named else ""
    exact = sides[-2]
    return Assigned(
        name,
        inner(exact),
        sides=(name or exact, exact),
        also=(*sides[1 if name else 0 : -2], sides[-1]),
    )


def _range(sides: list[str], signs: list[str], inner: Inner) -> Value | None:
    """Return the numbers that inequalities about one name leave: `1 < x \\leq 2`, `x > 3`, `x \\neq 2`."""
    said = Relation(tuple(sides), tuple(signs))
    if all(sign in HIGH for sign in signs):
        sides, signs = sides[::-1], [LOW[HIGH.index(sign)] for sign in signs[::-1]]
    named = [place for place, side in enumerate(sides) if NAME.fullmatch(side)]
    least, most = Leaf(r"-\infty"), Leaf(r"\infty")
    if signs == [r"\neq"] and named == [0]:
        value = inner(sides[1])
        return Union((Interval(least, value, True, True), Interval(value, most, True, True)))
    if not all(sign in LOW for sign in signs) or len(named) != 1:
        return None
    if len(sides) == 2 and ABSOLUTE.fullmatch(sides[named[0]]):
        return _around_zero(sides[1 - named[0]], signs[0] == "<", named == [0], inner)
    if len(sides) == 3 and named == [1]:
        return Interval(inner(sides[0]), inner(sides[2]), signs[0] == "<", signs[1] == "<", said)
    if len(sides) == 2 and named == [0]:
        return Interval(least, inner(sides[1]), True, signs[0] == "<", said)
    if len(sides) == 2:
        return Interval(inner(sides[0]), most, signs[0] == "<", True, said)
    return None


def _around_zero(end: str, is_open: bool, inside: bool, inner: Inner) -> Value:
    """Return what `|x| < 2` leaves, and `|x| > 2`."""
    low, high = inner(f"-({end})"), inner(end)
    if inside:
        return Interval(low, high, is_open, is_open)
    least, most = Leaf(r"-\infty"), Leaf(r"\infty")
    return Union((Interval(least, low, True, is_open), Interval(high, most, is_open, True)))
