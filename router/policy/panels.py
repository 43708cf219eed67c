"""Which models a judge asks: one or a panel, and the backups behind them, defaults merged in."""

from collections.abc import Mapping
from dataclasses import fields
from typing import Any

from judges.base import Settings
from router.policy.judge_sections import Quota

SETTINGS = frozenset(one.name for one in fields(Settings)) - {"price"}

Values = Mapping[str, Any]


def models_of(defaults: Values, given: Values) -> dict[str, Any]:
    """
    Return the models of a judge as plain values: those asked, their backups, and how a panel's become one.

    `given` is what the judge says of itself, over the policy's defaults. A quota is one model's: the
    default one counts wherever the default model is asked, and for no other.
    """
    said = {**defaults, **given}
    settings = _settings(said)
    panel = said.get("panel")
    asked = [{"model": model} for model in panel["models"]] if panel else [_own_quota(given)]
    behind = said.get("backups", [])
    hedge = {"hedge": said.get("hedge", 0.0)}
    return {
        "models": [_model(defaults, {**settings, **_settings(one)}, {**hedge, **one}) for one in asked],
        "backups": [_model(defaults, {**settings, **_settings(one)}, one) for one in behind],
        "take": panel.get("take", "median") if panel else None,
    }


def _own_quota(given: Values) -> Values:
    return {"quota": given["quota"]} if "quota" in given else {}


def _settings(said: Values) -> dict[str, Any]:
    return {key: value for key, value in said.items() if key in SETTINGS}


def _model(defaults: Values, settings: Values, said: Values) -> dict[str, Any]:
    same = all(settings.get(key) == defaults.get(key) for key in ("model", "region"))
    quota = said.get("quota", defaults.get("quota", {}) if same else {})
    return {
        "settings": settings,
        "quota": {**Quota().model_dump(), **quota},
        "hedge": said.get("hedge", 0.0),
        "scores": said.get("scores", [0.0, 1.0]),
    }
