"""The checked policy -> the policy that the router walks, the environment filled in."""

import hashlib
import json
import math
import os
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from router.errors import PolicyError
from router.policy.lineup import Lineup
from router.policy.model import JudgeSpec, Like, ModelSpec, Part, Policy, Rule, When
from router.policy.models import FILLED, fill, priced_as


def build(checked: Mapping[str, Any], environment: Mapping[str, str] = os.environ) -> Policy:
    """Return the policy; raise PolicyError where the environment names no model or one without a price."""
    low, high = checked["reward"]["range"]
    policy = Policy(
        low=low,
        high=high,
        envelope=checked["reward"]["envelope"],
        rules=tuple(_rule(rule, checked["prices"], environment) for rule in checked["rules"]),
        usd_per_invocation=checked["budget"]["usd_per_invocation"] or math.inf,
        usd_per_day=checked["budget"]["usd_per_day"] or math.inf,
        fingerprint="",
    )
    return replace(policy, fingerprint=_fingerprint(checked, policy))


def _fingerprint(checked: Mapping[str, Any], policy: Policy) -> str:
    """Return a hash of what is written, and of what the environment fills in."""
    filled = [[model.settings for model in policy.models()], policy.usd_per_day]
    return hashlib.sha256(json.dumps([checked, filled], sort_keys=True).encode()).hexdigest()[:12]


def _rule(rule: Mapping[str, Any], prices: Mapping[str, Any], environment: Mapping[str, str]) -> Rule:
    total = sum(part["weight"] for part in rule["parts"])
    return Rule(
        name=rule["name"],
        when=_when(rule["when"]),
        reference=tuple(tuple(path) for path in rule["reference"]),
        gate=_lineup(rule["gate"]),
        escalate_below=rule["escalate_below"],
        parts=tuple(
            Part(
                name=part["name"],
                weight=part["weight"] / total,
                verify=_lineup(part["verify"]),
                escalate_below=part["escalate_below"],
                judge=_judge(part["judge"], prices, environment) if part["judge"] else None,
            )
            for part in rule["parts"]
        ),
        if_unsettled=rule["if_unsettled"],
        audit=rule["audit"],
    )


def _when(when: Mapping[str, Any]) -> When:
    return When(
        fields=tuple(
            (field, tuple(Like(one["like"]) if isinstance(one, dict) else one for one in wanted))
            for field, wanted in when["fields"]
        ),
        has=tuple(when["has"]),
    )


def _lineup(verifiers: Sequence[Sequence[Any]]) -> Lineup:
    return Lineup(tuple((reported, name, options) for reported, name, options in verifiers))


def _judge(judge: Mapping[str, Any], prices: Mapping[str, Any], environment: Mapping[str, str]) -> JudgeSpec:
    return JudgeSpec(
        name=judge["name"],
        options=judge["options"],
        models=tuple(_model(one, prices, environment) for one in judge["models"]),
        backups=tuple(_model(one, prices, environment) for one in judge["backups"]),
        take=judge["take"],
    )


def _model(model: Mapping[str, Any], prices: Mapping[str, Any], environment: Mapping[str, str]) -> ModelSpec:
    settings = model["settings"]
    try:
        filled = {key: fill(settings[key], environment) for key in FILLED if key in settings}
    except ValueError as error:
        raise PolicyError([str(error)]) from None
    key = priced_as(filled["model"], prices)
    if key is None:
        where = "prices.yaml, or to the policy's own `prices`"
        raise PolicyError([f"the model {filled['model']!r} has no price: add it to {where}"])
    quota, low_high = model["quota"], model["scores"]
    return ModelSpec(
        settings={**settings, **filled},
        price=tuple(prices[key]),
        quota=(_share(quota, "requests_per_minute"), _share(quota, "tokens_per_minute")),
        hedge=model["hedge"],
        scores=(low_high[0], low_high[1]),
    )


def _share(quota: Mapping[str, Any], kind: str) -> float | None:
    """Return one instance's share of a quota."""
    return quota[kind] / quota["shared_by"] if quota[kind] else None
