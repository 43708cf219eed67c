"""How mistakes speak of paths, values and names: one line each, in the user's nouns."""

from collections.abc import Sequence
from difflib import get_close_matches


def dotted(path: Sequence[str | int]) -> str:
    """Write a path as `rules.0.when`, on one line whatever its keys are."""
    return clipped(".".join(str(step) if str(step).isprintable() else repr(step) for step in path), 200)


def quoted(value: object) -> str:
    """Write a value on one line, text in quotes."""
    return clipped(repr(value), 60)


def shown(value: object) -> str:
    """Name a value in the user's nouns."""
    match value:
        case None:
            return "nothing"
        case bool():
            return str(value).lower()
        case str():
            return f"the text {quoted(value)}"
        case list():
            return "a list"
        case dict():
            return "a mapping"
    return f"the number {value}"


def clipped(text: str, most: int) -> str:
    """Cut a text that is longer than `most` characters."""
    return text if len(text) <= most else f"{text[:most]}..."


def unknown(value: object, choices: Sequence[str]) -> str:
    """Say that a value is none of the choices, and which was probably meant."""
    listed = ", ".join(choices)
    if not isinstance(value, str):
        return f"must be one of {listed}, not {shown(value)}"
    known = {choice.casefold(): choice for choice in choices}
    meant = get_close_matches(value.casefold(), known, n=1)
    return f"{quoted(value)} is not one of {listed}" + (f"; did you mean {known[meant[0]]}?" if meant else "")
