"""
From "the answer is 18" and "Answer: 18" to what they declare: the rest of their line, or the next one.

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
    ends = [match.end() for start in _starts(text, PHRASE_WORDS) if (match := PHRASE.match(text, start))]
    found = [_rest_of_line(text, end) for end in ends[-MOST_PHRASES:]]
    return [rest for rest in found if rest.strip(" $*_([\\")]


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
