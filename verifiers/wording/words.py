"""
A text as the words that count: what is left when case, accents, articles, punctuation, plural and
possessive endings, initials' full stops, number words and thousands separators no longer differ.

"The U.S. has Twenty-One of Médoc's châteaux" and "us has 21 of medoc chateaux" read the same. Between
the words stays how they are separated, as lists and sentences are recognised by it.
"""

import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from router.expression import expression
from verifiers.wording.numerals import Token, digits, in_digits


@dataclass(frozen=True, slots=True)
class Wording:
    """The normalised words of a text."""

    words: tuple[str, ...]
    breaks: tuple[str, ...]
    """For each word, what stands before it: nothing, `/`, `,` where an item ends, `.` a sentence."""
    questions: frozenset[int] = frozenset()
    """Where a question mark stands: how many words are before it."""
    capitals: frozenset[int] = frozenset()
    """Which words are written with a capital letter."""

    def find(self, wanted: Sequence[str]) -> int:
        """Return where the wanted words first stand side by side; -1 where they do not."""
        if not wanted:
            return -1
        text = f" {' '.join(self.words)} "
        start = text.find(f" {' '.join(wanted)} ")
        return text.count(" ", 0, start) if start >= 0 else -1

    def sentence(self, start: int, end: int) -> tuple[int, int]:
        """Return where the sentence that holds words start to end begins and ends."""
        while start > 0 and self.breaks[start] != ".":
            start -= 1
        while end < len(self.words) and self.breaks[end] != ".":
            end += 1
        return start, end


INVISIBLE = dict.fromkeys(
    [0xAD, 0xFEFF, *range(0x200B, 0x2010), *range(0x202A, 0x202F), *range(0x2060, 0x2070)]
)
"""Characters that nobody sees, which would take words apart."""
LETTERS = INVISIBLE | str.maketrans({
    "ø": "o", "Ø": "O", "ł": "l", "Ł": "L", "đ": "d", "æ": "ae", "Æ": "Ae", "œ": "oe", "\u0131": "i",
    "\u2019": "'", "\u2018": "'", "\u02bc": "'", "\u2010": "-", "\u2011": "-", "\u2013": "-",
    "\u2014": ",", "\u2212": "-", "&": " and ", "£": " pound ", "€": " euro ", "¥": " yen ",
    "¹": " ", "²": " ", "³": " ", "⁰": " ", "⁴": " ", "⁵": " ", "⁶": " ", "⁷": " ", "⁸": " ", "⁹": " ",
})  # fmt: skip
"""Letters that do not decompose, one dash for all; superscripts, which are footnotes in an answer, go."""
DRESS = expression(
    r"<[^<>]{0,200}>|\[\^?\d{1,3}\^?\]|(?<=[a-z]{3})\d{1,3}(?=[.,;](?:\s|$))"
    r"|https?://\S{1,300}|\\(?:text|textbf|mathrm|mathbf|boxed|fbox)\b"
)
"""Markup, footnote marks and addresses say nothing."""
MARKER = expression(r"^[ \t]{0,8}(?:[-*•#>]{1,6}|\d{1,2}[.)])[ \t]+(?=\S)", re.MULTILINE)
"""What heads an item of a list, one for each line."""
TOKEN = expression(
    r"(?P<number>(?:(?<![\w)])-)?(?:\d{1,3}(?:,\d{3})+|\d+)(?:\.\d+)?)(?P<ordinal>(?:st|nd|rd|th|'?s)\b)?"
    r"|(?P<word>[^\W\d_]+?(?=n't\b)|[^\W\d_]+)(?P<ending>'s\b|n't\b|')?|(?P<percent>%)"
    r"|(?P<stop>[.!?。]+(?=[\s\"')\]*_]|$)|\n)|(?P<item>[,;:|/•()]|\s[-*]\s)",
    re.IGNORECASE,
)
CAPITAL = "^"
"""What marks a word that is written with a capital letter."""
ABBREVIATIONS = "dr mr mrs ms st jr sr vs no ca approx prof gen col sgt inc co mt ft rev vol"
ABBREVIATED = frozenset(ABBREVIATIONS.split())
"""Words whose full stop ends no sentence; nor does that of a single letter."""
ARTICLES = frozenset({"the", "a", "an"})


def wording(text: str) -> Wording:
    """Return the words of a text; time is linear in its length."""
    words: list[str] = []
    breaks: list[str] = []
    questions = set()
    capitals = set()
    before = ""
    for word, separator in in_digits(_tokens(text)):
        if separator == "?":
            questions.add(len(words))
        if separator == CAPITAL:
            capitals.add(len(words))
        elif separator:
            before = max(before, "." if separator == "?" else separator)  # a full stop is more than a comma
        if word:
            words.append(ROMANS.get(word, _stem(word)) if words else _stem(word))
            breaks.append(before)
            before = ""
    return Wording(tuple(words), tuple(breaks), frozenset(questions), frozenset(capitals))


def plainly(text: str) -> str:
    """Return a text without accents and markup."""
    text = unicodedata.normalize("NFD", MARKER.sub("", DRESS.sub(" ", text)).translate(LETTERS))
    return "".join(letter for letter in text if not unicodedata.combining(letter))


def _tokens(text: str) -> Iterator[Token]:
    text = plainly(text)
    initials = ""
    last = ""
    for match in TOKEN.finditer(text):
        word = match["word"]
        if word and len(word) == 1 and not match["ending"] and not _article(text, match, initials):
            initials += word
            continue
        if initials and match["stop"] and match["stop"] != "\n":
            continue
        if initials:
            yield _cased(initials)
            last, initials = initials.casefold(), ""
        if match["stop"]:
            stop = "?" if "?" in match["stop"] else "."
            yield "", ("" if last in ABBREVIATED and match["stop"] == "." else stop)
        elif match["item"]:
            yield "", "/" if match["item"] == "/" else ","
        else:
            last = word.casefold() if word else ""
            yield from _words(text, match)
    if initials:
        yield _cased(initials)


def _cased(word: str) -> Token:
    return word.casefold(), CAPITAL if word[0].isupper() else ""


def _article(text: str, match: re.Match[str], initials: str) -> bool:
    return match[0] in {"a", "A"} and not initials and text[match.end() : match.end() + 1].isspace()


def _words(text: str, match: re.Match[str]) -> Iterator[Token]:
    if match["number"]:
        yield digits(match["number"]) + (match["ordinal"] or "").strip("'").lower(), ""
        return
    if match["percent"]:
        yield "percent", ""
        return
    word, capital = _cased(match["word"])
    if (match["ending"] or "").casefold() == "n't" or word in CONTRACTED:
        yield word.removesuffix("nt"), capital
        yield "not", ""
    elif word not in ARTICLES or not text[match.end() : match.end() + 1].isspace():
        yield word, capital


SAME = {
    "bce": "bc", "ce": "ad", "yr": "year", "kilometer": "km", "kilometre": "km", "meter": "m", "metre": "m",
    "foot": "ft", "feet": "ft", "lb": "pound", "kilogram": "kg", "avenue": "ave", "junior": "jr",
    "senior": "sr", "doctor": "dr", "mister": "mr", "versus": "vs", "mount": "mt", "saint": "st",
    "liter": "l", "litre": "l",
}  # fmt: skip
"""Words that are only written differently."""
ROMAN = "ii iii iv v vi vii viii ix x xi xii xiii xiv xv xvi xvii xviii xix xx"
ROMANS = {word: str(number) for number, word in enumerate(ROMAN.split(), start=2) if len(word) > 1}
"""Roman numerals behind a name; those of one letter are letters."""
CONTRACTED = frozenset(
    {"dont", "isnt", "wasnt", "didnt", "doesnt", "cant", "wont", "arent", "werent", "aint"}
)
"""Denials whose apostrophe was forgotten."""


def _stem(word: str) -> str:
    """Return a word without its plural's ending; crude, but the same on both sides."""
    if not word[:1].isalpha():
        return word
    if len(word) > 4 and word.endswith("ies"):
        return f"{word[:-3]}y"
    word = word[:-1] if len(word) > 3 and word.endswith("s") and word[-2] not in "suiy" else word
    return SAME.get(word, word)


def words_of(text: str) -> frozenset[str]:
    """Return a set of words as they stand in a wording."""
    return frozenset(_stem(word) for word in text.split())
