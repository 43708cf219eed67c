"""The checked policy -> the policy that the router walks, the environment filled in."""

import hashlib
import json
import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from router.errors import PolicyError
from router.policy.lineup import Lineup
from router.policy.model import JudgeSpec, Like, ModelSpec, Part, Policy, Rule, When
from router.policy.models import Prices, dollars, fill, price_of
from router.policy.quotas import LEARNT, Address, Share, address, declared, differs, is_named, models_of


def build(checked: Mapping[str, Any], environment: Mapping[str, str] = os.environ) -> Policy:
    """Return the policy; raise PolicyError where the environment makes it name models that it cannot ask."""
    low, high = checked["reward"]["range"]
    beside = Beside(checked["prices"], _quotas(checked["rules"], environment), environment)
    policy = Policy(
        low=low,
        high=high,
        envelope=checked["reward"]["envelope"],
        rules=tuple(_rule(rule, beside) for rule in checked["rules"]),
        usd_per_invocation=_dollars(checked["budget"]["usd_per_invocation"], environment),
        usd_per_day=_dollars(checked["budget"]["usd_per_day"], environment),
        fingerprint="",
    )
    return replace(policy, fingerprint=_fingerprint(checked, policy, environment))


def _fingerprint(checked: Mapping[str, Any], policy: Policy, environment: Mapping[str, str]) -> str:
    """Return a hash of what is written and of what the environment fills in, the same in every region."""
    asked = [model["settings"] for rule in checked["rules"] for model in models_of(rule)]
    models = [[fill(one.get(key, ""), environment) for key in ("model", "region")] for one in asked]
    filled = [models, policy.usd_per_invocation, policy.usd_per_day]
    return hashlib.sha256(json.dumps([checked, filled], sort_keys=True).encode()).hexdigest()[:12]


@dataclass(frozen=True, slots=True)
class Beside:
    """What is known of models beside the rules that ask them."""

    prices: Prices
    quotas: Mapping[Address, Share]
    environment: Mapping[str, str]


def _quotas(rules: Sequence[Mapping[str, Any]], environment: Mapping[str, str]) -> dict[Address, Share]:
    quotas: dict[Address, Share] = {}
    for rule in rules:
        try:
            for at, share in declared(rule, environment):
                if quotas.setdefault(at, share) != share:
                    raise ValueError(differs(at))
        except ValueError as error:
            raise PolicyError([str(error)]) from None
    return quotas


def _rule(rule: Mapping[str, Any], beside: Beside) -> Rule:
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
                judge=_judge(part["judge"], beside) if part["judge"] else None,
            )
            for part in rule["parts"]
        ),
        if_unsettled=rule["if_unsettled"],
        audit=rule["audit"],
    )


def _dollars(cap: float | str | None, environment: Mapping[str, str]) -> float:
    try:
        return dollars(cap, environment)
    except ValueError as error:
        raise PolicyError([str(error)]) from None


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


def _judge(judge: Mapping[str, Any], beside: Beside) -> JudgeSpec:
    return JudgeSpec(
        name=judge["name"],
        options=judge["options"],
        models=tuple(_model(one, beside) for one in judge["models"]),
        backups=tuple(_model(one, beside) for one in _named(judge["backups"], beside.environment)),
        take=judge["take"],
    )


def _named(models: Sequence[Mapping[str, Any]], environment: Mapping[str, str]) -> list[Mapping[str, Any]]:
    try:
        return [model for model in models if is_named(model, environment)]
    except ValueError as error:
        raise PolicyError([str(error)]) from None


def _model(model: Mapping[str, Any], beside: Beside) -> ModelSpec:
    settings, low_high = model["settings"], model["scores"]
    try:
        at = address(settings, beside.environment)
        price = price_of(at[0], settings.get("service_tier"), beside.prices)
    except ValueError as error:
        raise PolicyError([str(error)]) from None
    return ModelSpec(
        settings={**settings, "model": at[0], "region": at[1]},
        price=price,
        quota=beside.quotas.get(at, LEARNT),
        hedge=model["hedge"],
        scores=(low_high[0], low_high[1]),
    )
