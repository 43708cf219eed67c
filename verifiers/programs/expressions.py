"""
The value of an expression in trusted test code, worked out in this process over plain values.

Whatever the tests call of the student goes through `call`. What is not covered raises Unsupported: the test
code then runs in a process of its own. The student's values are only compared, measured and computed with,
within bounds; none of them is ever a name, an attribute or code.
"""

import ast
import math
import operator
from collections.abc import Callable, Mapping, Sequence, Set
from typing import Any

Call = Callable[[str, Sequence[object], Mapping[str, object]], object]
"""(function, arguments, keyword arguments) -> the value; raises where there is none."""

MOST_BITS = 100_000
"""Of a whole number that is computed here, or items of a sequence."""
MOST_DIGITS = 400


class Unsupported(Exception):
    """Test code that is not covered here."""


def _same_object(one: object, other: object) -> bool:
    """Say what `is` says of None, True and False; of other values it says nothing worth a test."""
    if other is None or isinstance(other, bool):
        return one is other
    return type(one) is type(other) and one == other


def _rounded(number: Any, digits: int | None = None) -> object:
    """Round; to so many digits that one power of ten cannot take long."""
    if digits is not None and abs(digits) > MOST_DIGITS:
        raise Unsupported("rounding")
    return round(number, digits)


COMPARISONS: Mapping[type[ast.cmpop], Callable[[Any, Any], object]] = {
    ast.Eq: operator.eq,
    ast.NotEq: operator.ne,
    ast.Lt: operator.lt,
    ast.LtE: operator.le,
    ast.Gt: operator.gt,
    ast.GtE: operator.ge,
    ast.Is: _same_object,
    ast.IsNot: lambda one, other: not _same_object(one, other),
    ast.In: lambda one, other: one in other,
    ast.NotIn: lambda one, other: one not in other,
}
OPERATIONS: Mapping[type[ast.operator], Callable[[Any, Any], object]] = {
    ast.Add: operator.add,
    ast.Sub: operator.sub,
    ast.Mult: operator.mul,
    ast.Div: operator.truediv,
    ast.FloorDiv: operator.floordiv,
    ast.Mod: operator.mod,
    ast.Pow: operator.pow,
}
SIGNS: Mapping[type[ast.unaryop], Callable[[Any], object]] = {
    ast.Not: operator.not_,
    ast.USub: operator.neg,
    ast.UAdd: operator.pos,
}
FUNCTIONS: Mapping[str, Callable[..., object]] = {
    "abs": abs,
    "round": _rounded,
    "len": len,
    "sum": sum,
    "min": min,
    "max": max,
    "sorted": sorted,
    "list": list,
    "tuple": tuple,
    "set": set,
    "frozenset": frozenset,
    "float": float,
    "int": int,
    "math.isclose": math.isclose,
    "math.fabs": math.fabs,
    "math.sqrt": math.sqrt,
    "isclose": math.isclose,
}
CONSTANTS: Mapping[str, object] = {
    "math.pi": math.pi,
    "math.e": math.e,
    "math.inf": math.inf,
    "math.nan": math.nan,
}


class Expressions:
    """Expressions in one scope."""

    def __init__(self, scope: Mapping[str, object], students: Set[str], call: Call) -> None:
        self._scope = scope
        self._students = students
        self._call = call

    def value(self, node: ast.expr) -> Any:
        """Return what an expression is worth; raise Unsupported, or what computing it raises."""
        match node:
            case ast.Constant():
                return node.value
            case ast.List() | ast.Tuple() | ast.Set():
                return {ast.List: list, ast.Tuple: tuple, ast.Set: set}[type(node)](
                    map(self.value, node.elts)
                )
            case ast.Dict():
                return {
                    self.value(_there(key)): self.value(one)
                    for key, one in zip(node.keys, node.values, strict=True)
                }
            case ast.Name() | ast.Attribute():
                return self._named(ast.unparse(node))
            case ast.UnaryOp() if type(node.op) in SIGNS:
                return SIGNS[type(node.op)](self.value(node.operand))
            case ast.BinOp() if type(node.op) in OPERATIONS:
                return self._computed(type(node.op), self.value(node.left), self.value(node.right))
            case ast.BoolOp():
                return self._either(node)
            case ast.Compare():
                return self._compared(node)
            case ast.Subscript():
                return self.value(node.value)[self.value(node.slice)]
            case ast.Call():
                return self._called(node)
        raise Unsupported(type(node).__name__)

    def _named(self, name: str) -> object:
        for names in (self._scope, CONSTANTS):
            if name in names:
                return names[name]
        raise Unsupported(name)

    def _either(self, node: ast.BoolOp) -> object:
        wanted = isinstance(node.op, ast.Or)
        value: object = None
        for part in node.values:
            value = self.value(part)
            if bool(value) == wanted:
                break
        return value

    def _compared(self, node: ast.Compare) -> object:
        left = self.value(node.left)
        for op, part in zip(node.ops, node.comparators, strict=True):
            right = self.value(part)
            if not COMPARISONS[type(op)](left, right):
                return False
            left = right
        return True

    def _computed(self, op: type[ast.operator], one: Any, other: Any) -> object:
        if _size(one) + _size(other) > MOST_BITS:
            raise Unsupported("a large value")
        if op in (ast.Mult, ast.Pow) and _growth(op, one, other) > MOST_BITS:
            raise Unsupported("a large result")
        if isinstance(one, str | bytes) and op is ast.Mod:
            raise Unsupported("formatting")
        return OPERATIONS[op](one, other)

    def _called(self, node: ast.Call) -> object:
        name = ast.unparse(node.func)
        student = name in self._students
        if not student and name not in FUNCTIONS:
            raise Unsupported(name)
        if any(isinstance(arg, ast.Starred) for arg in node.args) or any(
            one.arg is None for one in node.keywords
        ):
            raise Unsupported("unpacked arguments")
        args = [self.value(arg) for arg in node.args]
        kwargs = {one.arg: self.value(one.value) for one in node.keywords if one.arg}
        return self._call(name, args, kwargs) if student else FUNCTIONS[name](*args, **kwargs)


def _there(key: ast.expr | None) -> ast.expr:
    if key is None:
        raise Unsupported("an unpacked dict")
    return key


def _size(value: object) -> int:
    if isinstance(value, int):
        return value.bit_length()
    return len(value) if isinstance(value, str | bytes | list | tuple) else 1


def _growth(op: type[ast.operator], one: object, other: object) -> int:
    """Return about how large a product or a power gets."""
    if op is ast.Pow:
        return _size(one) * abs(other) if isinstance(one, int) and isinstance(other, int) else 1
    times = [abs(value) for value in (one, other) if isinstance(value, int)]
    parts = [len(value) for value in (one, other) if isinstance(value, str | bytes | list | tuple)]
    return times[0] * parts[0] if times and parts else 1
