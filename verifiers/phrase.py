"""
From "the answer is 18", "Answer: 18" and a heading "Answer" to what they declare: the rest of their line, or
the next one.

Another declaration in the same line ends it, as does another sentence.
"""

import re
from collections.abc import Sequence

from router.expression import expression

MOST_PHRASES = 16
"""The last ones count; a response may well say "the answer is" on its way."""
LONGEST_REST = 2000
"""Characters."""

DECLARES = (
    r"\b(?:(?:answer|option|choice)\b[*_]{0,2}(?:\s{1,3}is|\s{1,3}would\s{1,3}be|\s?[:=]|\s{1,3}(?=\$|\\[(\[]))|final\s{1,3}result[*_]{0,2}\s?:)"
    r"[*_:]{0,4}(?!\w)"
)
PHRASE = expression(DECLARES, re.IGNORECASE)
HEADED = expression(r"answer[*_]{0,3}[ \t]*\n", re.IGNORECASE)
HEADING = expression(r"[ \t]*(?:#{1,6}[ \t]*(?:\*{2,3})?|\*{2,3})(?:final )?", re.IGNORECASE)
"""A line of its own that is nothing but "Answer", as a heading or in bold; what follows is declared."""
PHRASE_WORDS = ("answer", "option", "choice", "final result")
NEXT_DECLARATION = expression(
    r"\\(?:boxed|fbox|framebox)\b|<answer>"
    rf"|(?:\b(?:so|thus|therefore|hence|and|the|my|final|correct|right|best)\b[\s,]*){{0,4}}{DECLARES}",
    re.IGNORECASE,
)
"""Where a line declares once more; that declaration is found by itself."""
SENTENCE_ENDS = expression(r"(?:(?<=[\d)}\]$*])|(?<=[a-z]{4}))[.!?]\s+(?=[A-Z])|<\|")
"""Where another sentence begins, or a chat template; never behind an initial or a title."""


def phrased(text: str) -> list[str]:
    """Return what follows each "the answer is" or "Answer:", to the end of that line or of the next."""
    starts = _starts(text, PHRASE_WORDS)
    ends = [match.end() for start in starts if (match := PHRASE.match(text, start) or _heading(text, start))]
    found = [_rest_of_line(text, end) for end in ends[-MOST_PHRASES:]]
    return [rest for rest in found if rest.strip(" $*_([\\")]


def _heading(text: str, start: int) -> re.Match[str] | None:
    """Return the rest of a line that is nothing but "Answer"; None where it is none."""
    line = text.rfind("\n", 0, start) + 1
    return HEADED.match(text, start) if HEADING.fullmatch(text, line, start) else None


def _starts(text: str, words: Sequence[str]) -> list[int]:
    """Return where each word starts, in any case; much faster than a regular expression's search."""
    lower = text.lower()
    if len(lower) != len(text):
        lower = text
    starts = []
    for word in words:
        start = lower.find(word)
        while start >= 0:
            starts.append(start)
            start = lower.find(word, start + 1)
    return sorted(starts)


def _rest_of_line(text: str, start: int) -> str:
    rest = text[start : start + LONGEST_REST].lstrip()
    line, _, below = rest.partition("\n")
    if line.strip() in ("\\[", "$$", "\\("):
        line = below.partition("\n")[0]
    line = SENTENCE_ENDS.split(line, maxsplit=1)[0]
    again = NEXT_DECLARATION.search(line) if _starts(line, (*PHRASE_WORDS, "box")) else None
    return (line[: again.start()] if again else line).strip()
