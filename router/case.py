"""A sample on its way through its rule, and what is asked about it on the way."""

from dataclasses import dataclass, field

from router.policy.model import JudgeSpec, Part, Rule
from router.types import Call, Entry, Sample, Silence, Verdict
from verifiers.base import Verifier


@dataclass(slots=True)
class Case:
    """One sample on its way through its rule."""

    sample: Sample
    rule: Rule
    trail: list[Entry] = field(default_factory=list)
    decided: dict[str, Verdict] = field(default_factory=dict)
    """The verdict that decides each part, as far as there is one."""
    waiting: tuple[tuple[Part, str, Verifier], ...] = ()
    """The verifiers that look when all others have: (part, the name it goes by, verifier)."""
    gate: bool = False
    """Whether a gate has ended it."""
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


def entry_of(question: Question, judged: Judged) -> Entry:
    """Return the line of a trail that says what came of a question."""
    return Entry(question.part, question.judge.name, judged.finding, judged.seconds, judged.call)
