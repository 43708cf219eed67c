"""
JSON as RFC 8259 has it, read within limits.

Nothing wider: no comments, trailing commas, single quotes, NaN or Infinity. Refused are a key given twice
with two values, and what is too deep, or a number beyond a double.
"""

import json
import math
import re
from typing import NoReturn

from router.expression import expression

DEEPEST = 64
"""Arrays and objects within each other; deeper ones are refused, before the parser sees them."""
MOST_DIGITS = 400
"""Digits of an integer; a double has at most 309."""

TOKEN = expression(r'"[^"\\]*+(?>(?:\\.?[^"\\]*+)*)"?|[{}\[\]]', re.DOTALL)
"""A string, closed or not (so that no character is read twice), or a bracket."""


class Refused(ValueError):
    """JSON that is not read: too much of it, or one that says two things."""


def parse(text: str) -> object:
    """Return the JSON value of a text; raise `Refused`, or `JSONDecodeError` where it is no JSON."""
    if text.count("{") + text.count("[") > DEEPEST:
        extent(text, 0)
    return json.loads(
        text, object_pairs_hook=_object, parse_int=_int, parse_float=_float, parse_constant=_constant
    )


def frozen(value: object) -> object:
    """Return a hashable stand-in, equal for values that JSON calls equal: 1 is 1.0 and is not true."""
    if isinstance(value, dict):
        return "object", frozenset((key, frozen(one)) for key, one in value.items())
    if isinstance(value, list):
        return "array", tuple(frozen(one) for one in value)
    return ("bool", value) if isinstance(value, bool) else value


def extent(text: str, start: int) -> int | None:
    """Return where the bracket at `start`, or the first one after it, is closed; None where it never is."""
    depth = 0
    for token in TOKEN.finditer(text, start):
        if token[0] in ("{", "["):
            depth += 1
            if depth > DEEPEST:
                raise Refused(f"nested deeper than {DEEPEST}")
        elif token[0] in ("}", "]"):
            depth -= 1
            if depth <= 0:
                return token.end()
    return None


def _object(pairs: list[tuple[str, object]]) -> dict[str, object]:
    made = dict(pairs)
    if len(made) < len(pairs) and any(frozen(made[key]) != frozen(value) for key, value in pairs):
        raise Refused("a key is given twice with different values")
    return made


def _int(digits: str) -> int:
    if len(digits) > MOST_DIGITS:
        raise Refused(f"a number of more than {MOST_DIGITS} digits")
    return int(digits)


def _float(digits: str) -> float:
    value = float(digits)
    if math.isinf(value):
        raise Refused("a number beyond the range of a double")
    return value


def _constant(word: str) -> NoReturn:
    raise json.JSONDecodeError("not a JSON value", word, 0)
