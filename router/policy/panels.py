"""Which models a judge asks: one or a panel, and the backups behind them, defaults merged in."""

from collections.abc import Mapping
from dataclasses import fields
from typing import Any

from judges.base import Settings
from router.policy.grammar import Quota

SETTINGS = frozenset(one.name for one in fields(Settings)) - {"price"}

Values = Mapping[str, Any]


def models_of(defaults: Values, given: Values) -> dict[str, Any]:
    """
    Return the models of a judge as plain values: those asked, their backups, and how a panel's become one.

    `given` is what the judge says of itself, over the policy's defaults. A quota is one model's: the
    default one does not count for a judge that names another model.
    """
    said = {**defaults, **given}
    settings = _settings(said)
    panel = said.get("panel")
    quota = {} if panel or ("model" in given and "quota" not in given) else said.get("quota", {})
    asked = [{"model": model} for model in panel["models"]] if panel else [{}]
    hedge = said.get("hedge", 0.0)
    return {
        "models": [_model({**settings, **one}, {"quota": quota, "hedge": hedge}) for one in asked],
        "backups": [_model({**settings, **_settings(one)}, one) for one in said.get("backups", [])],
        "take": panel.get("take", "median") if panel else None,
    }


def _settings(said: Values) -> dict[str, Any]:
    return {key: value for key, value in said.items() if key in SETTINGS}


def _model(settings: Values, said: Values) -> dict[str, Any]:
    return {
        "settings": settings,
        "quota": {**Quota().model_dump(), **said.get("quota", {})},
        "hedge": said.get("hedge", 0.0),
        "scores": said.get("scores", [0.0, 1.0]),
    }
