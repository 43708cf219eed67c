"""What of a policy's values is sound, where others have mistakes."""

from collections.abc import Mapping
from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError

from router.policy.document import KeyPath

Grammar = TypeVar("Grammar", bound=BaseModel)


def sound(grammar: type[Grammar], value: object) -> Grammar | None:
    """Return a value in its grammar; None where it has a mistake."""
    try:
        return grammar.model_validate(value)
    except ValidationError:
        return None


def remainder(
    grammar: type[Grammar], value: object, instead: Mapping[str, object] | None = None
) -> Grammar | None:
    """
    Return what is left of a mapping without its mistakes, so that the rest can be looked at; None of others.

    A list with a mistake goes as a whole, because the places of its entries would shift. `instead` holds what
    a section cannot do without.
    """
    left, before = value, None
    while isinstance(left, dict) and left != before:
        left = {**(instead or {}), **left}
        try:
            return grammar.model_validate(left)
        except ValidationError as error:
            before = left
            for one in error.errors(include_url=False):
                left = _without(left, path_of(one))
    return None


def _without(section: Mapping[Any, Any], path: KeyPath) -> dict[Any, Any]:
    """Return a mapping without what stands at a path, or else without the nearest value around it."""
    key, *inner = path
    below = section.get(key)
    if inner and isinstance(below, dict) and inner[0] in below:
        return {**section, key: _without(below, tuple(inner))}
    return {name: value for name, value in section.items() if name != key}


def path_of(error: Any) -> KeyPath:
    """Return where a mistake stands, of which pydantic tells."""
    return tuple(step for step in error["loc"] if step != "[key]")
