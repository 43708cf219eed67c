"""The options that a question offers: from the metadata, or else from its prompt."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property

from router.expression import expression
from router.types import Sample
from verifiers.options.reading import Words, words_of

LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
NUMBERS = tuple(str(number) for number in range(1, len(LETTERS) + 1))
LONGEST_PROMPT = 8000
"""Characters of the prompt's end in which options are looked for."""


@dataclass(frozen=True)
class Options:
    """Option texts by capital letter, empty where the sample lists none."""

    texts: Mapping[str, str] = field(default_factory=dict)
    labels: Sequence[str] = LETTERS
    """How the question itself labels the options: in capitals, in small letters, or by numbers."""

    @cached_property
    def wordings(self) -> Mapping[str, Words]:
        """The words of each option's text."""
        return {letter: words_of(text) for letter, text in self.texts.items()}

    def allow(self, letters: frozenset[str]) -> bool:
        """Say whether all the letters are on offer; where the options are unknown, all are."""
        return not self.texts or letters - {"or"} <= self.texts.keys()


def options_of(sample: Sample) -> Options:
    """Return the sample's options, from its metadata or else from its last prompt message."""
    for key in ("options", "choices"):
        listed = sample.fields.get(key)
        if isinstance(listed, list):
            return Options({letter: str(text) for letter, text in zip(LETTERS, listed, strict=False)})
        if isinstance(listed, dict):
            return _labelled(listed)
    return _listed(sample.prompt[-1].text[-LONGEST_PROMPT:]) if sample.prompt else Options()


def _labelled(listed: Mapping[str, object]) -> Options:
    """Return options under their letters; labels of another kind stand for the letters in their order."""
    pairs: Iterable[tuple[object, object]] = listed.items()
    if isinstance(labels := listed.get("label"), list) and isinstance(said := listed.get("text"), list):
        pairs = zip(labels, said, strict=False)
    texts = {str(label).strip("(). "): str(text) for label, text in pairs}
    for labels in (LETTERS, LETTERS.lower(), NUMBERS):
        if all(label in labels for label in texts):
            return Options({LETTERS[labels.index(label)]: text for label, text in texts.items()}, labels)
    return Options(dict(texts))


LISTED = (
    (LETTERS, expression(r"(?:^|\s)(?:\(([A-Z])\)|([A-Z])[.):])[ \t]+(?=\S)")),
    (LETTERS.lower(), expression(r"^[ \t]*(?:\(([a-z])\)|([a-z])[.):])[ \t]+(?=\S)", re.MULTILINE)),
    (NUMBERS, expression(r"^[ \t]*(?:\((\d{1,2})\)|(\d{1,2})[.):])[ \t]+(?=\S)", re.MULTILINE)),
)
"""How a prompt lists options: capitals anywhere, small letters and numbers at the start of a line."""


def _listed(prompt: str) -> Options:
    """Return the options that a prompt lists in order, from its longest list; of equals, the last."""
    for labels, pattern in LISTED:
        runs = [run for run in _runs(prompt, labels, pattern) if len(run) > 1]
        if runs:
            longest = max(reversed(runs), key=len)
            return Options(dict(zip(LETTERS, longest, strict=False)), labels)
    return Options()


def _runs(prompt: str, labels: Sequence[str], pattern: re.Pattern[str]) -> Iterator[list[str]]:
    """Give the option texts of each list that starts with the first label and goes on in order."""
    marks = list(pattern.finditer(prompt))
    ends = [mark.start() for mark in marks[1:]] + [len(prompt)]
    run: list[str] = []
    for mark, end in zip(marks, ends, strict=False):
        label = mark[1] or mark[2]
        if label == labels[0]:
            yield run
            run = []
        if label in labels[len(run) : len(run) + 1]:
            run.append(prompt[mark.end() : end].partition("\n")[0].strip())
    yield run
