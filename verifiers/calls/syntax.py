"""
From a text in Python's call syntax to its calls: `[get_weather(city="Paris", days=[1, -2]), stop()]`.

The text is cut into tokens in one pass, which finds the brackets and commas; every argument is then read
as a literal by `verifiers.values.literals`, which runs nothing. What is no literal (`5 * 2`, `today()`)
stays `Code`. There is no tree, so nothing depends on the depth at which a Python's parser gives up, and
arguments may be named like keywords (`from="Rome"`).
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from router.expression import expression
from verifiers.values.literals import Literal, literal

LONGEST = 20_000
"""Characters of one call, or of one list of calls."""
DEEPEST = 50
"""Brackets inside each other."""
MOST_CALLS = 64
"""Calls of one response; more is a spray."""


class Broken(Exception):
    """Meant as a call, and none: nothing could carry it out."""


class Unread(Exception):
    """Beyond the limits, or in a syntax that is not read here."""


@dataclass(frozen=True, slots=True)
class Code:
    """An argument that is no literal, as written."""

    source: str


@dataclass(frozen=True, slots=True)
class ToolCall:
    """One call that a response makes."""

    name: str
    arguments: Mapping[str, object] = field(default_factory=dict)
    positional: tuple[object, ...] = ()
    in_code: bool = field(default=False, compare=False)
    """It is written in Python's call syntax."""


TOKEN = expression(
    r"(?P<text>\"{3}(?>(?:[^\\\"]|\\.|\"(?!\"\"))*)\"{3}|'{3}(?>(?:[^\\']|\\.|'(?!''))*)'{3}"
    r"|\"(?>(?:[^\"\\\n]|\\.)*)\"|'(?>(?:[^'\\\n]|\\.)*)')"
    r"|(?P<open>[(\[{])|(?P<close>[)\]}])|(?P<comma>,)|(?P<quote>[\"'])",
    re.DOTALL,
)
CLOSING = {"(": ")", "[": "]", "{": "}"}

CALL = expression(r"(?:\w{1,64}\s?=\s?)?(?P<name>[^\W\d]\w{0,100}(?:\.\w{1,100}){0,8})\(")
"""The head of a call, perhaps with the variable that it is assigned to."""
KEYWORD = expression(r"([^\W\d]\w{0,100})\s{0,9}=(?!=)")
BETWEEN = expression(r"[\s,;]*+")


def python_calls(text: str) -> list[ToolCall] | None:
    """
    Read `[f(a=1), g()]`, or `f(a=1)` once or several times, and nothing else; None where it is neither.

    Raise Broken where it begins that way and goes wrong.
    """
    if text.startswith("["):
        inner = text[1:].lstrip()
        if not CALL.match(inner):
            return None
        if extent(text, 0) is None:
            raise Broken("a list of calls that does not close")
        return _sequence(inner[:-1]) if extent(text, 0) == len(text) else None
    return _sequence(text) if CALL.match(text) else None


def _sequence(text: str) -> list[ToolCall] | None:
    calls: list[ToolCall] = []
    at = 0
    while at < len(text):
        if not (head := CALL.match(text, at)):
            return None
        end = extent(text, head.end() - 1)
        if end is None:
            raise Broken("a call that does not close")
        if len(calls) == MOST_CALLS:
            raise Unread(f"more than {MOST_CALLS} calls")
        calls.append(_call(head["name"], text[head.end() : end - 1]))
        at = _behind(text, end)
    return calls


def _behind(text: str, end: int) -> int:
    between = BETWEEN.match(text, end)
    return between.end() if between else end


def extent(text: str, start: int) -> int | None:
    """Return where the bracket at `start` is closed, None where it is not; raise Unread beyond limits."""
    expected: list[str] = []
    for token in TOKEN.finditer(text, start, start + LONGEST):
        kind = token.lastgroup
        if kind == "open":
            expected.append(CLOSING[token[0]])
        elif kind == "quote" or (kind == "close" and token[0] != expected.pop()):
            return None
        if len(expected) > DEEPEST:
            raise Unread(f"brackets nested deeper than {DEEPEST}")
        if not expected:
            return token.end()
    if len(text) - start > LONGEST:
        raise Unread(f"calls of more than {LONGEST} characters")
    return None


def _call(name: str, inside: str) -> ToolCall:
    arguments: dict[str, object] = {}
    positional: list[object] = []
    for piece in _pieces(inside):
        if keyword := KEYWORD.match(piece):
            if keyword[1] in arguments:
                raise Broken("an argument is given twice")
            arguments[keyword[1]] = written(piece[keyword.end() :].strip())
        elif arguments or not piece:
            raise Broken("an argument without its name")
        else:
            positional.append(written(piece))
    if name == "print" and len(positional) == 1 and isinstance(positional[0], Code) and not arguments:
        inner = python_calls(positional[0].source)
        return inner[0] if inner and len(inner) == 1 else ToolCall(name, {}, tuple(positional), in_code=True)
    return ToolCall(name, arguments, tuple(positional), in_code=True)


def _pieces(inside: str) -> Iterator[str]:
    """Yield what stands between the outermost commas; a comma may close the list."""
    depth = start = 0
    for token in TOKEN.finditer(inside):
        kind = token.lastgroup
        depth += (kind == "open") - (kind == "close")
        if kind == "comma" and depth == 0:
            yield inside[start : token.start()].strip()
            start = token.end()
    if last := inside[start:].strip():
        yield last


def written(text: str) -> object:
    """Return the value that an argument writes down: a Python literal, or else code."""
    found = literal(text)
    return found.value if isinstance(found, Literal) else Code(text)
