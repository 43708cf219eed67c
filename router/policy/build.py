"""The checked policy -> the policy that the router walks, the environment filled in."""

import hashlib
import json
import os
from collections.abc import Mapping
from typing import Any

from router.errors import PolicyError
from router.policy.model import JudgeSpec, Like, Part, Policy, Rule, When
from router.policy.models import FILLED, fill, priced_as
from verifiers import VERIFIERS
from verifiers.base import Verifier


def build(checked: Mapping[str, Any], environment: Mapping[str, str] = os.environ) -> Policy:
    """Return the policy; raise PolicyError where the environment names no model or one without a price."""
    low, high = checked["reward"]["range"]
    return Policy(
        low=low,
        high=high,
        envelope=checked["reward"]["envelope"],
        rules=tuple(_rule(rule, checked["prices"], environment) for rule in checked["rules"]),
        fingerprint=hashlib.sha256(json.dumps(checked, sort_keys=True).encode()).hexdigest()[:12],
    )


def _rule(rule: Mapping[str, Any], prices: Mapping[str, Any], environment: Mapping[str, str]) -> Rule:
    total = sum(part["weight"] for part in rule["parts"])
    return Rule(
        name=rule["name"],
        when=_when(rule["when"]),
        reference=tuple(tuple(path) for path in rule["reference"]),
        gate=tuple(_verifier(*one) for one in rule["gate"]),
        escalate_below=rule["escalate_below"],
        parts=tuple(
            Part(
                name=part["name"],
                weight=part["weight"] / total,
                verify=tuple(_verifier(*one) for one in part["verify"]),
                escalate_below=part["escalate_below"],
                judge=_judge(part["judge"], prices, environment) if part["judge"] else None,
            )
            for part in rule["parts"]
        ),
        if_unsettled=rule["if_unsettled"],
    )


def _when(when: Mapping[str, Any]) -> When:
    return When(
        fields=tuple(
            (field, tuple(Like(one["like"]) if isinstance(one, dict) else one for one in wanted))
            for field, wanted in when["fields"]
        ),
        has=tuple(when["has"]),
    )


def _verifier(reported: str, name: str, options: Mapping[str, Any]) -> tuple[str, Verifier]:
    return reported, VERIFIERS[name](**options)


def _judge(judge: Mapping[str, Any], prices: Mapping[str, Any], environment: Mapping[str, str]) -> JudgeSpec:
    try:
        filled = {
            key: fill(judge["settings"][key], environment) for key in FILLED if key in judge["settings"]
        }
    except ValueError as error:
        raise PolicyError([str(error)]) from None
    key = priced_as(filled["model"], prices)
    if key is None:
        raise PolicyError([f"the model {filled['model']!r} has no price: add it to prices.yaml"])
    return JudgeSpec(judge["name"], judge["options"], {**judge["settings"], **filled}, tuple(prices[key]))
