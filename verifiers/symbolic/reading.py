"""The text of an answer -> its structure, by what stands outside every bracket."""

import re
from itertools import pairwise

from verifiers.symbolic.brackets import Inner, bracketed, matrix
from verifiers.symbolic.cleaned import cleaned
from verifiers.symbolic.outer import Unreadable, split
from verifiers.symbolic.relations import relation
from verifiers.symbolic.structure import (
    Assigned,
    Collection,
    Interval,
    Leaf,
    Ordered,
    Union,
    Value,
    Words,
)
from verifiers.symbolic.times import clock
from verifiers.symbolic.units import without_unit
from verifiers.symbolic.wordy import TEXT, in_words, named_set, number_in_words

MAX_CHARACTERS = 1000
MAX_DEPTH = 12
MOST_WORDS = 3
"""Behind a number, as its unit; more are prose."""

THOUSANDS = re.compile(r"-?\d{1,3}(?:,\d{3})+(?:\.\d+)?%?")
SEPARATORS = frozenset({",", "and", "or"})

REFUSED = re.compile(
    r"\\(?:[hv]?phantom|def|let|newcommand|cancel|xcancel|sout|color|textcolor|not|neg|tag|href)(?![A-Za-z])"
)
MARKUP = re.compile(r"(?:\\(?:text|mathrm|mbox|textbf|begin|end)|_)\s?\{[^{}]*\}")
PROSE = re.compile(
    r"(?<![\\A-Za-z])(?!(?:and|max|min|mod|gcd|lcm|det|(?:arc)?(?:sin|cos|tan)h?|log|exp|sqrt|frac)[A-Za-z]?(?![A-Za-z]))"
    r"[A-Za-z]{4,}(?!\w|:)"
)
"""A word that no command, no function and no product of single letters explains, and that labels nothing."""
FOREIGN = re.compile(r"[^\W\d_A-Za-z\u0370-\u03ff]{2,}")
"""A word of another script; Greek letters are variables."""
MATHEMATICAL = re.compile(r"[\d\\+=^]")
SENTENCE = re.compile(
    r"(?<![^\s{])(?:the|is|are|was|so|it|it's|we|has|which|that|minus|negative)(?=[\s:,])", re.IGNORECASE
)
"""Words that make a sentence of what they stand in, and are no product."""
TEXT_CONNECTIVE = re.compile(r"\\(?:text|mathrm|mbox)\s?\{\s*(and|or)\s*\}")
EMPTY_TEXT = re.compile(r"\\(?:text|mathrm|mbox)\s?\{\s*\}")
CONNECTIVE_IN_TEXT = re.compile(r"\\(text|mathrm|mbox)\s?\{([^{}]*?)\b(and|or)\b([^{}]*)\}")


def read(text: str) -> Value:
    """Return the structure of an answer; raise Unreadable where it has none."""
    if len(text) > MAX_CHARACTERS:
        raise Unreadable("too long")
    text = cleaned(text)
    if REFUSED.search(text):
        raise Unreadable("a command that hides or denies what it holds")
    if _is_prose(text) and not in_words(text) and not clock(text):
        raise Unreadable("prose")
    return value_of(text, 0)


def _is_prose(text: str) -> bool:
    foreign = FOREIGN.search(text) and MATHEMATICAL.search(text)
    return (
        bool(foreign or SENTENCE.search(text))
        or PROSE.search(MARKUP.sub("", _without_unit_words(text))) is not None
    )


def _without_unit_words(text: str) -> str:
    head, unit = without_unit(text)
    return head if len(unit.split()) <= MOST_WORDS else text


def value_of(text: str, depth: int) -> Value:
    """Return the structure of a text inside `depth` others; raise Unreadable."""
    text = text.strip().rstrip(" .;,").lstrip(",;")
    if not text or depth > MAX_DEPTH:
        raise Unreadable("empty, or too deep")

    def inner(part: str) -> Value:
        return value_of(part, depth + 1)

    if (wrapped := TEXT.fullmatch(text)) and not in_words(text):
        return inner(wrapped[1])
    return (
        _worded(text)
        or _several(text, inner)
        or relation(text, inner)
        or bracketed(text, inner)
        or matrix(text, inner)
        or _labelled(text, inner)
        or Leaf(text)
    )


def _worded(text: str) -> Value | None:
    """Return what an answer in words says, and numbers whose commas part no list."""
    if every := named_set(text):
        return every
    if words := in_words(text):
        number = number_in_words(words)
        return Leaf(number) if number else Words(words)
    number, _ = without_unit(text)
    if THOUSANDS.fullmatch(number):
        return Leaf(f"{number.replace(',', '')}{text[len(number) :]}")
    return clock(text)


def _several(text: str, inner: Inner) -> Value | None:
    groups = split(text, {";"})
    if len(groups) > 1:
        return Collection(tuple(inner(group) for group in groups))
    text = CONNECTIVE_IN_TEXT.sub(r"\\\1{\2} \3 \\\1{\4}", TEXT_CONNECTIVE.sub(r" \1 ", text))
    text = EMPTY_TEXT.sub(" ", text)
    parts = split(text, SEPARATORS)
    if len(parts) > 1:
        return Collection(tuple(inner(part) for part in parts))
    if len(parts := split(text, {r"\cup"})) > 1:
        return Union(tuple(inner(part) for part in parts))
    if len(parts := split(text, {r"\setminus", r"\backslash"})) == 2:
        return _without_points(*(inner(part) for part in parts))
    return None


def _without_points(every: Value, points: Value) -> Value:
    """Return the real numbers but for some points in ascending order."""
    if not isinstance(every, Interval) or every.domain or not isinstance(points, Collection):
        raise Unreadable("a difference of sets that is not computed")
    ends = (every.low, *points.parts, every.high)
    return Union(tuple(Interval(low, high, True, True) for low, high in pairwise(ends)))


DENIAL = re.compile(r"\b(?:not|no|never|wrong|false|incorrect|except)\b", re.IGNORECASE)
LABEL = re.compile(r"[A-Za-z][A-Za-z ]{0,40}(?:\([^()]{1,12}\))?")


def _labelled(text: str, inner: Inner) -> Value | None:
    """Return the value behind `Minimum: 1`, or the quotient that `3 : 4` is."""
    parts = split(text, {":"})
    if len(parts) == 2 and LABEL.fullmatch(parts[0]):
        if DENIAL.search(parts[0]):
            raise Unreadable("a label that denies what it names")
        return Assigned(parts[0].strip().lower(), inner(parts[1]), sides=(parts[0], parts[1]))
    if len(parts) == 2:
        return Leaf(f"\\frac{{{parts[0]}}}{{{parts[1]}}}")
    if len(parts) > 2:
        return Ordered(tuple(inner(part) for part in parts), round=False, ratio=True)
    return None
