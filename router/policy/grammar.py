"""
The grammar of `config/policy.yaml`: what may stand where.

The options of verifiers, judges and models are not repeated here; they are the fields of their classes.
The docstrings below are what an editor shows, by way of `policy.schema.json`.
"""

from typing import Annotated, Any, Literal, Self

from pydantic import AfterValidator, BeforeValidator, Field, WithJsonSchema, model_validator

from router.policy.budgets import Budget
from router.policy.conditions import LABELS, WHEN
from router.policy.judge_sections import JudgeChoice, JudgeDefaults
from router.policy.phrases import unknown
from router.policy.sections import Name, Section, Share, Version, Weight, made, one_of, section_of
from router.policy.sheet_sections import Prices, RubricFile
from verifiers import VERIFIERS

RULE_NAME = r"^[^\x00-\x20\x7f]([^\x00-\x1f\x7f]*[^\x00-\x20\x7f])?$"
MOST_RULES = 100
"""Each has metrics of its own, which cost money, and is compared with all above it, in a batch's time."""
REFERENCE_PATH = r"^[^.]+(\.[^.]+)*$"

Bound = Annotated[float, Field(ge=-1e6, le=1e6)]


class RewardSection(Section):
    """What the trainer gets."""

    range: Annotated[list[Bound], Field(min_length=2, max_length=2)] = [0.0, 1.0]
    """Lowest and highest reward: [0, 1] or [-1, 1], as the trainer wants its numbers."""
    envelope: Literal["mirror", "list", "body_string", "body_object"] = "mirror"
    """How the reply is wrapped; `mirror` answers as the request came."""

    @model_validator(mode="after")
    def _ascends(self) -> Self:
        if not self.range[0] < self.range[1]:
            raise ValueError("`range` must ascend, as in [0, 1]")
        return self


VerifierChoice: Any = one_of(
    "Verifier", {name: section_of(cls, f"{name}_verifier", base=made(cls)) for name, cls in VERIFIERS.items()}
)


def _price_of_silence(value: object) -> object:
    if value in ("group_mean", "verdict", "fail") or type(value) is float:
        return value
    if type(value) is int:
        return float(value)
    raise ValueError(unknown(value, ["group_mean", "verdict", "fail", "a number"]))


IfUnsettled = Annotated[Literal["group_mean", "verdict", "fail"] | float, BeforeValidator(_price_of_silence)]


def _holds_references(path: str) -> str:
    steps = path.split(".")
    if not LABELS.isdisjoint(steps):
        raise ValueError("labels are invisible: name another place")
    if steps[0] in ("id", "messages"):
        raise ValueError("no reference answer stands there: name another place, such as metadata.solution")
    return path


ReferencePath = Annotated[str, Field(pattern=REFERENCE_PATH), AfterValidator(_holds_references)]


class Deciders(Section):
    """Who decides: verifiers first, and a judge for what they do not settle."""

    verify: list[VerifierChoice] = []
    """Verifiers; the cheapest runs first."""
    escalate_below: Share = 0.95
    """A verdict held with less confidence goes to the judge."""
    judge: JudgeChoice = None
    """Who decides what the verifiers do not settle."""


class PartSection(Deciders):
    """One dimension of a rule."""

    weight: Weight = 1.0
    """Its share of the reward, relative to the other parts'."""


class RuleSection(Deciders):
    """One entry of the policy: for which samples, who verifies, who judges."""

    name: Annotated[str, Field(pattern=RULE_NAME, max_length=60)]
    """How logs, metrics and trails call it."""
    when: Annotated[dict[str, Any], WithJsonSchema(WHEN)] = {}
    """Which samples are meant. The last rule has none, and takes what is left."""
    reference: Annotated[list[ReferencePath], Field(min_length=1)] = []
    """Where the reference answer is in the row, such as metadata.solution: the first place that holds one
    counts. Left out: where the trainers put it."""
    gate: list[VerifierChoice] = []
    """Verifiers that end a sample at the bottom of the range when they fail it surely; no judge is paid."""
    parts: Annotated[dict[Name, PartSection], Field(max_length=20)] = {}
    """Several dimensions, each decided on its own, instead of one."""
    if_unsettled: IfUnsettled = "group_mean"
    """What a sample is paid that nobody settles: the mean of its group, the surest verifier's verdict, or a
    number in units of the range; `fail` fails the invocation."""
    audit: Share = 0.0
    """Share of the samples of which the judge also looks at what the verifiers settled, to measure them:
    last, for a few seconds, paid like any question. The rewards stay as they are."""


class PolicyFile(Section):
    """A routing policy: the first rule whose `when` fits a sample decides about it."""

    version: Version
    """The grammar's version."""
    reward: RewardSection = RewardSection()
    """What the trainer gets."""
    judge: JudgeDefaults = JudgeDefaults()
    """Defaults for every judge below; each may override any of them."""
    budget: Budget = Budget()
    """Caps on what judges may cost."""
    rules: Annotated[list[RuleSection], Field(min_length=1, max_length=MOST_RULES)]
    """The rules, in order; the last one has no `when`."""
    rubrics: dict[str, RubricFile] = {}
    """The rubrics by name, each as its file would hold it. Left out: the files of the folder `rubrics`."""
    prices: Prices = {}
    """The prices by model id. Left out: those of `prices.yaml`."""
