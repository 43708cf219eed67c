"""The values that flow through the house, from a trainer's row to its reward."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal

DecidedBy = Literal["gate", "verifiers", "judge", "fallback"]


@dataclass(frozen=True, slots=True)
class Message:
    """One turn before the response."""

    role: str
    text: str


@dataclass(frozen=True, slots=True)
class Sample:
    """One rollout with its prompt and reference answer, as received."""

    id: str | int
    prompt: tuple[Message, ...]
    """Every message before the response, in order."""
    response: str
    """The student's text; reasoning that came in blocks of its own is already left out."""
    reference: object = None
    """The reference answer, a JSON value; None where the row has none."""
    fields: Mapping[str, object] = field(default_factory=dict)
    """What a rule's `when` sees: metadata over extra top-level fields, labels left out."""
    row: Mapping[str, object] = field(default_factory=dict)
    """The row as received, for the reference paths that a rule names."""
    tools: Sequence[object] = ()
    """The tools that the row offered to the student."""
    calls: Sequence[object] = ()
    """The tool calls of the response, each as the trainer wrote it."""
    unread: tuple[str, ...] = ()
    """Kinds of content in the row that are no text (image, document ...) and go to nobody."""
    flags: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Unscorable:
    """A row that nothing can be said about: broken, or a training row without a response."""

    id: str | int
    reason: str
    flags: tuple[str, ...]
    """`malformed` or `no_response` first."""


Row = Sample | Unscorable


@dataclass(frozen=True, slots=True)
class Verdict:
    """A score and how far it can be trusted."""

    score: float
    """0 (bad) to 1 (good)."""
    confidence: float
    """Calibrated probability that the score is right, 0 to 1; not how good the answer is."""
    reason: str

    def __post_init__(self) -> None:
        """Refuse what is no share: a bug in whoever makes this verdict must not reach a reward."""
        if not (0 <= self.score <= 1 and 0 <= self.confidence <= 1):
            raise ValueError("score and confidence lie between 0 and 1")


@dataclass(frozen=True, slots=True)
class Abstain:
    """No opinion. Not a zero: there is no score to read."""

    reason: str


Finding = Verdict | Abstain


@dataclass(frozen=True, slots=True)
class Silence:
    """A judge was asked and gave no verdict. Says nothing about the student."""

    error: str
    """The kind of failure: the name of the `JudgeError`."""
    reason: str


@dataclass(frozen=True, slots=True)
class Call:
    """What one question to a judge took."""

    model: str
    input_tokens: int = 0
    output_tokens: int = 0
    usd: float = 0.0
    cached: bool = False


@dataclass(slots=True)
class Spent:
    """What judges took: all of a question's calls, or all of a model's for one rule."""

    calls: int = 0
    """Replies that arrived."""
    input_tokens: int = 0
    output_tokens: int = 0
    usd: float = 0.0
    lost: int = 0
    """Calls that went out and whose reply did not arrive."""
    lost_usd: float = 0.0
    """The most that these may have cost."""
    throttled: int = 0
    """Attempts that were thrown back because of a quota; each may have been repeated."""

    def add(self, other: "Spent") -> None:
        """Add another's figures."""
        for name in Spent.__slots__:
            setattr(self, name, getattr(self, name) + getattr(other, name))


Spending = Mapping[tuple[str, str], Spent]
"""What a batch took, by model and rule."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of a trail: who found what about which part, in how many seconds."""

    part: str
    by: str
    finding: Verdict | Abstain | Silence
    seconds: float
    call: Call | None = None
    """Present where a judge was asked."""
    audits: Verdict | None = None
    """Where a judge looked at what was settled already: the verdict that settled it. Changes no reward."""

    @property
    def parts_ways(self) -> bool:
        """Whether an audit disagrees: one of the two scores lies above 0.5, the other one below."""
        if self.audits is None or not isinstance(self.finding, Verdict):
            return False
        return (self.audits.score - 0.5) * (self.finding.score - 0.5) < 0


Group = tuple[object, ...]
"""What rollouts of one group share: rule, messages before the response, reference answer."""


@dataclass(frozen=True, slots=True)
class Reward:
    """The number that the trainer gets, and why."""

    id: str | int
    value: float
    """In units of the policy's `range`."""
    confidence: float
    decided_by: DecidedBy
    rule: str | None
    """The name of the rule that decided; None for an unscorable row."""
    parts: Mapping[str, float]
    """Each decided part's value in units of `range`."""
    trail: tuple[Entry, ...]
    flags: tuple[str, ...] = ()
    group: Group | None = None
    """The rollouts that it was rewarded among; None for an unscorable row."""

    @property
    def escalated(self) -> bool:
        """Whether a judge was asked, because something was not settled."""
        return [entry for entry in self.trail if entry.call is not None and entry.audits is None] != []

    @property
    def judge_error(self) -> bool:
        """Whether a judge was asked, because something was not settled, and gave no verdict."""
        return [one for one in self.trail if isinstance(one.finding, Silence) and one.audits is None] != []

    @property
    def audited(self) -> bool:
        """Whether a judge gave a verdict on what the verifiers had settled."""
        return [one for one in self.trail if one.audits and isinstance(one.finding, Verdict)] != []

    @property
    def parted(self) -> bool:
        """Whether that verdict and the verifiers' disagree."""
        return [entry for entry in self.trail if entry.parts_ways] != []
