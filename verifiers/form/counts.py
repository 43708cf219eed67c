"""
How much a text holds: words, sentences, characters, lines, paragraphs.

People count differently: is "well-known" one word or two, does "e.g." end a sentence, is a zero-width
space a character? So a count is a `Span` from the fewest to the most that a reasonable reader would say,
and only a bound outside of it is beyond dispute. Invisible characters and padding never add to the
fewest, and never take from the most; that is what makes a count robust against them.

Every count takes time linear in the text.
"""

import re
from collections.abc import Callable, Mapping
from typing import Literal, NamedTuple
from unicodedata import category, normalize

from router.expression import expression

Unit = Literal["words", "sentences", "characters", "lines", "paragraphs"]


class Span(NamedTuple):
    """The fewest and the most that a reasonable reader would count."""

    fewest: int
    most: int


UNSPACED = (
    "\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\U00020000-\U0002ffff"
)
"""Scripts that put no space between words: Thai to Khmer, kana, Han; each character may be a word."""
RUN = expression(rf"[{UNSPACED}]|[^\W_{UNSPACED}]+")
LONGEST_WORD = 40
"""Characters; a longer run of letters may be words written together, and counts as several at the most."""

MARKS = ".!?…\u3002\uff01\uff1f"
"""What ends a sentence, the last three in Chinese and Japanese."""
TERMINATOR = expression(rf"[{MARKS}](?![{MARKS}])[)\]\"'”’»*_`]{{0,8}}+(?=(\s|$)|[{UNSPACED}])")
ABBREVIATION = expression(
    r"(?:^|[\s(])(?:Mr|Mrs|Ms|Dr|Prof|St|Jr|Sr|vs|etc|cf|approx|Inc|Ltd|Co|Fig|No|e\.g|i\.e|a\.m|p\.m|U\.S|[A-Z])$"
    r"|(?:^|\n)\s*\d{1,3}$"
)
"""What stands before a full stop that need not end a sentence; the number of a list's item as well."""
LOOK_BACK = 8
"""Characters before a full stop in which an abbreviation is looked for."""

FENCE = expression(r"^ {0,3}(`{3,}|~{3,})(.*)$", re.MULTILINE)


def visible(text: str) -> str:
    """Return a text without characters that nobody sees: zero-width ones, controls, lone surrogates."""
    if text.isascii() and text.isprintable():
        return text
    return "".join(
        char for char in text if char.isspace() or (category(char) not in UNSEEN and char not in BLANK)
    )


UNSEEN = frozenset({"Cf", "Cc", "Cs", "Co", "Cn"})
BLANK = frozenset("\u115f\u1160\u2800\u3164\uffa0\u034f")
"""Letters and symbols to Unicode, nothing to the eye: fillers, the empty Braille cell, the joiner."""


def words(text: str) -> Span:
    """Count the words: what stands between white space, or else every run of letters and digits."""
    fewest = sum(1 for chunk in visible(text).split() if RUN.search(chunk))
    most = sum(-(-(run.end() - run.start()) // LONGEST_WORD) for run in RUN.finditer(text))
    return Span(min(fewest, most), max(fewest, most))


def sentences(text: str) -> Span:
    """Count the sentences: full stops that surely end one, or else every full stop and every line."""
    seen = visible(text)
    ends = list(TERMINATOR.finditer(seen))
    surely = sum(
        1 for end in ends if not ABBREVIATION.search(seen, max(0, end.start() - LOOK_BACK), end.start())
    )
    lines = [line for line in map(str.strip, seen.split("\n")) if RUN.search(line)]
    open_ended = sum(1 for line in lines if line.rstrip("*_`\"'”’»)]")[-1:] not in MARKS)
    return Span(max(surely, 1) if lines else 0, len(ends) + open_ended)


def characters(text: str) -> Span:
    """Count the characters: those that are seen, a run of white space as one, or else all of them."""
    text = text.strip()
    fewest = len(normalize("NFC", " ".join(visible(text).split())))
    return Span(min(fewest, len(text)), max(fewest, len(text)))


def lines(text: str) -> Span:
    """Count the lines: those with something on them, or else all."""
    rows = text.strip().split("\n")
    seen = sum(1 for row in rows if visible(row).strip())
    return Span(seen, len(rows) if seen else 0)


def paragraphs(text: str) -> Span:
    """Count the blocks between blank lines; a fenced block is one at the fewest."""
    return Span(_blocks(outside_fences(text, "\ufffc")), _blocks(text))


def _blocks(text: str) -> int:
    found, within = 0, False
    for row in text.split("\n"):
        seen = bool(visible(row).strip())
        found += seen and not within
        within = seen
    return found


COUNTS: Mapping[Unit, Callable[[str], Span]] = {
    "words": words,
    "sentences": sentences,
    "characters": characters,
    "lines": lines,
    "paragraphs": paragraphs,
}


def fences(text: str) -> list[tuple[int, int]]:
    """Return where each closed code fence starts and ends; one that never closes is no fence."""
    found: list[tuple[int, int]] = []
    opened = None
    for fence in FENCE.finditer(text):
        if opened is None:
            opened = fence if opens(fence) else None
        elif closes(opened, fence):
            found.append((opened.start(), fence.end()))
            opened = None
    return found


def outside_fences(text: str, instead: str = "") -> str:
    """Return a text with something else instead of each closed code fence."""
    edges = [0, *(edge for span in fences(text) for edge in span), len(text)]
    return instead.join(text[edges[i] : edges[i + 1]] for i in range(0, len(edges), 2))


def opens(fence: re.Match[str]) -> bool:
    """Say whether a line of marks may open a fence: what follows backticks holds none."""
    return fence[1][0] == "~" or "`" not in fence[2]


def closes(opened: re.Match[str], fence: re.Match[str]) -> bool:
    """Say whether a fence closes the one that is open: the same mark, as long, and nothing behind it."""
    return fence[1][0] == opened[1][0] and len(fence[1]) >= len(opened[1]) and not fence[2].strip()
