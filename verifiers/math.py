r"""
Compare the mathematical answer that a response commits to with the reference answer.

Covered: numbers in every usual dress, fractions, percents, mixed numbers, powers, roots; expressions
up to equality, equations, inequalities and the intervals they leave, sets, lists, points, vectors,
matrices, ratios, degrees against radians, answers in words; several boxes as a list of answers.
Not covered: proofs, geometry in words, units that need converting, base conversions.

Plain numbers are compared in exact arithmetic, here and in microseconds; what is written alike is
equal; only the rest goes to a worker process with a LaTeX parser and a computer algebra system.
It abstains where nothing readable is committed to, several answers are of which some are right, the
worker cannot read one of the two, or its time limit strikes.

    "So \\boxed{\\frac{3}{4}}." against "0.75" -> score 1, confidence .99
    "\\boxed{x = 5}" against "5" -> score 1, confidence .99
    "\\boxed{\\dfrac{\\sqrt{2}}{2}}" against "\\frac{1}{\\sqrt{2}}" -> score 1, confidence .97
    "\\boxed{(x+1)^2}" against "x^2+2x+1" -> score 1, confidence .97
    "\\boxed{x < 3}" against "(-\\infty, 3)" -> score 1, confidence .97
    "\\boxed{2, 1}" against "\\{1, 2\\}" -> score 1, confidence .97
    "\\boxed{120^\\circ}" against "\\frac{2\\pi}{3}" -> score 1, confidence .97
    "\\boxed{85.71}" against "\\frac{600}{7}" -> score 1, confidence .85
    "\\boxed{(2,5)}" against "[2,5)" -> score 0, confidence .96
    "\\boxed{x+2}" against "x+1" -> score 0, confidence .96
    "A: 17" against "18" -> score 0, confidence .99
    "\\boxed{1} and \\boxed{2}" against "1, 2" -> score 1, confidence .7
    "\\boxed{6} or \\boxed{7}" against "7" -> abstains
    "<think>so 42</think>" against "42" -> score 0, confidence .99
    "\\boxed{9^{9^{9^{9}}}}" against "5" -> abstains
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

from router.response import spoken
from router.types import Abstain, Finding, Sample, Verdict
from verifiers.base import Verifier, plain
from verifiers.extract import DECLARED, FIRM, Answer, Strategy, answers, boxed
from verifiers.number import Number
from verifiers.standing import cut_off, taken_back
from verifiers.symbolic.cleaned import cleaned
from verifiers.symbolic.client import worker

CONFIDENCE = {
    "equal as written": 0.98,
    "equal": 0.97,
    "equal, but only guessed to be the answer": 0.56,
    "equal but for rounding, or for a unit that one side leaves out": 0.85,
    "equal, as several declarations together": 0.7,
    "different": 0.96,
    "different, but only guessed to be the answer": 0.9,
    "different in kind": 0.91,
    "different in words": 0.6,
    "words where none are asked for": 0.95,
    "several answers, none of them equal": 0.96,
    "cut off before an answer was declared": 0.9,
    "no answer outside the reasoning": 0.99,
}
"""How often each situation's score is right; `benchmarks.accuracy --situations` prints what was measured."""

UNREAD = ("unreadable", "struck", "bug")
SURE = 0.97
"""From here on a comparison of plain numbers is the last word."""
MOST_ANSWERS = 4
LONGEST_REFERENCE = 4000

PLAIN = Number()


@dataclass(frozen=True, slots=True)
class Math(Verifier):
    """The response's mathematical answer against the reference answer."""

    name: ClassVar[str] = "math"
    cost: ClassVar[int] = 200

    extract: Sequence[Strategy] = ("boxed", "tag", "hashes", "phrase", "whole", "last_formula", "last_line")
    """Where to look for the answer; see `verifiers/extract.py`."""

    def verify(self, sample: Sample) -> Finding:
        """Return 1 for an equal answer, 0 for another; see the module's manual."""
        plainly = PLAIN.verify(sample)
        if isinstance(plainly, Verdict) and plainly.confidence >= SURE:
            return plainly
        reference = _reference(sample.reference)
        if reference is None:
            return Abstain("the reference answer is no text or number")
        text = spoken(sample.response)
        if not text:
            return _verdict(0, "no answer outside the reasoning")
        found = _distinct(answers(text, self.extract))
        if any(
            taken_back(text, answer.text) for answer in found if answer.text and answer.strategy in DECLARED
        ):
            return Abstain("the answer is denied or taken back")
        finding = _judged(found, reference)
        if isinstance(finding, Abstain) and cut_off(text) and not any(a.strategy in DECLARED for a in found):
            return _verdict(0, "cut off before an answer was declared")
        return finding

    def warm(self) -> None:
        """Start the worker process."""
        worker().warm()


def _judged(found: Sequence[Answer], reference: str) -> Finding:
    """Compare what was found: everything declared, or the first guess that reads."""
    if len(found) > MOST_ANSWERS:
        return Abstain("a spray of answers: none is committed to")
    said: list[tuple[Answer, str]] = []
    for answer in found:
        said.append((answer, _compared(answer.text, reference)))
        if said[-1][1].startswith("struck"):
            return Abstain(said[-1][1])
    readable = [one for one in said if not one[1].startswith(UNREAD)]
    if not readable:
        return Abstain(said[0][1] if said else "nothing that reads as an answer")
    unread = [answer for answer, sameness in said if sameness.startswith(UNREAD) and answer.strategy in FIRM]
    if unread and any(sameness.startswith(("equal", "close")) for _, sameness in readable):
        return Abstain("several answers, one of them unreadable: none is committed to")
    declared = [one for one in readable if _declares(*one)]
    if len(declared) < 2:
        return _found(*(declared or readable)[0])
    return _several(declared, reference)


def _declares(answer: Answer, sameness: str) -> bool:
    """Say whether an answer counts beside others; a phrase may go on in prose that declares nothing."""
    if answer.strategy == "phrase":
        return sameness in ("equal", "equal as written", "close", "different")
    return answer.strategy in DECLARED


def _several(declared: Sequence[tuple[Answer, str]], reference: str) -> Finding:
    """Compare several declarations: all say the same, or together they are the answers asked for."""
    samenesses = {sameness for _, sameness in declared}
    if all(sameness.startswith("equal") for sameness in samenesses):
        return _found(*declared[0])
    together = ", ".join(answer.text for answer, _ in declared)
    if _compared(together, reference).startswith("equal"):
        return _verdict(1, "equal, as several declarations together")
    if samenesses <= {"different", "different in kind"}:
        return _verdict(0, "several answers, none of them equal")
    return Abstain("several answers, some of them equal: none is committed to")


def _found(answer: Answer, sameness: str) -> Finding:
    if sameness == "close":
        return _verdict(1, "equal but for rounding, or for a unit that one side leaves out")
    guessed = (
        ""
        if answer.committed or sameness not in ("equal", "different")
        else ", but only guessed to be the answer"
    )
    return _verdict(float(sameness.startswith("equal")), f"{sameness}{guessed}")


def _compared(answer: str, reference: str) -> str:
    written = _written(answer)
    return (
        "equal as written" if written and written == _written(reference) else worker().ask(answer, reference)
    )


def _distinct(found: Sequence[Answer]) -> list[Answer]:
    first: dict[str, Answer] = {}
    for answer in found:
        first.setdefault(_written(answer.text), answer)
    return list(first.values())


def _written(text: str) -> str:
    return cleaned(text).replace(" ", "")


def _reference(reference: object) -> str | None:
    value = plain(reference)
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        return None
    text = str(value)[:LONGEST_REFERENCE]
    return ", ".join(boxed(text)) or text.strip() or None


def _verdict(score: float, situation: str) -> Verdict:
    return Verdict(score, CONFIDENCE[situation], situation)
