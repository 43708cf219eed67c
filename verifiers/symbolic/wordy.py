"""Answers in words: what counts as one, which words mean a number or a set, and when two say the same."""

import re

from verifiers.symbolic.outer import Unreadable
from verifiers.symbolic.sameness import DIFFERENT, EQUAL, READ, Sameness
from verifiers.symbolic.structure import Interval, Leaf, Value, Words
from verifiers.wording.numerals import in_digits

ANSWERS = frozenset({"no", "yes"})
"""Words too short to be told from products of letters."""
FILLERS = frozenset({"a", "an", "and", "or", "the"})
TEXT = re.compile(r"\\(?:text|mathrm|mbox|textbf|textit|texttt|rm)\s?\{\s*([^{}]*?)\s*\}")
WORDS = re.compile(r"[A-Za-z][A-Za-z\s.,'’-]*")
SYNONYMS = {
    synonym: meaning
    for meaning, synonyms in {
        "no solution": "no solutions|no real solution|no real solutions|none|empty set|no such number exists",
        "does not exist": "dne|doesn't exist|undefined|not defined",
        "infinity": "infinitely many|infinitely many solutions|infinite|infinite number of solutions",
        "true": "correct",
    }.items()
    for synonym in synonyms.split("|")
}
EMPTY = frozenset({r"\emptyset", r"\varnothing", r"\{\}"})
OPPOSITES = frozenset({"yes", "no", "true", "false", "even", "odd", "neither", "both", "always", "never"})

REALS = re.compile(r"\\mathbb\s?\{?\s?R\s?\}?|\\R|all real numbers|all reals|the real numbers|real numbers")
WHOLES = re.compile(r"\\mathbb\s?\{?\s?Z\s?\}?|\\Z|all integers|the integers|integers")
PARTS = {"half": 2, "third": 3, "quarter": 4, "fourth": 4, "fifth": 5, "sixth": 6, "eighth": 8, "tenth": 10}


def in_words(text: str) -> str | None:
    """Return the words of an answer that consists of nothing else: at least one of three letters."""
    if text.lower() in ANSWERS:
        return text.lower()
    if text.replace(" ", "") in EMPTY:
        return "no solution"
    bare = TEXT.sub(r" \1 ", text).strip()
    if WORDS.fullmatch(bare):
        words = [word for word in re.findall(r"[a-z']+", bare.lower()) if word not in FILLERS]
        if any(len(word.strip("'")) > 2 for word in words):
            return SYNONYMS.get(" ".join(words), " ".join(words))
    single = TEXT.fullmatch(text)
    return single[1].strip("() ").lower() if single and re.fullmatch(r"\(?[A-Za-z]\)?", single[1]) else None


def named_set(text: str) -> Interval | None:
    """Return the set that has a name of its own."""
    bare = TEXT.sub(r" \1 ", text).strip()
    if REALS.fullmatch(bare):
        return Interval(Leaf(r"-\infty"), Leaf(r"\infty"), True, True)
    if WHOLES.fullmatch(bare):
        return Interval(Leaf(r"-\infty"), Leaf(r"\infty"), True, True, domain="Z")
    return None


def number_in_words(words: str) -> str | None:
    """Return a number in digits: `twelve`, `minus two`, `three quarters`."""
    *said, last = words.split()
    sign = "-" if said and said[0] in ("minus", "negative") else ""
    said = said[1:] if sign else said
    if said and (below := PARTS.get(last.removesuffix("s")) or (2 if last == "halves" else None)):
        above = _whole(said)
        return f"{sign}\\frac{{{above}}}{{{below}}}" if above else None
    number = _whole([*said, last])
    return f"{sign}{number}" if number else None


def _whole(words: list[str]) -> str | None:
    digits = [word for word, _ in in_digits((word, " ") for word in words)]
    return digits[0] if len(digits) == 1 and digits[0].replace(".", "", 1).isdecimal() else None


def _spelled(value: Value) -> str:
    """Return the words, or what an expression reads as where words are asked for."""
    if isinstance(value, Words):
        return value.words
    if not isinstance(value, Leaf):
        return ""
    return "infinity" if value.text == r"\infty" else value.text.lower()


class WordsInstead(Exception):
    """The answer is in words, and the reference answer is not."""


class OtherWords(Exception):
    """Two answers in words that are not the same words."""


def same_words(one: Value, other: Value) -> Sameness:
    """Compare two answers of which at least one is in words; raise where they say nothing of each other."""
    said = (_spelled(one), _spelled(other))
    if said[0] and said[0] == said[1]:
        return EQUAL if isinstance(one, type(other)) or said[0] != "infinity" else READ
    if not isinstance(one, Words):
        raise Unreadable("words are asked for")
    if not isinstance(other, Words):
        raise WordsInstead
    if OPPOSITES.issuperset(said):
        return DIFFERENT
    raise OtherWords
