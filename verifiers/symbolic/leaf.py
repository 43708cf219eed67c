"""
One expression: parsed by a LaTeX parser, compared by its value.

Nothing is evaluated as code: the parser builds a tree (sympy, left unevaluated), and two trees are
equal where they have the same value at the same points. The points are fixed, so the verdict is the
same everywhere. Equality at several generic points proves two analytic expressions identical but for
a coincidence (the idea of Schwartz and Zippel); a difference at one point disproves it.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from math import isinf, trunc
from typing import Any, Literal

from verifiers.symbolic.spelling import for_parser, without_ordinal
from verifiers.symbolic.units import without_unit

Sameness = Literal["equal", "close", "different"]
"""`close`: rounding, or a unit that one side leaves out, is all that sets them apart."""

MAX_DIGITS = 40
MAX_SYMBOLS = 12
POINTS = (0.7312, 1.9183, 3.2741, 0.4431, 2.7709, 1.3377, 0.6653, 2.1173, 1.5507, 0.8859, 3.0301, 1.1213)
"""Where symbols are evaluated; each symbol takes its own, in three rotations."""
EQUAL = 1e-9
ROUNDED = 0.01
"""The coarsest rounding, relative to the value, that passes for the same number."""


class Unparsed(Exception):
    """The parser or the computer algebra system cannot read an expression."""


@dataclass(frozen=True, slots=True)
class Expression:
    """A parsed expression, and what is written around it."""

    tree: Any
    decimals: int | None
    """Digits behind the point, where it is written as a plain decimal."""
    percent: bool
    degrees: bool
    unit: str


DECIMAL = re.compile(r"-?\d*\.(\d+)")
DERIVATIVE = re.compile(r"\\d?dot\b|\\partial|\\frac\s?\{\s?d\b|\by'")


@lru_cache(maxsize=512)
def expression(text: str) -> Expression:
    """Return the parsed expression; raise Unparsed."""
    text, unit = without_unit(without_ordinal(text))
    degrees = text.endswith(r"^\circ")
    text = text.removesuffix(r"^\circ").strip()
    percent = text.endswith("%")
    text = text.removesuffix("%").strip()
    decimal = DECIMAL.fullmatch(text)
    text = for_parser(text)
    if re.search(rf"\d{{{MAX_DIGITS}}}", text):
        raise Unparsed("too many digits")
    if DERIVATIVE.search(text):
        raise Unparsed("a derivative")
    return Expression(_tree(text.strip()), len(decimal[1]) if decimal else None, percent, degrees, unit)


def _tree(text: str) -> Any:
    from latex2sympy2_extended import latex2sympy  # noqa: PLC0415 - a parser's runtime and sympy, in the worker only

    try:
        tree = latex2sympy(text, normalization_config=None)
        symbols = tree.free_symbols
    except Exception as error:
        raise Unparsed(type(error).__name__) from None
    if len(symbols) > MAX_SYMBOLS:
        raise Unparsed("too many symbols")
    return tree


def same(answer: str, reference: str, renamed: Mapping[str, str]) -> Sameness:
    """Compare two expressions; `renamed` gives symbols of the answer the names in the reference answer."""
    if answer == reference:
        return "equal"
    one, other = expression(answer), expression(reference)
    if one.percent != other.percent and one.tree == other.tree:
        return "close"
    if one.unit and other.unit and one.unit != other.unit:
        raise Unparsed("units that this comparison does not convert")
    if one.tree.free_symbols or other.tree.free_symbols:
        return _same_function(one.tree, other.tree, renamed)
    verdict = _same_number(one, other)
    return "close" if verdict == "equal" and one.unit != other.unit and other.unit == "" else verdict


def _number(one: Expression) -> complex:
    value = _value(one.tree)
    if one.degrees:
        return value * 0.017453292519943295
    return value / 100 if one.percent else value


def _value(tree: Any) -> complex:
    try:
        return complex(tree.evalf(20))
    except (TypeError, ValueError, ArithmeticError, AttributeError) as error:
        raise Unparsed(f"no number: {type(error).__name__}") from None


def _same_number(one: Expression, other: Expression) -> Sameness:
    a, b = _number(one), _number(other)
    if one.degrees != other.degrees and abs(_value(one.tree) - _value(other.tree)) < EQUAL:
        return "equal"
    if a == b:
        return "equal"
    if isinf(a.real) or isinf(b.real):
        return "different"
    if abs(a - b) <= EQUAL * abs(b):
        return "equal"
    if _rounds(one, other, a, b):
        return "close"
    return "different"


def _rounds(one: Expression, other: Expression, a: complex, b: complex) -> bool:
    """Say whether one side is a decimal to which the other one rounds."""
    for rounded, full in ((one, other), (other, one)):
        if rounded.decimals is None or (full.decimals is not None and full.decimals <= rounded.decimals):
            continue
        unit = 10.0**-rounded.decimals * (0.01 if rounded.percent else 1.0)
        short, long = (a, b) if rounded is one else (b, a)
        truncated = trunc(long.real / unit) == round(short.real / unit)
        if (abs(a - b) <= 0.5000001 * unit or truncated) and abs(a - b) <= ROUNDED * max(abs(a), abs(b)):
            return True
    return False


def _same_function(one: Any, other: Any, renamed: Mapping[str, str]) -> Sameness:
    names = sorted(
        {renamed.get(str(s), str(s)) for s in one.free_symbols} | {str(s) for s in other.free_symbols}
    )
    alike, near = True, True
    compared = 0
    for turn in range(3):
        points = {
            name: POINTS[(place * 5 + turn * 4 + place) % len(POINTS)] for place, name in enumerate(names)
        }
        a = _at(one, {symbol: points[renamed.get(str(symbol), str(symbol))] for symbol in one.free_symbols})
        b = _at(other, {symbol: points[str(symbol)] for symbol in other.free_symbols})
        if a is None or b is None:
            continue
        compared += 1
        alike = alike and abs(a - b) <= EQUAL * max(abs(b), 1e-12)
        near = near and abs(a - b) <= ROUNDED / 2 * abs(b)
    if not compared:
        raise Unparsed("no value at any point")
    if alike or not near:
        return "equal" if alike else "different"
    return "close" if _has_decimals(one) or _has_decimals(other) else "different"


def _has_decimals(tree: Any) -> bool:
    return any(getattr(atom, "is_Float", False) for atom in tree.atoms())


def _at(tree: Any, points: Mapping[Any, float]) -> complex | None:
    """Return the value at a point, where the name i is the imaginary unit."""
    from sympy import I  # noqa: PLC0415 - loaded with the parser

    points = {symbol: I if str(symbol) == "i" else value for symbol, value in points.items()}
    try:
        value = complex(tree.evalf(20, subs=points))
    except (TypeError, ValueError, ArithmeticError, AttributeError):
        try:
            value = complex(tree.subs(points).doit().evalf(20))
        except (TypeError, ValueError, ArithmeticError, AttributeError):
            return None
    return value if abs(value) < 1e100 else None


def proportional(one: tuple[str, str], other: tuple[str, str]) -> bool:
    """Say whether two equations say the same: the differences of their sides are in one ratio."""
    trees = [expression(left).tree - expression(right).tree for left, right in (one, other)]
    names = sorted({str(symbol) for tree in trees for symbol in tree.free_symbols})
    ratios = []
    for turn in range(3):
        points = {
            name: POINTS[(place * 5 + turn * 4 + place) % len(POINTS)] for place, name in enumerate(names)
        }
        a, b = (_at(tree, {symbol: points[str(symbol)] for symbol in tree.free_symbols}) for tree in trees)
        if a is None or b is None or abs(b) < EQUAL:
            raise Unparsed("no value at a point")
        ratios.append(a / b)
    return abs(ratios[0]) > EQUAL and all(
        abs(ratio - ratios[0]) <= EQUAL * abs(ratios[0]) for ratio in ratios
    )
