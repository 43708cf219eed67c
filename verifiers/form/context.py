"""The context that a response was given, ready to be looked up: its words, its numbers, its sources."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from unicodedata import normalize

from router.expression import expression
from verifiers.form.claims import Claim, numbers, spaced
from verifiers.form.counts import visible

SHORTEST_PART = 2
"""Words in each part of a quote that leaves something out: single words occur everywhere."""


@dataclass(frozen=True, slots=True)
class Context:
    """What may be quoted, cited and counted, ready to be looked up."""

    words: str
    """Every word in lower case, one space between two and at both ends."""
    numbers: frozenset[str]
    sources: frozenset[str]
    """The numbers that sources have."""

    def holds(self, claim: Claim) -> bool:
        """Say whether a claim occurs here."""
        if claim.kind == "numbers":
            return claim.text in self.numbers
        if claim.kind == "citations" and claim.text.isdecimal():
            return claim.text.lstrip("0") in self.sources
        parts = claim.text.split(" ... ")
        short = len(parts) > 1 and any(len(part.split()) < SHORTEST_PART for part in parts)
        return self._in_order(parts) and not (short and claim.kind == "quotes")

    def _in_order(self, parts: Sequence[str]) -> bool:
        at = 0
        for part in parts:
            at = self.words.find(f" {part} ", at)
            if at < 0:
                return False
            at += len(part) + 1
        return True


SOURCE = expression(
    r"[\[【]\^?0{0,3}(\d{1,3})\]?|^[ \t]{0,8}0{0,3}(\d{1,3})[.):]"
    r"|\b(?:document|doc|source|passage|context|reference|ref|article|snippet|result)s?[ \t#:]{0,3}\[?"
    r"0{0,3}(\d{1,3})\b",
    re.IGNORECASE | re.MULTILINE,
)
"""How a context numbers its sources."""
DOTTED = expression(r"(?<![\w.,])\d{1,3}(?:\.\d{3})+(?!\d)")
"""A number with points for thousands, or a decimal: in the context it counts as both."""
TEENS = "eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen nineteen twenty"
IN_WORDS = {word: str(number) for number, word in enumerate(TEENS.split(), 11)}


def context_of(texts: Sequence[str], numbered: bool) -> Context:
    """Read the texts of a context once; where they are `numbered`, their places are their numbers."""
    text = normalize("NFC", visible("\n".join(texts)))
    words = spaced(text)
    sources = {found for mark in SOURCE.finditer(text) for found in mark.groups() if found}
    if numbered:
        sources |= {str(at + 1) for at in range(len(texts))}
    known = {*numbers(text), *(mark[0].replace(".", "") for mark in DOTTED.finditer(text))}
    known |= {IN_WORDS[word] for word in IN_WORDS.keys() & set(words.split())}
    return Context(f" {words} ", frozenset(known), frozenset(sources))
