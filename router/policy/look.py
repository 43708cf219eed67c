"""Mistakes that no single line of a policy makes: rules nobody reaches, models nobody priced."""

import os
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from router.policy.conditions import leaves_nothing
from router.policy.models import ENVIRONMENT, FILLED, fill, priced_as
from router.policy.source import Document, KeyPath


def look_for_unreachable(document: Document, rules: Sequence[Mapping[str, Any]]) -> None:
    """Find rules that an earlier one leaves nothing for, and a last rule that does not fit every sample."""
    for place, rule in enumerate(rules):
        above = next((one for one in rules[:place] if leaves_nothing(one["when"], rule["when"])), None)
        if above:
            text = f"nobody reaches this rule: {above['name']!r} above it takes every sample that fits"
            document.mistake(("rules", place), text)
    if any(rules[-1]["when"].values()):
        place = len(rules) - 1
        document.mistake(("rules", place, "when"), "the last rule must fit every sample: give it no `when`")


def look_for_twins(document: Document, rules: Sequence[Mapping[str, Any]]) -> None:
    """Find rules that share a name."""
    names = [rule["name"] for rule in rules]
    for place, name in enumerate(names):
        if name in names[:place]:
            document.mistake(("rules", place, "name"), f"{name!r} is the name of another rule: rename one")


def look_at_texts(document: Document, prices: Mapping[str, object]) -> None:
    """Find the environment where it may not stand, and models without a price."""
    for path, text in _texts(document.value, ()):
        if path[-1] not in FILLED and ENVIRONMENT.search(text):
            document.mistake(path, f"the environment may stand in {' and '.join(FILLED)} only")
        if path[-1] in FILLED or path[-2:-1] == ("models",):
            _look_at_model(document, path, text, prices)


def _look_at_model(document: Document, path: KeyPath, text: str, prices: Mapping[str, object]) -> None:
    try:
        filled = fill(text, os.environ)
    except KeyError as unset:
        name = unset.args[0]
        document.mistake(path, f"the environment has no {name}: set it, or write a default, ${{{name}:-...}}")
        return
    if path[-1] != "region" and not priced_as(filled, prices):
        known = ", ".join(sorted(prices))
        document.mistake(path, f"{filled!r} has no price: add it to prices.yaml; priced are {known}")


def _texts(value: object, path: KeyPath) -> Iterator[tuple[KeyPath, str]]:
    if isinstance(value, str):
        yield path, value
    elif isinstance(value, dict):
        for key, inner in value.items():
            yield from _texts(inner, (*path, key))
    elif isinstance(value, list):
        for place, inner in enumerate(value):
            yield from _texts(inner, (*path, place))
