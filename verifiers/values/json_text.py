"""
From a text to the JSON values it holds: the whole text, or what stands in prose and in code fences.

JSON is RFC 8259 and nothing wider: no comments, trailing commas, single quotes, NaN or Infinity; a piece
that looks like JSON and is not is reported as broken, and nothing inside it is taken for an answer.
Refused are a key given twice with two values, a value that the words around it deny, and what is too
long, too deep, or a number beyond a double. In prose only objects and arrays count; alone, or alone in a
fence, a value may be a scalar.

Every step takes time linear in the text.
"""

import json
import math
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import NoReturn

from verifiers.values.afterwords import taken_back

LONGEST = 100_000
"""Characters; longer texts are refused."""
DEEPEST = 64
"""Arrays and objects within each other; deeper ones are refused, before the parser sees them."""
MOST_DIGITS = 400
"""Digits of an integer; a double has at most 309."""
MOST_VALUES = 16
"""Values in one response; more is a spray, not an answer."""

SPACE = " \t\r\n\ufeff"
TOKEN = re.compile(r'"[^"\\]*+(?:\\.?[^"\\]*+)*+"?|[{}\[\]]', re.DOTALL)
"""A string, closed or not (so that no character is read twice), or a bracket."""
LOOKS_LIKE_JSON = re.compile(
    r"""\{\s*+(?:["'}]|\w++\s*+:)|\[\s*+(?:["{\[\]\d]|-\d|(?:true|false|null)\b)""", re.ASCII
)
FENCE_IN_FRONT = re.compile(r"(?:```|~~~)\w{0,20}\s*\Z")
DENIAL = re.compile(r"(?:\b(?:not|never|wrong|incorrect)\b|n['’]t\b)[^.!?\n]*\Z", re.IGNORECASE)
DENIED_BEHIND = re.compile(r"[\s`~.,]*(?:is|are|was|would be)?\s*(?:not|wrong|incorrect)\b", re.IGNORECASE)
FENCE = re.compile(r"\s{0,3}(?:```|~~~)\s?(\w{0,20})")


class Refused(ValueError):
    """JSON that is not read: too much of it, or one that says two things."""


@dataclass(frozen=True, slots=True)
class Found:
    """The JSON values of a text, equal ones once."""

    values: tuple[object, ...] = ()
    alone: bool = False
    """The text is that value and nothing else."""
    broken: bool = False
    """Something looks like JSON and is not."""


def find(text: str) -> Found:
    """Return the JSON values of a text; raise `Refused` where they are too much or contradict themselves."""
    text = text.strip(SPACE)
    if len(text) > LONGEST:
        raise Refused(f"longer than {LONGEST} characters")
    try:
        return Found((parse(text),), alone=True)
    except json.JSONDecodeError:
        pieces = list(_pieces(text)) or list(_fenced(text))
    if pieces and pieces[-1] is not None and taken_back(text, pieces[-1]):
        raise Refused("the JSON is taken back by the words behind it")
    distinct: dict[object, object] = {}
    for piece in pieces:
        if piece is not None:
            value = parse(piece)
            distinct.setdefault(frozen(value), value)
    return Found(tuple(distinct.values()), broken=None in pieces)


def parse(text: str) -> object:
    """Return the JSON value of a text; raise `Refused`, or `JSONDecodeError` where it is no JSON."""
    if text.count("{") + text.count("[") > DEEPEST:
        _end(text, 0)
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


def _pieces(text: str) -> Iterator[str | None]:
    """Yield the outermost arrays and objects of a text; None for what only looks like one."""
    start = 0
    for _ in range(MOST_VALUES):
        mark = LOOKS_LIKE_JSON.search(text, start)
        if not mark:
            return
        end = _end(text, mark.start())
        if end is None:
            yield None  # cut off: whatever follows would stand inside it
            return
        piece = text[mark.start() : end]
        if _is_json(piece) and _denied(text, mark.start(), end):
            raise Refused("the JSON is denied by the words around it")
        yield piece if _is_json(piece) else None
        start = end
    raise Refused(f"more than {MOST_VALUES} JSON values")


def _denied(text: str, start: int, end: int) -> bool:
    """Say whether the words in front of a value, or behind it, take it back."""
    before = FENCE_IN_FRONT.sub("", text[max(0, start - 60) : start])
    return bool(DENIAL.search(before.rstrip()) or DENIED_BEHIND.match(text, end, end + 60))


def _end(text: str, start: int) -> int | None:
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


def _fenced(text: str) -> Iterator[str | None]:
    """Yield the scalars that stand alone in a fence; None for a fence named json that holds none."""
    block: list[str] | None = None
    named, blocks = "", 0
    for line in text.split("\n"):
        fence = FENCE.match(line)
        if block is None:
            if fence:
                block, named = [], fence[1].lower()
        elif fence:
            blocks += 1
            if blocks > MOST_VALUES:
                raise Refused(f"more than {MOST_VALUES} fences")
            piece = "\n".join(block).strip(SPACE)
            if _is_json(piece):
                yield piece
            elif named == "json":
                yield None
            block = None
        else:
            block.append(line)


def _is_json(text: str) -> bool:
    try:
        parse(text)
    except json.JSONDecodeError:
        return False
    return True


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
