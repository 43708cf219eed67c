r"""
Compare the one number that a response commits to with a numeric reference answer.

Covered: integers, decimals, exponents, fractions, thousands separators, currency signs, percent,
a unit behind the number. The arithmetic is exact; `relative_tolerance` allows for rounding.
Not covered: expressions, intervals, several values, conversion of units (see `math`).

It abstains where the reference answer is no plain number, nothing readable was committed to, several
answers were and one is right, only one side is a percentage, or both name units that differ.

    "So she has 12 + 6 = 18 eggs.\n#### 18" against "18" -> score 1, confidence .99
    "The answer is $1,080." against 1080 -> score 1, confidence .99
    "\\boxed{\\frac{3}{4}}" against {"answer": "0.75"} -> score 1, confidence .99
    "A: 17" against "18" -> score 0, confidence .99
    "The answer is 18 eggs." against "18" -> score 1, confidence .9
    "The answer is 3.14" against "3.14159" -> score 0, confidence .6
    "The answer is 3.14" against "3.14159" with {"relative_tolerance": 0.01} -> score 1, confidence .99
    "So she has 12 + 6 = 18 eggs left over." against "18" -> score 1, confidence .97
    "So she has 12 or 18 eggs." against "18" -> abstains
    "<think>so 42</think>" against "42" -> score 0, confidence .99
    "\\boxed{6} or \\boxed{7}" against "7" -> abstains
    "\\boxed{6} or \\boxed{8}" against "7" -> score 0, confidence .97
    "The answer is not 42." against "42" -> abstains
    "\\boxed{50\\%}" against "50" -> abstains
    "\\boxed{5 cm}" against "5 m" -> abstains
    "\\boxed{5}" against "$x^2$" -> abstains
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from typing import ClassVar

from router.expression import expression
from router.response import aloud, hides
from router.types import Abstain, Finding, Sample, Verdict
from verifiers.base import Verifier, written
from verifiers.closing import last_words
from verifiers.extract import DECLARED, Answer, Strategy, answers
from verifiers.quantity import Quantity, Rational, mentioned, quantity
from verifiers.standing import taken_back

DIGIT = expression(r"\d")

CONFIDENCE = {
    "equal": 0.99,
    "equal, in a unit that the question names": 0.97,
    "equal, and the answer adds or lacks a unit": 0.9,
    "equal, as the closing sentence says": 0.97,
    "different": 0.99,
    "different, as the closing sentence says": 0.97,
    "different, but the reference answer is mentioned as well": 0.6,
    "different, but only guessed to be the answer": 0.9,
    "different, but close": 0.6,
    "several answers, all of them different": 0.97,
    "no answer outside the reasoning": 0.99,
}
"""How often each situation's score is right; `benchmarks.accuracy --situations` prints what was measured."""


HOW = {"closing": ", as the closing sentence says"}
SHIFTS = (-9, -6, -3, -2, -1, 1, 2, 3, 6, 9)
"""Powers of ten that lie between two units of one kind."""


@dataclass(frozen=True, slots=True)
class Number(Verifier):
    """The response's one number against a numeric reference answer."""

    name: ClassVar[str] = "number"
    cost: ClassVar[int] = 10

    relative_tolerance: float = field(default=1e-9, metadata={"ge": 0, "le": 1})
    """Largest difference that still counts as equal, relative to the reference answer."""
    extract: Sequence[Strategy] = (
        "boxed", "tag", "hashes", "phrase", "closing", "whole", "last_line", "last_number",
    )  # fmt: skip
    """Where to look for the answer; see `verifiers/extract.py`."""

    def verify(self, sample: Sample) -> Finding:
        """Return 1 for an equal number, 0 for another; see the module's manual."""
        reference = _reference(sample.reference)
        if reference is None:
            return Abstain("the reference answer is no plain number")
        text = aloud(sample.response)
        if not text:
            return _verdict(0, "no answer outside the reasoning")
        if hides(text):
            return Abstain("a part of the response is hidden")
        found = [answer for answer in answers(text, self.extract) if _may_count(answer)]
        readable = [(answer, value) for answer in found if (value := quantity(answer.text))]
        if not found or not readable or (found[0].strategy in DECLARED and len(readable) < len(found)):
            return Abstain("no answer that reads as one number")
        if any(taken_back(text, answer.text) for answer, _ in readable):
            return Abstain("the answer is denied or taken back")
        if len(readable) == 1 or found[0].strategy not in DECLARED:
            return self._compare(*readable[0], reference, sample, text)
        values = {(value.value, value.percent) for _, value in readable}
        if len(values) == 1:
            return self._compare(*readable[0], reference, sample, text)
        if any(self._equal(value, reference.value) for value, _ in values):
            return Abstain("several answers, one of them equal: none is committed to")
        return _verdict(0, "several answers, all of them different")

    def _compare(
        self, answer: Answer, found: Quantity, reference: Quantity, sample: Sample, text: str
    ) -> Finding:
        if found.percent != reference.percent:
            return Abstain("one of answer and reference answer is a percentage, the other is not")
        if found.unit and reference.unit and found.unit != reference.unit:
            return Abstain("answer and reference answer name different units")
        how = HOW.get(answer.strategy, "" if answer.committed else ", but only guessed to be the answer")
        if not self._equal(found.value, reference.value):
            if how and self.mentions(last_words(text), reference):
                return _verdict(0, "different, but the reference answer is mentioned as well", answer)
            if found.unit != reference.unit and _shifted(found.value, reference.value):
                return Abstain("a unit that one side leaves out may make up for the difference")
            if _close(found.value, reference.value):
                return _verdict(0, "different, but close", answer)
            return _verdict(0, f"different{how}", answer)
        if found.unit != reference.unit and not how:
            named = found.unit and _names(sample, found.unit.split()[0])
            unit = "in a unit that the question names" if named else "and the answer adds or lacks a unit"
            return _verdict(1, f"equal, {unit}", answer)
        if not answer.committed:
            return Abstain("equal to what is only guessed to be the answer")
        return _verdict(1, f"equal{how}", answer)

    def mentions(self, text: str, reference: Quantity) -> bool:
        """Say whether a text mentions the reference answer, whatever its sign."""
        wanted: Rational = max(reference.value, -reference.value)
        return any(self._equal(value, wanted) for value in mentioned(text))

    def _equal(self, found: Rational, reference: Rational) -> bool:
        return found == reference or _within(found, reference, self.relative_tolerance)


def _may_count(answer: Answer) -> bool:
    """Leave out phrases without a digit: prose goes on behind "the answer is" that declares nothing."""
    return answer.strategy != "phrase" or DIGIT.search(answer.text) is not None


def _names(sample: Sample, word: str) -> bool:
    """Say whether the question says this word."""
    return any(re.search(rf"\b{word}\b", message.text.lower()) for message in sample.prompt)


def _shifted(found: Rational, reference: Rational) -> bool:
    """Say whether two numbers are a power of ten apart, as the units of one kind are."""
    return found * reference > 0 and any(found == reference * Fraction(10) ** shift for shift in SHIFTS)


def _close(found: Rational, reference: Rational) -> bool:
    """Say whether rounding may be what sets two numbers apart; it never is between whole numbers."""
    whole = isinstance(found, int) and isinstance(reference, int)
    return not whole and _within(found, reference, 0.05)


def _within(found: Rational, reference: Rational, tolerance: float) -> bool:
    allowed = tolerance * (reference if reference > 0 else -reference)
    return -allowed <= found - reference <= allowed


def _reference(reference: object) -> Quantity | None:
    text = written(reference)
    return None if text is None else quantity(text.strip())


def _verdict(score: float, situation: str, answer: Answer | None = None) -> Verdict:
    where = f" ({answer.strategy}: {answer.text})" if answer else ""
    return Verdict(score, CONFIDENCE[situation], situation + where)
