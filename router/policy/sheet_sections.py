"""The grammar of what a policy names, in files of its own or in the policy itself: rubrics and prices."""

from typing import Annotated

from pydantic import Field, RootModel

from router.policy.sections import Name, Section, Version, Weight

Sentence = Annotated[str, Field(min_length=1, max_length=500)]
Dollars = Annotated[float, Field(ge=0, le=1e6)]
Times = Annotated[float, Field(gt=0, le=10)]


class CriterionSection(Section):
    """One thing to look at, with an anchored scale."""

    name: Name
    """Under this name the judge answers."""
    question: Sentence
    """What is asked about the response."""
    weight: Weight = 1.0
    """Relative to the other criteria's."""
    scale: Annotated[dict[int, Sentence], Field(min_length=2, max_length=10)]
    """A sentence of observable behaviour for each step."""


class RubricFile(Section):
    """A rubric: `config/rubrics/NAME.yaml`, or NAME under the policy's `rubrics`."""

    version: Version
    """The format's version."""
    about: Sentence
    """What the rubric is for, in a sentence; the judge reads it."""
    pass_at: Annotated[float, Field(gt=0, le=1)] | None = None
    """The score becomes 1 where it reaches this, else 0; left out: graded."""
    criteria: Annotated[list[CriterionSection], Field(min_length=1, max_length=12)]
    """What the judge weighs."""


class PriceSection(Section):
    """Dollars per million tokens of one model."""

    input: Dollars
    """For tokens that the model reads."""
    output: Dollars
    """For tokens that it writes."""
    flex: Times | None = None
    """How many times as much they cost in the flex tier, such as 0.5; left out: it is not offered."""
    priority: Times | None = None
    """The same for the priority tier."""


Prices = Annotated[dict[str, PriceSection], Field(min_length=1)]


class PriceFile(RootModel[Prices]):
    """The prices of models by their id: `config/prices.yaml`, or the policy's `prices`."""
