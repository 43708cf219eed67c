"""
What a response commits to as its mathematical answer, compared with the reference answer.

Everything that it declares counts: several declarations must say the same, or be the one list that is
asked for. Where it declares nothing, the first guess that reads is looked at, and whether its end mentions
the reference answer at all.
"""

from collections.abc import Sequence
from typing import NamedTuple

from router.response import aloud, hides
from router.types import Abstain, Finding, Sample, Verdict
from verifiers.base import written
from verifiers.closing import is_prose, plain_end
from verifiers.declarations import Said, last_of_several, one_answer
from verifiers.extract import DECLARED, FIRM, Answer, Strategy, answers, boxed
from verifiers.mention import may_be_meant, mentions
from verifiers.quantity import quantity
from verifiers.sameness import compared, concluding, distinct
from verifiers.standing import taken_back
from verifiers.unanswered import unanswered
from verifiers.wording.asked import ANOTHER, last_words, speaks_of_another

EQUAL = ("equal", "close")
UNREAD = ("unreadable", "struck")
MOST_ANSWERS = 4
LONGEST_REFERENCE = 4000
BESIDE = "different, but the reference answer is mentioned as well"


class Situation(NamedTuple):
    """A score, and the situation that a verdict is made from."""

    score: float
    reason: str


Found = Situation | Finding


def committed(sample: Sample, strategies: Sequence[Strategy], plainly: Finding, ends: float) -> Found:
    """
    Compare what a sample commits to, by `ends` on the monotonic clock; raise WorkerLate.

    `plainly` is what its plain numbers came to, and may stay that.
    """
    reference = _reference(sample.reference)
    if reference is None:
        return Abstain("the reference answer is no text or number")
    text = aloud(sample.response)
    if not text:
        return Situation(0, "no answer outside the reasoning")
    if hides(text):
        return Abstain("a part of the response is hidden")
    found = distinct(answers(text, strategies))
    if any(taken_back(text, answer.text) for answer in found if answer.text and answer.committed):
        return Abstain("the answer is denied or taken back")
    closing = next((answer.text for answer in found if answer.strategy == "closing"), "")
    finding = _declared_or_guessed(found, reference, text, ends)
    score = None if isinstance(finding, Abstain) else finding.score
    if score and speaks_of_another(plain_end(text), closing, sample):
        return ANOTHER
    declares = any(answer.strategy in DECLARED and answer.text for answer in found)
    if declares or score or (score is not None and not is_prose(text)):
        return finding
    if isinstance(finding, Abstain) and isinstance(plainly, Verdict):
        finding = plainly
    end = last_words(text, closing, sample) if "closing" in finding.reason else text
    return _undeclared(finding, sample, text, reference, mentioned=mentions(end, reference))


def _declared_or_guessed(found: Sequence[Answer], reference: str, text: str, ends: float) -> Found:
    """Compare what was found: everything declared, or the first guess that reads."""
    if len(found) > MOST_ANSWERS:
        return Abstain("a spray of answers: none is committed to")
    said: list[Said] = []
    for answer in found:
        sameness = _sameness(answer, reference, ends)
        if sameness.startswith("struck"):
            return Abstain(sameness)
        said.append((answer, sameness))
    readable = [one for one in said if not one[1].startswith(UNREAD)]
    if not readable:
        return Abstain(said[0][1] if said else "nothing that reads as an answer")
    declared = [one for one in readable if _declares(*one)]
    unread = [one for one in said if one[1].startswith(UNREAD) and one[0].strategy in FIRM]
    if len(declared) + len(unread) < 2:
        return _found(*(declared or readable)[0])
    return _several(declared, unread, reference, text, ends)


def _sameness(answer: Answer, reference: str, ends: float) -> str:
    sameness = (concluding if answer.strategy == "closing" else compared)(answer.text, reference, ends)
    apart = sameness.startswith(("different", "words"))
    return BESIDE if apart and may_be_meant(answer.text, reference) else sameness


def _declares(answer: Answer, sameness: str) -> bool:
    """Say whether an answer counts beside others; a phrase may go on in prose that declares nothing."""
    if answer.strategy == "phrase":
        return sameness.startswith(EQUAL) or sameness in ("different", BESIDE)
    return answer.strategy in DECLARED


def _several(
    declared: Sequence[Said], unread: Sequence[Said], reference: str, text: str, ends: float
) -> Found:
    """Compare several declarations: all say the same, or together they are the answers asked for."""
    samenesses = {sameness for _, sameness in declared}
    equal = [one for one in declared if one[1].startswith("equal")]
    if not unread and samenesses and all(one.startswith(EQUAL) for one in samenesses):
        return _found(*(equal or declared)[0])
    together = ", ".join(answer.text for answer, _ in declared)
    if not unread and compared(together, reference, ends).startswith("equal"):
        listed = one_answer(text, [answer for answer, _ in declared])
        return Situation(
            1, f"equal, as {'one list in several boxes' if listed else 'several declarations together'}"
        )
    if BESIDE in samenesses:
        return Situation(0, BESIDE)
    if not any(one.startswith(EQUAL) for one in samenesses):
        return Situation(0, "several answers, none of them equal")
    last = last_of_several(text, [*declared, *unread])
    if last is None or last in unread:
        return Abstain("several answers, some of them equal: none is committed to")
    if last[1].startswith(EQUAL):
        return Situation(1, "equal, as the last of several declarations")
    return Situation(0, "different, as the last of several declarations")


def _found(answer: Answer, sameness: str) -> Found:
    if sameness.startswith("close"):
        return Situation(1, f"equal{sameness.removeprefix('close')}")
    equal = sameness.startswith("equal")
    if answer.strategy == "closing":
        return Situation(float(equal), f"{'equal' if equal else 'different'}, as the closing sentence says")
    if not answer.committed:
        if equal:
            return Abstain("equal to what is only guessed to be the answer")
        return Situation(0, "different, but only guessed to be the answer")
    return Situation(float(equal), sameness)


def _undeclared(finding: Found, sample: Sample, text: str, reference: str, *, mentioned: bool) -> Found:
    """Say what a response deserves that declares no answer, and offers none that is equal."""
    if mentioned:
        if isinstance(finding, Abstain):
            return finding
        return Situation(0, BESIDE)
    if how := unanswered(text, "\n".join(message.text for message in sample.prompt)):
        return Situation(0, how)
    if quantity(reference) is None or finding.reason.startswith("struck"):
        return finding
    if isinstance(finding, Abstain):
        return Situation(0, "no answer, and the reference answer is not mentioned")
    if "guessed" in finding.reason:
        return Situation(0, "different, and the reference answer is not mentioned")
    return finding


def _reference(reference: object) -> str | None:
    text = (written(reference) or "")[:LONGEST_REFERENCE]
    return ", ".join(boxed(text)) or text.strip() or None
