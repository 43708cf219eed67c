r"""
Ask a model to place a response on the anchored scale of each criterion of a rubric.

Covered: anything that can be said in criteria with a sentence for each step; the score is the
weighted mean of the steps, each scale mapped onto 0..1. `pass_at` in the rubric makes it 1 or 0.
Not covered: comparison with a reference answer (see `reference`); the judge does not see one.

Rubrics lie in `config/rubrics/NAME.yaml`; the policy's line names one: `{rubric: {criteria: NAME}}`.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, ClassVar, Self

from judges import texts
from judges.base import Judge, Reply, Request, template
from judges.reading import read_form
from router.types import Sample, Verdict

SYSTEM, PROMPT = template(__file__)


@dataclass(frozen=True, slots=True)
class Criterion:
    """One thing to look at, with an anchored scale."""

    name: str
    question: str
    weight: float
    scale: tuple[tuple[int, str], ...]
    """(step, the sentence that anchors it), ascending."""

    def score(self, step: int) -> float:
        """Map a step of the scale onto 0..1."""
        lowest, highest = self.scale[0][0], self.scale[-1][0]
        return (step - lowest) / (highest - lowest)


@dataclass(frozen=True, slots=True)
class Criteria:
    """A rubric: `config/rubrics/NAME.yaml`, checked."""

    name: str
    about: str
    criteria: tuple[Criterion, ...]
    pass_at: float | None = None
    """The score becomes 1 where it reaches this, else 0; None leaves it graded."""


def read_criteria(values: Mapping[str, Any]) -> Criteria:
    """Return a rubric from the plain values of a checked policy."""
    criteria = [
        Criterion(
            one["name"],
            one["question"],
            one["weight"],
            tuple((step, anchor) for step, anchor in one["scale"]),
        )
        for one in values["criteria"]
    ]
    return Criteria(values["name"], values["about"], tuple(criteria), values["pass_at"])


@dataclass(frozen=True, slots=True)
class Rubric(Judge):
    """How does the response stand against each criterion of a rubric?"""

    name: ClassVar[str] = "rubric"

    criteria: Criteria
    """The name of a rubric in `config/rubrics`."""
    confidence: float = field(default=0.7, metadata={"ge": 0, "le": 1})
    """How often this judge is right on your data; measure it, and say it here."""

    @classmethod
    def seated(cls, options: Mapping[str, Any]) -> Self:
        """Return the judge with the rubric that its options hold."""
        return cls(**{**options, "criteria": read_criteria(options["criteria"])})

    def ask(self, sample: Sample) -> Request:
        """Return the question about every criterion at once."""
        return Request(
            system=SYSTEM.replace("{{about}}", self.criteria.about).replace("{{criteria}}", self._listed()),
            template=PROMPT,
            texts={"conversation": texts.conversation(sample), "response": texts.response(sample)},
            schema=self._form(),
        )

    def read(self, reply: Reply) -> Verdict:
        """Return the weighted mean of the steps; raise JudgeUnreadable for a step that is on no scale."""
        said = read_form(reply, self._form())
        marks = [(one, said[one.name]) for one in self.criteria.criteria]
        total = sum(one.weight for one, _ in marks)
        score = sum(one.weight * one.score(mark["step"]) for one, mark in marks) / total
        if self.criteria.pass_at is not None:
            score = float(score >= self.criteria.pass_at)
        reason = "; ".join(
            f"{one.name} {mark['step']}/{one.scale[-1][0]}: {mark['reason']}" for one, mark in marks
        )
        return Verdict(score, self.confidence, reason)

    def _form(self) -> Mapping[str, object]:
        return {
            "type": "object",
            "properties": {one.name: _mark(one) for one in self.criteria.criteria},
            "required": [one.name for one in self.criteria.criteria],
            "additionalProperties": False,
        }

    def _listed(self) -> str:
        return "\n\n".join(
            "\n".join(
                [f"{one.name}: {one.question}", *[f"  {step} = {anchor}" for step, anchor in one.scale]]
            )
            for one in self.criteria.criteria
        )


def _mark(criterion: Criterion) -> Mapping[str, object]:
    return {
        "type": "object",
        "properties": {
            "reason": {"type": "string", "description": "One short sentence, before the step."},
            "step": {"type": "integer", "enum": [step for step, _ in criterion.scale]},
        },
        "required": ["reason", "step"],
        "additionalProperties": False,
    }
