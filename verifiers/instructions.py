r"""
Check a response against the instructions of IFEval and IFBench, as their official checkers do.

The reference answer names them: `{"instruction_id_list": [...], "kwargs": [...]}`, or the same as a JSON
string; arguments that are null count as absent. The score is 1 where every instruction is followed.

Covered: all 25 instructions of IFEval and the 58 of IFBench, oddities of the official checkers included;
`score: share` for the share of instructions followed; `loose: true` for the official loose reading (an
instruction is followed if it is in any of eight variants: first line, last line, asterisks removed).
The response is judged as it stands, outer white space included; only reasoning parts are left out, if
there are any. Languages are told by langdetect with a fixed seed.
Not covered: verbs and syllables (`words:start_verb`, `words:odd_even_syllables` need a tagger and a
dictionary: only plain violations settle), instructions of other families, several turns.

It abstains where the reference answer lists no instructions, an instruction is unknown or lacks its
arguments, a needed tagger or dictionary is missing, sentence boundaries are doubtful, or there is too
much text - unless another instruction is surely not followed.

    "No commas here." against {"instruction_id_list": ["punctuation:no_comma"], "kwargs": [{}]} -> score 1, confidence .99
    "One, two." against {"instruction_id_list": ["punctuation:no_comma"], "kwargs": [{}]} -> score 0, confidence .99
    "One, two three" against {"instruction_id_list": ["punctuation:no_comma", "length_constraints:number_words"], "kwargs": [{}, {"num_words": 3, "relation": "at least"}]} with {"score": "share"} -> score 0.5, confidence .99
    "Sure, here:\n*all small*" against {"instruction_id_list": ["punctuation:no_comma"], "kwargs": [{"N": null}]} with {"loose": true} -> score 1, confidence .99
    "<think>Well, well</think>Fine." against "{\"instruction_id_list\": [\"punctuation:no_comma\"], \"kwargs\": [{}]}" -> score 1, confidence .99
    "<think>Fine" against {"instruction_id_list": ["punctuation:no_comma"], "kwargs": [{}]} -> score 0, confidence .99
    "Wait... Captain! No" against {"instruction_id_list": ["length_constraints:number_sentences"], "kwargs": [{"num_sentences": 3, "relation": "at least"}]} -> score 0, confidence .6
    "Run away" against {"instruction_id_list": ["words:start_verb"], "kwargs": [{}]} -> abstains
    "Run, run" against {"instruction_id_list": ["words:start_verb", "punctuation:no_comma"], "kwargs": [{}, {}]} -> score 0, confidence .99
    "Anything" against {"instruction_id_list": ["keywords:frequency"], "kwargs": [{"keyword": "any"}]} -> abstains
    "Anything" against "Anything" -> abstains
"""  # noqa: E501 - an example is one line

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import ClassVar, Literal

from router.response import spoken
from router.types import Abstain, Finding, Sample, Verdict
from verifiers.base import Verifier, plain
from verifiers.constraints import CONSTRAINTS
from verifiers.constraints.given import Undecidable

CONFIDENCE = {
    "every instruction followed": 0.99,
    "an instruction not followed": 0.99,
    "every instruction followed, as far as sentences can be told": 0.6,
    "an instruction not followed, as far as sentences can be told": 0.6,
    "nothing outside the reasoning": 0.99,
}
"""How often each situation's score is right; `python -m benchmarks.accuracy` prints what was measured."""

MOST_INSTRUCTIONS = 32
MOST_WORK = 100_000
"""Characters that all checks together look at; the slowest take two microseconds for each."""

LOOSE_PARTS = (slice(1, None), slice(None, -1), slice(1, -1))
"""The lines that the official loose reading looks at, beside all of them."""

Asked = tuple[str, Mapping[str, object]]
"""The official name of an instruction, and its arguments."""
Found = bool | Undecidable
"""Whether an instruction is followed, or why that cannot be told."""


@dataclass(frozen=True, slots=True)
class Instructions(Verifier):
    """The response against a list of verifiable instructions."""

    name: ClassVar[str] = "instructions"
    cost: ClassVar[int] = 500

    score: Literal["all", "share"] = "all"
    """Whether all instructions must be followed, or each of them counts its share."""
    loose: bool = False
    """Whether an instruction also counts as followed without the first or last line, or without asterisks."""

    def verify(self, sample: Sample) -> Finding:
        """Return 1 where every instruction is followed, else 0 or the share; see the module's manual."""
        asked = _asked(sample.reference)
        if isinstance(asked, Abstain):
            return asked
        text = _judged(sample.response)
        if not text.strip():
            return _verdict(0, "nothing outside the reasoning")
        return self._summed(_found(_variants(text) if self.loose else [text], asked))

    def _summed(self, found: Sequence[tuple[str, Found]]) -> Finding:
        """Turn what was found about each instruction into one finding."""
        missed = [name for name, one in found if one is False]
        if missed and self.score == "all":
            return _verdict(0, "an instruction not followed", ", ".join(missed))
        guesses = [one.guess if isinstance(one, Undecidable) else one for _, one in found]
        if None in guesses:
            name, reason = next((name, one) for name, one in found if isinstance(one, Undecidable))
            return Abstain(f"an instruction that cannot be decided ({name}: {reason})")
        share = guesses.count(True) / len(guesses)
        doubtful = any(isinstance(one, Undecidable) for _, one in found)
        as_far = ", as far as sentences can be told" if doubtful else ""
        if share == 1:
            return _verdict(1, f"every instruction followed{as_far}")
        situation = f"an instruction not followed{as_far}"
        return _verdict(share if self.score == "share" else 0, situation, ", ".join(missed))


def _judged(response: str) -> str:
    """Return what is judged: the response as it stands, unless there is reasoning to leave out."""
    said = spoken(response)
    return response if said == response.strip() else said


def _variants(text: str) -> list[str]:
    """Return the texts of the official loose reading, each one once."""
    lines = text.split("\n")
    cut = [text, *("\n".join(lines[part]).strip() for part in LOOSE_PARTS)]
    return [one for one in dict.fromkeys([*cut, *(one.replace("*", "") for one in cut)]) if one.strip()]


def _found(texts: Sequence[str], asked: Sequence[Asked]) -> list[tuple[str, Found]]:
    """Check every instruction, as long as there is work left."""
    found: list[tuple[str, Found]] = []
    left = MOST_WORK
    for name, given in asked:
        one, left = _followed(texts, name, given, left)
        found.append((name, one))
    return found


def _followed(texts: Sequence[str], name: str, given: Mapping[str, object], left: int) -> tuple[Found, int]:
    """Say whether one of the texts follows an instruction, or why that cannot be told; and the work left."""
    undecided: Undecidable | None = None
    for text in texts:
        left -= len(text)
        if left < 0:
            return Undecidable("too much text"), left
        try:
            if CONSTRAINTS[name](text, given):
                return True, left
        except Undecidable as one:
            undecided = one if undecided is None or one.guess else undecided
    return undecided or False, left


def _asked(reference: object) -> list[Asked] | Abstain:
    """Return the instructions that a reference answer lists, or what is wrong with it."""
    value = _read(plain(reference))
    names = value.get("instruction_id_list") if isinstance(value, dict) else None
    givens = value.get("kwargs") if isinstance(value, dict) else None
    if not isinstance(names, list) or not isinstance(givens, list) or not 0 < len(names) == len(givens):
        return Abstain("the reference answer lists no instructions with their arguments")
    if len(names) > MOST_INSTRUCTIONS:
        return Abstain("the reference answer lists too many instructions")
    if unknown := [name for name in names if not isinstance(name, str) or name not in CONSTRAINTS]:
        return Abstain(f"an unknown instruction ({unknown[0]})")
    givens = [given if isinstance(given, dict) else {} for given in givens]
    return list(zip(names, givens, strict=True))


def _read(value: object) -> object:
    if not isinstance(value, str):
        return value
    try:
        return json.loads(value)
    except (ValueError, RecursionError):
        return None


def _verdict(score: float, situation: str, detail: str = "") -> Verdict:
    reason = f"{situation} ({detail})" if detail else situation
    return Verdict(score, CONFIDENCE[situation], reason)
