"""
A text's sentences, as the official checkers split them: by Punkt (Kiss and Strunk, 2006), without its data.

Punkt ends a sentence at `.`, `?` or `!` before white space or closing punctuation, unless the word is an
abbreviation, an initial, a number or an ellipsis; then the next word decides, by its case and by how a
newspaper corpus wrote it. The corpus is a download, so in its place stand lists: the abbreviations it
taught (no `etc.`, no `e.g.`: these do end a sentence), and words that were seldom capitalised in it.
Where neither list speaks, the sentence goes on, and the splitter counts a doubt.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

from router.expression import expression
from verifiers.constraints.given import Undecidable
from verifiers.constraints.newspaper import ABBREVIATIONS, HEADED, NAMES_FOLLOW, STARTERS, TITLE_WORDS

MOST_ENDS = 5000
"""Marks that may end a sentence; a text with more is no prose, and would take too long."""

CLOSERS = r"[)\";}\]*:@'({\[!?‘’“”«»]"
END = expression(rf"[.?!](?=(?P<mark>{CLOSERS})|\s+(?P<next>\S+))")
SEVERAL = r"(?:-{2,}|\.{2,}|(?:\.\s){2,}\.)"
WORD = expression(
    rf"{SEVERAL}|(?=[^(\"`{{\[:;&#*@)}}\]\-,])\S+?(?=\s|$|{CLOSERS}|{SEVERAL}|,(?=$|\s|{CLOSERS}|{SEVERAL}))|\S"
)
NUMERAL = expression(r"-?[.,]?\d[\d,.-]*\.?$")
INITIAL = expression(r"[^\W\d]\.$")
DOTS = expression(r"\.\.+$")
AROUND = expression(r"[\"')\]}‘’“”«»]+?(?:\s+|(?=--)|$)", re.MULTILINE)
"""Closing marks behind an end that still belong to the sentence before them."""


@dataclass(frozen=True, slots=True)
class Sentences:
    """The sentences of a text, and how many more there may be: places where one may end, too."""

    texts: list[str]
    doubts: int = 0


def sentences(text: str) -> Sentences:
    """Return the sentences of a text; undecidable where it is nearly all full stops."""
    if sum(map(text.count, ".?!")) > MOST_ENDS:
        raise Undecidable(f"more than {MOST_ENDS} full stops")
    doubts = 0
    spans: list[tuple[int, int]] = []
    start = 0
    for end, context in _candidates(text):
        breaks, doubtful = _breaks(context)
        doubts += doubtful
        if breaks:
            spans.append((start, end.end()))
            start = end.start("next") if end["next"] else end.end()
    spans.append((start, len(text.rstrip())))
    return Sentences(_realigned(text, spans), doubts)


def _candidates(text: str) -> Iterator[tuple[re.Match[str], str]]:
    """Return each possible end, the last one of those that no white space separates, with its words."""
    last: re.Match[str] | None = None
    start = stop = 0
    for end in END.finditer(text):
        space = max(text.rfind(blank, stop, end.start()) for blank in " \t\n\r\v\f")
        begin = space + 1 if space > stop else start
        if last and stop <= begin:
            yield last, _context(text, start, last)
        last, start, stop = end, begin, end.start()
    if last:
        yield last, _context(text, start, last)


def _context(text: str, start: int, end: re.Match[str]) -> str:
    return text[start : end.end("next") if end["next"] else end.end("mark")]


def _breaks(context: str) -> tuple[bool, bool]:
    """Say whether a sentence ends before the last word of a context, and whether one may."""
    words = [word for line in context.split("\n") for word in WORD.findall(line)]
    found = [_ends(word, following) for word, following in pairwise(words)]
    breaks = any(ends for ends, _ in found)
    return breaks, not breaks and any(doubtful for _, doubtful in found)


def _ends(token: str, following: str) -> tuple[bool, bool]:
    """Say whether a word ends its sentence before the following one; or else, whether it may."""
    if token in {".", "?", "!"}:
        return True, False
    if not token.endswith("."):
        return False, False
    stem = token[:-1].lower()
    short = stem in ABBREVIATIONS or stem.rpartition("-")[2] in ABBREVIATIONS
    initial = bool(INITIAL.match(token))
    if initial:
        return _ends_behind_initial(short, following)
    if short or DOTS.match(token):
        return _starts(following, before_name=stem in NAMES_FOLLOW)
    if token.endswith(".."):
        return False, False
    if NUMERAL.match(token.lower()):
        carries_on = following[0].islower() or following in ";:,.!?" or following.lower() in HEADED
        return not carries_on, False
    return True, False


def _ends_behind_initial(short: bool, following: str) -> tuple[bool, bool]:
    """`A. Name` is a person, `A. The` an item; the letters that Punkt knows as abbreviations never end."""
    if short or following[0].islower() or following in ";:,.!?":
        return False, False
    word = _bare(following)
    if word == "i":  # never written small, so it reads like a name
        return False, False
    known = not following[0].isupper() or word in STARTERS or word in TITLE_WORDS
    return known, not known


def _starts(following: str, *, before_name: bool) -> tuple[bool, bool]:
    """Say whether a word starts a sentence behind an abbreviation or an ellipsis."""
    word = _bare(following)
    starts = following[0].isupper() and word in STARTERS
    doubtful = following[0].isupper() and not starts and word not in TITLE_WORDS
    return starts, doubtful and not before_name


def _bare(word: str) -> str:
    return word.lower().removesuffix(".")


def _realigned(text: str, spans: list[tuple[int, int]]) -> list[str]:
    """Return the texts of spans, with closing quotes and brackets back at the sentence they close."""
    found: list[str] = []
    moved = 0
    for position, (start, end) in enumerate(spans):
        begin = start + moved
        moved = 0
        if position + 1 < len(spans):
            follows = spans[position + 1]
            around = AROUND.match(text[follows[0] : follows[1]])
            if around:
                moved = around.end()
                found.append(text[begin : follows[0] + len(around[0].rstrip())])
                continue
        if text[begin:end]:
            found.append(text[begin:end])
    return found
