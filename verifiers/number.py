r"""
Compare the one number that a response commits to with a numeric reference answer.

Covered: integers, decimals, exponents, fractions, thousands separators of any country, currency signs,
percent, a unit behind the number, words that lead to it. The arithmetic is exact; `relative_tolerance`
allows for rounding.
Not covered: expressions, intervals, several values, conversion of units (see `math`).

It abstains where the reference answer is no plain number, nothing readable was committed to, several
answers were and one is right, only one side is a percentage, both name units that differ, the closing
sentence speaks of something else than is asked for, or a comma, a dash or a unit of time may be meant
otherwise.

    "So she has 12 + 6 = 18 eggs.\n#### 18" against "18" -> score 1, confidence .99
    "The answer is $1,080." against 1080 -> score 1, confidence .99
    "\\boxed{\\frac{3}{4}}" against {"answer": "0.75"} -> score 1, confidence .99
    "A: 17" against "18" -> score 0, confidence .99
    "The answer is 18 eggs." against "18" -> score 1, confidence .9
    "The answer is 3.14" against "3.14159" -> score 0, confidence .6
    "The answer is 3.14" against "3.14159" with {"relative_tolerance": 0.01} -> score 1, confidence .99
    "So she has 12 + 6 = 18 eggs left over." against "18" -> score 1, confidence .97
    "Yes, 12 000." against "12000" -> score 1, confidence .99
    "12.000" against "12000" -> abstains
    "Each shelf has 42 books." against "42" -> abstains
    "Method A gives 41. Method B gives 42." against "42" -> abstains
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
from typing import ClassVar

from router.expression import expression
from router.response import aloud, hides
from router.types import Abstain, Finding, Sample, Verdict
from verifiers.apart import in_another_time, in_another_unit, rounded, within
from verifiers.base import Verifier, written
from verifiers.closing import plain_end
from verifiers.extract import DECLARED, Answer, Strategy, answers
from verifiers.quantity import Quantity, Rational, elsewhere, in_other_money, mentioned, quantity
from verifiers.standing import taken_back
from verifiers.wording.asked import ANOTHER, last_words, speaks_of_another

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

MEANT_OTHERWISE = Abstain("equal, if its points, commas, dash or unit of time are meant otherwise")
OTHER_NAME = Abstain("answer and reference answer say what different letters are")
OTHER_MONEY = Abstain("answer and reference answer name different currencies")
OPEN = frozenset({MEANT_OTHERWISE, OTHER_NAME, OTHER_MONEY})
"""What a plain number leaves open, and no formula decides."""

HOW = {"closing": ", as the closing sentence says"}
ITEM = expression(r"[-\u2013]\s")
"""What may be a minus, or head an item of a list."""


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
        if found.name and reference.name and found.name.casefold() != reference.name.casefold():
            return OTHER_NAME
        if in_other_money(answer.text, written(sample.reference) or ""):
            return OTHER_MONEY
        how = HOW.get(answer.strategy, "" if answer.committed else ", but only guessed to be the answer")
        if not self._equal(found.value, reference.value):
            if how and self.mentions(last_words(text, answer.text, sample), reference):
                return _verdict(0, "different, but the reference answer is mentioned as well", answer)
            if in_another_unit(found, reference):
                return Abstain("a unit that one side leaves out may make up for the difference")
            if self._written_otherwise(answer.text, found, reference):
                return MEANT_OTHERWISE
            if rounded(found.value, reference.value):
                return _verdict(0, "different, but close", answer)
            return _verdict(0, f"different{how}", answer)
        if found.unit != reference.unit and not how:
            named = found.unit and _names(sample, found.unit.split()[0])
            unit = "in a unit that the question names" if named else "and the answer adds or lacks a unit"
            return _verdict(1, f"equal, {unit}", answer)
        if not answer.committed:
            return Abstain("equal to what is only guessed to be the answer")
        if answer.strategy == "closing" and speaks_of_another(plain_end(text), answer.text, sample):
            return ANOTHER
        return _verdict(1, f"equal{how}", answer)

    def mentions(self, text: str, reference: Quantity) -> bool:
        """Say whether a text mentions the reference answer, whatever its sign."""
        wanted: Rational = max(reference.value, -reference.value)
        return any(self._equal(value, wanted) for value in mentioned(text))

    def _written_otherwise(self, answer: str, found: Quantity, reference: Quantity) -> bool:
        """Say whether `12.000` may be twelve thousand, the dash of `- 42` head an item, 90 minutes be 1.5."""
        item = -found.value if ITEM.match(answer) else None
        swapped = elsewhere(answer)
        readings = (item, swapped.value if swapped else None)
        return in_another_time(found, reference) or any(
            value is not None and self._equal(value, reference.value) for value in readings
        )

    def _equal(self, found: Rational, reference: Rational) -> bool:
        return found == reference or within(found, reference, self.relative_tolerance)


def _may_count(answer: Answer) -> bool:
    """Leave out phrases without a digit: prose goes on behind "the answer is" that declares nothing."""
    return answer.strategy != "phrase" or DIGIT.search(answer.text) is not None


def _names(sample: Sample, word: str) -> bool:
    """Say whether the question says this word."""
    return any(re.search(rf"\b{word}\b", message.text.lower()) for message in sample.prompt)


def _reference(reference: object) -> Quantity | None:
    text = written(reference)
    return None if text is None else quantity(text.strip())


def _verdict(score: float, situation: str, answer: Answer | None = None) -> Verdict:
    where = f" ({answer.strategy}: {answer.text})" if answer else ""
    return Verdict(score, CONFIDENCE[situation], situation + where)
