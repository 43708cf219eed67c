"""
What the reference answer says about a constraint, read with care.

The official checkers draw a number at random where one is not given; nobody can tell what the prompt
said then, so here the constraint cannot be decided.
"""

import re
from collections.abc import Callable, Mapping

Given = Mapping[str, object]
"""The arguments of one constraint, by the names that the official data uses."""
Check = Callable[[str, Given], bool]
"""Say whether a text follows a constraint; raise Undecidable where that cannot be told."""

LONGEST_PATTERN = 200
"""Characters of a keyword."""
REPEATS = frozenset("*+{\\(")
"""Marks that make a keyword a pattern that may take long; the official checkers search it as one."""


class Undecidable(Exception):
    """Why a constraint cannot be decided; says nothing about the student."""

    def __init__(self, reason: str, *, guess: bool | None = None) -> None:
        """Keep the reason, and the likelier answer where there is one."""
        super().__init__(reason)
        self.guess = guess


def number(given: Given, key: str) -> int:
    """Return a number that is not negative; some copies of the data hold 3.0 for 3."""
    value = given.get(key)
    if isinstance(value, bool) or not isinstance(value, int | float) or value != value // 1 or value < 0:
        raise Undecidable(f"the reference answer names no number as {key!r}")
    return int(value)


def words(given: Given, key: str) -> str:
    """Return a text that is not empty."""
    value = given.get(key)
    if not isinstance(value, str) or not value.strip():
        raise Undecidable(f"the reference answer names no text as {key!r}")
    return value


def listed(given: Given, key: str) -> list[str]:
    """Return a list of texts that is not empty."""
    value = given.get(key)
    if not isinstance(value, list) or not value or not all(isinstance(one, str) and one for one in value):
        raise Undecidable(f"the reference answer names no list of texts as {key!r}")
    return value


def compares(count: int, given: Given, threshold: str, relation: str = "relation") -> bool:
    """Say whether a count stands in the relation to the threshold that the reference answer names."""
    most = number(given, threshold)
    if given.get(relation) == "less than":
        return count < most
    if given.get(relation) == "at least":
        return count >= most
    raise Undecidable(f"{relation!r} of the reference answer is neither 'less than' nor 'at least'")


def pattern(keyword: str, *, whole_word: bool = False) -> re.Pattern[str]:
    """Return what finds a keyword in any case; the official checkers read a keyword as a pattern, too."""
    if len(keyword) > LONGEST_PATTERN or not REPEATS.isdisjoint(keyword) or keyword.count("?") > 1:
        raise Undecidable("a keyword of the reference answer is a pattern that repeats")
    try:
        return re.compile(rf"\b{keyword}\b" if whole_word else keyword, re.IGNORECASE)
    except re.error:
        raise Undecidable("a keyword of the reference answer is no pattern") from None
