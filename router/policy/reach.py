"""Which rules nobody reaches, as far as their text shows: those that the rules above leave no sample for."""

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from fnmatch import fnmatchcase
from itertools import product
from typing import Any, Self

MOST_CASES = 1000
"""A rule whose lists combine to more is compared as a whole, with one rule above it at a time."""

Wanted = tuple[str, object]
"""A value or a glob with its kind, so that true is not 1."""


@dataclass(frozen=True, slots=True)
class Net:
    """What a rule catches, in a form that can be compared."""

    name: str
    fields: Mapping[str, frozenset[Wanted]]
    """By field, what it may be."""
    has: frozenset[str]
    places: frozenset[str]
    """Where the rule looks for the reference answer; empty: where the trainers put it."""

    @classmethod
    def of(cls, rule: Mapping[str, Any]) -> Self:
        """Return the net of a checked rule."""
        when = rule["when"]
        fields = {field: frozenset(map(_wanted, values)) for field, values in when["fields"]}
        return cls(rule["name"], fields, frozenset(when["has"]), frozenset(map(".".join, rule["reference"])))

    def takes(self, case: Mapping[str, frozenset[Wanted]], other: Self) -> bool:
        """Say whether every sample of a case of another net is caught by this one."""
        if not self.has <= other.has:
            return False
        if "reference" in self.has and not _same_places(self.places, other.places):
            return False
        return all(
            field in case and all(_among(value, wanted) for value in case[field])
            for field, wanted in self.fields.items()
        )

    def cases(self) -> Iterator[Mapping[str, frozenset[Wanted]]]:
        """Split what this net catches into cases that different rules may take."""
        if math.prod(map(len, self.fields.values())) > MOST_CASES:
            yield self.fields
            return
        for values in product(*self.fields.values()):
            yield {field: frozenset({value}) for field, value in zip(self.fields, values, strict=True)}


def takers(net: Net, above: Sequence[Net]) -> list[str]:
    """Return the names of the rules that together take all that this one fits; none where some is left."""
    found = set()
    for case in net.cases():
        taker = next((place for place, one in enumerate(above) if one.takes(case, net)), None)
        if taker is None:
            return []
        found.add(taker)
    return [above[place].name for place in sorted(found)]


def _wanted(value: object) -> Wanted:
    if isinstance(value, dict):
        return ("glob", value["like"])
    return ("truth" if isinstance(value, bool) else "value", value)


def _same_places(wide: frozenset[str], narrow: frozenset[str]) -> bool:
    """Say whether who finds a reference answer at the narrow places also finds one at the wide ones."""
    return narrow <= wide if wide and narrow else wide == narrow


def _among(value: Wanted, wanted: frozenset[Wanted]) -> bool:
    return value in wanted or any(_in_glob(value, glob) for kind, glob in wanted if kind == "glob")


def _in_glob(value: Wanted, glob: object) -> bool:
    """Say whether a text fits a glob, or a narrower glob does: then its own * must lie under a * there."""
    kind, text = value
    if not isinstance(text, str) or not isinstance(glob, str):
        return False
    if kind == "glob" and ("[" in text + glob or "?" in glob):
        return False
    return fnmatchcase(text, glob)
