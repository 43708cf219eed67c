"""Mistakes that no single line of a policy makes: rules nobody reaches, models nobody priced."""

import os
from collections.abc import Iterator, Mapping
from typing import Any

from router.policy.document import Document, KeyPath
from router.policy.models import ENVIRONMENT, Prices, dollars, fill, price_of, priced_as
from router.policy.phrases import quoted, unknown
from router.policy.quotas import Address, Share, declared, differs
from router.policy.reach import Net, takers

Values = Mapping[str, Any]

NO_QUOTA = "means nothing beside `panel`: the paces of its models are learnt, so leave it out"


def look_for_unreachable(document: Document, rules: Mapping[int, Mapping[str, Any]], last: int) -> None:
    """Find rules that those above leave nothing for, and a last rule that does not fit every sample."""
    above: list[Net] = []
    for place, rule in rules.items():
        if not document.sound(("rules", place), "when", "reference"):
            continue  # what it fits is not known
        net = Net.of(rule)
        if names := [quoted(name) for name in takers(net, above)]:
            text = f"nobody reaches this rule: what fits it is taken above, by {' and '.join(names)}"
            document.mistake(("rules", place), text)
        above.append(net)
    if last in rules and any(rules[last]["when"].values()):
        text = "the last rule must fit every sample: give it no `when`, or add a rule without one below"
        document.mistake(("rules", last, "when"), text)


def look_for_twins(document: Document, rules: Mapping[int, Mapping[str, Any]]) -> None:
    """Find rules that share a name."""
    names: set[str] = set()
    for place, rule in rules.items():
        if rule["name"] in names and document.sound(("rules", place, "name")):
            text = f"{quoted(rule['name'])} is the name of another rule: rename one"
            document.mistake(("rules", place, "name"), text)
        names.add(rule["name"])


def look_at_models(document: Document, prices: Mapping[str, object]) -> None:
    """Find the environment where it may not stand or is not set, and models without a price."""
    for path, value in _values(document.value, ()):
        if isinstance(value, str) and path[:1] != ("rubrics",):  # a judge reads these as they are
            match _inside_judge(path) or path:
                case ("backups", _, "model"):  # one that comes out empty is left out
                    _look_at_model(document, path, value, prices)
                case ("model",) | ("panel", "models", _):
                    if _look_at_model(document, path, value, prices) == "" != value:
                        text = f"{value} comes out empty: set it, or give it a default"
                        document.mistake(path, text)
                case ("budget", _) if ENVIRONMENT.fullmatch(value):
                    _look_at_dollars(document, path, value)
                case ("region",) | ("backups", _, "region"):
                    _filled(document, path, value)
                case _ if ENVIRONMENT.search(value):
                    text = "the environment may stand in `model`, `models`, `region` and `budget` only"
                    document.mistake(path, text)


def _look_at_model(document: Document, path: KeyPath, text: str, prices: Mapping[str, object]) -> str | None:
    """Return the model, the environment filled in; None where that cannot be, which is noted."""
    model = _filled(document, path, text)
    if model and prices and not priced_as(model, prices):
        priced = unknown(model, sorted(prices))
        where = "`prices`" if ("prices",) in document.places else "prices.yaml"
        document.mistake(path, f"has no price, so add one to {where}: {priced}")
    return model


def look_at_quotas(document: Document, rules: Mapping[int, Mapping[str, Any]]) -> None:
    """Find a model to which two rules give two quotas, of which only one could be kept."""
    known: dict[Address, Share] = {}
    for place, rule in rules.items():
        try:
            for at, share in declared(rule, os.environ):
                if known.setdefault(at, share) != share:
                    document.mistake(("rules", place), differs(at))
        except (LookupError, ValueError):
            continue  # a model is missing, or cannot be filled in, which is noted already


def look_at_panel(document: Document, defaults: Values, given: Values, said: Values, path: KeyPath) -> None:
    """Find a quota beside a panel that is none of its models'. `said` is what `given` comes to."""
    if said["take"] and "quota" in given:
        document.mistake((*path, "quota"), NO_QUOTA)
    elif said["take"] and "quota" in defaults and "panel" not in given:
        models = [one["settings"].get("model") for one in said["models"]]
        if defaults.get("model") not in models:
            document.mistake(("judge", "quota"), NO_QUOTA)


def look_at_tiers(document: Document, prices: Prices, given: Values, said: Values, path: KeyPath) -> None:
    """Find a service tier in which a model has no price."""
    where = (*path, "service_tier") if "service_tier" in given else ("judge", "service_tier")
    for settings in [one["settings"] for one in (*said["models"], *said["backups"])]:
        if model := _priced(settings, prices):
            try:
                price_of(model, settings.get("service_tier"), prices)
            except ValueError as error:
                document.mistake(where, str(error))


def _priced(settings: Values, prices: Prices) -> str | None:
    """Return the model by its name; None where it has none or no price, which is noted elsewhere."""
    try:
        model = fill(settings.get("model", ""), os.environ)
    except ValueError:
        return None
    return model if priced_as(model, prices) else None


def _look_at_dollars(document: Document, path: KeyPath, text: str) -> None:
    try:
        dollars(text, os.environ)
    except ValueError as error:
        document.mistake(path, str(error))


def _filled(document: Document, path: KeyPath, text: str) -> str | None:
    try:
        return fill(text, os.environ)
    except ValueError as error:
        document.mistake(path, str(error))
        return None


def _inside_judge(path: KeyPath) -> KeyPath:
    """Return the way from the judge that a path lies in; empty where it lies in none."""
    match path:
        case (
            ("judge", *inner)
            | ("rules", _, "judge", _, *inner)
            | ("rules", _, "parts", _, "judge", _, *inner)
        ):
            return tuple(inner)
    return ()


def _values(value: object, path: KeyPath) -> Iterator[tuple[KeyPath, object]]:
    """Walk through everything in a document."""
    yield path, value
    if isinstance(value, dict):
        for key, inner in value.items():
            yield from _values(inner, (*path, key))
    elif isinstance(value, list):
        for place, inner in enumerate(value):
            yield from _values(inner, (*path, place))
