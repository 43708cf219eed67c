"""
From a response to the JSON values it holds: the whole text, or what stands in prose and in code fences.

A piece that looks like JSON and is not is reported as broken, and nothing inside it is taken for an answer.
Refused are a value that the words around it deny, and what is too long. In prose only objects and arrays
count; alone, or alone in a fence, a value may be a scalar.

Every step takes time linear in the text.
"""

import json
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from router.expression import expression
from router.response import UNSAID, hides
from verifiers.values.afterwords import taken_back
from verifiers.values.json_text import Refused, extent, frozen, parse

LONGEST = 100_000
"""Characters; longer texts are refused."""
MOST_VALUES = 16
"""Values in one response; more is a spray, not an answer."""

SPACE = " \t\r\n\ufeff"
LOOKS_LIKE_JSON = expression(
    r"""\{\s*+(?:["'}]|\w++\s*+:)|\[\s*+(?:["{\[\]\d]|-\d|(?:true|false|null)\b)""", re.ASCII
)
FENCE_IN_FRONT = expression(r"(?:```|~~~)\w{0,20}\s*\Z")
DENIAL = expression(
    r"(?:\b(?:not|never|wrong|incorrect|maybe|perhaps|possibly|(?:could|might|may) be|one option|guess)\b"
    r"|n['’]t\b)[^.!?\n]*\Z|\bI refuse\W*\Z|(?:^|\n)[ \t]*(?://|/\*|#|--)[ \t]*\Z",
    re.IGNORECASE,
)
"""In front of a value: it is denied or doubted, or stands in a comment."""
DENIED_BEHIND = expression(r"[\s`~.,(]*(?:is|are|was|would be)?\s*(?:not|wrong|incorrect)\b", re.IGNORECASE)
FENCE = expression(r"\s{0,3}(?:```|~~~)\s?(\w{0,20})")


@dataclass(frozen=True, slots=True)
class Found:
    """The JSON values of a text, equal ones once."""

    values: tuple[object, ...] = ()
    alone: bool = False
    """The text is that value and nothing else."""
    broken: bool = False
    """Something looks like JSON and is not."""


def found(response: str, text: str) -> Found:
    """
    Return the JSON of a response and of what it says outside its reasoning; raise `Refused`.

    Where all of a response is JSON, a tag in it is a text and ends no reasoning.
    """
    if response.lstrip()[:1] in ('"', "{", "[") and "<" in response and (whole := find(response)).alone:
        return whole
    return find(text)


def alike(values: Sequence[object], reference: object) -> Sequence[object]:
    """Return the values of the reference answer's kind: beside an object, [1] in prose is a footnote."""
    kind = type(reference) if isinstance(reference, dict | list) else object
    return [value for value in values if isinstance(value, kind)]


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


def _pieces(text: str) -> Iterator[str | None]:
    """Yield the outermost arrays and objects of a text; None for what only looks like one."""
    start = 0
    for _ in range(MOST_VALUES):
        mark = LOOKS_LIKE_JSON.search(text, start)
        if not mark:
            return
        unsaid = UNSAID.search(text, start)
        if unsaid and unsaid.start() < mark.start() < unsaid.end():
            start = unsaid.end()
            continue
        if hides(text[start : mark.start()]):
            raise Refused("a part of the response is hidden")
        end = extent(text, mark.start())
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
