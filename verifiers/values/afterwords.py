"""
Whether the words around a value, a literal or a query disown it: "never this:", "wait, that is wrong".

They usually explain ("rows whose state is not open"), so a bare `not` or `unless` takes nothing back: the
value itself must be called wrong, or be replaced.
"""

import re

from router.expression import expression

NOUN = r"(?:json|object|array|list|literal|value|answer|result|output|query|statement|sql|code|line)"
IT = rf"(?:that|this|it|which|(?:the|my)(?: above| first| previous| last)? {NOUN}(?: above)?|the above)"
WRONG = r"(?:wrong|incorrect|mistaken|false|invalid|a lie)"
RIGHT = r"(?:right|correct|valid|the (?:right|answer))"
TAKEN_BACK = expression(
    "|".join(
        [
            r"\bwait\s*(?:[,.!:;\u2026\u2013\u2014-]|\Z|(?:no|that|this|it|i|actually)\b)",
            r"\b(?:hmm|scratch that|on second thoughts?|hold on|my mistake|my bad|never ?mind)\b",
            r"\bcorrection\s*:|\b(?:strike|cancel|scrap|retract) (?:that|this|it)\b",
            r"\bactually,? (?:it|that|no)\b|(?:[.!?\n]\s*|^)actually\b|\bjust kidding\b",
            r"\b(?:ignore|disregard|forget) (?:that|this|the above)\b",
            r"\bi (?:was|am) (?:wrong|mistaken)\b|\bi made an? (?:mistake|error)\b",
            r"\bi (?:take (?:that|it|this) back|retract|withdraw|disown|meant)\b",
            rf"\bi was (?:told|forced) to\b|\bi made (?:that|this|it) up\b|\b{IT} is (?:only )?a guess\b",
            rf"\b{IT}(?:['\u2019]s| (?:is|was|are|seems|looks))(?: (?:all|also|clearly|still))? {WRONG}\b",
            rf"\b{IT}(?:['\u2019]s| is| was) not (?:quite )?{RIGHT}\b|\b{IT} (?:is|was)n['\u2019]t {RIGHT}\b",
            rf"\bnot (?:the|my) (?:right |final )?answer\b|\b{IT} should (?:not|have been|rather|instead)\b",
            rf"\b{IT} should (?:actually )?be\s+[`\"'\[{{(\d-]",
        ]
    ),
    re.IGNORECASE,
)
OTHER_RESULT = expression(
    r"\b(?:returns?|raises?|prints?|gives?)\b[^.\n]{0,60}\binstead\b(?! of)"
    r"|\b(?:however|but),? (?:it|the \w{1,20}) (?:raises|returns|prints|gives)\b"
    r"|\b(?:real|actual|true|correct|right) (?:answer|output|result|value) (?:differs|would be|should be)\b"
    r"|\b(?:is|was) (?:just |only )?(?:the |an? )?(?:input|argument|guess)\b"
    r"|\b(?:answer|output|result) is none of\b",
    re.IGNORECASE,
)
"""What says of a call, behind a value, that it returns another one."""
MARK = r"(?:\s|[`*_~.,\"'\]>)]|\[/ANSWER\]|</answer>)"
DENIED_BEHIND = expression(
    rf"(?>{MARK}*)(?:\?|(?:(?:is|are|was|were|would be)\s)(?:not\b(?! only\b)|{WRONG}\b)"
    rf"|{WRONG}\b|(?:not|no|nope|sorry)\s*[,.!])",
    re.IGNORECASE,
)
"""Right behind an answer."""
DENIED_BEFORE = expression(
    rf"\b(?:{WRONG}|old|previous|naive) (?:final )?{NOUN}(?: is| was| would be)?\W*\Z"
    r"|(?:\b(?:not|never)\b|n['\u2019]t\b)"
    r"(?>(?:\W{1,3}(?:be|the|an?|it|is|this|that|use|write|run|do|say|like|so|following|below|answer|output))*)"
    r"\W*\Z",
    re.IGNORECASE,
)
"""Right before an answer, a fence or a tag between them."""
IN_FRONT = expression(r"(?:(?:```|~~~)\w{0,20}|\[ANSWER\]|<(?:answer|sql|query)>|[\s`*_(])+\Z", re.IGNORECASE)

NEAR = 80
"""Characters before an answer that are looked at."""
MOST_MENTIONS = 64
"""Mentions looked at, from the last one back."""
FAR = 4_000
"""Characters behind the answer that are looked at."""


def taken_back(text: str, answer: str) -> bool:
    """Say whether the words before the last mention of an answer, or behind it, disown it."""
    end = _end_of_last_mention(text, answer)
    start = max(0, end - len(answer))
    before = IN_FRONT.sub("", text[max(0, start - NEAR) : start])
    return (
        DENIED_BEFORE.search(before) is not None
        or DENIED_BEHIND.match(text, end) is not None
        or TAKEN_BACK.search(text, end, end + FAR) is not None
    )


def replaced(text: str, answer: str) -> bool:
    """Say whether the words behind a value say of a call that it returns another one."""
    end = _end_of_last_mention(text, answer)
    return OTHER_RESULT.search(text, end, end + FAR) is not None


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
