"""
The value of a parsed expression at a point, in arithmetic of sixty digits (mpmath).

Every operation is counted, and what would be too large is refused before it is computed, so that
the limits strike at the same place on every machine.
"""

from collections.abc import Callable, Mapping
from typing import Any

from mpmath import mp

from verifiers.symbolic import matrices
from verifiers.symbolic.formula import Apply, Number, Symbol, Tree, Unparsed
from verifiers.symbolic.functions import FUNCTIONS, MANY, binomial, factorial

DIGITS = 60
mp.dps = DIGITS

LARGEST_EXPONENT = 3000
"""In decimal digits: of a value, before and behind the point."""
LARGEST_ARGUMENT = mp.mpf(10) ** 40
LARGEST = dict.fromkeys(("sinh", "cosh", "tanh", "coth", "sech", "csch"), LARGEST_EXPONENT)
"""Of functions that grow as fast as a power."""
MOST_TERMS = 1000
CHEAP = frozenset({"+", "*", "/", "neg", "row", "matrix", "transposed", "abs", "degrees"})
COSTLY = 10
"""What another operation costs, in cheap ones."""
MOST_OPERATIONS = 20000
"""For one comparison: less than a tenth of a second."""

Point = Mapping[str, Any]

NUMERIC_TROUBLE = (ArithmeticError, ValueError, TypeError, mp.NoConvergence)


class Work:
    """Counts operations, and ends what takes too many."""

    def __init__(self, most: int = MOST_OPERATIONS) -> None:
        self.left = most

    def spend(self, operations: int) -> None:
        """Count; raise Unparsed where too much was spent."""
        self.left -= operations
        if self.left < 0:
            raise Unparsed("too many operations")


def value(tree: Tree, point: Point, work: Work) -> Any:
    """Return the value; None where there is none at this point; raise Unparsed."""
    try:
        found = _value(tree, point, work)
    except NUMERIC_TROUBLE:
        return None
    return found if all(_readable(number) for number in matrices.cells(found)) else None


def _readable(number: Any) -> bool:
    return not mp.isnan(number)


def _value(tree: Tree, point: Point, work: Work) -> Any:
    work.spend(COSTLY if isinstance(tree, Apply) and tree.operation not in CHEAP else 1)
    if isinstance(tree, Number):
        return mp.mpf(tree.value.numerator) / tree.value.denominator
    if isinstance(tree, Symbol):
        return point[tree.name] if tree.name in point else _constant(tree.name)
    if tree.operation in ("sum", "prod"):
        return _series(tree, point, work)
    values = [_value(argument, point, work) for argument in tree.arguments]
    return OPERATIONS[tree.operation](*values)


def _constant(name: str) -> Any:
    return {"e": mp.e, "i": mp.j, "pi": mp.pi, "infty": mp.inf}[name] * 1


def _series(tree: Apply, point: Point, work: Work) -> Any:
    index, low, high, body = tree.arguments
    first, last = _value(low, point, work), _value(high, point, work)
    if not isinstance(index, Symbol) or not (mp.isint(first) and mp.isint(last)):
        raise Unparsed("a sum without whole bounds")
    if last - first > MOST_TERMS:
        raise Unparsed("a sum of too many terms")
    total = mp.mpf(tree.operation == "prod")
    for turn in range(int(first), int(last) + 1):
        term = _value(body, {**point, index.name: mp.mpf(turn)}, work)
        total = total + term if tree.operation == "sum" else total * term
    return total


def _power(base: Any, exponent: Any) -> Any:
    if isinstance(base, tuple):
        return matrices.power(base, exponent)
    if not base:
        if mp.re(exponent) <= 0:
            raise Unparsed("a power of zero that has no value" if exponent else "zero to the power of zero")
        return base
    if abs(mp.log10(abs(base)) * abs(exponent)) > LARGEST_EXPONENT:
        raise Unparsed("too large a power")
    return _real(mp.power(base, exponent))


def _root(radicand: Any, index: Any) -> Any:
    """Return a root; of a negative number the real one, where the index is odd."""
    if index == 2:
        return mp.sqrt(radicand)
    if mp.isint(index) and index % 2 and not mp.im(radicand) and mp.re(radicand) < 0:
        return -_power(-radicand, 1 / index)
    return _power(radicand, 1 / index)


def _exponential(exponent: Any) -> Any:
    return _power(mp.e * 1, exponent)


def _real(number: Any) -> Any:
    return number.real if isinstance(number, mp.mpc) and not number.imag else number


def _guarded(function: Callable[[Any], Any], largest: Any) -> Callable[[Any], Any]:
    def at(number: Any) -> Any:
        if abs(number) > largest:
            raise Unparsed("too large an argument")
        return function(number)

    return at


def _negated(number: Any) -> Any:
    return matrices.scaled(number, -1) if isinstance(number, tuple) else -number


OPERATIONS: Mapping[str, Callable[..., Any]] = {
    **{name: _guarded(function, LARGEST.get(name, LARGEST_ARGUMENT)) for name, function in FUNCTIONS.items()},
    "ln": FUNCTIONS["ln"],
    "abs": matrices.determinant_or_abs,
    "exp": _exponential,
    **MANY,
    "+": matrices.added,
    "*": matrices.multiplied,
    "/": matrices.divided,
    "neg": _negated,
    "^": _power,
    "root": _root,
    "factorial": factorial,
    "binomial": binomial,
    "degrees": lambda number: number * mp.pi / 180,
    "transposed": matrices.transposed,
    "row": lambda *cells: cells,
    "matrix": lambda *rows: rows,
}
