"""
Measure how similar a response is to the reference answer, or to the most similar of several.

Covered: `metric` is rouge_l (F1 of the longest common subsequence of words, in any letter case, a
character of a script without spaces being a word), bleu (sentence BLEU), chrf (chrF2) or edit (one minus
insertions and deletions, by character). BLEU and chrF are those of sacreBLEU, divided by 100.
The similarity becomes the score in a line from `nothing_at` (0) to `accept_at` (1).
Where the response declares its answer in <answer>...</answer>, that is compared, else all that is said
outside of the reasoning.
Not covered: meaning. A reworded answer is not similar, and a negated one is: "The drug is not safe" has
nine tenths of "The drug is safe". BLEU of a few words is mostly smoothing; use chrf there.

What the confidence means depends on what the rule or part asks, and the policy has to say so in `asks`.
Asked for `similarity` (shaping, a translation's chrF), the score is a fact and settles. Asked for
`correctness`, the default, similarity is weak evidence, and nothing but the reference answer itself,
word for word, settles: the rest goes to the judge.
It abstains where there is no text to compare with, several answers that differ are declared, or a text
is too long.

    "The cat sat on the mat." against "The cat sat on the mat." -> score 1, confidence .97
    "Cats sat on a mat" against "Cats sat on the mat" -> score 0.8, confidence .5
    "Cats sat on a mat" against "Cats sat on mats" with {"asks": "similarity"} -> score 0.667, confidence .99
    "Cats sat on a mat" against "Cats sat on mats" with {"accept_at": 0.8} -> score 0.833, confidence .5
    "Cats sat on a mat" against "Cats sat on mats" with {"metric": "bleu"} -> score 0.398, confidence .5
    "Cats sat on a mat" against "Cats sat on mats" with {"metric": "chrf"} -> score 0.69, confidence .5
    "Cats sat on a mat" against "Cats sat on mats" with {"metric": "edit"} -> score 0.909, confidence .5
    "Dogs bark." against ["The cat sat.", "A bird sings."] -> score 0, confidence .6
    "<think>The cat sat.</think>" against "The cat sat." -> score 0, confidence .99
    "<answer>a</answer><answer>b</answer>" against "a" -> abstains
    "The cat sat." against {"animal": "cat", "verb": "sat"} -> abstains
"""

from dataclasses import dataclass, field
from typing import ClassVar, Literal
from unicodedata import normalize

from router.response import spoken
from router.types import Abstain, Finding, Sample, Verdict
from verifiers.base import Verifier, plain
from verifiers.extract import tagged
from verifiers.form.counts import visible
from verifiers.form.overlap import METRICS, Metric

CONFIDENCE = {
    "the reference answer itself": 0.97,
    "similar enough": 0.6,
    "similar in part": 0.5,
    "not similar": 0.6,
    "the similarity, as asked": 0.99,
    "no answer outside the reasoning": 0.99,
}
"""
How often each situation's score is right, as an answer to what is `asked`.

Where correctness is asked there is no measurement to rest a higher number on, so that all but equality
stay far below what settles.
"""

LONGEST = 12_000
"""Characters of the response; of the reference answers all together too."""
MOST_REFERENCES = 32
"""Reference answers; a longer list is no list of ways to say the same."""


@dataclass(frozen=True, slots=True)
class Similarity(Verifier):
    """How similar the response is to the reference answer."""

    name: ClassVar[str] = "similarity"
    cost: ClassVar[int] = 150

    metric: Metric = "rouge_l"
    """How similarity is measured."""
    asks: Literal["correctness", "similarity"] = "correctness"
    """What the rule or part wants to know: whether the response is right, or how similar it is."""
    accept_at: float = field(default=1.0, metadata={"ge": 0, "le": 1})
    """The similarity from which on the score is 1."""
    nothing_at: float = field(default=0.0, metadata={"ge": 0, "le": 1})
    """The similarity up to which the score is 0."""

    def __post_init__(self) -> None:
        """Refuse a line that rises nowhere."""
        if self.accept_at <= self.nothing_at:
            raise ValueError("`accept_at` must be more than `nothing_at`: the score rises between the two")

    def verify(self, sample: Sample) -> Finding:
        """Return the similarity as a score; see the module's manual."""
        references = _references(sample.reference)
        if not references:
            return Abstain("the reference answer is neither text nor a list of texts")
        said = visible(spoken(sample.response)[: 2 * LONGEST]).strip()
        if not said:
            return _verdict(0, "no answer outside the reasoning")
        declared = {_normal(answer) for answer in tagged(said)}
        if len(declared) > 1:
            return Abstain("several answers are declared, and they differ")
        text = declared.pop() if declared else _normal(said)
        if len(text) > LONGEST or len("".join(references)) > LONGEST or len(references) > MOST_REFERENCES:
            return Abstain(f"more than {LONGEST} characters or {MOST_REFERENCES} references are not compared")
        return self._verdict(text, references)

    def _verdict(self, text: str, references: list[str]) -> Verdict:
        similarity = METRICS[self.metric](text, references)
        score = (similarity - self.nothing_at) / (self.accept_at - self.nothing_at)
        score = round(min(max(score, 0.0), 1.0), 3)
        detail = f"{self.metric} {similarity:.3f}"
        if self.asks == "similarity":
            return _verdict(score, "the similarity, as asked", detail)
        if text.casefold() in [reference.casefold() for reference in references]:
            return _verdict(1, "the reference answer itself")
        if score == 1:
            return _verdict(1, "similar enough", detail)
        return _verdict(score, "similar in part" if score >= 0.2 else "not similar", detail)


def _references(reference: object) -> list[str]:
    value = plain(reference)
    values = value if isinstance(value, list) else [value]
    return [text for one in values if isinstance(one, str) and (text := _normal(visible(one)))]


def _normal(text: str) -> str:
    return " ".join(normalize("NFC", text).split())


def _verdict(score: float, situation: str, detail: str = "") -> Verdict:
    return Verdict(score, CONFIDENCE[situation], f"{situation} ({detail})" if detail else situation)
