"""Whether the end of a response mentions the reference answer: if not, another was meant, whatever it was."""

import re

from verifiers.number import Number
from verifiers.quantity import mentioned, quantity

NEAR_END = 400
"""Characters at the end of a response: if the reference answer is not among them, another was meant."""
NUMBER_WORDS = re.compile(
    r"\b(?:zero|none|once|twice|half|third|quarter|one|two|three|four|five|six|seven|eight|nine|ten|eleven"
    r"|twelve|\w+teen|twenty|thirty|forty|fifty|sixty|seventy|eighty|ninety|hundred|thousand|million|dozen)\b",
    re.IGNORECASE,
)
NUMBERS = Number()


def mentions(text: str, reference: str) -> bool:
    """Say whether the end of a text mentions the reference answer, as a number or as it is written."""
    end = text[-NEAR_END:]
    if NUMBER_WORDS.search(end) or _compact(reference) in _compact(end):
        return True
    if number := quantity(reference):
        return NUMBERS.mentions(end, number)
    return "," in reference and set(mentioned(reference)) <= set(mentioned(end))


def _compact(text: str) -> str:
    return re.sub(r"\\(?:left|right|[,;!()\[\] ])|[\s$]", "", text)
