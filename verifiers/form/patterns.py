"""
Regular expressions of the policy, searched in time linear in the response, whatever is in it.

RE2 has no look-around and no back-references; a pattern that uses one is a mistake in the policy.
"""

from functools import lru_cache
from typing import Any

LONGEST_PATTERN = 1000
"""Characters of a pattern."""
MOST_MEMORY = 1 << 20
"""Bytes of a pattern's program and automaton; `(a{1,1000}){1,1000}` does not fit and is refused."""
MOST_INSTRUCTIONS = 1250
"""Of all patterns together, each search counted: a search costs instructions times characters at worst."""


@lru_cache(maxsize=256)
def compiled(pattern: str) -> Any:
    """Return the pattern, ready to search; raise ValueError with what is wrong in it."""
    import re2  # type: ignore[import-untyped]  # noqa: PLC0415 - a compiled library, and only who names a pattern pays it

    options = re2.Options()
    options.log_errors = False
    options.max_mem = MOST_MEMORY
    if len(pattern) > LONGEST_PATTERN:
        raise ValueError(f"a pattern has {len(pattern)} characters: {LONGEST_PATTERN} are the most")
    try:
        return re2.compile(pattern, options)
    except re2.error as error:
        said = error.args[0].decode() if error.args and isinstance(error.args[0], bytes) else str(error)
        raise ValueError(
            f"the pattern {pattern!r} cannot be used: {said}; write it in RE2 syntax, which has no "
            "look-around and no back-references"
        ) from None


def occurs(pattern: str, text: str) -> bool:
    """Say whether a pattern of the policy occurs in a text."""
    return compiled(pattern).search(text.encode("utf-8", "replace").decode()) is not None


def instructions(pattern: str) -> int:
    """Return the size of a pattern's program: about one for a letter, a thousand for a class such as \\pL."""
    return int(compiled(pattern).programsize)
