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
    "So it must be (B), I would say." against "B" -> score 1, confidence .7
    "\\boxed{A, C}" against ["A", "C"] -> score 1, confidence .98
    "(A)(B)(C)" against "B" -> score 0, confidence .9
    "The answer is A or B." against "A" -> score 0, confidence .9
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
from verifiers.extract import FIRM, Strategy, answers
from verifiers.options import Options, headed, mentioned, named, options_of
from verifiers.standing import cut_off, denies, taken_back

CONFIDENCE = {
    "the right option": 0.98,
    "the right option, but only guessed to be the answer": 0.7,
    "another option": 0.98,
    "another option, but only guessed to be the answer": 0.9,
    "other options than the right ones": 0.9,
    "cut off before an option was committed to": 0.96,
    "no answer outside the reasoning": 0.99,
}
"""How often each situation's score is right; `benchmarks.accuracy --situations` prints what was measured."""


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
        found = [(answer, named(answer.text, options)) for answer in answers(text, self.extract)]
        if any(letters is None and answer.strategy in FIRM for answer, letters in found):
            return Abstain("an answer is declared that names no option")
        plain_ones = [(answer, letters) for answer, letters in found if letters is not None]
        if not plain_ones:
            return _guessed([answer.text for answer, _ in found], text, right)
        answer, letters = plain_ones[0]
        rivals = [one for one in plain_ones if one[0].committed] or plain_ones
        if not letters or any(other != letters for _, other in rivals):
            return Abstain("several answers, or a letter with another option's text: none is committed to")
        sure = answer.committed and not taken_back(text, answer.text)
        return _judged(letters, right, "" if sure else GUESSED)


GUESSED = ", but only guessed to be the answer"


def _guessed(found: Sequence[str], text: str, right: frozenset[str]) -> Finding:
    """Return what the first letter says that heads an answer, or stands alone in one, among other words."""
    for one in found:
        if not denies(one) and (letters := headed(one) or mentioned(one)):
            return _judged(letters, right, GUESSED)
    if cut_off(text):
        return _verdict(0, "cut off before an option was committed to")
    return Abstain("no option is committed to")


def _judged(letters: frozenset[str], right: frozenset[str], guessed: str) -> Verdict:
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


def _verdict(score: float, situation: str) -> Verdict:
    return Verdict(score, CONFIDENCE[situation], situation)
