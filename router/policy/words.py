"""What a checked policy will do, in words."""

import os
from collections.abc import Iterator, Mapping
from typing import Any

from router.policy.build import build
from router.policy.model import JudgeSpec, Like, Part, Policy, Rule

UNSETTLED = {
    "group_mean": "the mean of its group",
    "verdict": "what the surest verifier says, else the mean of its group",
    "fail": "nothing: the invocation fails as a whole",
}


def in_words(name: str, checked: Mapping[str, Any]) -> str:
    """Return the policy as a text: a paragraph a rule, then what this version does not carry out."""
    policy = build(checked, os.environ)
    lines = [
        f"{name} is sound: {len(policy.rules)} rules, rewards from {policy.low:g} to {policy.high:g}, "
        f"fingerprint {policy.fingerprint}.",
        "The first rule that fits a sample decides about it.",
    ]
    for number, rule in enumerate(policy.rules, 1):
        lines += [
            "",
            f"{number}. {rule.name}: {samples_in_words(rule)}",
            *(f"   {line}" for line in _does(policy, rule)),
        ]
    if checked["later"]:
        lines += [
            "",
            "Accepted, but not carried out by this version:",
            *(f"   {path}" for path in checked["later"]),
        ]
    return "\n".join(lines)


def samples_in_words(rule: Rule) -> str:
    """Say which samples a rule is for."""
    conditions = [f"`{field}` is {_either(wanted)}" for field, wanted in rule.when.fields]
    conditions += [f"there is a {what}" if what != "tools" else "there are tools" for what in rule.when.has]
    return (
        f"samples where {' and '.join(conditions)}."
        if conditions
        else "every sample that no rule above takes."
    )


def _either(wanted: tuple[object, ...]) -> str:
    return " or ".join(f"like {one.pattern!r}" if isinstance(one, Like) else repr(one) for one in wanted)


def _does(policy: Policy, rule: Rule) -> Iterator[str]:
    if rule.reference:
        yield f"The reference answer is at {' or else '.join('.'.join(path) for path in rule.reference)}."
    if rule.gate:
        yield (
            f"Gate: {_names(rule.gate)}; a sample that fails it with confidence {rule.escalate_below:g} "
            f"or more gets {policy.low:g}, and no judge is paid."
        )
    for part in rule.parts:
        yield from _part(part, alone=len(rule.parts) == 1)
    unsettled = rule.if_unsettled
    paid = UNSETTLED[unsettled] if isinstance(unsettled, str) else f"{unsettled:g}"
    yield f"A sample that stays unsettled gets {paid}."


def _part(part: Part, *, alone: bool) -> Iterator[str]:
    if not alone:
        yield f"Part `{part.name}`, {part.weight:.0%} of the reward:"
    indent = "" if alone else "  "
    if part.verify:
        enough = f"a verdict with confidence {part.escalate_below:g} or more settles"
        yield f"{indent}Verifiers, free: {_names(part.verify)}; {enough}."
    if part.judge:
        who = "The rest goes" if part.verify else "All of them go"
        yield f"{indent}{who} to the judge {_judge(part.judge)}."
    else:
        yield f"{indent}No judge: what the verifiers do not settle stays unsettled."


def _names(verifiers: tuple[tuple[str, Any], ...]) -> str:
    return ", then ".join(f"`{name}`" for name, _ in verifiers)


def _judge(judge: JudgeSpec) -> str:
    rubric = judge.options.get("criteria")
    about = f"`{judge.name}`" + (f" with the rubric `{rubric['name']}`" if isinstance(rubric, dict) else "")
    low, high = judge.price
    return f"{about}, asking {judge.settings['model']} (${low:g} and ${high:g} per million tokens in and out)"
