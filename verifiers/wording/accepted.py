"""
The accepted answers to one question, and of which kind they are: dates, numbers, names, or other words.

Of what kind they are says what it means that a response holds none of them: another date is plainly
another, other words may say the same.
"""

from dataclasses import dataclass

from router.expression import expression
from router.types import Sample
from verifiers.base import plain
from verifiers.wording.dates import Date, date_alone, dates
from verifiers.wording.telling import STOPWORDS, bared
from verifiers.wording.words import Wording, wording, words_of

LONGEST = 300
"""Characters of an accepted answer; a longer one is a text, not a short answer."""
MOST = 128
"""Accepted answers that are compared, the first ones."""
LONGEST_QUESTION = 2000
"""Characters of the prompt's end whose words count as asked."""
LONGEST_NUMBER = 4
"""Words of an accepted answer that is a number with its unit."""

NAME = expression(r"[^\W\d_a-z][\w.'’-]*(?>(?:\s(?:[^\W\d_a-z][\w.'’-]*|of|the|de|da|di|von|van|and)){1,4})")
"""Two words or more in capitals."""
COMMON = STOPWORDS | words_of("1 i we us you he she they who what which one other may")
"""Words that stand everywhere, whatever the answer: "who" does not name the band."""


@dataclass(frozen=True, slots=True)
class Accepted:
    """What is asked, and what is accepted."""

    answers: tuple[Wording, ...]
    question: frozenset[str]
    """The words of the question."""
    dates: frozenset[Date]
    """The accepted answers, where every one is a date."""
    numbers: frozenset[str]
    """Their numbers, where every one is a number with its unit."""
    names: bool
    """Whether every one is written like a name."""

    @classmethod
    def of(cls, sample: Sample) -> "Accepted":
        """Return what a sample asks and accepts; no answers where its reference answer is none."""
        texts = _texts(plain(sample.reference))
        read = [words for text in texts if (words := wording(text)).words]
        shorter = [
            Wording(rest, ("",) * len(rest)) for one in read if (rest := bared(one.words)) != one.words
        ]
        asked = sample.prompt[-1].text[-LONGEST_QUESTION:] if sample.prompt else ""
        stated = [date_alone(one.words) for one in read]
        numbers = [_numbers(bared(one.words)[:1]) if len(one.words) <= LONGEST_NUMBER else [] for one in read]
        return cls(
            (*read, *shorter),
            frozenset(wording(asked).words),
            frozenset(date for date in stated if date and all(stated)),
            frozenset(each[0] for each in numbers if all(numbers)),
            all(NAME.fullmatch(text.strip()) for text in texts),
        )

    @property
    def asked(self) -> frozenset[str]:
        """The words of the question that carry it."""
        return self.question - STOPWORDS

    @property
    def known(self) -> frozenset[str]:
        """The words of the question and of every accepted answer."""
        return self.question.union(*(one.words for one in self.answers))

    def common(self, words: tuple[str, ...]) -> bool:
        """Whether words prove nothing, as the question or any text holds them."""
        return self.question.issuperset(words) or COMMON.issuperset(words)

    def held(self, text: Wording) -> tuple[int, int] | None:
        """Return where an accepted answer first stands, one that proves something before others."""
        spans = [(at, at + len(one.words)) for one in self.answers if (at := text.find(one.words)) >= 0]
        if not spans:
            wanted = [date for one in self.answers if (date := date_alone(one.words))]
            spans = [
                (at, to) for date, at, to in dates(text.words) if any(one.within(date) for one in wanted)
            ]
        return min(
            spans, key=lambda span: (self.common(text.words[slice(*span)]), span[0], -span[1]), default=None
        )

    def rivalled(self, text: Wording, start: int, end: int) -> bool:
        """Whether the sentence around a span states another number or date of the same kind."""
        first, last = text.sentence(start, end)
        stated = [(date, first + at, first + to) for date, at, to in dates(text.words[first:last])]
        if date_alone(text.words[start:end]):
            return any(
                self._contradicts(date, at < end and to > start)
                for date, at, to in stated
                if not self.question.issuperset(text.words[at:to])
            )
        dated = {position for _, at, to in stated for position in range(at, to)} | {*range(start, end)}
        rest = [word for position, word in enumerate(text.words[first:last], first) if position not in dated]
        return bool(_numbers(text.words[start:end])) and not self.known.issuperset(_numbers(rest))

    def _contradicts(self, date: Date, held: bool) -> bool:
        """Whether a date is none that is accepted, or, where it is one in part, not the exact one."""
        wanted = [one for answer in self.answers if (one := date_alone(answer.words))]
        if held:
            exact = {one for one in wanted if one.day and one.year == date.year}
            return bool(date.day and exact) and date not in exact
        return not any(date.within(one) for one in wanted)

    def dates_in(self, text: Wording) -> list[Date]:
        """Return the dates of a text that the question does not state."""
        return [date for date, at, to in dates(text.words) if not self.question.issuperset(text.words[at:to])]

    def numbers_in(self, text: Wording) -> list[str]:
        """Return the numbers of a text that the question does not state."""
        return [number for number in _numbers(text.words) if number not in self.question]


def _texts(value: object) -> list[str]:
    values = value if isinstance(value, list) else [value]
    texts = ["yes" if one is True else "no" if one is False else one for one in values[:MOST]]
    return [str(one) for one in texts if isinstance(one, str | int | float) and 0 < len(str(one)) <= LONGEST]


def _numbers(words: tuple[str, ...] | list[str]) -> list[str]:
    return [word for word in words if word.lstrip("-")[:1].isdigit()]
