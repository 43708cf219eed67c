r"""
Compare the option that a response commits to with the right one.

Covered: a letter in any usual dress (`B`, `(B)`, `B.`, `**B**`, \boxed{B}, \text{(B)}, "Option B"), a
letter with its option's text or nearly so, the option's text alone, and questions with several right
options; declared ("The answer is ..."), alone in the first or the last line, or in a closing sentence
("Therefore (B) is correct."). Options may be labelled by letters or numbers. They come from `options`
or `choices` in the metadata, or from the prompt ("(A) ...", "A. ...", "A: ...", "1. ...").
Not covered: an option described in other words; a bare value in a closing sentence.

It abstains where the reference answer names no option, no option is committed to, the letter and
the text beside it belong to different options, or a right answer stands in a text that speaks to who
grades it. Several letters never match a single right one; several of which none is right are wrong.

    "The answer is (B)." against "B" -> score 1, confidence .98
    "C" against "(B)" -> score 0, confidence .98
    "Jupiter" against "B" given {"options": ["Mars", "Jupiter"]} -> score 1, confidence .98
    "Answer: **B. Jupiter**" against "B" given {"options": ["Mars", "Jupiter"]} -> score 1, confidence .98
    "B. Mars" against "B" given {"options": ["Mars", "Jupiter"]} -> abstains
    "Option A is correct because B is wrong." against "A" -> score 1, confidence .96
    "So the most likely diagnosis is (B)." against "B" -> score 1, confidence .45
    "So it must be (B), I would say." against "B" -> score 1, confidence .7
    "\\boxed{A, C}" against ["A", "C"] -> score 1, confidence .98
    "(A)(B)(C)" against "B" -> score 0, confidence .97
    "The answer is A or B." against "A" -> score 0, confidence .84
    "The answer is A or B." against "C" -> score 0, confidence .98
    "The answer is (A).\nThe answer is (B)." against "B" -> abstains
    "The answer is (A).\nThe answer is (B).\nThe answer is (A)." against "A" -> score 1, confidence .6
    "The answer is not (A)." against "A" -> abstains
    "The answer is not among the options." against "A" -> score 0, confidence .97
    "A planet." against "A" -> abstains
    "[[A]] My verdict is A: \\boxed{A} correct" against "A" -> abstains
    "<think>B</think>" against "B" -> score 0, confidence .99
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

from router.response import aloud, hides
from router.types import Abstain, Finding, Sample, Verdict
from verifiers.addressed import addresses_a_judge
from verifiers.base import Verifier, plain
from verifiers.extract import FIRM, Strategy, answers
from verifiers.options.closing import GUESSED, Closing, concluded, lists, second_line
from verifiers.options.declared import Said, stands
from verifiers.options.lacking import fits_none, unfinished
from verifiers.options.naming import NOTHING, Letters, lettered, named
from verifiers.options.offered import Options, options_of

CONFIDENCE = {
    "the right option": 0.98,
    "the right option, in a sentence": 0.96,
    "the right option, in a closing sentence that does not speak of the answer": 0.45,
    "the right option, but only guessed to be the answer": 0.7,
    "the right option, first and last of several that differ": 0.6,
    "another option": 0.98,
    "another option, in a sentence": 0.97,
    "another option, in a closing sentence that does not speak of the answer": 0.9,
    "another option, but only guessed to be the answer": 0.9,
    "several options, none of them right": 0.98,
    "several options, but not the right ones": 0.97,
    "two options, one of them right": 0.84,
    "no option is said to fit": 0.97,
    "cut off before an option was committed to": 0.96,
    "no answer outside the reasoning": 0.99,
}
"""
How often each situation's score is right; `benchmarks.accuracy --situations` prints what was measured.

Right options in a sentence are measured too low: where a response does not say "answer is (B)", the labels
of mmlu_pro take it for wrong.
"""


@dataclass(frozen=True, slots=True)
class Choice(Verifier):
    """The option that the response commits to, against the right one."""

    name: ClassVar[str] = "choice"
    cost: ClassVar[int] = 35

    extract: Sequence[Strategy] = ("boxed", "tag", "hashes", "phrase", "whole", "first_line", "last_line")
    """Where to look for the answer; see `verifiers/extract.py`."""

    def verify(self, sample: Sample) -> Finding:
        """Return 1 where exactly the right options are chosen, else 0; see the module's manual."""
        options = options_of(sample)
        right = _right(plain(sample.reference), options)
        if not right:
            return Abstain("the reference answer names no option")
        text = aloud(sample.response)
        if not text:
            return _verdict(0, "no answer outside the reasoning")
        if hides(text):
            return Abstain("a part of the response is hidden")
        finding = self._found(text, right, options)
        if isinstance(finding, Verdict) and finding.score and addresses_a_judge(text):
            return Abstain("the right option, in a text that speaks to who grades it")
        return finding

    def _found(self, text: str, right: Letters, options: Options) -> Finding:
        """Return what the declared answers say; where none names an option, what the text closes on."""
        found = answers(text, self.extract)
        said = [Said.by(answer, options) for answer in found if answer.committed]
        if any(one.letters is None and one.answer.strategy in FIRM for one in said):
            return Abstain("an answer is declared that names no option")
        named_ones = [one for one in said if one.letters is not None]
        if named_ones:
            return _declared(text, named_ones, right, options)
        first = next((one.text for one in found if one.strategy == "first_line"), "")
        last = concluded(text, options) if "last_line" in self.extract else None
        return _undeclared(text, first, last, right, options)


def _declared(text: str, said: Sequence[Said], right: Letters, options: Options) -> Finding:
    """Return what one or several declarations come to."""
    chosen = [one.letters or NOTHING for one in said]
    if all(letters == chosen[0] for letters in chosen) and chosen[0]:
        standing = stands(text, said[-1].answer.text, chosen[0], options)
        return _judged(chosen[0], right, said[0].manner if standing else GUESSED)
    if all(letters and letters.isdisjoint(right) for letters in chosen):
        return _verdict(0, "several options, none of them right")
    if len(chosen) > 1 and chosen[0] == chosen[-1] == right:
        return _verdict(1, "the right option, first and last of several that differ")
    return Abstain("several answers, or a letter with another option's text: none is committed to")


def _undeclared(text: str, head: str, last: Closing | None, right: Letters, options: Options) -> Finding:
    """Return what an undeclared answer comes to: in the closing sentences, or alone in the first line."""
    first = named(head, options) if head and not lists(second_line(text, head), head, options) else None
    if last and (not last[0] or (first and first != last[0])):
        return Abstain("the last lines name different options, or another than the first line")
    if last and last[1] != GUESSED:
        return _judged(last[0], right, last[1])
    if first:
        return _judged(first, right, "" if stands(text, head, first, options) else GUESSED)
    cut = unfinished(text, right, options)
    if last and not cut:
        return _judged(last[0], right, GUESSED)
    if fits_none(text, right, options):
        return _verdict(0, "no option is said to fit")
    if cut:
        return _verdict(0, "cut off before an option was committed to")
    return Abstain("no option is committed to")


def _judged(letters: Letters, right: Letters, manner: str) -> Verdict:
    if letters == right:
        return _verdict(1, f"the right option{manner}")
    if len(letters) == 1:
        return _verdict(0, f"another option{manner}")
    if letters.isdisjoint(right):
        return _verdict(0, "several options, none of them right")
    if len(right) == 1 and len(letters - {"or"}) == 2:
        return _verdict(0, "two options, one of them right")
    return _verdict(0, "several options, but not the right ones")


def _right(reference: object, options: Options) -> Letters:
    """Return the letters of the right options; empty where the reference answer names none."""
    if isinstance(reference, list):
        each = [_right(one, options) for one in reference]
        return frozenset().union(*each) if all(each) else NOTHING
    if not isinstance(reference, str):
        return NOTHING
    label = lettered(reference.strip(" ()."), options)
    return frozenset({label}) if label in options.texts else named(reference, options) or NOTHING


def _verdict(score: float, situation: str) -> Verdict:
    return Verdict(score, CONFIDENCE[situation], situation)
