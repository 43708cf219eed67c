"""
Whether a text is valid JSON, XML or Markdown: what is wrong with it, or nothing.

JSON by RFC 8259 (no NaN, one value, any duplicate keys), XML by well-formedness. Every text is valid
Markdown to its specification; what is looked at is what renders as nobody can have meant it: a code
fence that never closes, a table with rows of another width than its heading.
All linear: no entity is ever expanded (a DOCTYPE is refused), no number converted, depth is limited.
"""

import json
import re
from collections.abc import Callable, Mapping
from typing import Literal, NoReturn
from xml.parsers import expat

from router.expression import expression
from verifiers.form.counts import FENCE, closes, opens, outside_fences

Syntax = Literal["any", "json", "xml", "markdown"]

DEEPEST = 200
"""Levels of nesting in JSON; the parser recurses."""

WRAPPED = expression(r"\s*```(?:json|xml|markdown|md)?[ \t]*\n(.*)\n[ \t]*```\s*", re.DOTALL | re.IGNORECASE)
"""One fence around all of it, as students are used to write."""


class Unreadable(Exception):
    """Valid or not: it is not looked at."""


def flaw(text: str, syntax: Syntax) -> str | None:
    """Return what is wrong with a text in a syntax, None where nothing is; raise Unreadable."""
    if syntax in ("json", "xml") and text.count("```") == 2 and (wrapped := WRAPPED.fullmatch(text)):
        text = wrapped[1]
    return FLAWS[syntax](text.strip()) if syntax in FLAWS else None


TOKEN = expression(r'"(?>(?:[^"\\]|\\.)*)"?|[\[{]|[\]}]', re.DOTALL)


def _json(text: str) -> str | None:
    depth = 0
    for token in TOKEN.finditer(text):
        depth += (token[0] in "[{") - (token[0] in "]}")
        if depth > DEEPEST:
            raise Unreadable(f"JSON nested deeper than {DEEPEST} levels is not read")
    try:
        json.loads(text, parse_int=len, parse_float=len, parse_constant=_no_constant)
    except ValueError as error:
        return str(error)
    return None


def _no_constant(name: str) -> NoReturn:
    raise ValueError(f"{name} is no JSON")


def _xml(text: str) -> str | None:
    parser = expat.ParserCreate("utf-8")
    parser.StartDoctypeDeclHandler = _no_doctype
    try:
        parser.Parse(text.encode("utf-8"), True)
    except (expat.ExpatError, UnicodeEncodeError) as error:
        return str(error)
    return None


def _no_doctype(*_: object) -> NoReturn:
    raise Unreadable("a DOCTYPE is not read")


def _markdown(text: str) -> str | None:
    opened = None
    for fence in FENCE.finditer(text):
        if opened is None:
            opened = fence if opens(fence) else None
        elif closes(opened, fence):
            opened = None
    return "a code fence never closes" if opened else _table_flaw(outside_fences(text).split("\n"))


RULE_CELL = expression(r"[ \t]*:?-+:?[ \t]*")


def _table_flaw(lines: list[str]) -> str | None:
    """Return the first row of a table whose cells do not fit its heading."""
    width = 0
    for above, line in zip(["", *lines], lines, strict=False):
        cells = _cells(line)
        if "|" in line and "|" in above and all(RULE_CELL.fullmatch(cell) for cell in cells):
            width = len(cells)
            if len(_cells(above)) != width:
                return f"a table's heading has {len(_cells(above))} cells, the line below it {width}"
        elif "|" not in line:
            width = 0
        elif width and len(cells) != width:
            return f"a table's row has {len(cells)} cells, its heading {width}"
    return None


def _cells(line: str) -> list[str]:
    bare = line.strip().replace("\\|", "").removeprefix("|").removesuffix("|")
    return bare.split("|")


FLAWS: Mapping[str, Callable[[str], str | None]] = {"json": _json, "xml": _xml, "markdown": _markdown}
