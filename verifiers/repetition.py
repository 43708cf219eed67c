"""
Shape the reward by repetition: which share of the response's n-grams has occurred in it before.

Meant as a part with a weight, not as the only verifier of a rule. The share is the one of the n-gram
repetition penalty in "Demystifying Long Chain-of-Thought Reasoning" (Yeo et al. 2025, arXiv:2502.03373,
appendix C.2), which open recipes use as a reward from 0 down to a penalty:

    share = 1 - different n-grams / all n-grams
    score = 1 up to `tolerate`, falling linearly to 0 at `worst`

All n-grams count as at least `FEWEST`, so that one repetition in a short text stays small.

Covered: words in any letter case, without punctuation, white space and invisible characters, so that
none of these makes a repeated sentence look new, nor hides a repetition; numbers are words, so that
repeated boxes count. Lines of code fences and tables resemble each other by nature: there, only a line
of three words that stands there once more, word for word, counts as repeated; shorter ones are taken
together until they have as many.
Not covered: a thought repeated in other words, a sentence repeated around a counter (only what lies
between its numbers is seen), letters of other alphabets in disguise; whether a repetition is natural (a
refrain, a question quoted, steps of the same form). Scripts without spaces count by character, and
repeat more: tolerate more there.

The score is a fact about the response, and the confidence says how surely it is the repetition that was
asked for; it says nothing about whether the response is right. The defaults come from recorded responses in
mathematics, multiple choice and code: there 19 of 20 have a share of 0.22 or less.
It abstains where nothing in the response is a word. Of a very long response the end is read, where
loops are.

    "The sum is 18, since 12 + 6 = 18." against null -> score 1, confidence .99
    "Wait, is it so? Wait! Is it so?" against null -> score 1, confidence .99
    "a b c d e f a b c d e f a b c d e f a b c d e f" against 0 with {"worst": 0.6} -> score 0, confidence .99
    "a b c d e f g h i j a b c d e f g h i j" against 0 with {"tolerate": 0} -> score 0.643, confidence .99
    "no no no no no no</think>Yes" against 0 with {"worst": 0.21} -> score 1, confidence .99
    "?!" against null -> abstains
    "" against null -> score 0, confidence .99
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import chain
from typing import ClassVar, Literal
from unicodedata import normalize

from router.response import spoken
from router.types import Abstain, Finding, Sample, Verdict
from verifiers.base import Verifier
from verifiers.form.counts import RUN, fences, visible

CONFIDENCE = {
    "little repetition": 0.99,
    "some repetition": 0.99,
    "hardly anything but repetition": 0.99,
    "nothing is said": 0.99,
    "only the end was read": 0.95,
}
"""How often each situation's score is right; each is a count, and no more than that."""

LONGEST = 60_000
"""Characters that are read, the last ones."""
FEWEST = 20
"""N-grams; a share of fewer would jump with every one of them."""
SHORT_LINE = 3
"""Words; shorter lines of code and tables (`else:`, `return 0`) are repeated by everybody."""

Gram = tuple[object, ...]


@dataclass(frozen=True, slots=True)
class Repetition(Verifier):
    """How little of the response has been said in it before."""

    name: ClassVar[str] = "repetition"
    cost: ClassVar[int] = 100

    size: int = field(default=6, metadata={"ge": 1, "le": 50})
    """Words in an n-gram; recipes for long reasoning take up to 40."""
    tolerate: float = field(default=0.2, metadata={"ge": 0, "le": 1})
    """The greatest share of repeated n-grams that is still paid in full."""
    worst: float = field(default=0.7, metadata={"ge": 0, "le": 1})
    """The share from which on nothing is paid."""
    look_at: Literal["spoken", "whole"] = "whole"
    """What is said outside the reasoning, or the whole response."""

    def __post_init__(self) -> None:
        """Refuse a fall that falls nowhere."""
        if self.worst <= self.tolerate:
            raise ValueError("`worst` must be more than `tolerate`: the score falls between the two")

    def verify(self, sample: Sample) -> Finding:
        """Return 1 for little repetition, 0 for hardly anything else; see the module's manual."""
        said = spoken(sample.response)
        if not visible(said[:LONGEST]).strip():
            return _verdict(0, "nothing is said")
        text = said if self.look_at == "spoken" else sample.response
        grams = list(_grams(text[-LONGEST:], self.size))
        if not grams:
            return Abstain("there are no words in it")
        share = (len(grams) - len(set(grams))) / max(len(grams), FEWEST)
        score = min(max((self.worst - share) / (self.worst - self.tolerate), 0.0), 1.0)
        detail = f"{share:.0%} of {len(grams)} n-grams"
        if len(text) > LONGEST:
            return _verdict(round(score, 3), "only the end was read", detail)
        if score == 1:
            return _verdict(1, "little repetition", detail)
        return _verdict(
            round(score, 3), "some repetition" if score else "hardly anything but repetition", detail
        )


def _grams(text: str, size: int) -> Iterator[Gram]:
    """Yield the n-grams of the prose, and for each line of code or a table one for each of its words."""
    prose: list[str] = []
    numbers: dict[tuple[str, ...], int] = {}
    line: list[str] = []
    for row, structured in _lines(normalize("NFKC", visible(text)).casefold()):
        if not structured:
            prose += RUN.findall(row)
            continue
        line += RUN.findall(row)
        if len(line) >= SHORT_LINE:
            number = numbers.setdefault(tuple(line), len(numbers))
            yield from ((number, at) for at in range(len(line)))
            line = []
    size = min(size, max(len(prose), 1))
    yield from zip(*(prose[at:] for at in range(size)), strict=False)


def _lines(text: str) -> Iterator[tuple[str, bool]]:
    """Yield each line, and whether it belongs to a code fence or a table."""
    edges = [0, *chain.from_iterable(fences(text)), len(text)]
    for at in range(len(edges) - 1):
        for line in text[edges[at] : edges[at + 1]].split("\n"):
            yield line, at % 2 == 1 or line.count("|") > 1


def _verdict(score: float, situation: str, detail: str = "") -> Verdict:
    return Verdict(score, CONFIDENCE[situation], f"{situation} ({detail})" if detail else situation)
