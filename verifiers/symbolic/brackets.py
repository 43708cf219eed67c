"""What one pair of brackets around everything encloses: points, intervals, sets, matrices."""

import re
from collections.abc import Callable
from dataclasses import replace

from verifiers.symbolic.outer import TOKEN, Unreadable, encloses, split
from verifiers.symbolic.relations import NAME
from verifiers.symbolic.structure import Collection, Interval, Ordered, Union, Value

Inner = Callable[[str], Value]
"""Reads a part, one level deeper."""


def bracketed(text: str, inner: Inner) -> Value | None:
    """Return what one pair of brackets around everything encloses; None where there is none."""
    first = next(token[0] for token in TOKEN.finditer(text))
    if first not in ("(", "[", r"\{", "{") or not encloses(text):
        return None
    closing = r"\}" if text.endswith(r"\}") else text[-1]
    inside = text[len(first) : len(text) - len(closing)].strip()
    if first == r"\{" and len(condition := split(inside, {"|", ":"})) == 2:
        return _condition(condition[0], condition[1], inner)
    parts = tuple(inner(part) for part in split(inside, {",", ";"}))
    if first == r"\{":
        return Collection(parts)
    if len(parts) == 2 and first != "{" and (first == "[" or closing == "]"):
        return Interval(parts[0], parts[1], first == "(", closing == ")")
    if len(parts) < 2:
        return parts[0] if parts else None
    return Collection(parts) if first == "{" else Ordered(parts)


DOMAIN = re.compile(r"\s?\\in\s?\\mathbb\s?\{?\s?([A-Z])\s?\}?$")


def _condition(head: str, condition: str, inner: Inner) -> Value:
    """Return the numbers that a set builder names: a name, perhaps a domain, and a relation about it."""
    domain = DOMAIN.search(head)
    found = inner(condition)
    if not NAME.fullmatch(DOMAIN.sub("", head).strip()) or not isinstance(found, Interval | Union):
        raise Unreadable("a set builder that names no range")
    if not domain or domain[1] == "R":
        return found
    if isinstance(found, Union):
        raise Unreadable("a set builder of several ranges")
    return replace(found, domain=domain[1])


MATRIX = re.compile(
    r"\\begin\s?\{(?:[pbB]?matrix|array)\}(?:\{[^{}]*\})?(.*)\\end\s?\{(?:[pbB]?matrix|array)\}",
    re.DOTALL,
)
ROWS = re.compile(r"\\\\|\\cr")


def matrix(text: str, inner: Inner) -> Value | None:
    """Return a matrix as a row of its rows; a single column or row is a vector."""
    match = MATRIX.fullmatch(text)
    if not match or r"\begin" in match[1]:
        return None
    rows = [row.split("&") for row in ROWS.split(match[1]) if row.strip()]
    cells = [tuple(inner(cell) for cell in row) for row in rows]
    if len(cells) == 1 or all(len(row) == 1 for row in cells):
        return Ordered(tuple(cell for row in cells for cell in row), round=False, text=text)
    return Ordered(tuple(Ordered(row, round=False) for row in cells), round=False, text=text)
