"""One model in one region has one quota, whoever asks it: what is declared in one place counts in all."""

from collections.abc import Iterator, Mapping
from typing import Any

from router.policy.models import fill

Address = tuple[str, str]
"""(model, region): what shares a quota."""
Share = tuple[float | None, float | None]
"""Requests and tokens a minute that one instance may ask for; None: learnt."""

LEARNT: Share = (None, None)


def address(settings: Mapping[str, Any], environment: Mapping[str, str]) -> Address:
    """
    Return the model and its region, the environment filled in; the function's own region by its name.

    Raises ValueError, in words for the user, where the environment lacks something.
    """
    region = fill(settings.get("region", ""), environment) or environment.get("AWS_REGION", "")
    return fill(settings["model"], environment), region


def is_named(model: Mapping[str, Any], environment: Mapping[str, str]) -> bool:
    """Say whether the environment leaves a model its name; a backup without one is none."""
    return fill(model["settings"]["model"], environment) != ""


def models_of(rule: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    """Return the models that a checked rule names, backups included."""
    judges = [part["judge"] for part in rule["parts"] if part["judge"]]
    return [model for judge in judges for model in (*judge["models"], *judge["backups"])]


def declared(rule: Mapping[str, Any], environment: Mapping[str, str]) -> Iterator[tuple[Address, Share]]:
    """Yield the quotas that a checked rule declares for the models that it asks."""
    for model in models_of(rule):
        if (share := share_of(model["quota"])) != LEARNT and is_named(model, environment):
            yield address(model["settings"], environment), share


def share_of(quota: Mapping[str, Any]) -> Share:
    """Return one instance's share of a quota."""
    requests, tokens = (
        quota[kind] / quota["shared_by"] if quota[kind] else None
        for kind in ("requests_per_minute", "tokens_per_minute")
    )
    return requests, tokens


def differs(at: Address) -> str:
    """Say that a model has two quotas."""
    return f"the model {at[0]!r} has another quota elsewhere: declare it once, or the same in both places"
