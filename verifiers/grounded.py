r"""
Check that what a response quotes, cites and counts occurs in the context it was given.

Covered: quotes between quotation marks and in Markdown blockquotes, word for word but for letter case,
punctuation and white space; where parts are left out (`...`) or put in (`[sic]`), the others have two
words at least and the context's order; citations [1], [2, 3], [1-3], [^1] and
[source: name], which must be numbered or named in the context; numbers that occur nowhere in it, however
they are written (1,080 and 1080.0), list markers and small whole numbers aside.
The context is every message of the prompt but the student's own, or a metadata field: a text, or a list
of texts or of objects with a `text`, `content`, `title` or `id`, whose items are numbered from 1.
The score is the share of grounded claims, each counted once; of the kinds that occur, the share of the
worst, so that true citations do not make up for invented numbers.
Not covered: whether the source says what it is cited for; paraphrases; single words in quotation marks
(see `fewest_words`); numbers in words, but for those up to twenty in the context; rounding, `6.9 million`
for 6,900,000.

A number that is not in the context may have been computed from it: that is held with less, and goes to
the judge where there is one; `check` leaves numbers out.
It abstains where there is no context, nothing is claimed (unless `without_claims` says otherwise), or
context or claims are too many.

    "It costs 1,080 euro." against 0 given {"d": "At 1080.0"} with {"context": "d"} -> score 1, confidence .97
    "It costs 1,090 euro." against 0 given {"d": "At 1080.0"} with {"context": "d"} -> score 0, confidence .8
    "Yes [1], [2]." against 0 given {"d": ["a"]} with {"context": "d"} -> score 0.5, confidence .9
    "\"so it is\"" against 0 given {"d": "So it is then"} with {"context": "d"} -> score 1, confidence .97
    "> it is not" against 0 given {"d": "So it is then."} with {"context": "d"} -> score 0, confidence .9
    "Well." against 0 given {"d": "So it is."} with {"context": "d"} -> abstains
    "[1], [2]." against 0 given {"d": ["a", "b"]} with {"context": "d"} -> score 0, confidence .99
    "Yes [1]." against 0 with {"context": "d"} -> abstains
    "<think>[1]</think>" against 0 given {"d": ["a"]} with {"context": "d"} -> score 0, confidence .99
"""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import ClassVar, Literal

from router.response import spoken
from router.types import Abstain, Finding, Sample, Verdict
from verifiers.base import Verifier
from verifiers.form.claims import Claim, Kind, claims, unpaired, without_citations
from verifiers.form.context import Context, context_of
from verifiers.form.counts import visible

CONFIDENCE = {
    "everything occurs in the context": 0.97,
    "quotes or citations do not occur in the context": 0.9,
    "numbers do not occur in the context, and may be computed": 0.8,
    "sources are cited by number, and the context numbers none": 0.7,
    "a quotation mark has no partner": 0.7,
    "nothing is claimed": 0.99,
    "nothing is said": 0.99,
}
"""
How often each situation's score is right; that something occurs is a fact, that it is a quote is not.

Nothing measured rests behind these: there are no labelled data.
"""

LONGEST_CONTEXT = 200_000
"""Characters of the context; it is read once, and then searched once for each quote."""
LONGEST = 60_000
"""Characters of the response."""
MOST_CLAIMS = 200
"""Different claims; more is a spray."""


@dataclass(frozen=True, slots=True)
class Grounded(Verifier):
    """The share of quotes, citations and numbers that occur in the context."""

    name: ClassVar[str] = "grounded"
    cost: ClassVar[int] = 300

    context: str = ""
    """The metadata field that holds the context; left out, it is the prompt."""
    check: Sequence[Kind] = ("quotes", "citations", "numbers")
    """What is looked at."""
    fewest_words: int = field(default=3, metadata={"ge": 1})
    """Words in a quote; one with fewer proves nothing, and is not looked up."""
    smallest: int = field(default=11, metadata={"ge": 0})
    """Smaller whole numbers are no claims."""
    without_claims: Literal["abstain", "pass", "fail"] = "abstain"
    """What a response is worth that quotes, cites and counts nothing."""

    def __post_init__(self) -> None:
        """Refuse to look at nothing."""
        if not self.check:
            raise ValueError("`check` names nothing: write any of quotes, citations, numbers")

    def verify(self, sample: Sample) -> Finding:
        """Return the share of grounded claims; see the module's manual."""
        said = spoken(sample.response)
        if not visible(without_citations(said[:LONGEST])).strip(" \t\r\n.,;:()"):
            return _verdict(0, "nothing is said")
        texts = list(_texts(sample.fields.get(self.context)) if self.context else _prompt(sample))
        length = sum(len(text) for text in texts)
        if not length:
            return Abstain("there is no context")
        if length > LONGEST_CONTEXT or len(said) > LONGEST:
            return Abstain(f"more than {LONGEST_CONTEXT} characters of context or {LONGEST} are not read")
        made = [one for one in claims(said, self.fewest_words, self.smallest) if one.kind in self.check]
        if len(made) > MOST_CLAIMS:
            return Abstain(f"more than {MOST_CLAIMS} claims are not looked up")
        if not made:
            return self._nothing_claimed()
        numbered = isinstance(sample.fields.get(self.context), list) if self.context else False
        return self._weigh(made, context_of(texts, numbered), "quotes" in self.check and unpaired(said))

    def _nothing_claimed(self) -> Finding:
        if self.without_claims == "abstain":
            return Abstain("nothing is quoted, cited or counted")
        return _verdict(float(self.without_claims == "pass"), "nothing is claimed")

    def _weigh(self, made: Sequence[Claim], context: Context, doubtful: bool) -> Verdict:
        grounded: defaultdict[Kind, list[bool]] = defaultdict(list)
        missing: dict[Kind, str] = {}
        for claim in made:
            holds = context.holds(claim)
            grounded[claim.kind].append(holds)
            if not holds:
                missing.setdefault(claim.kind, claim.text)
        score = round(min(sum(held) / len(held) for held in grounded.values()), 3)
        detail = ", ".join(f"{kind}: {sum(held)} of {len(held)}" for kind, held in grounded.items())
        lacking = "; ".join(f"not there: {text[:60]}" for text in missing.values())
        return _verdict(score, _situation(missing, context, doubtful), f"{detail}; {lacking}".rstrip("; "))


def _situation(missing: Mapping[Kind, str], context: Context, doubtful: bool) -> str:
    if doubtful:
        return "a quotation mark has no partner"
    if not missing:
        return "everything occurs in the context"
    if missing.get("citations", "").isdecimal() and not context.sources:
        return "sources are cited by number, and the context numbers none"
    if "numbers" in missing:
        return "numbers do not occur in the context, and may be computed"
    return "quotes or citations do not occur in the context"


def _prompt(sample: Sample) -> Iterator[str]:
    """Yield what was said to the student; what it said itself in earlier turns grounds nothing."""
    return (message.text for message in sample.prompt if message.role != "assistant")


def _texts(value: object) -> Iterator[str]:
    """Yield the texts in a metadata field, one level deep."""
    for item in value if isinstance(value, list) else [value]:
        if isinstance(item, dict):
            yield "\n".join(str(item[key]) for key in ("id", "title", "text", "content") if key in item)
        elif isinstance(item, str | int | float):
            yield str(item)


def _verdict(score: float, situation: str, detail: str = "") -> Verdict:
    return Verdict(score, CONFIDENCE[situation], f"{situation} ({detail})" if detail else situation)
