"""A sample on its way through its rule, and what is asked about it on the way."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from router.policy.model import JudgeSpec, Part, Rule
from router.types import Call, Entry, Sample, Silence, Verdict
from verifiers.base import Verifier

Look = tuple[Part | None, str, Verifier]
"""A verifier that is yet to look: (the part; None at the gate, the name it goes by, the verifier)."""


@dataclass(slots=True)
class Case:
    """One sample on its way through its rule."""

    sample: Sample
    rule: Rule
    trail: list[Entry] = field(default_factory=list)
    decided: dict[str, Verdict] = field(default_factory=dict)
    """The verdict that decides each part, as far as there is one."""
    waiting: tuple[Look, ...] = ()
    """The verifiers that look when all others have."""
    glanced: bool = False
    """Whether the first of them has had a glance, which did not suffice."""
    at_gate: bool = False
    """Whether it waits for one of its gates, and its parts wait for that."""
    gate: bool = False
    """Whether a gate has ended it."""
    unseen: bool = False
    """Whether the time was over before its gates and parts were looked at."""
    flags: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Question:
    """A part of a case that its verifiers did not settle."""

    case: Case
    part: str
    judge: JudgeSpec


@dataclass(frozen=True, slots=True)
class Judged:
    """What came of a question."""

    finding: Verdict | Silence
    seconds: float
    call: Call | None
    flags: tuple[str, ...] = ()


LATE = Silence("JudgeLate", "no time was left to ask a judge")
"""What comes of a question for which there is no time: nobody is asked."""

Ask = Callable[[Sequence[Question], float], Sequence[Judged]]
"""Asks the judges; returns one answer for each question, in order, by a time of the monotonic clock."""


def entry_of(question: Question, judged: Judged) -> Entry:
    """Return the line of a trail that says what came of a question."""
    return Entry(question.part, question.judge.name, judged.finding, judged.seconds, judged.call)
