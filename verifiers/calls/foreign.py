"""Literals of Java and JavaScript, which trainers hand over as text, and JSON among Python's."""

import re
from collections.abc import Mapping

from verifiers.calls.syntax import Code, written
from verifiers.values.json_text import parse

WORDS: Mapping[str, object] = {"true": True, "false": False, "null": None}
NUMERAL = re.compile(r"([-+]?\d{1,30}(?:\.\d{0,30})?)[LlFfDdn]?")


def foreign_literal(value: str | Code) -> object:
    """Return the value that a text writes down in Java or JavaScript; the text, where it is not read."""
    text = (value.source if isinstance(value, Code) else value).strip()
    if numeral := NUMERAL.fullmatch(text):
        return float(numeral[1])
    return _collection(text) if text[:1] in ("[", "{") else WORDS.get(text.lower(), text)


def _collection(text: str) -> object:
    try:
        return parse(text)
    except ValueError:
        return written(text)
