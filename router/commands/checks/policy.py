"""Is the policy in use the one on disk, and does what its rules need work there?"""

from collections.abc import Iterator, Mapping
from typing import Any

from router.away import HERE
from router.away.place import OFF
from router.commands.checks.invoke import Send
from router.commands.checks.remarks import Remark, fine, fix, note
from router.commands.checks.replies import Refused, parsed
from router.policy import Policy, Rule

ABOUT = "policy"

EVENT = {"router": "about"}
"""No trainer sends this; the function answers with what it serves."""


def look(invoke: Send, name: str, policy: Policy) -> Iterator[Remark]:
    """Ask the function what it serves, and compare it with `policy`, which `name` says where to find."""
    answer = invoke(EVENT)
    try:
        told = parsed(answer.payload)
    except Refused:
        told = None
    if answer.error or not isinstance(told, dict) or "policy" not in told:
        said = answer.kind if answer.error else "another reply"
        yield fix(
            ABOUT, f"the function cannot say which policy it serves ({said}): deploy this version of it"
        )
        return
    yield compare(name, policy, told)
    yield from (
        fix(ABOUT, f"it refused a newer policy: {each}") for each in told.get("policy_mistakes") or ()
    )
    if told["policy"] == policy.fingerprint:
        yield from code(policy, told.get("code") or {})


def compare(name: str, policy: Policy, told: Mapping[str, Any]) -> Remark:
    """Compare the policy on disk with the one that a function serves."""
    where = told.get("policy_from", "somewhere")
    if told["policy"] != policy.fingerprint:
        way = "publish it" if str(where).startswith("s3://") else "deploy it"
        return fix(
            ABOUT,
            f"the function serves {told['policy']} from {where}, {name} is {policy.fingerprint}: {way}, or "
            "name the right --policy",
        )
    return fine(ABOUT, f"the function serves {name} ({policy.fingerprint}), from {where}")


def code(policy: Policy, told: Mapping[str, Any]) -> Iterator[Remark]:
    """Say whether programs are run, where a rule wants that."""
    rules = [rule for rule in policy.rules if "code" in _verifiers(rule)]
    if not rules:
        return
    runs = told.get("runs")
    if told.get("open"):
        yield fine("code", f"programs are run ({runs}), behind walls that a canary has proved")
        return
    why = f"`code` abstains there: {told.get('reason') or runs or 'it does not say why'}"
    alone = [rule.name for rule in rules if not all(part.judge for part in rule.parts)]
    if runs not in (HERE, OFF):
        yield fix("code", f"{why}; or set CodeFunction to off")
    elif alone:
        yield fix("code", f"{why}; give a judge to {', '.join(map(repr, alone))}, or take `code` out")
    else:
        same = ", and a function of its own would meet the same kernel" * (runs == HERE)
        yield note("code", f"{why}; the judge decides instead{same}")


def _verifiers(rule: Rule) -> set[str]:
    return {one.name for verify in (rule.gate, *(part.verify for part in rule.parts)) for _, one in verify}
