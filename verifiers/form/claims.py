"""
From a response to what it claims to have from its context: quotes, citations, numbers.

Each claim is taken once, however often it is made, so that repeating a true one is no padding. Code is
no claim. Every pattern is bounded, so that finding them takes time linear in the response.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal
from unicodedata import normalize

from router.expression import expression
from verifiers.form.counts import RUN, outside_fences, visible

Kind = Literal["quotes", "citations", "numbers"]

LONGEST_QUOTE = 2000
"""Characters between two quotation marks; more are two marks that do not belong together."""
MOST_CITED = 20
"""Sources in one pair of brackets; [1-999] cites nothing in particular."""


@dataclass(frozen=True, slots=True)
class Claim:
    """Something that a response says to have from its context."""

    kind: Kind
    text: str
    """A quote's words, parts left out as ` ... `; a source's number or name; a number without separators."""


QUOTE = expression(
    rf'"([^"]{{1,{LONGEST_QUOTE}}})"|[“„]([^“”„]{{1,{LONGEST_QUOTE}}})[”“]'
    rf"|[«]([^«»]{{1,{LONGEST_QUOTE}}})»|「([^「」]{{1,{LONGEST_QUOTE}}})」"
    rf"|‘((?:[^‘’]|’(?=\w)){{1,{LONGEST_QUOTE}}})’|(?<!\w)'((?:[^'\n]|(?<=\w)'(?=\w)){{1,{LONGEST_QUOTE}}})'(?!\w)"
)
"""An apostrophe within a word ends no quote."""
BLOCK = expression(r"(?:^ {0,3}>[^\n]*\n?)+", re.MULTILINE)
GAP = expression(r"\[?(?:\.{3,}|…)\]?|\[[^\[\]\n]{1,40}\]")
"""What a quote leaves out, or says in brackets that it puts in."""
CAPITAL = expression(r"\[(\w)\](?=\w)")
NUMBERED = expression(r"\[\^?(\d{1,3}(?:\s?[,;\u2013-]\s?\^?\d{1,3}){0,19})\]|【(\d{1,3})[^】\n]{0,40}】")
NAMED = expression(
    r"\[(?:source|src|ref|reference|doc|document|cite)s?\s{0,3}[:#=]\s{0,3}([^\]\n]{1,200})\]", re.IGNORECASE
)
RANGE = expression(r"(\d{1,3})\s?[\u2013-]\s?(\d{1,3})|(\d{1,3})")
ASIDE = expression(r"`(?![\d.,%$€£ ]{1,30}`)[^`\n]{0,500}`|https?://[^\s)>\]]{1,500}")
"""Code and addresses are no claims; a mere number in backticks is one."""
MARKER = expression(
    r"^[ \t]{0,8}(?:[#>*-]{1,6}[ \t]{0,3})?(?:\*\*)?(?:step |point |section )?\d{1,3}[.):]", re.I | re.M
)
"""The number of a list's item or a heading: the response's own order, and no claim."""
NUMERAL = expression(
    r"(?<![\w.,])(?:\d{1,3}(?:,\d{3})+(?:\.\d+)?(?!\d)|\d{1,3}(?:\.\d{3}){2,}(?:,\d+)?(?!\d)|\d+(?:[.,]\d+)?)"
)
"""A number that stands by itself: not the 12 of B12, not what follows a version's second point."""


def claims(text: str, fewest_words: int, smallest: int) -> list[Claim]:
    """Return the claims in what a response says, each once; see `Grounded` for the bounds."""
    found: dict[Claim, None] = {}

    def take(quote: re.Match[str]) -> str:
        """Note a quote, and return what is left to be read: one that is too short is no quote."""
        said = _quoted(next(filter(None, quote.groups()), quote[0]))
        if len(RUN.findall(said)) < fewest_words:
            return quote[0]
        found[Claim("quotes", said)] = None
        return " "

    text = BLOCK.sub(take, ASIDE.sub(" ", normalize("NFC", visible(outside_fences(text)))))
    unquoted = QUOTE.sub(take, text)
    for source in _cited(text):
        found[Claim("citations", source)] = None
    for number in numbers(MARKER.sub(" ", without_citations(unquoted))):
        if not (number.isdecimal() and len(number) < 6 and int(number) < smallest):
            found[Claim("numbers", number)] = None
    return list(found)


def _quoted(text: str) -> str:
    """Return a quote's words, what it leaves out or puts in as ` ... `."""
    parts = GAP.split(CAPITAL.sub(r"\1", text))
    return " ... ".join(spaced(part) for part in parts if RUN.search(part))


def without_citations(text: str) -> str:
    """Return what a text says beside its citations."""
    return NAMED.sub(" ", NUMBERED.sub(" ", text))


def spaced(text: str) -> str:
    """Return a text's words in lower case, one space between two, whatever stands there."""
    return " ".join(RUN.findall(text.casefold()))


def numbers(text: str) -> Iterator[str]:
    """Yield a text's numbers without thousands separators and idle zeros, a decimal comma as a point."""
    for numeral in NUMERAL.finditer(text):
        digits = normalize("NFKC", numeral[0])
        if digits.count(".") > 1:
            digits = digits.replace(".", "")
        digits = digits.replace(",", "") if THOUSANDS.fullmatch(digits) else digits.replace(",", ".")
        whole, _, decimals = digits.partition(".")
        yield ".".join(filter(None, (whole.lstrip("0") or "0", decimals.rstrip("0"))))


THOUSANDS = expression(r"\d{1,3}(?:,\d{3})+(?:\.\d+)?")


def _cited(text: str) -> Iterator[str]:
    for mark in NUMBERED.finditer(text):
        for span in RANGE.finditer(mark[1] or mark[2]):
            first = int(span[1] or span[3])
            last = min(int(span[2] or first), first + MOST_CITED)
            yield from map(str, range(first, last + 1))
    yield from (name for mark in NAMED.finditer(text) if (name := spaced(mark[1])))


def unpaired(text: str) -> bool:
    """Say whether a straight quotation mark has no partner, so that what is quoted is a guess."""
    return ASIDE.sub(" ", outside_fences(text)).count('"') % 2 == 1
