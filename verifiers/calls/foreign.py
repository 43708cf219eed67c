"""
Literals of Java and JavaScript, which trainers hand over as text: `30L`, `true`, `[1, 2]`.

A number carries the mark of its type: a `long` without its L is none. Only what is so plain is surely read;
collections, and the `float` that both languages have and write differently, are read as well as can be.
"""

from collections.abc import Mapping

from router.expression import expression
from verifiers.calls.syntax import Code, written
from verifiers.values.json_text import parse

WORDS: Mapping[str, object] = {"true": True, "false": False, "null": None}
NUMERAL = expression(r"([-+]?\d{1,30}(\.\d{0,30})?)([LlFfDdn]?)")
MARKS: Mapping[str, tuple[str, ...]] = {
    "integer": ("",), "short": ("",), "byte": ("",), "double": ("",), "long": ("L", "l"), "Bigint": ("n",),
}  # fmt: skip


def foreign_literal(value: str | Code, kind: str) -> tuple[object, bool]:
    """Return the value that a text writes down, and whether it is surely a literal of its type."""
    text = (value.source if isinstance(value, Code) else value).strip()
    if numeral := NUMERAL.fullmatch(text):
        whole = not numeral[2] or kind == "double"
        return float(numeral[1]), whole and numeral[3] in MARKS.get(kind, ())
    if kind in ("boolean", "Boolean"):
        return WORDS.get(text.lower(), text), text in ("true", "false")
    return _collection(text) if text[:1] in ("[", "{") else WORDS.get(text.lower(), text), False


def _collection(text: str) -> object:
    try:
        return parse(text)
    except ValueError:
        return written(text)
