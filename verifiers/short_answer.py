r"""
Compare the answer to an open question, given in the student's own words, with the accepted answers.

Covered: an accepted answer alone, in a sentence, or declared (\boxed{}, <answer>, "the answer is ...");
case, accents, articles, punctuation, plurals, initials, number words, thousands separators, a few units,
dates in any order, yes and no. A list of accepted answers stands for any one of them. An accepted answer
earns nothing settled where it is denied, doubted, taken back, one of several on offer, a part of another
name or measure ("North Korea", "25 days"), behind another name, the question's own words, among bare
words, or in a sentence that has nothing of the question ("It rhymes with Paris."). Comments and struck out
text are not said, invisible characters not read; letters of other alphabets are other letters.
Not covered: synonyms, other names, arithmetic, ranges, languages other than English, and what else a
sentence says about the answer it holds ("Paris lies in France" holds Paris). Where only some words are the
same, or none, the confidence says how often that is right; the judge decides.

It abstains where no accepted answer is a short text, several answers are declared and only some are
accepted, one is mentioned but another declared, a yes or no is asked and neither said, markup hides a
part of the response, or it is very long and declares nothing.

    "J.R.R. Tolkien" against "J. R. R. Tolkien" -> score 1, confidence .97
    "Ridley Scott made it in 1982." against ["Ridley Scott", "R. Scott"] -> score 1, confidence .97
    "<think>Rome?</think>The answer is **Paris**." against {"answer": "Paris"} -> score 1, confidence .97
    "It opened on the 9th of December, 2017." against "December 9, 2017" -> score 1, confidence .95
    "There are twenty-one of them." against "21" -> score 1, confidence .97
    "January 8, 2018" against "December 9, 2017" -> score 0, confidence .84
    "It opened in 2017." against "December 9, 2017" -> score 1, confidence .82
    "Paris, London, Rome or Berlin" against "Paris" -> score 1, confidence .85
    "Many say Paris, but it was Lyon." against "Paris" -> score 1, confidence .77
    "It is North Korea." against ["Korea", "South Korea"] -> score 1, confidence .9
    "K2, which is near Everest" against "Everest" -> score 1, confidence .9
    "It is not Paris." against "Paris" -> score 0, confidence .8
    "Maybe Paris" against "Paris" -> score 1, confidence .77
    "Tolkien" against "J. R. R. Tolkien" -> score 1, confidence .61
    "Sean Young" against "Ridley Scott" -> score 0, confidence .88
    "Unknown." against "Paris" -> score 0, confidence .95
    "Yes, both are." against "yes" -> score 1, confidence .95
    "US" against "United States" -> score 0, confidence .88
    "Solution:" against "Paris" -> score 0, confidence .97
    "<answer>Paris</answer><answer>Lyon</answer>" against "Paris" -> abstains
    "It may be." against "yes" -> abstains
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

from router.response import aloud, hides
from router.types import Abstain, Finding, Sample, Verdict
from verifiers.base import Verifier
from verifiers.extract import Strategy, answers
from verifiers.wording.accepted import Accepted
from verifiers.wording.hedging import (
    affirms,
    discredited,
    refused,
    rivalled,
    says_nothing,
    stands_alone,
    wavering,
)
from verifiers.wording.held import held
from verifiers.wording.missing import missing
from verifiers.wording.words import Wording, wording

LONGEST = 8000
"""Characters of a response that declares nothing; a longer one is no short answer."""

CONFIDENCE = {
    "equal": 0.97,
    "held in a short response": 0.97,
    "held in the first sentence of a long response": 0.96,
    "held in a later sentence": 0.96,
    "held, as a date written differently": 0.95,
    "held among bare words": 0.9,
    "held, as one of several": 0.85,
    "held, beside another number or date": 0.85,
    "held, with a doubt or a contrast": 0.77,
    "held, as a part of something longer": 0.9,
    "held, behind another name": 0.9,
    "held in a sentence that has nothing of the question": 0.9,
    "held in a very long response": 0.85,
    "held, but so does the question, or in common words": 0.8,
    "held, but denied": 0.8,
    "the same yes or no": 0.95,
    "the opposite yes or no": 0.95,
    "a part of the date": 0.82,
    "the number, with other words": 0.75,
    "the same letters, spaced otherwise": 0.86,
    "first and last name": 0.83,
    "most of the telling words": 0.8,
    "only the last of the telling words": 0.61,
    "some of the telling words": 0.54,
    "another date": 0.84,
    "another number": 0.8,
    "no number or date": 0.84,
    "another name": 0.88,
    "other words": 0.74,
    "it says that it has no answer": 0.95,
    "nothing that could be an answer": 0.97,
    "no answer outside the reasoning": 0.99,
}
"""How often each situation's score is right; `python -m benchmarks.accuracy` prints what was measured."""

YES_NO = {"yes": True, "true": True, "no": False, "false": False}


@dataclass(frozen=True, slots=True)
class ShortAnswer(Verifier):
    """The answer that a response gives in its own words, against the accepted ones."""

    name: ClassVar[str] = "short_answer"
    cost: ClassVar[int] = 200

    extract: Sequence[Strategy] = ("boxed", "tag", "hashes", "phrase")
    """Where an answer may be declared; see `verifiers/extract.py`. Without one the whole response counts."""

    def verify(self, sample: Sample) -> Finding:
        """Return 1 where an accepted answer is given, else 0; see the module's manual."""
        accepted = Accepted.of(sample)
        if not accepted.answers:
            return Abstain("the reference answer is neither a short text nor a list of short texts")
        text = aloud(sample.response)
        if not text:
            return _verdict(0, "no answer outside the reasoning")
        if hides(text):
            return Abstain("a part of the response is hidden")
        declared = answers(text, self.extract)
        if not declared and len(text) > LONGEST:
            return Abstain("the response is very long and declares no answer")
        if not declared:
            return _judged(wording(text), accepted)
        findings = [_judged(wording(answer), accepted) for answer in sorted({one.text for one in declared})]
        return _agreed(findings, wording(text[-LONGEST:]), accepted)


def _agreed(findings: Sequence[Finding], text: Wording, accepted: Accepted) -> Finding:
    """Return what all the declared answers come to; abstain where they differ, or the text says otherwise."""
    verdicts = [finding for finding in findings if isinstance(finding, Verdict)]
    if len(verdicts) < len(findings) or len({verdict.score for verdict in verdicts}) > 1:
        return Abstain("several answers are declared, and only some of them are accepted")
    surely = min(verdicts, key=lambda verdict: verdict.confidence)
    span = accepted.held(text)
    if span and not surely.score:
        return Abstain("an accepted answer is mentioned, but another one declared")
    if span and (discredited(text, *span) or rivalled(text, *span)):
        doubted_too = _verdict(1, "held, with a doubt or a contrast")
        return min(surely, doubted_too, key=lambda verdict: verdict.confidence)
    return surely


def _judged(text: Wording, accepted: Accepted) -> Finding:
    """Return the verdict about one answer, or about a whole response."""
    if any(text.words == one.words for one in accepted.answers):
        return _verdict(1, "held, with a doubt or a contrast" if text.questions else "equal")
    yes_or_no = all(one.words[0] in YES_NO and len(one.words) == 1 for one in accepted.answers)
    if says_nothing(text) and not (yes_or_no and affirms(text)):
        return _verdict(0, "nothing that could be an answer")
    if yes_or_no:
        return _yes_or_no(text, accepted)
    if span := accepted.held(text):
        situation = held(text, *span, accepted)
        return _verdict(situation != "held, but denied", situation)
    if refused(text):
        return _verdict(0, "it says that it has no answer")
    return _verdict(*missing(text, accepted))


def _yes_or_no(text: Wording, accepted: Accepted) -> Finding:
    said = [YES_NO[word] for word in text.words if word in YES_NO]
    if text.words[0] not in YES_NO or len(said) > 1 or wavering(text) or not stands_alone(text):
        return Abstain("neither yes nor no is committed to")
    same = any(YES_NO[one.words[0]] == said[0] for one in accepted.answers)
    return _verdict(1, "the same yes or no") if same else _verdict(0, "the opposite yes or no")


def _verdict(score: float, situation: str) -> Verdict:
    return Verdict(float(score), CONFIDENCE[situation], situation)
