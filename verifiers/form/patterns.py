"""
Regular expressions of the policy, searched in time linear in the response, whatever is in it.

RE2 has no look-around and no back-references; a pattern that uses one is a mistake in the policy.
"""

from collections.abc import Iterator, Sequence
from functools import lru_cache
from typing import Any
from unicodedata import normalize

from router.expression import expression
from verifiers.form.bounds import Broken
from verifiers.form.counts import visible

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


def refuse_large(patterns: Sequence[str]) -> None:
    """
    Raise ValueError where patterns, each search counted, are too large to be searched in time.

    A program has about one instruction for a letter, and a thousand for a class such as `\\pL`.
    """
    size = sum(int(compiled(pattern).programsize) for pattern in patterns)
    if size > MOST_INSTRUCTIONS:
        raise ValueError(
            f"`matches` and `forbids` are {size} instructions, and {MOST_INSTRUCTIONS} are the most: "
            "write lower repetitions, and [A-Za-z] instead of \\pL"
        )


MIXED = expression(r"[A-Za-z][\u0370-\u058f]|[\u0370-\u058f][A-Za-z]")
"""Latin beside Greek, Cyrillic or Armenian letters in one word."""


def broken(matches: Sequence[str], forbids: Sequence[str], text: str, cut: bool) -> Iterator[Broken]:
    """Yield what a text lacks, and what it must not have and has or may hide; a cut text goes on."""
    for pattern in matches:
        if not cut and not occurs(pattern, text):
            yield 0, "a pattern does not occur", pattern
    if forbids:
        plain = normalize("NFKC", visible(text))
        for pattern in forbids:
            if occurs(pattern, text) or occurs(pattern, plain):
                yield 0, "a forbidden pattern occurs", pattern
        if MIXED.search(plain):
            yield 1, "a forbidden pattern may hide behind letters of another alphabet", ""
