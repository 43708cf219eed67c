"""
What units measure, and how much of it: `km/h` is a length over a time, 0.2777... of the base unit.

pint knows the units; it is given one name at a time, short and made of letters, never an expression.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import Any

MOST_UNITS = 8
PIECE = re.compile(r"(?P<name>[A-Za-zµ]{1,20})|\^(?P<power>-?\d)|(?P<sign>[/()*])")
POWERS = {"square": 2, "sq": 2, "cubic": 3, "cu": 3}
POWERS_BEHIND = {"squared": 2, "cubed": 3}
SPELLINGS = {
    "degrees": "degree", "degK": "kelvin", "celsius": "degC", "fahrenheit": "degF",
    "inches": "inch", "feet": "foot", "hrs": "hour", "hr": "hour", "sec": "second", "secs": "second",
    "mins": "minute", "yrs": "year", "amp": "ampere", "amps": "ampere", "in": "inch", "mph": "mile_per_hour",
    "arcseconds": "arcsecond", "arcminutes": "arcminute", "lbs": "pound", "M": "molar", "AU": "au",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Measure:
    """What a unit is in base units: the factor, the offset of a temperature, the dimensions."""

    factor: float
    offset: float
    dimensions: frozenset[tuple[str, int]]
    of: str
    """What the quantity is of, in words that are no units: `CO` in `56 g CO`."""


Known = tuple[float, float, Mapping[str, int]]


@cache
def _registry() -> Any:
    import pint  # noqa: PLC0415 - a fifth of a second, in the worker only, before it is ready

    return pint.UnitRegistry()


def warm_up() -> None:
    """Load the units, and the conversions that most of them need."""
    for unit in ("cm", "g", "degC", "eV", "km/h", "goats"):
        measure(unit)


@lru_cache(maxsize=512)
def measure(unit: str) -> Measure | None:
    """Return what a unit measures; None where it begins with no unit that pint knows."""
    named, of = _factors(unit)
    if not named:
        return None
    if len(named) == 1 and named[0][1] == 1:
        factor, offset, dimensions = named[0][0]
        return Measure(factor, offset, frozenset(dimensions.items()), of)
    total, exponents = 1.0, dict[str, int]()
    for (factor, _, dimensions), power in named:
        total *= factor**power
        for dimension, exponent in dimensions.items():
            exponents[dimension] = exponents.get(dimension, 0) + exponent * power
    return Measure(total, 0.0, frozenset(pair for pair in exponents.items() if pair[1]), of)


def _factors(unit: str) -> tuple[list[tuple[Known, int]], str]:
    """Return the units with their powers, and the words from the first on that is no unit."""
    named: list[tuple[Known, int]] = []
    sign, inside, power = 1, False, 1
    for piece in PIECE.finditer(unit):
        name = piece["name"]
        if piece["power"] and named:
            named[-1] = (named[-1][0], named[-1][1] * int(piece["power"]))
        elif piece["sign"] == "/" or name == "per":
            sign = -1
        elif piece["sign"] in ("(", ")"):
            inside = piece["sign"] == "("
            sign = sign if inside else 1
        elif name in POWERS:
            power = POWERS[name]
        elif name in POWERS_BEHIND and named:
            named[-1] = (named[-1][0], named[-1][1] * POWERS_BEHIND[name])
        elif name and len(named) < MOST_UNITS and (known := _known(name)):
            named.append((known, sign * power))
            sign, power = (sign if inside else 1), 1
        elif name:
            return named, unit[piece.start() :]
    return named, ""


@lru_cache(maxsize=512)
def _known(name: str) -> Known | None:
    """Return factor, offset and dimensions of one unit in base units; None where pint does not know it."""
    registry = _registry()
    for spelled in dict.fromkeys((SPELLINGS.get(name, name), SPELLINGS.get(name.lower(), name.lower()))):
        try:
            zero, one = (registry.Quantity(float(number), spelled).to_base_units() for number in (0, 1))
        except Exception:  # noqa: S112 - pint raises errors of its tokenizer, its parser and its own
            continue
        dimensions = {str(key): int(value) for key, value in one.dimensionality.items()}
        return one.magnitude - zero.magnitude, zero.magnitude, dimensions
    return None
