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
"""Where symbols are evaluated; each symbol takes its own, in every turn another."""
TURNS = 4
EQUAL = 1e-9
EXACT = 1e-3
"""Numbers further apart are not equal, however large they are."""
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
    base: str
    """Of a number written `101_2`; its digits are compared as they stand."""


BASE = re.compile(r"(\d+)\s?_\s?\{?\s?(\d{1,2})\s?\}?")
SCALES = frozenset({"hundred", "thousand", "million", "billion", "trillion", "dozen", "dozens"})
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
    based = BASE.fullmatch(text)
    text = for_parser(based[1] if based else text)
    if re.search(rf"\d{{{MAX_DIGITS}}}", text):
        raise Unparsed("too many digits")
    if DERIVATIVE.search(text):
        raise Unparsed("a derivative")
    return Expression(
        tree=_tree(text.strip()),
        decimals=len(decimal[1]) if decimal else None,
        percent=percent,
        degrees=degrees,
        unit=unit,
        base=based[2] if based else "",
    )


def _tree(text: str) -> Any:
    from latex2sympy2_extended import latex2sympy  # noqa: PLC0415 - a parser's runtime and sympy, in the worker only
    from latex2sympy2_extended.latex2sympy2 import ConversionConfig  # noqa: PLC0415 - likewise

    try:
        as_written = ConversionConfig(lowercase_symbols=False)
        tree = latex2sympy(text, normalization_config=None, conversion_config=as_written)
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
    if (one.unit and other.tree.free_symbols) or (other.unit and one.tree.free_symbols):
        raise Unparsed("a unit against a letter")
    if not SCALES.isdisjoint({one.unit, other.unit}):
        raise Unparsed("a number with a scale in words")
    if one.base != other.base and one.base and other.base:
        raise Unparsed("numbers in different bases")
    if one.tree.free_symbols or other.tree.free_symbols:
        return _same_function(one.tree, other.tree, renamed)
    verdict = _same_number(one, other)
    bare = one.base != other.base or (one.unit != other.unit and other.unit == "")
    return "close" if verdict == "equal" and bare else verdict


def _number(one: Expression) -> complex:
    value = _value(one.tree)
    if one.degrees:
        return value * 0.017453292519943295
    return value / 100 if one.percent else value


def _value(tree: Any) -> complex:
    from sympy import oo  # noqa: PLC0415 - loaded with the parser

    try:
        value = complex(tree.evalf(20))
    except (TypeError, ValueError, ArithmeticError, AttributeError) as error:
        raise Unparsed(f"no number: {type(error).__name__}") from None
    if isinf(value.real) and not tree.has(oo, -oo):
        raise Unparsed("too large")
    return value


def _same_number(one: Expression, other: Expression) -> Sameness:
    a, b = _number(one), _number(other)
    if one.degrees != other.degrees and abs(_value(one.tree) - _value(other.tree)) < EQUAL:
        return "equal"
    if isinf(a.real) or isinf(b.real):
        return "equal" if a == b else "different"
    if abs(a - b) <= EQUAL * abs(b):
        return "equal" if _marked(one) or _marked(other) or _exactly(one, other) else "different"
    if _rounds(one, other, a, b):
        return "close"
    return "different"


def _marked(one: Expression) -> bool:
    return one.degrees or one.percent


def _exactly(one: Expression, other: Expression) -> bool:
    """Say whether two large numbers are the same to the last digit that matters."""
    try:
        return bool(abs((one.tree - other.tree).evalf(30)) <= EXACT)
    except (TypeError, ValueError, ArithmeticError, AttributeError):
        raise Unparsed("no difference") from None


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
    if len({name.lower() for name in names}) < len(names):
        raise Unparsed("letters that differ in nothing but their case")
    alike, near = [], []
    for turn in range(TURNS):
        points = {name: _point(place, turn) for place, name in enumerate(names)}
        a = _at(one, {symbol: points[renamed.get(str(symbol), str(symbol))] for symbol in one.free_symbols})
        b = _at(other, {symbol: points[str(symbol)] for symbol in other.free_symbols})
        if a is not None and b is not None:
            alike.append(abs(a - b) <= EQUAL * max(abs(b), 1e-12))
            near.append(abs(a - b) <= ROUNDED / 2 * abs(b))
    if len(alike) < 2:
        raise Unparsed("no value at most points")
    if all(alike):
        return "equal"
    only_where_negative = all(alike[:-1]) and len(alike) == TURNS
    rounded = all(near) and (_has_decimals(one) or _has_decimals(other))
    return "close" if only_where_negative or rounded else "different"


def _point(place: int, turn: int) -> float:
    """Return where the symbol at a place is evaluated: its own point in every turn, negative in the last."""
    point = POINTS[(place * 5 + turn * 4) % len(POINTS)]
    return -point if turn == TURNS - 1 else point


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
        points = {name: _point(place, turn) for place, name in enumerate(names)}
        a, b = (_at(tree, {symbol: points[str(symbol)] for symbol in tree.free_symbols}) for tree in trees)
        if a is None or b is None or abs(b) < EQUAL:
            raise Unparsed("no value at a point")
        ratios.append(a / b)
    return abs(ratios[0]) > EQUAL and all(
        abs(ratio - ratios[0]) <= EQUAL * abs(ratios[0]) for ratio in ratios
    )
