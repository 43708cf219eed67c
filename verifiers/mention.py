"""Whether the end of a response mentions the reference answer: if not, another was meant, whatever it was."""

import re
from collections.abc import Iterator, Sequence

from router.expression import expression
from verifiers.number import Number
from verifiers.quantity import Quantity, elsewhere, mentioned, quantity

NEAR_END = 400
"""Characters at the end of a response: if the reference answer is not among them, another was meant."""
NUMBER_WORDS = expression(
    r"\b(?:zero|none|once|twice|half|third|quarter|one|two|three|four|five|six|seven|eight|nine|ten|eleven"
    r"|twelve|\w+teen|twenty|thirty|forty|fifty|sixty|seventy|eighty|ninety|hundred|thousand|million|dozen)\b",
    re.IGNORECASE,
)
ASIDE = expression(r"\s[(\[]|[:;]\s|,\s(?=[A-Za-z]{2})|\s[-\u2013\u2014]\s(?=[A-Za-z])|\.\s")
"""Where an answer ends and an aside begins, or a label ends and the answer begins."""
NOTHING = expression(r"\b(?:none|no|nothing|nobody)\b", re.IGNORECASE)
ABBREVIATED = expression(r"(?:[$€£]\s?\d[\d.,]*|\d\.\d+)\s?[kKMB]\b")
WORD = expression(r"(?<![\\A-Za-z])(?!(?:and|or)\b)[A-Za-z]{2,}")
SHARE = expression(r"(?<=\d)\s(?:in|out of)\s(?=\d)")
TYPESET = expression(r"\\(?:left|right|[,;!()\[\] ])|\\(?:text|mathrm|mbox|textbf)(?![a-z])|[\s${}]")
"""What says how something looks, and nothing of what it is."""
NUMBERS = Number()


def mentions(text: str, reference: str) -> bool:
    """Say whether the end of a text mentions the reference answer, as a number or as it is written."""
    end = text[-NEAR_END:]
    if ABBREVIATED.search(end) or _compact(reference) in _compact(end):
        return True
    if number := quantity(reference):
        return NUMBER_WORDS.search(end) is not None or NUMBERS.mentions(end, number)
    return "," in reference and set(mentioned(reference)) <= set(mentioned(end))


def may_be_meant(answer: str, reference: str) -> bool:
    """
    Say whether a reader may take an answer that reads as another one for the reference answer.

    It is so with an aside ("42 (6 x 7)", "42, not 13", "Yes, both are"), among words ("I get 42"), in words
    that are not read ("a dozen"), and where `0,5`, `1.5M` and `42!` are meant as some people write.
    """
    wanted = quantity(reference)
    parts = ASIDE.split(answer)
    if wanted is None:
        return len(parts) > 1 and any(_compact(part) == _compact(reference) for part in parts)
    if any(_agree(one, wanted) for one in _readings(answer, parts)):
        return True
    if NUMBER_WORDS.search(answer) or ABBREVIATED.search(answer):
        return True
    if not wanted.value and NOTHING.search(answer):
        return True
    worded = not wanted.unit and WORD.search(answer) is not None
    return worded and NUMBERS.mentions(SHARE.sub("/", answer), wanted)


def _readings(answer: str, parts: Sequence[str]) -> Iterator[Quantity | None]:
    yield from map(quantity, (*parts, answer.removesuffix("!")))
    yield elsewhere(answer)


def _agree(found: Quantity | None, wanted: Quantity) -> bool:
    return (
        found is not None
        and found.value == wanted.value
        and (found.unit == wanted.unit or not (found.unit and wanted.unit))
    )


def _compact(text: str) -> str:
    return TYPESET.sub("", text).casefold()
