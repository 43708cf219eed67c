"""What a JSON value is held against: a schema or a value, which trainers may have written into a string."""

import json
from typing import get_args

from verifiers.values.json_keywords import SchemaRefused
from verifiers.values.json_schema import Draft
from verifiers.values.json_text import parse


def as_schema(given: object) -> object:
    """Return the schema that a reference answer is; raise SchemaRefused for a string that holds none."""
    if not isinstance(given, str):
        return given
    read = _read(given)
    if not isinstance(read, dict | bool):
        raise SchemaRefused("the reference answer is no schema")
    return read


def as_value(given: object) -> object:
    """Return the value that a reference answer is: of a string, the array or object that stands in it."""
    read = _read(given) if isinstance(given, str) else given
    return read if isinstance(read, dict | list) else given


def draft_named(named: object, otherwise: Draft) -> Draft:
    """Return the draft of that name, if there is one."""
    return named if named in get_args(Draft) else otherwise  # type: ignore[return-value]


def _read(text: str) -> object:
    """Return the JSON in a string; None where there is none."""
    try:
        return parse(text)
    except json.JSONDecodeError:
        return None
