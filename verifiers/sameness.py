"""How an answer compares with the reference answer: as written, else as the worker process says."""

from collections.abc import Sequence

from router.expression import expression
from verifiers.extract import Answer
from verifiers.quantity import in_other_money, led_to
from verifiers.symbolic.cleaned import cleaned
from verifiers.symbolic.client import worker

SIDES_DIFFER = expression(r"(?:^|=)\s*-?[\d.,]+\s*=\s*-?[\d.,]+\s*$")
BESIDE_A_DIGIT = expression(r"(?<!\d) +| +(?!\d)")
"""Spaces that part no digits: `4 2` is not 42."""
DECIMAL_COMMA = expression(r"\$?-?\d+,\d{1,2}\$?")


def compared(answer: str, reference: str, ends: float) -> str:
    """Compare by `ends` on the monotonic clock; raise WorkerLate."""
    if in_other_money(answer, reference):
        return "unreadable: another currency"
    written = _written(answer)
    if written and written == _written(reference):
        return "equal as written"
    sameness = worker().ask(led_to(answer), reference, ends)
    if DECIMAL_COMMA.fullmatch(reference) and sameness.startswith("different"):
        points = compared(answer, reference.replace(",", "."), ends)
        return "equal, if its comma is a decimal point" if points.startswith("equal") else sameness
    return sameness


def concluding(answer: str, reference: str, ends: float) -> str:
    """Compare a conclusion: the last side of a computation, and without the word behind it."""
    if "=" not in reference and len(sides := answer.split("=")) > 1 and not SIDES_DIFFER.search(answer):
        answer = sides[-1].strip(" .")
    sameness = compared(answer, reference, ends)
    number, _, word = answer.partition(" ")
    if sameness.startswith("unreadable") and word.isalpha():
        return compared(number, reference, ends)
    return sameness


def distinct(found: Sequence[Answer]) -> list[Answer]:
    first: dict[str, Answer] = {}
    for answer in found:
        first.setdefault(_written(answer.text), answer)
    return list(first.values())


def _written(text: str) -> str:
    return BESIDE_A_DIGIT.sub("", cleaned(text))
