"""The functions that an expression may apply, by the names that LaTeX gives them; computed by mpmath."""

from collections.abc import Callable, Mapping
from typing import Any

from mpmath import mp

from verifiers.symbolic.formula import Unparsed

LARGEST_FACTORIAL = 1000
LARGEST_BINOMIAL = 10**6

Function = Callable[[Any], Any]


def factorial(number: Any) -> Any:
    """Return the factorial, of fractions as well."""
    if abs(number) > LARGEST_FACTORIAL:
        raise Unparsed("too large a factorial")
    return mp.factorial(number)


def binomial(upper: Any, lower: Any) -> Any:
    """Return a binomial coefficient, of fractions as well."""
    if abs(upper) > LARGEST_BINOMIAL or min(abs(lower), abs(upper - lower)) > LARGEST_FACTORIAL:
        raise Unparsed("too large a binomial")
    return mp.binomial(upper, lower)


def _whole(number: Any) -> int:
    if mp.im(number) or number != mp.nint(number) or abs(number) > 10**30:
        raise Unparsed("a divisor of what is not whole")
    return int(number)


def gcd(*numbers: Any) -> Any:
    """Return the greatest common divisor."""
    import math  # noqa: PLC0415 - a name that this function has as well

    return mp.mpf(math.gcd(*map(_whole, numbers)))


def lcm(*numbers: Any) -> Any:
    """Return the least common multiple."""
    import math  # noqa: PLC0415 - likewise

    return mp.mpf(math.lcm(*map(_whole, numbers)))


def _stepped(function: Function) -> Function:
    """Keep a step from falling to the wrong side of a whole number by the last digit."""

    def at(number: Any) -> Any:
        near = mp.nint(number)
        return near if abs(number - near) < mp.mpf(10) ** -25 else function(number)

    return at


FUNCTIONS: Mapping[str, Function] = {
    "sin": mp.sin, "cos": mp.cos, "tan": mp.tan, "cot": mp.cot, "sec": mp.sec, "csc": mp.csc,
    "arcsin": mp.asin, "arccos": mp.acos, "arctan": mp.atan, "arccot": mp.acot, "arcsec": mp.asec,
    "arccsc": mp.acsc, "sinh": mp.sinh, "cosh": mp.cosh, "tanh": mp.tanh, "coth": mp.coth, "sech": mp.sech,
    "csch": mp.csch, "arcsinh": mp.asinh, "arccosh": mp.acosh, "arctanh": mp.atanh,
    "cis": mp.expj, "ln": mp.ln, "exp": mp.exp, "abs": abs, "Re": mp.re, "Im": mp.im,
    "floor": _stepped(mp.floor), "ceil": _stepped(mp.ceil),
}  # fmt: skip
INVERSES = {"arsinh": "arcsinh", "arcosh": "arccosh", "artanh": "arctanh", "tg": "tan", "ctg": "cot",
            "asin": "arcsin", "acos": "arccos", "atan": "arctan"}  # fmt: skip
"""Other spellings."""
MANY: Mapping[str, Callable[..., Any]] = {"max": max, "min": min, "gcd": gcd, "lcm": lcm}
"""Functions of a list."""
STEPPED = frozenset({"floor", "ceil", "abs", "max", "min", "gcd", "lcm"})
"""They tell their arguments apart at some points only."""
