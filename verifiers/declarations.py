"""Whether several declarations are one answer after all, and which of them came last."""

import re
from collections.abc import Sequence
from itertools import pairwise

from router.expression import expression
from verifiers.extract import Answer

Said = tuple[Answer, str]
"""An answer, and how it compares with the reference answer."""

CHOICE = expression(r"\b(?:or|either|alternatively|instead|otherwise|else|maybe|perhaps)\b", re.IGNORECASE)
CONNECTED = expression(r"(?:\\(?:text|quad|qquad|boxed|fbox)\b|\band\b|[\s,;&${}()\[\]\\])*")
SHORTEST_TURN = 40
"""Characters between two declarations; with fewer they stand side by side, and neither is the last word."""


def one_answer(text: str, answers: Sequence[Answer]) -> bool:
    """Say whether nothing but "and" and commas stands between answers: they are one list."""
    places = _places(text, answers)
    gaps = [text[one + len(answer.text) : other] for (one, answer), (other, _) in pairwise(places)]
    return all(CONNECTED.fullmatch(gap) for gap in gaps)


def last_of_several(text: str, said: Sequence[Said]) -> Said | None:
    """Return the declaration that came last; None where it stands beside another, or in a choice."""
    places = _places(text, [answer for answer, _ in said])
    (one, before), (other, last) = places[-2:]
    gap = text[one + len(before.text) : other]
    if len(gap) < SHORTEST_TURN or CHOICE.search(gap):
        return None
    return next(pair for pair in said if pair[0] is last)


def _places(text: str, answers: Sequence[Answer]) -> list[tuple[int, Answer]]:
    return sorted(((text.rfind(answer.text), answer) for answer in answers), key=lambda place: place[0])
