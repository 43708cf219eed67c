"""The text of one expression -> its tree, and what is written around it: units, percent, degrees, a base."""

import re
from dataclasses import dataclass
from fractions import Fraction
from functools import lru_cache

from verifiers.symbolic.applications import Reading
from verifiers.symbolic.derivatives import with_derivatives
from verifiers.symbolic.formula import Apply, Number, Tree, symbols
from verifiers.symbolic.parser import USUAL, parse
from verifiers.symbolic.spelling import for_parser, without_ordinal
from verifiers.symbolic.units import without_unit


@dataclass(frozen=True, slots=True)
class Expression:
    """A parsed expression, and what is written around it."""

    tree: Tree
    names: frozenset[str]
    """Its free symbols."""
    step: float | None
    """The smallest difference that its last digit can tell, where it is a number with a decimal point."""
    percent: bool
    degrees: bool
    unit: str
    base: int
    """Of a number written `101_2`, whose digits `digits` keeps; 0 for others."""
    digits: str


BASED = re.compile(r"(\d[\dA-Fa-f]*)\s?_\s?(?:\{\s?(?:\\text\s?\{\s?)?(\d{1,2})\s?\}?\s?\}|(\d{1,2}))")
DECIMAL = re.compile(
    r"[-+]?\d*(?:\.(?P<behind>\d{1,99}))?\s?"
    r"(?:\\(?:times|cdot)\s?10\s?\^\s?\{?\s?(?P<power>-?\d{1,2})\s?\}?)?"
)
SCALES = {
    "hundred": 10**2, "thousand": 10**3, "million": 10**6, "billion": 10**9, "trillion": 10**12,
    "dozen": 12, "dozens": 12,
}  # fmt: skip
PERCENT = re.compile(r"\s?(?:%|\bpercent|\bper cent|\\(?:text|mathrm)\s?\{\s?percent\s?\})$")
DEGREES = re.compile(r"\s?(?:\^\s?\\circ|\bdegrees|\\(?:text|mathrm)\s?\{\s?degrees\s?\})$")


TRIGONOMETRIC = re.compile(r"(?:sin|cos|tan|cot|sec|csc|cis)(?![a-z])")
"""Degrees behind one of these are inside it."""


@lru_cache(maxsize=512)
def expression(text: str, reading: Reading = USUAL, bare_unit: bool = False) -> Expression:
    """Return the parsed expression; raise Unparsed."""
    text = without_ordinal(text)
    text, degrees = _without(DEGREES, text) if not TRIGONOMETRIC.search(text) else (text, False)
    text, percent = _without(PERCENT, text)
    text, unit = without_unit(text, bare_unit)
    scale, unit = _scaled(unit)
    based = BASED.fullmatch(text)
    base = int(based[2] or based[3]) if based else 0
    tree = _based(based[1], base) if based else parse(for_parser(with_derivatives(text)), reading)
    return Expression(
        tree=Apply("*", (tree, Number(Fraction(scale)))) if scale > 1 else tree,
        names=symbols(tree),
        step=_step(text, scale * (0.01 if percent else 1)),
        percent=percent,
        degrees=degrees,
        unit=unit,
        base=base,
        digits=based[1].upper() if based else text,
    )


def _without(pattern: re.Pattern[str], text: str) -> tuple[str, bool]:
    found = pattern.search(text)
    return (text[: found.start()], True) if found and found.start() else (text, False)


def _scaled(unit: str) -> tuple[int, str]:
    """Return the scale that the first of the words behind a number means, and the unit behind it."""
    first, _, rest = unit.partition(" ")
    return (SCALES[first], rest) if first in SCALES else (1, unit)


def _based(digits: str, base: int) -> Tree:
    try:
        return Number(Fraction(int(digits, base)))
    except ValueError:
        return parse(for_parser(f"{digits}_{{{base}}}" if not digits.isdecimal() else digits))


def _step(text: str, scale: float) -> float | None:
    decimal = DECIMAL.fullmatch(text)
    if not decimal or not (decimal["behind"] or decimal["power"]):
        return None
    return float(10.0 ** (int(decimal["power"] or 0) - len(decimal["behind"] or "")) * scale)
