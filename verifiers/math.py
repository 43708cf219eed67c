r"""
Compare the mathematical answer that a response commits to with the reference answer.

Covered: numbers in every usual dress, fractions, percents, mixed and repeating decimals, number words,
powers, roots; expressions up to equality, equations up to rearranging, derivatives as letters of their
own, inequalities and the intervals they leave, sets, lists, points, vectors, matrices and their sums and
products, complex numbers, bases, ratios, times of day, degrees against radians, units and their
conversion, answers in words; several boxes as a list of answers.
Not covered: proofs, geometry in words, integrals and limits that are left to be computed.

Plain numbers are compared in exact arithmetic, here and in microseconds; what is written alike is
equal; only the rest goes to a worker process that parses LaTeX and compares values at fixed points, in
sixty digits. What may be no mistake (a unit left out, rounding, `c` for an arbitrary `C`, a number
without its base) scores 1 at a confidence that does not settle.
It abstains where nothing readable is committed to, several answers are of which some are right, the
closing sentence speaks of something else than is asked for, the worker cannot read one of the two, or a
limit strikes.

    "So \\boxed{\\frac{3}{4}}." against "0.75" -> score 1, confidence .99
    "\\boxed{x = 5}" against "5" -> score 1, confidence .99
    "\\boxed{\\dfrac{\\sqrt{2}}{2}}" against "\\frac{1}{\\sqrt{2}}" -> score 1, confidence .97
    "\\boxed{(x+1)^2}" against "x^2+2x+1" -> score 1, confidence .97
    "\\boxed{x < 3}" against "(-\\infty, 3)" -> score 1, confidence .97
    "\\boxed{2, 1}" against "\\{1, 2\\}" -> score 1, confidence .97
    "\\boxed{120^\\circ}" against "\\frac{2\\pi}{3}" -> score 1, confidence .97
    "\\boxed{5 m}" against "500 cm" -> score 1, confidence .97
    "\\boxed{5 cm}" against "5 m" -> score 0, confidence .96
    "\\boxed{m\\dot{v} + bv = f}" against "\\frac{dv}{dt} = \\frac{f - bv}{m}" -> score 1, confidence .97
    "\\boxed{1.69 \\text{ Å}}" against "1.69" -> score 1, confidence .9
    "\\boxed{85.71}" against "\\frac{600}{7}" -> score 1, confidence .6
    "\\boxed{C e^{2x}}" against "c e^{2x}" -> score 1, confidence .85
    "\\boxed{50\\%}" against "\\frac{1}{2}" -> score 1, confidence .97
    "\\boxed{50\\%}" against "\\frac{1}{2}" with {"percent": "sign"} -> score 0, confidence .96
    "\\boxed{50}" against "50\\%" -> score 1, confidence .85
    "\\boxed{50}" against "50\\%" with {"percent": "either"} -> score 1, confidence .97
    "\\boxed{(2,5)}" against "[2,5)" -> score 0, confidence .96
    "\\boxed{x+2}" against "x+1" -> score 0, confidence .96
    "A: 17" against "18" -> score 0, confidence .99
    "\\boxed{1} and \\boxed{2}" against "1, 2" -> score 1, confidence .95
    "Thus, the area of the disc is $4\\pi$." against "4\\pi" -> score 1, confidence .96
    "The answer is 42, not 13." against "42" -> score 0, confidence .8
    "So Natalia sold 72 clips in April." against "72" -> score 1, confidence .97
    "The probability is 1 in 4." against "\\frac{1}{4}" -> score 1, confidence .96
    "I get 42." against "42" -> score 0, confidence .8
    "Each shelf has 42 books." against "42" -> abstains
    "\\boxed{6} or \\boxed{7}" against "7" -> abstains
    "<think>so 42</think>" against "42" -> score 0, confidence .99
    "\\boxed{9^{9^{9^{9}}}}" against "5" -> abstains
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import inf
from typing import ClassVar, Literal

from router.types import Abstain, Finding, Sample, Verdict
from verifiers.base import OUT_OF_TIME, Verifier
from verifiers.extract import Strategy
from verifiers.number import OPEN, Number

CONFIDENCE = {
    "equal as written": 0.99,
    "equal": 0.97,
    "equal in value, one as a percentage": 0.97,
    "equal but for a unit that one side leaves out": 0.9,
    "equal but for rounding": 0.6,
    "equal but for how it is read": 0.85,
    "equal but for a percent sign": 0.85,
    "equal, a percent sign aside": 0.97,
    "a percent sign on one side only": 0.96,
    "equal, as the closing sentence says": 0.96,
    "equal, as one list in several boxes": 0.95,
    "equal, as several declarations together": 0.5,
    "equal, as the last of several declarations": 0.8,
    "equal, if its comma is a decimal point": 0.9,
    "different": 0.96,
    "different, as the closing sentence says": 0.96,
    "different, but only guessed to be the answer": 0.9,
    "different, and the reference answer is not mentioned": 0.96,
    "different, but the reference answer is mentioned as well": 0.8,
    "different, as the last of several declarations": 0.8,
    "different in kind": 0.96,
    "different in words": 0.6,
    "words where none are asked for": 0.95,
    "several answers, none of them equal": 0.96,
    "cut off before an answer was declared": 0.96,
    "the question repeated": 0.97,
    "a question, and no answer": 0.96,
    "empty boxes, and no answer": 0.97,
    "no answer, and the reference answer is not mentioned": 0.9,
    "no answer outside the reasoning": 0.99,
}
"""How often each situation's score is right; `benchmarks.accuracy --situations` prints what was measured."""

SURE = 0.97
"""From here on a comparison of plain numbers is the last word."""
PLAIN = Number()

Percent = Literal["value", "sign", "either"]
PERCENT: Mapping[tuple[Percent, str], tuple[float, str]] = {
    ("sign", "equal in value, one as a percentage"): (0, "a percent sign on one side only"),
    ("sign", "equal but for a percent sign"): (0, "a percent sign on one side only"),
    ("either", "equal but for a percent sign"): (1, "equal, a percent sign aside"),
}
"""What the option makes of two situations."""


@dataclass(frozen=True, slots=True)
class Math(Verifier):
    """The response's mathematical answer against the reference answer."""

    name: ClassVar[str] = "math"
    cost: ClassVar[int] = 200

    extract: Sequence[Strategy] = (
        "boxed", "tag", "hashes", "phrase", "closing", "whole", "last_formula", "last_line",
    )  # fmt: skip
    """Where to look for the answer; see `verifiers/extract.py`."""

    percent: Percent = "value"
    """`value`: 50% is 0.5, a bare 50 stays open; `sign`: both have the sign or none; `either`: both pass."""

    def verify(self, sample: Sample) -> Finding:
        """Return 1 for an equal answer, 0 for another; see the module's manual."""
        return self.verify_by(sample, inf)

    def verify_by(self, sample: Sample, ends: float) -> Finding:
        """Do the same by `ends`: the worker process is waited for no longer, however late it starts."""
        finding = self._verify(sample, ends)
        if isinstance(finding, Verdict) and (ruled := PERCENT.get((self.percent, finding.reason))):
            return _verdict(*ruled)
        return finding

    def _verify(self, sample: Sample, ends: float) -> Finding:
        plainly = PLAIN.verify(sample)
        if plainly in OPEN or (isinstance(plainly, Verdict) and plainly.confidence >= SURE):
            return plainly
        from verifiers.commitment import committed  # noqa: PLC0415 - only what is no plain number loads it
        from verifiers.symbolic.client import WorkerLate  # noqa: PLC0415 - as well

        try:
            found = committed(sample, self.extract, plainly, ends)
        except WorkerLate:
            return OUT_OF_TIME
        return found if isinstance(found, Verdict | Abstain) else _verdict(*found)


def _verdict(score: float, situation: str) -> Verdict:
    return Verdict(score, CONFIDENCE[situation], situation)
