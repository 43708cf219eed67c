"""What pydantic finds wrong with a policy, in the user's words: what is wrong, and what the choices are."""

from collections.abc import Mapping
from difflib import get_close_matches
from types import UnionType
from typing import Annotated, Any, Union, get_args, get_origin

from pydantic import BaseModel, ValidationError

from router.policy.source import Document, KeyPath

SAID = {
    "missing": "is missing",
    "string_type": "must be text",
    "int_type": "must be a whole number",
    "float_type": "must be a number",
    "bool_type": "must be true or false",
    "list_type": "must be a list",
    "dict_type": "must be a mapping",
    "model_type": "must be a name, or a mapping",
    "model_attributes_type": "must be a mapping",
    "finite_number": "must be a finite number",
    "string_pattern_mismatch": "must be lower-case letters, digits and _, and start with a letter",
    "invalid_key": "every key must be text",
}


def add_mistakes(document: Document, grammar: type[BaseModel], error: ValidationError) -> None:
    """Write each error into the document, at its place."""
    for one in error.errors(include_url=False):
        path = tuple(step for step in one["loc"] if step != "[key]")
        document.mistake(path, _said(grammar, path, one["type"], one["msg"], one.get("ctx", {})))


def _said(
    grammar: type[BaseModel], path: KeyPath, kind: str, message: str, context: Mapping[str, Any]
) -> str:
    if kind == "extra_forbidden":
        return unknown(str(path[-1]), choices_at(grammar, path[:-1]))
    if kind == "literal_error":
        return f"must be one of {context['expected']}"
    if kind in ("value_error", "assertion_error"):
        return str(context["error"])
    return SAID.get(kind) or message.replace("Input should", "must").replace("List should", "must")


def unknown(name: str, choices: list[str]) -> str:
    """Say that a name is none of the choices, and which was probably meant."""
    meant = get_close_matches(name, choices, n=1)
    return f"{name!r} is not one of {', '.join(choices)}" + (f"; did you mean {meant[0]}?" if meant else "")


def choices_at(grammar: type[BaseModel], path: KeyPath) -> list[str]:
    """Return the keys that the grammar knows at a path."""
    here: Any = grammar
    for step in path:
        if _is_section(here):
            here = _bare(here.model_fields[str(step)].annotation)
        else:
            here = _bare(get_args(here)[-1])
    return sorted(here.model_fields) if _is_section(here) else []


def _is_section(annotation: object) -> bool:
    return isinstance(annotation, type) and issubclass(annotation, BaseModel)


def _bare(annotation: Any) -> Any:
    """Take `Annotated` and `| None` off an annotation."""
    origin = get_origin(annotation)
    if origin is Annotated:
        return _bare(get_args(annotation)[0])
    if origin in (Union, UnionType):
        return _bare(next(one for one in get_args(annotation) if one is not type(None)))
    return annotation
