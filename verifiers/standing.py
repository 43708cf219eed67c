"""Whether an answer stands: or is denied before it, taken back behind it, cut off before it was reached."""

import re

DENIED = re.compile(r"(?:\b(?:not|never|neither)|n['’]t)\b[^.!?\n]{0,20}$", re.IGNORECASE)
TAKEN_BACK = re.compile(
    r"\b(?:wait|scratch that|on second thought|is (?:wrong|incorrect|false|not)|otherwise|unless|no, )"
    r"|\b(?:actually|rather|instead),? (?:it|the)\b",
    re.IGNORECASE,
)
DENIES = re.compile(r"\b(?:not|never|neither)\b|n['’]t\b", re.IGNORECASE)
NEAR, FAR = 40, 400
SHORTEST = 3
"""Characters behind an answer in which nothing can be taken back."""


def denies(text: str) -> bool:
    """Say whether a short text holds a denial."""
    return DENIES.search(text) is not None


def taken_back(text: str, answer: str) -> bool:
    """Say whether a text denies an answer right before it, or takes it back after its last mention."""
    start = text.rfind(answer)
    before, after = text[max(0, start - NEAR) : start], text[start + len(answer) : start + len(answer) + FAR]
    if len(after) > SHORTEST and TAKEN_BACK.search(after):
        return True
    if not denies(before):
        return False
    before = before.rstrip(" $*_{([<>\\").removesuffix("\\boxed").removesuffix("<answer").rstrip(" $*_\\(")
    return DENIED.search(before) is not None


LONG = 400
"""Characters; a shorter text may lack its full stop for other reasons than a limit of tokens."""
WHOLE_ENDS = re.compile(r"""[.!?:)\]}$*_"'`>|\d]\s*$""")


def cut_off(text: str) -> bool:
    """Say whether a long text ends in the middle of a sentence, as at a limit of tokens."""
    return len(text) >= LONG and WHOLE_ENDS.search(text[-8:]) is None
