"""
Whether what is said behind a value, a literal or a query takes it back: "wait, that is wrong".

Afterwords usually explain ("rows whose state is not open"), so a bare `not` or `unless` takes nothing back:
the value itself must be called wrong, or be replaced.
"""

import re

from router.expression import expression

NOUN = r"(?:json|object|array|list|literal|value|answer|result|output|query|statement|sql|code)"
IT = rf"(?:that|this|it|which|(?:the|my)(?: above| first)? {NOUN}(?: above)?)"
WRONG = r"(?:wrong|incorrect|mistaken|false|invalid)"
RIGHT = r"(?:right|correct|valid|the (?:right|answer))"
TAKEN_BACK = expression(
    "|".join(
        [
            r"\bwait\s*(?:[,.!:;\u2026\u2013\u2014-]|\Z|(?:no|that|this|it|i|actually)\b)",
            r"\b(?:hmm|scratch that|on second thought|hold on|my mistake|my bad)\b|\bcorrection\s*:",
            r"\bactually,? (?:it|that|no)\b|\b(?:ignore|disregard|forget) (?:that|this|the above)\b",
            r"\bi (?:was|am) (?:wrong|mistaken)\b|\bi made an? (?:mistake|error)\b",
            rf"\b{IT}(?:['\u2019]s| (?:is|was|are|seems|looks))(?: (?:all|also|clearly|still))? {WRONG}\b",
            rf"\b{IT}(?:['\u2019]s| is| was) not (?:quite )?{RIGHT}\b|\b{IT} (?:is|was)n['\u2019]t {RIGHT}\b",
            rf"\bnot the (?:right |final )?answer\b|\b{IT} should (?:not|have been|rather|instead)\b",
            rf"\b{IT} should (?:actually )?be\s+[`\"'\[{{(\d-]",
        ]
    ),
    re.IGNORECASE,
)

MOST_MENTIONS = 64
"""Mentions looked at, from the last one back."""
FAR = 4_000
"""Characters behind the answer that are looked at."""


def taken_back(text: str, answer: str) -> bool:
    """Say whether the words behind the last mention of an answer take it back."""
    end = _end_of_last_mention(text, answer)
    return TAKEN_BACK.search(text, end, end + FAR) is not None


def _end_of_last_mention(text: str, answer: str) -> int:
    """Return where an answer ends that stands by itself: no 5 in 15."""
    end = len(text)
    for _ in range(MOST_MENTIONS):
        start = text.rfind(answer, 0, end)
        if start < 0:
            break
        end = start + len(answer)
        if not (_within_a_word(text, start) or _within_a_word(text, end)):
            return end
        end -= 1
    return 0


def _within_a_word(text: str, at: int) -> bool:
    return 0 < at < len(text) and text[at - 1 : at + 1].isalnum()
