r"""
Compare the option that a response commits to with the right one.

Covered: a letter in any usual dress (`B`, `(B)`, `B.`, `**B**`, \boxed{B}, \text{(B)}), a letter with
its option's text, the option's text alone, and questions with several right options. The options
come from `options` or `choices` in the metadata, or from the prompt ("(A) ..." or "A. ...").
Not covered: options numbered 1, 2, 3; an option described in other words.

It abstains where the reference answer names no option, no option is committed to, or the letter and
the text beside it belong to different options. Several letters never match a single right one.

    "The answer is (B)." against "B" -> score 1, confidence .98
    "C" against "(B)" -> score 0, confidence .98
    "Jupiter" against "B" given {"options": ["Mars", "Jupiter"]} -> score 1, confidence .98
    "Answer: **B. Jupiter**" against "B" given {"options": ["Mars", "Jupiter"]} -> score 1, confidence .98
    "B. Mars" against "B" given {"options": ["Mars", "Jupiter"]} -> abstains
    "So it must be (B), I would say." against "B" -> score 1, confidence .85
    "\\boxed{A, C}" against ["A", "C"] -> score 1, confidence .98
    "(A)(B)(C)" against "B" -> score 0, confidence .97
    "The answer is A or B." against "A" -> score 0, confidence .97
    "The answer is (A).\nThe answer is (B)." against "B" -> abstains
    "The answer is not (A)." against "A" -> abstains
    "A planet." against "A" -> abstains
    "<think>B</think>" against "B" -> score 0, confidence .99
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

from router.response import spoken
from router.types import Abstain, Finding, Sample, Verdict
from verifiers.base import Verifier, plain
from verifiers.extract import Answer, Strategy, answers
from verifiers.options import Options, mentioned, named, options_of

CONFIDENCE = {
    "the right option": 0.98,
    "the right option, but only guessed to be the answer": 0.85,
    "another option": 0.98,
    "another option, but only guessed to be the answer": 0.85,
    "other options than the right ones": 0.97,
    "no answer outside the reasoning": 0.99,
}
"""How often each situation's score is right; `python -m benchmarks.accuracy` prints what was measured."""


@dataclass(frozen=True, slots=True)
class Choice(Verifier):
    """The option that the response commits to, against the right one."""

    name: ClassVar[str] = "choice"
    cost: ClassVar[int] = 15

    extract: Sequence[Strategy] = ("boxed", "tag", "hashes", "phrase", "whole", "first_line", "last_line")
    """Where to look for the answer; see `verifiers/extract.py`."""

    def verify(self, sample: Sample) -> Finding:
        """Return 1 where exactly the right options are chosen, else 0; see the module's manual."""
        options = options_of(sample)
        right = _right(plain(sample.reference), options)
        if not right:
            return Abstain("the reference answer names no option")
        text = spoken(sample.response)
        if not text:
            return _verdict(0, "no answer outside the reasoning")
        found = [(answer, _chosen(answer, options)) for answer in answers(text, self.extract)]
        readable = [(answer, letters) for answer, letters in found if letters is not None]
        if not readable:
            return Abstain("no option is committed to")
        answer, letters = readable[0]
        rivals = readable if not answer.committed else [one for one in readable if one[0].committed]
        if not letters or any(other != letters for _, other in rivals):
            return Abstain("several answers, or a letter with another option's text: none is committed to")
        guessed = "" if answer.committed else ", but only guessed to be the answer"
        if letters == right:
            return _verdict(1, f"the right option{guessed}")
        if len(letters) > 1:
            return _verdict(0, "other options than the right ones")
        return _verdict(0, f"another option{guessed}")


def _right(reference: object, options: Options) -> frozenset[str]:
    """Return the letters of the right options; empty where the reference answer names none."""
    if isinstance(reference, list):
        each = [_right(one, options) for one in reference]
        return frozenset().union(*each) if all(each) else frozenset()
    return named(reference, options) or frozenset() if isinstance(reference, str) else frozenset()


def _chosen(answer: Answer, options: Options) -> frozenset[str] | None:
    """Return the letters that an answer commits to; a guess may mention just one among other words."""
    letters = named(answer.text, options)
    return mentioned(answer.text) if letters is None and not answer.committed else letters


def _verdict(score: float, situation: str) -> Verdict:
    return Verdict(score, CONFIDENCE[situation], situation)
