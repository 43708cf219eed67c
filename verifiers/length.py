"""
Shape the reward by length: full up to `target`, falling linearly to nothing at `limit`.

Meant as a part with a weight, not as the only verifier of a rule. The formula is the soft overlong
punishment of DAPO (Yu et al. 2025, arXiv:2503.14476, "Overlong Reward Shaping"), there from 0 to -1 and
in tokens, with L_max = `limit` and L_cache = `limit` - `target`; here the score is one plus that:

    1                                     where length <= target
    (limit - length) / (limit - target)   between
    0                                     where length >= limit

Covered: words and characters, of the whole response with its reasoning (what the trainer pays for) or of
what is said outside of it. Words glued with hyphens, underscores or invisible characters count one by
one, and 40 letters without a break as one, so that they are no way around; a character of a script
without spaces is a word.
Not covered: tokens, which depend on the student's tokenizer (an English word is about 1.3, or use
characters); too short responses (see `format`); reasoning that the trainer sends in blocks of its own.

The score is a fact about the response, and the confidence says how surely it is the length that was
asked for; it says nothing about whether the response is right.
It abstains where the response is so long that it is not counted, though `limit` is longer still.

    "one two three" against null with {"target": 4, "limit": 8} -> score 1, confidence .99
    "one two three four five six" against null with {"target": 4, "limit": 8} -> score 0.5, confidence .99
    "1 2 3 4 5 6 7 8 9" against null with {"target": 4, "limit": 8} -> score 0, confidence .99
    "<think>1 2</think>3" against null with {"target": 4, "limit": 6} -> score 0.5, confidence .99
    "1 2</think>3" against null with {"target": 1, "limit": 2, "look_at": "spoken"} -> score 1, confidence .99
    "one-two-three-four-five-six" against null with {"target": 4, "limit": 8} -> score 0.5, confidence .99
    "abcdef" against null with {"target": 4, "limit": 8, "unit": "characters"} -> score 0.5, confidence .99
    "<think>only thoughts</think>" against null -> score 0, confidence .99
"""

from dataclasses import dataclass, field
from typing import ClassVar, Literal

from router.response import spoken
from router.types import Abstain, Finding, Sample, Verdict
from verifiers.base import Verifier
from verifiers.form.counts import visible, words

CONFIDENCE = {
    "within the target": 0.99,
    "between target and limit": 0.99,
    "at the limit or beyond": 0.99,
    "nothing is said": 0.99,
}
"""How often each situation's score is right; each is a count, and no more than that."""

LONGEST = 200_000
"""Characters that are counted; more would take longer than a verifier may."""


@dataclass(frozen=True, slots=True)
class Length(Verifier):
    """How far the response's length stays below what the policy wants."""

    name: ClassVar[str] = "length"
    cost: ClassVar[int] = 60

    target: int = field(default=1000, metadata={"ge": 0})
    """The greatest length that is still paid in full."""
    limit: int = field(default=2000, metadata={"ge": 1})
    """The length from which on nothing is paid."""
    unit: Literal["words", "characters"] = "words"
    """What is counted."""
    look_at: Literal["spoken", "whole"] = "whole"
    """What is said outside the reasoning, or the whole response."""

    def __post_init__(self) -> None:
        """Refuse a fall that falls nowhere."""
        if self.limit <= self.target:
            raise ValueError("`limit` must be more than `target`: the score falls between the two")

    def verify(self, sample: Sample) -> Finding:
        """Return 1 up to the target, 0 from the limit on, and what lies between; see the module's manual."""
        said = spoken(sample.response)
        if not visible(said[:LONGEST]).strip():
            return _verdict(0, "nothing is said")
        text = said if self.look_at == "spoken" else sample.response.strip()
        length = self._count(text[:LONGEST])
        detail = f"{length} {self.unit}"
        if length >= self.limit:
            return _verdict(0, "at the limit or beyond", detail)
        if len(text) > LONGEST:
            return Abstain(f"more than {LONGEST} characters are not counted")
        if length <= self.target:
            return _verdict(1, "within the target", detail)
        return _verdict(
            (self.limit - length) / (self.limit - self.target), "between target and limit", detail
        )

    def _count(self, text: str) -> int:
        return len(text) if self.unit == "characters" else words(text).most


def _verdict(score: float, situation: str, detail: str = "") -> Verdict:
    return Verdict(score, CONFIDENCE[situation], f"{situation} ({detail})" if detail else situation)
