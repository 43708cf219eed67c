"""The files that a policy names: prices and rubrics, found beside it or else in the packaged `config`."""

from pathlib import Path
from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError

from router.errors import PolicyError
from router.policy.grammar import PriceSection, RubricFile
from router.policy.mistakes import add_mistakes
from router.policy.source import Document, load

PACKAGED = Path(__file__).parents[2] / "config"

Grammar = TypeVar("Grammar", bound=BaseModel)


def parse(document: Document, grammar: type[Grammar]) -> Grammar:
    """Return the document in its grammar; raise PolicyError with every mistake."""
    try:
        parsed = grammar.model_validate(document.value)
    except ValidationError as error:
        add_mistakes(document, grammar, error)
        raise PolicyError(document.mistakes) from None
    return parsed


def find(folder: Path, name: str) -> Path:
    """Return a file beside the policy, else the packaged one, whether or not that exists."""
    beside = folder / name
    return beside if beside.is_file() else PACKAGED / name


def read_prices(folder: Path) -> dict[str, list[float]]:
    """Return dollars per million [input, output] tokens by model id."""
    document = load(find(folder, "prices.yaml"))
    prices = {}
    for model, price in document.value.items() if isinstance(document.value, dict) else ():
        try:
            section = PriceSection.model_validate(price)
        except ValidationError as error:
            document.mistake(
                (str(model),), f"must be {{input: dollars, output: dollars}}: {error.errors()[0]['msg']}"
            )
            continue
        prices[str(model)] = [section.input, section.output]
    if document.mistakes or not prices:
        raise PolicyError(document.mistakes or [f"{document.name}: holds no price"])
    return prices


def rubric_names(folder: Path) -> list[str]:
    """Return the names of the rubrics that a policy in this folder can use."""
    return sorted({path.stem for place in (folder, PACKAGED) for path in place.glob("rubrics/*.yaml")})


def read_rubric(folder: Path, name: str) -> dict[str, Any]:
    """Return a rubric as plain values; raise PolicyError with every mistake in it."""
    document = load(find(folder, f"rubrics/{name}.yaml"))
    rubric = parse(document, RubricFile)
    for place, criterion in enumerate(rubric.criteria):
        if criterion.name in [other.name for other in rubric.criteria[:place]]:
            document.mistake(("criteria", place, "name"), f"{criterion.name!r} stands twice: rename one")
    if document.mistakes:
        raise PolicyError(document.mistakes)
    return {
        "name": name,
        "about": rubric.about,
        "pass_at": rubric.pass_at,
        "criteria": [
            one.model_dump() | {"scale": sorted([step, anchor] for step, anchor in one.scale.items())}
            for one in rubric.criteria
        ],
    }
