"""
What the function answers to `{"router": "about"}`: which version serves which policy, and whom it may ask.

No trainer sends this event; `preflight` does. Every other event is a batch.
"""

import os
from collections.abc import Mapping, Sequence

from router import VERSION
from router.policy import Policy
from router.settings import Settings

EVENT = {"router": "about"}


def is_asked(event: object) -> bool:
    """Say whether an event is this one, whole and with nothing beside it."""
    return event == EVENT


def about(policy: Policy, policy_from: str, mistakes: Sequence[str], settings: Settings) -> dict[str, object]:
    """Return the answer; `mistakes` are those of a newer policy that was refused."""
    return {
        "version": VERSION,
        "policy": policy.fingerprint,
        "policy_from": policy_from,
        "policy_mistakes": list(mistakes),
        "judge": settings.judge,
        "models": models_of(policy, os.environ),
        "code": code_of(policy, settings.code),
    }


def models_of(policy: Policy, environ: Mapping[str, str]) -> list[dict[str, str]]:
    """Return every model that may be asked, once for each region that it is asked in."""
    own = environ.get("AWS_REGION", "")
    asked = [(model.settings["model"], model.settings.get("region") or own) for model in policy.models()]
    return [{"model": model, "region": region} for model, region in dict.fromkeys(asked)]


def code_of(policy: Policy, where: str) -> Mapping[str, object]:
    """Say where programs run, and whether they can, as the sandbox's canary found."""
    if all(verifier.name != "code" for verifier in policy.verifiers()):
        return {"runs": where, "open": False, "reason": "no rule runs programs"}
    from router.away.state import state  # noqa: PLC0415 - few policies run programs

    return state(where)
