"""The files that a policy names: prices and rubrics, found beside it or else in the packaged `config`."""

from pathlib import Path
from typing import Annotated, Any

from pydantic import BaseModel, Field, RootModel

from router.errors import PolicyError
from router.policy.document import Document
from router.policy.mistakes import Grammar, parse
from router.policy.sections import Name, Section, Version, Weight
from router.policy.source import load

PACKAGED = Path(__file__).parents[2] / "config"

Sentence = Annotated[str, Field(min_length=1, max_length=500)]
Dollars = Annotated[float, Field(ge=0, le=1e6)]


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
    """A rubric: `config/rubrics/NAME.yaml`."""

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


class PriceFile(RootModel[Annotated[dict[str, PriceSection], Field(min_length=1)]]):
    """The prices of models by their id: `config/prices.yaml`."""


class Sheets:
    """Reads the files that the policy in one folder names, each once."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._rubrics: dict[str, dict[str, Any] | None] = {}
        self.mistakes: list[str] = []

    def prices(self) -> dict[str, list[float]]:
        """Return dollars per million [input, output] tokens by model; none where their file has mistakes."""
        parsed = self._parsed("prices.yaml", PriceFile)
        return {model: [price.input, price.output] for model, price in parsed.root.items()} if parsed else {}

    def rubric_names(self) -> list[str]:
        """Return the names of the rubrics that there are."""
        places = (self._folder, PACKAGED)
        return sorted({path.stem for place in places for path in place.glob("rubrics/*.yaml")})

    def rubric(self, name: str) -> dict[str, Any] | None:
        """Return a rubric as plain values; None where its file has mistakes."""
        if name not in self._rubrics:
            parsed = self._parsed(f"rubrics/{name}.yaml", RubricFile)
            self._rubrics[name] = {"name": name, **_plain(parsed)} if parsed else None
        return self._rubrics[name]

    def _parsed(self, name: str, grammar: type[Grammar]) -> Grammar | None:
        beside = self._folder / name
        try:
            document = load(beside if beside.is_file() else PACKAGED / name)
        except PolicyError as error:
            self.mistakes += error.mistakes
            return None
        parsed = parse(document, grammar)
        if isinstance(parsed, RubricFile):
            _look_at_names(document, [one.name for one in parsed.criteria])
        self.mistakes += document.mistakes
        return None if document.mistakes else parsed


def _plain(rubric: RubricFile) -> dict[str, Any]:
    criteria = [
        one.model_dump() | {"scale": sorted([step, anchor] for step, anchor in one.scale.items())}
        for one in rubric.criteria
    ]
    return {"about": rubric.about, "pass_at": rubric.pass_at, "criteria": criteria}


def _look_at_names(document: Document, names: list[str]) -> None:
    for place, name in enumerate(names):
        if name in names[:place]:
            document.mistake(("criteria", place, "name"), f"{name!r} stands twice: rename one")
        if hasattr(BaseModel, name):  # the judge's reply is read by a model with a field for each criterion
            document.mistake(("criteria", place, "name"), f"{name!r} is taken: choose another name")
