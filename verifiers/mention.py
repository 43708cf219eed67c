"""Whether the end of a response mentions the reference answer: if not, another was meant, whatever it was."""

import re

from router.expression import expression
from verifiers.number import Number
from verifiers.quantity import mentioned, quantity

NEAR_END = 400
"""Characters at the end of a response: if the reference answer is not among them, another was meant."""
NUMBER_WORDS = expression(
    r"\b(?:zero|none|once|twice|half|third|quarter|one|two|three|four|five|six|seven|eight|nine|ten|eleven"
    r"|twelve|\w+teen|twenty|thirty|forty|fifty|sixty|seventy|eighty|ninety|hundred|thousand|million|dozen)\b",
    re.IGNORECASE,
)
ASIDE = expression(r"\s[(\[]|[:;]\s|,\s(?=[A-Za-z]{2})|\s[-\u2013\u2014]\s(?=[A-Za-z])|\.\s")
"""Where an answer ends and an aside begins, or a label ends and the answer begins."""
NUMBERS = Number()


def mentions(text: str, reference: str) -> bool:
    """Say whether the end of a text mentions the reference answer, as a number or as it is written."""
    end = text[-NEAR_END:]
    if NUMBER_WORDS.search(end) or _compact(reference) in _compact(end):
        return True
    if number := quantity(reference):
        return NUMBERS.mentions(end, number)
    return "," in reference and set(mentioned(reference)) <= set(mentioned(end))


def with_an_aside(answer: str, reference: str) -> bool:
    """Say whether an answer is the reference number but for an aside: "42 (6 x 7)", "42, not 13"."""
    wanted = quantity(reference)
    parts = [quantity(part) for part in ASIDE.split(answer)]
    return wanted is not None and any(part is not None and part.value == wanted.value for part in parts)


def _compact(text: str) -> str:
    return re.sub(r"\\(?:left|right|[,;!()\[\] ])|[\s$]", "", text)
