"""A question as it is put: the judge seated, its models, the prompt for each, the key of what it comes to."""

import hashlib
import json
from dataclasses import dataclass, replace
from functools import cached_property

from judges import JUDGES, dialect
from judges.base import Judge, Price, Prompt, Quota, Request, Seat, Settings
from judges.prompt import AGAIN, render
from router.case import Question
from router.policy.model import ModelSpec, Take
from router.types import Sample


@dataclass(frozen=True)
class Query:
    """One question to a judge. Raises a JudgeError where the judge cannot ask about this sample."""

    judge: Judge
    sample: Sample
    rule: str
    seats: tuple[Seat, ...]
    """The one model that is asked, or a panel's."""
    backups: tuple[Seat, ...]
    take: Take | None

    @classmethod
    def of(cls, question: Question) -> "Query":
        """Seat the judge that the policy names."""
        spec = question.judge
        return cls(
            judge=JUDGES[spec.name].seated(spec.options),
            sample=question.case.sample,
            rule=question.case.rule.name,
            seats=tuple(seat(model) for model in spec.models),
            backups=tuple(seat(model) for model in spec.backups),
            take=spec.take,
        )

    @cached_property
    def first(self) -> Prompt:
        """The prompt for the first model."""
        return render(self._request, self.seats[0].settings.max_input_tokens)

    def prompt(self, seat: Seat) -> Prompt:
        """Return the question in words, cut to what this model may be sent."""
        if seat is self.seats[0]:
            return self.first
        return render(self._request, seat.settings.max_input_tokens)

    def key(self, seat: Seat) -> str:
        """Return under what this model's verdict is remembered."""
        if seat not in self._keys:
            self._keys[seat] = self._hash(seat)
        return self._keys[seat]

    @cached_property
    def _keys(self) -> dict[Seat, str]:
        return {}

    def _hash(self, seat: Seat) -> str:
        """
        Return a hash of all that could change this model's verdict: what it is sent, and who reads the reply.

        Where, how fast and in which tier a model is served is no part of it.
        """
        prompt = self.prompt(seat)
        settings = replace(seat.settings, service_tier=None)
        sent = dialect.body(replace(prompt, text=_normal(prompt.text)), settings)
        covered = [
            settings.model,
            sent.decode(),
            AGAIN,
            self.judge.name,
            repr(self.judge),
            self.sample.unread,
        ]
        return hashlib.sha256(json.dumps(covered).encode()).hexdigest()

    @cached_property
    def _request(self) -> Request:
        return self.judge.ask(self.sample)


def seat(model: ModelSpec) -> Seat:
    """Return a model in a judge's place."""
    settings = Settings(price=Price(*model.price), **model.settings)
    return Seat(settings, Quota(*model.quota), model.hedge, model.scores)


def _normal(text: str) -> str:
    """Return a text without what no reader sees: blanks at the ends of lines."""
    return "\n".join(line.rstrip(" \t\r") for line in text.split("\n")).rstrip("\n")
