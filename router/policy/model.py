"""The policy as the router walks it: frozen, checked, and free of YAML."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from fnmatch import fnmatchcase
from typing import Any, Literal

from router.types import Sample
from verifiers.base import Verifier

IfUnsettled = Literal["group_mean", "verdict", "fail"] | float
Take = Literal["median", "majority", "mean"]
Envelope = Literal["mirror", "list", "body_string", "body_object"]


@dataclass(frozen=True, slots=True)
class Like:
    """A glob that a text field must fit as a whole."""

    pattern: str


@dataclass(frozen=True, slots=True)
class When:
    """What a sample must be like for a rule to fit. Empty: every sample fits."""

    fields: tuple[tuple[str, tuple[object, ...]], ...] = ()
    """(field, what it may be: values or globs)."""
    has: tuple[str, ...] = ()
    """What must be there: reference, tools, system."""

    def fits(self, sample: Sample) -> bool:
        """Say whether this sample is meant."""
        for field, wanted in self.fields:
            value = sample.fields.get(field)
            if value is None or True not in [matches(value, one) for one in wanted]:
                return False
        return False not in [_has(sample, what) for what in self.has]


def matches(value: object, wanted: object) -> bool:
    """Say whether a value is the one wanted: equal and of the same kind, or a text that fits a glob."""
    if isinstance(wanted, Like):
        return isinstance(value, str) and fnmatchcase(value, wanted.pattern)
    return value == wanted and isinstance(value, bool) == isinstance(wanted, bool)


def _has(sample: Sample, what: str) -> bool:
    if what == "reference":
        return sample.reference is not None
    if what == "tools":
        return bool(sample.tools)
    return any(message.role == "system" for message in sample.prompt)


@dataclass(frozen=True, slots=True)
class ModelSpec:
    """A model as one judge asks it."""

    settings: Mapping[str, Any]
    """The fields of `judges.base.Settings` that the policy sets, environment filled in."""
    price: tuple[float, float]
    """Dollars per million input and output tokens."""
    quota: tuple[float | None, float | None] = (None, None)
    """Requests and tokens a minute that this instance may ask for; None: learnt."""
    hedge: float = 0.0
    scores: tuple[float, float] = (0.0, 1.0)


@dataclass(frozen=True, slots=True)
class JudgeSpec:
    """A judge as the policy names it; `consult` seats it when it is first needed."""

    name: str
    options: Mapping[str, object]
    models: tuple[ModelSpec, ...]
    """The one that is asked; or a panel's, which are asked side by side."""
    backups: tuple[ModelSpec, ...] = ()
    """Asked in order where one of these is down, throttled or too slow."""
    take: Take | None = None
    """How a panel's verdicts become one."""


@dataclass(frozen=True, slots=True)
class Part:
    """One dimension of a rule: its verifiers, cheapest first, and the judge behind them."""

    name: str
    weight: float
    """Of a rule's parts the weights sum to 1."""
    verify: Sequence[tuple[str, Verifier]]
    """(the name under which its findings are reported, the verifier)."""
    escalate_below: float
    judge: JudgeSpec | None


@dataclass(frozen=True, slots=True)
class Rule:
    """One entry of the policy."""

    name: str
    when: When
    reference: tuple[tuple[str, ...], ...]
    """Paths to the reference answer in the row, the first hit counts; empty: the trainers' usual places."""
    gate: Sequence[tuple[str, Verifier]]
    escalate_below: float
    """For the gates; each part has its own."""
    parts: tuple[Part, ...]
    if_unsettled: IfUnsettled
    audit: float = 0.0
    """Share of the samples of which a judge also looks at what the verifiers settled."""

    @property
    def verifies(self) -> bool:
        """Whether it asks any verifier."""
        return bool(self.gate) or any(part.verify for part in self.parts)

    def sees(self, sample: Sample) -> Sample:
        """Return the sample with the reference answer from where this rule says it is."""
        return replace(sample, reference=_first(sample.row, self.reference)) if self.reference else sample


def _first(row: Mapping[str, object], paths: Sequence[Sequence[str]]) -> object:
    for path in paths:
        if (found := _at(row, path)) is not None:
            return found
        if len(path) == 1 and (found := _at(row, ("metadata", *path))) is not None:
            return found
    return None


def _at(row: object, path: Sequence[str]) -> object:
    for step in path:
        row = row.get(step) if isinstance(row, dict) else None
    return row


@dataclass(frozen=True, slots=True)
class Policy:
    """Everything that the YAML says."""

    low: float
    high: float
    """The range of rewards."""
    envelope: Envelope
    rules: tuple[Rule, ...]
    """The last one fits every sample."""
    usd_per_invocation: float
    """What one batch may spend on judges, in dollars; infinite for no cap."""
    usd_per_day: float
    """The same for one day of UTC; for each instance alone where they share no table."""
    fingerprint: str
    """Twelve hexadecimal digits that change with the policy, its rubrics, its prices and its models, these as
    the environment names them."""

    def rule_for(self, sample: Sample) -> tuple[Rule, Sample]:
        """Return the first rule that fits, and the sample as that rule sees it."""
        for rule in self.rules:
            if rule.when.fits(seen := rule.sees(sample)):
                return rule, seen
        raise AssertionError("a checked policy ends in a rule that fits everything")

    def models(self) -> Iterator[ModelSpec]:
        """Return every model that may be asked, backups included, once for each judge that names it."""
        for rule in self.rules:
            for part in rule.parts:
                if part.judge:
                    yield from (*part.judge.models, *part.judge.backups)

    def verifiers(self) -> Iterator[Verifier]:
        """Return every verifier, gates included."""
        for rule in self.rules:
            for _, verifier in (*rule.gate, *(one for part in rule.parts for one in part.verify)):
                yield verifier

    def scaled(self, score: float) -> float:
        """Map a score of 0..1 onto the range of rewards."""
        return self.low + (self.high - self.low) * score
