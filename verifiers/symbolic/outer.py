"""What stands outside every bracket of a text."""

import re
from collections.abc import Collection

TOKEN = re.compile(r"\\[{}]|\\[A-Za-z]+|\b(?:and|or)\b|[=<>]|[()\[\]{},;:|]|\s+|.", re.DOTALL)


class Unreadable(Exception):
    """The text is too long, too deep, or has brackets that do not match."""


def split(text: str, at: Collection[str]) -> list[str]:
    """Split a text at tokens that stand outside every bracket."""
    parts, start, depth = [], 0, 0
    for token in TOKEN.finditer(text):
        depth += _nesting(token[0])
        if depth == 0 and token[0] in at:
            parts.append(text[start : token.start()])
            start = token.end()
    if depth:
        raise Unreadable("brackets do not match")
    parts.append(text[start:])
    return [part for part in (part.strip() for part in parts) if part]


def outer(text: str, wanted: Collection[str]) -> list[str]:
    """Return the tokens wanted that stand outside every bracket, in order."""
    found, depth = [], 0
    for token in TOKEN.finditer(text):
        depth += _nesting(token[0])
        if depth == 0 and token[0] in wanted:
            found.append(token[0])
    return found


def encloses(text: str) -> bool:
    """Say whether the bracket that opens a text closes at its end, and not before."""
    depth = 0
    for token in TOKEN.finditer(text):
        depth += _nesting(token[0])
        if depth == 0:
            return token.end() == len(text)
    return False


def _nesting(token: str) -> int:
    if token in ("(", "[", "{", r"\{", r"\lbrace", r"\begin"):
        return 1
    return -1 if token in (")", "]", "}", r"\}", r"\rbrace", r"\end") else 0
