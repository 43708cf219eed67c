"""The examples in a verifier's manual, its module docstring: they run as tests."""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from router.types import Abstain, Finding, Message, Sample
from verifiers.base import Verifier

EXAMPLE = re.compile(
    r'^    (?P<response>".*?(?<!\\)") against (?P<reference>.+?)'
    r"(?: given (?P<fields>\{.*?\}))?(?: with (?P<options>\{.*?\}))?"
    r" -> (?:(?P<abstains>abstains)|score (?P<score>[\d.]+), confidence (?P<confidence>[\d.]+))$",
    re.MULTILINE,
)


@dataclass(frozen=True, slots=True)
class Example:
    """One line of a manual: `"response" against reference [given fields] [with options] -> finding`."""

    line: str
    sample: Sample
    options: Mapping[str, Any]
    expected: tuple[float, float] | None
    """(score, confidence), or None where the verifier abstains."""

    def holds(self, verifier: type[Verifier]) -> bool:
        """Say whether the verifier finds what its manual says."""
        finding: Finding = verifier(**self.options).verify(self.sample)
        if isinstance(finding, Abstain):
            return self.expected is None
        return self.expected == (finding.score, finding.confidence)


def examples(manual: str) -> list[Example]:
    """Return the examples of a manual, in order."""
    return [_example(match) for match in EXAMPLE.finditer(manual)]


def _example(match: re.Match[str]) -> Example:
    sample = Sample(
        id="example",
        prompt=(Message("user", "?"),),
        response=json.loads(match["response"]),
        reference=json.loads(match["reference"]),
        fields=json.loads(match["fields"] or "{}"),
    )
    expected = None if match["abstains"] else (float(match["score"]), float(match["confidence"]))
    return Example(match[0].strip(), sample, json.loads(match["options"] or "{}"), expected)
