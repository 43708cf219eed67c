"""
The grammar of `config/policy.yaml`: what may stand where.

The options of verifiers, judges and models are not repeated here; they are the fields of their classes.
"""

from typing import Annotated, Any, Literal, Self

from pydantic import BeforeValidator, Field, model_validator
from pydantic_core import PydanticCustomError

from judges import JUDGES
from judges.base import Settings
from router.policy.sections import OneOf, Section, one_of, section_of
from verifiers import VERIFIERS

Share = Annotated[float, Field(ge=0, le=1)]
Dollars = Annotated[float, Field(gt=0, allow_inf_nan=False)]
Count = Annotated[int, Field(ge=1)]
PartName = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]{0,40}$")]


class RewardSection(Section):
    """What the trainer gets."""

    range: Annotated[list[float], Field(min_length=2, max_length=2)] = [0.0, 1.0]
    """Lowest and highest reward: [0, 1] or [-1, 1], as the trainer wants its numbers."""
    envelope: Literal["mirror", "list", "body_string", "body_object"] = "mirror"
    """How the reply is wrapped; `mirror` answers as the request came."""

    @model_validator(mode="after")
    def _ascends(self) -> Self:
        if not self.range[0] < self.range[1]:
            raise ValueError("must ascend, as in [0, 1]")
        return self


class Quota(Section):
    """What the account may ask of one model."""

    requests_per_minute: Count | None = None
    """Left out: learnt."""
    tokens_per_minute: Count | None = None
    """Input and `max_tokens` together. Left out: learnt."""
    shared_by: Count = 1
    """How many instances of the function share it."""


class WithQuota(Section):
    """What is said of a model beside how it is called."""

    quota: Quota | None = None
    """What the account may ask of this model; left out: learnt."""


class Backup(section_of(Settings, base=WithQuota, leave_out={"price"})):  # type: ignore[misc]
    """A model that is asked when those before it are down, throttled or too slow."""


class Panel(Section):
    """Several models that vote."""

    models: Annotated[list[str], Field(min_length=2, max_length=9)]
    """Model ids; each is asked."""
    take: Literal["median", "majority", "mean"] = "median"
    """How their verdicts become one."""


class Extras(WithQuota):
    """What is said of a judge beside its model."""

    backups: list[Backup] = []
    """Models asked in order when the first is down, throttled or too slow."""
    hedge: Share = 0.0
    """Share of calls that may be asked a second time when they straggle."""
    panel: Panel | None = None
    """Several models instead of one."""


JudgeDefaults = section_of(Settings, base=Extras, leave_out={"price"})
JudgeDefaults.model_fields["model"].default = None
JudgeDefaults.model_rebuild(force=True)


class Budget(Section):
    """Caps on what judges may cost."""

    usd_per_invocation: Dollars | None = None
    """Dollars for one batch."""
    usd_per_day: Dollars | None = None
    """Dollars for one day, all instances together."""


VerifierChoice: Any = one_of("Verifier", {name: section_of(cls) for name, cls in VERIFIERS.items()})
JudgeChoice: Any = one_of(
    "Judge", {name: section_of(cls, base=JudgeDefaults) for name, cls in JUDGES.items()}
)


def _price_of_silence(value: object) -> object:
    if value in ("group_mean", "verdict", "fail"):
        return value
    if isinstance(value, int | float) and not isinstance(value, bool):
        return float(value)
    raise PydanticCustomError(
        "choice", "{value} is not one of group_mean, verdict, fail, or a number", {"value": repr(value)}
    )


IfUnsettled = Annotated[Literal["group_mean", "verdict", "fail"] | float, BeforeValidator(_price_of_silence)]


def _as_list(value: object) -> object:
    return [value] if isinstance(value, str) else value


class PartSection(Section):
    """One dimension of a rule."""

    weight: Annotated[float, Field(gt=0, allow_inf_nan=False)] = 1.0
    """Its share of the reward, relative to the other parts'."""
    verify: list[VerifierChoice] = []
    """Verifiers; the cheapest runs first."""
    escalate_below: Share = 0.95
    """A verdict held with less confidence goes to the judge."""
    judge: JudgeChoice | None = None
    """Who decides what the verifiers do not settle."""


class RuleSection(PartSection):
    """One entry of the policy: for which samples, who verifies, who judges."""

    name: Annotated[str, Field(min_length=1, max_length=60)]
    """How logs, metrics and trails call it."""
    when: dict[str, Any] | None = None
    """Which samples are meant: fields and what they must be, and `has: reference | tools | system`."""
    reference: Annotated[list[str], BeforeValidator(_as_list)] = []
    """Paths to the reference answer in the row; left out: where the trainers put it."""
    gate: list[VerifierChoice] = []
    """Verifiers that end the sample at the bottom of the range when they fail it surely."""
    parts: dict[PartName, PartSection] = {}
    """Several dimensions instead of one."""
    if_unsettled: IfUnsettled = "group_mean"
    """What a sample is paid that nobody settles: group_mean, verdict, a number, or fail."""
    audit: Share = 0.0
    """Share of settled samples that is judged as well, to measure the verifiers."""


class PolicyFile(Section):
    """A routing policy: the first rule whose `when` fits a sample decides about it."""

    version: Literal[1]
    """The grammar's version."""
    reward: RewardSection = RewardSection()
    """What the trainer gets."""
    judge: JudgeDefaults | None = None  # type: ignore[valid-type]
    """Defaults for every judge below."""
    budget: Budget | None = None
    """Caps on what judges may cost."""
    rules: Annotated[list[RuleSection], Field(min_length=1)]
    """In order; the last one has no `when`."""


class CriterionSection(Section):
    """One thing to look at, with an anchored scale."""

    name: PartName
    """Under this name the judge answers."""
    question: Annotated[str, Field(min_length=1, max_length=500)]
    """What is asked about the response."""
    weight: Annotated[float, Field(gt=0, allow_inf_nan=False)] = 1.0
    """Relative to the other criteria's."""
    scale: Annotated[
        dict[int, Annotated[str, Field(min_length=1, max_length=500)]], Field(min_length=2, max_length=10)
    ]
    """A sentence of observable behaviour for each step."""


class RubricFile(Section):
    """A rubric: `config/rubrics/NAME.yaml`."""

    version: Literal[1]
    """The format's version."""
    about: Annotated[str, Field(min_length=1, max_length=500)]
    """What the rubric is for, in a sentence; the judge reads it."""
    pass_at: Share | None = None
    """The score becomes 1 where it reaches this, else 0; left out: graded."""
    criteria: Annotated[list[CriterionSection], Field(min_length=1, max_length=12)]
    """What the judge weighs."""


class PriceSection(Section):
    """Dollars per million tokens of one model."""

    input: Annotated[float, Field(ge=0, allow_inf_nan=False)]
    """For tokens that the model reads."""
    output: Annotated[float, Field(ge=0, allow_inf_nan=False)]
    """For tokens that it writes."""


__all__ = ["JudgeChoice", "OneOf", "PolicyFile", "RubricFile", "VerifierChoice"]
