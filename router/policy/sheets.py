"""
What a policy names: prices and rubrics.

A policy that holds `rubrics` or `prices` of its own names no others. Otherwise they are files beside it, or
else those of the packaged `config`.
"""

from collections.abc import Mapping
from functools import cached_property
from pathlib import Path
from typing import Any

from pydantic import BaseModel

from router.errors import PolicyError
from router.policy.document import Document, KeyPath
from router.policy.mistakes import parse
from router.policy.sheet_sections import PriceFile, RubricFile
from router.policy.sound import Grammar, sound
from router.policy.source import load

PACKAGED = Path(__file__).parents[2] / "config"


class Sheets:
    """Reads what the policy in one folder names, each once; `policy` is its document, its grammar noted."""

    def __init__(self, folder: Path, policy: Document | None = None) -> None:
        self._folder = folder
        self._policy = policy or Document("")
        self._rubrics: dict[str, dict[str, Any] | None] = {}
        self.mistakes: list[str] = []

    @cached_property
    def prices(self) -> dict[str, dict[str, float]]:
        """The prices by model, as they are written; none where they have mistakes."""
        own = self.own("prices")
        parsed = self._parsed("prices.yaml", PriceFile) if own is None else sound(PriceFile, own)
        return parsed.model_dump(exclude_none=True) if parsed else {}

    def rubric_names(self) -> list[str]:
        """Return the names of the rubrics that there are."""
        if (own := self.own("rubrics")) is not None:
            return sorted(name for name in own if isinstance(name, str))
        places = (self._folder, PACKAGED)
        return sorted({path.stem for place in places for path in place.glob("rubrics/*.yaml")})

    def rubric(self, name: str) -> dict[str, Any] | None:
        """Return a rubric as plain values; None where it has mistakes."""
        if name not in self._rubrics:
            own = self.own("rubrics")
            parsed = self._parsed(f"rubrics/{name}.yaml", RubricFile) if own is None else self._own(name, own)
            self._rubrics[name] = {"name": name, **_plain(parsed)} if parsed else None
        return self._rubrics[name]

    def own(self, section: str) -> Mapping[str, Any] | None:
        """Return a section of the policy's own; None where it has none, or no mapping."""
        value = self._policy.value
        found = value.get(section) if isinstance(value, dict) else None
        return found if isinstance(found, dict) else None

    def file(self, name: str) -> Path:
        """Return the path of a file that the policy names: beside it, or else the packaged one."""
        beside = self._folder / name
        return beside if beside.is_file() else PACKAGED / name

    def _own(self, name: str, own: Mapping[str, Any]) -> RubricFile | None:
        """Return a rubric of the policy's own; mistakes in its grammar are noted already."""
        if parsed := sound(RubricFile, own[name]):
            _look_at_names(self._policy, parsed, ("rubrics", name))
        return parsed

    def _parsed(self, name: str, grammar: type[Grammar]) -> Grammar | None:
        try:
            document = load(self.file(name))
        except PolicyError as error:
            self.mistakes += error.mistakes
            return None
        parsed = parse(document, grammar)
        if isinstance(parsed, RubricFile):
            _look_at_names(document, parsed, ())
        self.mistakes += document.mistakes
        return None if document.mistakes else parsed


def _plain(rubric: RubricFile) -> dict[str, Any]:
    criteria = [
        one.model_dump() | {"scale": sorted([step, anchor] for step, anchor in one.scale.items())}
        for one in rubric.criteria
    ]
    return {"about": rubric.about, "pass_at": rubric.pass_at, "criteria": criteria}


def _look_at_names(document: Document, rubric: RubricFile, path: KeyPath) -> None:
    names = [one.name for one in rubric.criteria]
    for place, name in enumerate(names):
        here = (*path, "criteria", place, "name")
        if name in names[:place]:
            document.mistake(here, f"{name!r} stands twice: rename one")
        if hasattr(BaseModel, name):  # the judge's reply is read by a model with a field for each criterion
            document.mistake(here, f"{name!r} is taken: choose another name")
