"""
Recorded rollouts, verified and their questions worded as in a batch, with nobody asked: group by group.

What the verifiers settle and which questions are the same is measured. That a verdict stays remembered over
the whole job is not: it takes one instance, or the table that all instances share.
"""

import json
import time
from collections.abc import Hashable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from judges.base import Quota
from router.case import Case, Judged, Question
from router.commands.forecasting.calls import Planned, planned
from router.commands.invocations import batches
from router.commands.summary import NO_RULE
from router.errors import JudgeError
from router.policy import Policy
from router.query import Query, seat
from router.route import route
from router.types import Call, Row, Sample, Unscorable, Verdict
from router.wire import read


@dataclass(slots=True)
class Group:
    """The rollouts of one prompt, as far as a forecast asks about them."""

    rule: str
    rows: int = 0
    settled: int = 0
    """Decided by a gate or by verifiers."""
    asked: int = 0
    """With a question for a judge. What is neither settled nor asked about has no judge, and is priced."""
    questions: int = 0
    seconds: float = 0.0
    """Of reading, verifying and wording, on this machine."""
    calls: list[Planned] = field(default_factory=list)
    """Those of each batch, the same question once."""


@dataclass(slots=True)
class Notes:
    """Stands where the judges are asked: notes the questions, and likes every answer."""

    questions: list[Question] = field(default_factory=list)

    def __call__(self, questions: Sequence[Question], *_: object) -> list[Judged]:
        """Note the questions of a batch."""
        self.questions += questions
        call = Call("nobody")
        return [Judged(Verdict(1.0, 1.0, "nobody was asked"), 0.0, call) for _ in questions]


@dataclass(slots=True)
class Survey:
    """What a file of rollouts holds."""

    groups: dict[Hashable, Group] = field(default_factory=dict)
    quotas: dict[tuple[str, str], Quota] = field(default_factory=dict)
    """One instance's share, by model and region."""
    latencies: list[float] = field(default_factory=list)
    """Seconds of replies that the file's trails hold; empty where it holds no trails."""
    _remembered: set[str] = field(default_factory=set)

    @property
    def rows(self) -> int:
        """How many rollouts there are."""
        return sum(group.rows for group in self.groups.values())

    def add(self, policy: Policy, rows: Sequence[object]) -> None:
        """Look at one batch, as the handler does; whoever would be asked only takes notes."""
        started = time.perf_counter()
        received, notes = read(rows).rows, Notes()
        rewards = route(policy, received, notes)
        batch: set[str] = set()
        for question in notes.questions:
            group = self._group(question.case)
            group.questions += 1
            group.calls += self._calls(Query.of(question), batch)
        self._remembered |= batch
        each = (time.perf_counter() - started) / len(rows)
        asked = {id(question.case.sample.row) for question in notes.questions}
        for row, reward in zip(received, rewards, strict=True):
            group = self._group_of(policy, row)
            group.rows += 1
            group.settled += reward.rule is not None and reward.decided_by in ("gate", "verifiers")
            group.asked += isinstance(row, Sample) and id(row.row) in asked
            group.seconds += each
        self.latencies += [seconds for row in rows for seconds in replied(row)]

    def _group_of(self, policy: Policy, row: Row) -> Group:
        if isinstance(row, Unscorable):
            return self.groups.setdefault((NO_RULE, len(self.groups)), Group(NO_RULE))
        rule, seen = policy.rule_for(row)
        return self._group(Case(seen, rule))

    def _group(self, case: Case) -> Group:
        """Return the group of a case: as in `router/pricing.py`, rule, messages and reference answer."""
        reference = json.dumps(case.sample.reference, sort_keys=True)
        key = (case.rule.name, case.sample.prompt, reference)
        return self.groups.setdefault(key, Group(case.rule.name))

    def _calls(self, query: Query, batch: set[str]) -> Iterator[Planned]:
        """Yield the calls that a question needs and that no earlier one of its batch makes."""
        try:
            keys = {query.key(one): one for one in query.seats}
        except JudgeError:  # the judge cannot ask about this sample: a silence that costs nothing
            return
        for key, asked in keys.items():
            self.quotas.setdefault(asked.address, asked.quota)
            if key not in batch:
                batch.add(key)
                yield planned(query, asked, remembered=key in self._remembered)


def survey(policy: Policy, rows: Iterator[object], size: int) -> Survey:
    """Return what a file of rollouts holds, looked at in batches of at most `size` rows."""
    found = Survey()
    for batch in batches(rows, size):
        if not found.groups:
            Survey().add(policy, batch)  # the first look loads libraries and starts workers
        found.add(policy, batch)
    return found


def replied(row: object) -> Iterator[float]:
    """Yield the seconds of each judge's reply in a row's trail, as `score --trail` writes it."""
    trail: Any = row.get("trail") if isinstance(row, Mapping) else None
    for entry in trail if isinstance(trail, list) else ():
        if isinstance(entry, Mapping) and "model" in entry and "score" in entry and not entry.get("cached"):
            seconds = entry.get("seconds")
            if isinstance(seconds, int | float) and seconds > 0:
                yield float(seconds)


def shares(policy: Policy, checked: Mapping[str, Any]) -> dict[tuple[str, str], int]:
    """Return among how many instances the policy shares each quota that it declares, by model and region."""
    found: dict[tuple[str, str], int] = {}
    for rule, said in zip(policy.rules, checked["rules"], strict=True):
        for part, given in zip(rule.parts, said["parts"], strict=True):
            if part.judge:
                for spec, model in zip(part.judge.models, given["judge"]["models"], strict=True):
                    quota = model["quota"]
                    if quota["requests_per_minute"] or quota["tokens_per_minute"]:
                        found.setdefault(seat(spec).address, quota["shared_by"])
    return found
