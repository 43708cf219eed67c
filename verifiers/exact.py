r"""
Compare the whole of a short answer with a reference answer, or with a list of accepted ones.

Covered: the answer as declared ("The answer is ...", <answer>, \boxed{}) or the whole response;
letter case, surrounding white space, quotes, Markdown marks, \text{}, characters that nobody sees and a
final full stop do not count, unless the policy says so. A prefix such as "Category:" is the student's own
way to declare.
Not covered: synonyms, reworded answers, numbers written differently (see `number`).

A match settles. A mismatch proves nothing where other words may say the same, so it is held with
low confidence, unless `closed` says that the reference answers are the only right ones.
It abstains where there is no reference answer to compare with, or several answers are declared.

    "Billing" against "billing" -> score 1, confidence .98
    "The answer is **Paris**." against ["Paris", "Paris, France"] -> score 1, confidence .98
    "The capital is Paris." against "Paris" -> score 0, confidence .4
    "refund" against "billing" with {"closed": true} -> score 0, confidence .98
    "It is about billing, I think" against "billing" with {"closed": true} -> score 0, confidence .7
    "It is C++" against "C++" with {"closed": true} -> score 0, confidence .7
    "5" against 5.0 -> score 1, confidence .98
    "\\boxed{\\text{Billing}}" against "billing" -> score 1, confidence .98
    "**" against "." -> score 0, confidence .4
    "] )" against ") ]" with {"closed": true} -> score 0, confidence .98
    "billing" against "Billing" with {"ignore_case": false, "closed": true} -> score 0, confidence .98
    "<answer>billing</answer> or <answer>refund</answer>" against "billing" -> abstains
    "" against "billing" -> score 0, confidence .99
    "Paris" against {"capital": "Paris"} -> abstains
"""

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

from router.expression import expression
from router.response import aloud, hides
from router.types import Abstain, Finding, Sample, Verdict
from verifiers.base import Verifier, plain
from verifiers.extract import Strategy, answers
from verifiers.standing import taken_back
from verifiers.wording.words import INVISIBLE

CONFIDENCE = {
    "equal": 0.98,
    "different": 0.4,
    "different, and only the reference answers are right": 0.98,
    "different, but the answer is prose that holds a reference answer": 0.7,
    "no answer outside the reasoning": 0.99,
}
"""How often each situation's score is right; `benchmarks.accuracy --situations` prints what was measured."""

WORD = expression(r"\w+")
TYPESET = expression(r"\A\s*\\(?:text|textbf|textit|mathrm|mathbf)\s?\{([^{}]*)\}\s*\Z")
MARKS = " \t\r\n*_`\"'“”‘’"


@dataclass(frozen=True, slots=True)
class Exact(Verifier):
    """A short answer against the reference answers, word for word."""

    name: ClassVar[str] = "exact"
    cost: ClassVar[int] = 5

    closed: bool = False
    """The reference answers are the only right ones (a label, a keyword, a sequence): a mismatch settles."""
    ignore_case: bool = True
    """Whether upper and lower case are the same."""
    extract: Sequence[Strategy] = ("boxed", "tag", "hashes", "phrase", "whole")
    """Where to look for the answer; see `verifiers/extract.py`."""

    def verify(self, sample: Sample) -> Finding:
        """Return 1 where the answer is one of the reference answers, else 0; see the module's manual."""
        accepted = self._accepted(sample.reference)
        if not accepted:
            return Abstain("the reference answer is neither text nor a list of texts")
        text = aloud(sample.response)
        if not text:
            return _verdict(0, "no answer outside the reasoning")
        if hides(text):
            return Abstain("a part of the response is hidden")
        declared = {answer.text for answer in answers(text, self.extract)} or {text}
        found = {self._normal(answer) for answer in declared}
        if any(taken_back(text, answer) for answer in declared):
            return Abstain("the answer is denied or taken back")
        if len(found) > 1 and found & accepted:
            return Abstain("several answers, one of them accepted: none is committed to")
        if found <= accepted:
            return _verdict(1, "equal")
        if not self.closed:
            return _verdict(0, "different")
        if any(_holds(answer, accepted) for answer in found):
            return _verdict(0, "different, but the answer is prose that holds a reference answer")
        return _verdict(0, "different, and only the reference answers are right")

    def _accepted(self, reference: object) -> set[str]:
        value = plain(reference)
        values = [*value] if isinstance(value, list) else [value]
        values += [int(one) for one in values if isinstance(one, float) and one.is_integer()]  # 5.0 is 5
        return {
            self._normal(str(one))
            for one in values
            if isinstance(one, str | int | float) and str(one).strip()
        }

    def _normal(self, text: str) -> str:
        text = TYPESET.sub(r"\1", unicodedata.normalize("NFC", text).translate(INVISIBLE))
        text = " ".join(text.split())
        text = text.strip(MARKS).removesuffix(".").strip(MARKS) or text  # an answer may be a mark: "*"
        return text.casefold() if self.ignore_case else text


def _holds(answer: str, accepted: set[str]) -> bool:
    """Whether an answer holds the words of an accepted one; one that is only marks has none."""
    words = _spaced(unicodedata.normalize("NFKC", answer))
    return any(_spaced(one).strip() and _spaced(one) in words for one in accepted)


def _spaced(text: str) -> str:
    return f" {' '.join(WORD.findall(text))} "


def _verdict(score: float, situation: str) -> Verdict:
    return Verdict(score, CONFIDENCE[situation], situation)
