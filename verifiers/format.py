r"""
Check what shape a response has: tags, patterns, syntax, bounds on its length, language.

Covered: `tags` each exactly once, closed, in order and not empty, in the whole response with its
reasoning; everything else outside of the reasoning, unless `look_at` says otherwise: patterns that must
or must not occur (RE2 syntax), the syntax of JSON, XML and Markdown, bounds on words, sentences,
characters, lines and paragraphs, the language. All must hold; the first that fails is named. Without
options it asks only that the response says anything.
Not covered: whether what is said is right; reasoning that the trainer sends in blocks of its own (its
tags are gone); a JSON schema (see `json`); tokens; letters of other alphabets in disguise, which a
forbidden pattern does not see: such a word only lowers the confidence.

Where people count differently (hyphens, abbreviations, blank lines) and the bound lies between, the
score is held with low confidence, which ends no sample at a gate.
It abstains where nothing fails for sure and one condition cannot be told: the text is too short or too
mixed to have a language, is longer than is read, is JSON nested too deeply or XML with a DOCTYPE.

    "Thank you for writing to us." against null with {"max_words": 200} -> score 1, confidence .99
    "one two three four" against null with {"max_words": 3} -> score 0, confidence .99
    "a well-known fact" against null with {"max_words": 3} -> score 0, confidence .7
    "\u200b" against null with {"max_words": 3} -> score 0, confidence .99
    "<think>so</think><a>4</a>" against null with {"tags": ["think", "a"]} -> score 1, confidence .99
    "<a>4</a><think>so</think>" against null with {"tags": ["think", "a"]} -> score 0, confidence .99
    "<answer>4</answer> `<answer>`" against null with {"tags": ["answer"]} -> score 1, confidence .7
    "Ticket AB-123 is closed" against null with {"matches": ["[A-Z]{2}-[0-9]+"]} -> score 1, confidence .99
    "As an AI, I cannot" against null with {"forbids": ["(?i)as an ai"]} -> score 0, confidence .99
    "{\"a\": [1, 2]}" against null with {"syntax": "json"} -> score 1, confidence .99
    "Here you are: {}" against null with {"syntax": "json"} -> score 0, confidence .99
    "<!DOCTYPE a><a/>" against null with {"syntax": "xml"} -> abstains
    "今天天气很好 我们一起去公园散步 你来吗" against null with {"language": "zh"} -> score 1, confidence .9
    "今天天气很好 我们一起去公园散步 你来吗" against null with {"language": "en"} -> score 0, confidence .95
    "Paris" against null with {"language": "fr"} -> abstains
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any, ClassVar, Literal

from router.response import spoken
from router.types import Abstain, Finding, Sample, Verdict
from verifiers.base import Verifier
from verifiers.form.bounds import Bound
from verifiers.form.counts import COUNTS, visible
from verifiers.form.flaws import Flaw, count_flaws, language_flaws, syntax_flaws, tag_flaws
from verifiers.form.language import LANGUAGES
from verifiers.form.patterns import broken, refuse_large
from verifiers.form.syntax import Syntax
from verifiers.form.tags import Layout, inside

CONFIDENCE = {
    "every condition holds": 0.99,
    "every condition holds, and the language is told as English": 0.97,
    "every condition holds, and the language is told as another than English": 0.9,
    "nothing is said": 0.99,
    "a tag is missing": 0.99,
    "a tag stands more than once": 0.99,
    "the tags stand in another order": 0.99,
    "a tag holds nothing": 0.99,
    "text stands outside the tags": 0.99,
    "tags stand only in code": 0.8,
    "tags stand in code as well": 0.7,
    "too few": 0.99,
    "too many": 0.99,
    "depends on how one counts": 0.7,
    "a pattern does not occur": 0.99,
    "a forbidden pattern occurs": 0.99,
    "a forbidden pattern may hide behind letters of another alphabet": 0.7,
    "not valid JSON": 0.99,
    "not well-formed XML": 0.99,
    "a flaw in the Markdown": 0.95,
    "another language": 0.95,
}
"""
How often each situation's score is right.

All but the language are facts about the text, so .99; a Markdown renderer may read a table otherwise.
Where a bound lies within what people count, .7 is a guess, low enough to settle nothing. The language
was measured on 2,331 recorded responses, nearly all English, each asked for several languages: English
found right in 1,895 of 1,896, another language found where English was wanted in 86 of 93 (of the seven,
five read as truly another), any other language right in 82 of 92.
"""

LONGEST = 40_000
"""Characters that are looked at; of a longer response only what surely fails is said."""

SURELY = 0.95
"""Confidence at which a failed condition ends the look."""


def _bound() -> Any:
    return field(default=0, metadata={"ge": 0})


@dataclass(frozen=True, slots=True)
class Format(Verifier):
    """The shape of the response against the policy's conditions; all must hold."""

    name: ClassVar[str] = "format"
    cost: ClassVar[int] = 60

    tags: Sequence[str] = ()
    """Tags that must stand in the whole response, each exactly once and in this order, as [think, answer]."""
    tags_only: bool = False
    """Nothing but white space may stand outside the tags."""
    already_open: str = ""
    """The first tag, where the chat template opens it in the prompt; its opening may then be missing."""
    may_be_empty: Sequence[str] = ()
    """Tags that may hold nothing."""
    matches: Sequence[str] = ()
    """Patterns in RE2 syntax that must all occur."""
    forbids: Sequence[str] = ()
    """Patterns in RE2 syntax of which none may occur, with or without invisible characters between."""
    syntax: Syntax = "any"
    """What the text must be; where `tags` are named, what stands in the last of them."""
    language: str = ""
    """The language that all of the text must be in, as an ISO 639-1 code such as en."""
    look_at: Literal["spoken", "whole"] = "spoken"
    """The text for everything but `tags`: what is said outside the reasoning, or the whole response."""
    max_words: int = _bound()
    """The most words; 0 for any number, here and below."""
    min_words: int = _bound()
    """The fewest words."""
    max_sentences: int = _bound()
    """The most sentences."""
    min_sentences: int = _bound()
    """The fewest sentences."""
    max_characters: int = _bound()
    """The most characters."""
    min_characters: int = _bound()
    """The fewest characters; a run of white space counts as one, what is invisible as none."""
    max_lines: int = _bound()
    """The most lines."""
    min_lines: int = _bound()
    """The fewest lines that say something."""
    max_paragraphs: int = _bound()
    """The most paragraphs: blocks between blank lines."""
    min_paragraphs: int = _bound()
    """The fewest paragraphs."""

    def __post_init__(self) -> None:
        """Refuse what cannot be meant."""
        self._layout()
        self._bounds()
        refuse_large([*self.matches, *self.forbids, *self.forbids])
        if self.language and self.language not in LANGUAGES:
            raise ValueError(f"`language`: {self.language!r} is not one of {', '.join(sorted(LANGUAGES))}")

    def verify(self, sample: Sample) -> Finding:
        """Return 1 where every condition holds, 0 where one fails; see the module's manual."""
        text = spoken(sample.response) if self.look_at == "spoken" else sample.response.strip()
        unsure: list[Finding] = []
        for flaw in self._flaws(sample.response, text[:LONGEST], len(text) > LONGEST):
            found = flaw if isinstance(flaw, Abstain) else _verdict(*flaw)
            if isinstance(found, Verdict) and found.score < 1 and found.confidence >= SURELY:
                return found
            unsure.append(found)
        if len(text) > LONGEST:
            return Abstain(f"nothing fails in the first {LONGEST} characters; more are not read")
        if abstained := [one for one in unsure if isinstance(one, Abstain)]:
            return abstained[0]
        if doubted := [one for one in unsure if isinstance(one, Verdict)]:
            return min(doubted, key=lambda one: (one.score, one.confidence))
        return _verdict(1, TOLD.get(self.language, TOLD_OTHER))

    def _flaws(self, response: str, text: str, cut: bool) -> Iterator[Flaw]:
        """Yield what fails or cannot be told; of a text that is cut, only what more cannot mend."""
        yield from tag_flaws(response, self._layout())
        if not visible(text).strip():
            yield 0, "nothing is said", ""
        yield from count_flaws(text, self._bounds(), cut)
        yield from broken(self.matches, self.forbids, text, cut)
        if not cut:
            yield from syntax_flaws(inside(response, self.tags[-1]) if self.tags else text, self.syntax)
            yield from language_flaws(text, self.language)

    def _bounds(self) -> list[Bound]:
        units = [(unit, getattr(self, f"min_{unit}"), getattr(self, f"max_{unit}")) for unit in COUNTS]
        return [Bound(unit, low, high) for unit, low, high in units if low or high]

    def _layout(self) -> Layout:
        return Layout(tuple(self.tags), self.already_open, self.tags_only, tuple(self.may_be_empty))


TOLD = {
    "": "every condition holds",
    "en": "every condition holds, and the language is told as English",
}
TOLD_OTHER = "every condition holds, and the language is told as another than English"


def _verdict(score: float, situation: str, detail: str = "") -> Verdict:
    return Verdict(score, CONFIDENCE[situation], f"{situation} ({detail})" if detail else situation)
