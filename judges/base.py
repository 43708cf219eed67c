"""
What a judge is: two pure steps around one call that somebody else makes.

    ask(sample) -> Request      what to say to the model, and the form its verdict must have
    read(reply) -> Verdict      what it said, read strictly; JudgeUnreadable otherwise
"""

from abc import ABC, abstractmethod
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, ClassVar, Literal, Protocol, Self

from router.types import Sample, Verdict


@dataclass(frozen=True, slots=True)
class Price:
    """Dollars per million tokens."""

    input: float
    output: float

    def usd(self, input_tokens: int, output_tokens: int) -> float:
        """Dollars for one call."""
        return (input_tokens * self.input + output_tokens * self.output) / 1e6


@dataclass(frozen=True, slots=True)
class Settings:
    """
    Which model a judge asks, and how. The policy's `judge:` section.

    The metadata of a field holds its bounds, for the policy's grammar.
    """

    model: str = field(metadata={"min_length": 1})
    """A Bedrock model id, an inference profile's id, or the ARN of one."""
    price: Price
    region: str = ""
    """Where the model is called. Empty: the function's own region."""
    max_tokens: int = field(default=300, metadata={"ge": 32, "le": 100_000})
    """The longest reply; a thinking model's thoughts count."""
    max_input_tokens: int = field(default=6000, metadata={"ge": 500, "le": 1_000_000})
    """The longest prompt; the longest texts in it are cut in their middle until it fits."""
    timeout_seconds: float = field(default=20.0, metadata={"ge": 0.1, "le": 900})
    """For one attempt."""
    temperature: float | None = field(default=0.0, metadata={"ge": 0, "le": 1})
    """Null: not sent, for models that refuse it."""
    service_tier: Literal["default", "flex", "priority"] | None = None
    """Null: not sent, which is `default`."""
    reply: Literal["schema", "tool", "text"] = "tool"
    """How the model is made to answer in the verdict's form."""


@dataclass(frozen=True, slots=True)
class Quota:
    """What this instance of the function may ask of one model; None: learnt."""

    requests_per_minute: float | None = None
    tokens_per_minute: float | None = None


@dataclass(frozen=True, slots=True)
class Seat:
    """A model in a judge's place: the judge's first one, a backup, or a voice in a panel."""

    settings: Settings
    quota: Quota = Quota()
    hedge: float = 0.0
    """Share of calls that may be made a second time when they straggle."""
    scores: tuple[float, float] = (0.0, 1.0)
    """Where this model's 0 and 1 lie on the first model's scale."""

    @property
    def address(self) -> tuple[str, str]:
        """Return what shares a quota and an outage."""
        return self.settings.model, self.settings.region


@dataclass(frozen=True, slots=True)
class Request:
    """One question to a model, before any model's dialect."""

    system: str
    template: str
    """The prompt with `{{name}}` where the text called `name` goes."""
    texts: Mapping[str, str]
    """The untrusted texts by name, as received; `judges.prompt` cuts, disarms and fences them."""
    schema: Mapping[str, object]
    """JSON schema of the verdict: one object; menus are `enum`s ordered from worst to best."""


@dataclass(frozen=True, slots=True)
class Prompt:
    """A request as it is sent: cut to size, disarmed, fenced."""

    system: str
    text: str
    texts: Mapping[str, str]
    """The texts as they were filled in, cut but neither disarmed nor fenced."""
    schema: Mapping[str, object]
    truncated: tuple[str, ...] = ()
    """Names of the texts that were cut in their middle."""


@dataclass(frozen=True, slots=True)
class Reply:
    """What a model said, before anybody reads a verdict from it."""

    content: str | Mapping[str, object]
    """Its text, or the input it gave to the forced tool."""
    stop_reason: str
    model: str
    input_tokens: int
    output_tokens: int
    billed: bool = True
    """Whether anybody is charged for it; nobody is for a stand-in's."""


class Judge(ABC):
    """One way to ask a model for a verdict. Frozen, pure, and ignorant of networks."""

    name: ClassVar[str]

    @classmethod
    def seated(cls, options: Mapping[str, Any]) -> Self:
        """Return the judge with these options, as a checked policy holds them."""
        return cls(**options)

    @abstractmethod
    def ask(self, sample: Sample) -> Request:
        """Return the question about this sample."""

    @abstractmethod
    def read(self, reply: Reply) -> Verdict:
        """Return the verdict in this reply; raise JudgeUnreadable where there is none."""


class Line(Protocol):
    """The way to a model, as a telephone or its offline stand-in has it."""

    async def open(self, settings: Settings) -> None:
        """Get ready to call a model; raise JudgeRejected where it cannot be called."""

    async def call(self, prompt: Prompt, settings: Settings) -> Reply:
        """Return the model's reply to one call; raise a JudgeError where none came."""

    async def close(self) -> None:
        """Hang up."""


def template(module_file: str) -> tuple[str, str]:
    """Return the system text and the prompt of the `NAME.md` beside a judge's module, split at its `---`."""
    system, _, prompt = Path(module_file).with_suffix(".md").read_text(encoding="utf-8").partition("\n---\n")
    return system.strip(), prompt.strip()
