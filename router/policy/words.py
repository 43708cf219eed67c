"""What a checked policy will do, in words."""

import json
import math
import os
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import fields
from typing import Any

from router.policy.build import build
from router.policy.model import JudgeSpec, Like, ModelSpec, Part, Policy, Rule
from router.policy.model_words import model_named, models_in_words
from verifiers.base import Verifier

UNSETTLED = {
    "group_mean": "the mean of its group",
    "verdict": "what the surest verifier says, else the mean of its group",
    "fail": "nothing: the invocation fails as a whole",
}

A_DAY = "a day of UTC: all instances together where they share a table, or else each of them"

FORM = ("format", "length", "repetition")
"""Verifiers that look at no answer; `code` is one of them where it only compiles."""

TAKEN = {"median": "median", "majority": "most frequent verdict", "mean": "mean"}

HAS = {
    "reference": "there is a reference answer",
    "system": "there is a system message",
    "tools": "there are tools",
}


def in_words(name: str, checked: Mapping[str, Any]) -> str:
    """Return the policy as a text: a paragraph a rule, then its models and its budget."""
    policy = build(checked, os.environ)
    count = len(policy.rules)
    lines = [
        f"{name} is sound: {count} rule{'s' * (count > 1)}, rewards from {policy.low:g} to {policy.high:g}, "
        f"fingerprint {policy.fingerprint}.",
        "The first rule that fits a sample decides about it.",
    ]
    for number, rule in enumerate(policy.rules, 1):
        lines += ["", f"{number}. {rule.name}: {samples_in_words(rule)}"]
        lines += [f"   {line}" for line in rule_in_words(policy, rule)]
    lines += ["", *models] if (models := models_in_words(checked)) else []
    lines += ["", *budget] if (budget := budget_in_words(policy)) else []
    return "\n".join(lines)


def budget_in_words(policy: Policy) -> list[str]:
    """Say what judges may cost, a line a cap."""
    caps = {"a batch": policy.usd_per_invocation, A_DAY: policy.usd_per_day}
    return [f"Judges may cost ${usd:g} for {what}." for what, usd in caps.items() if usd < math.inf]


def samples_in_words(rule: Rule) -> str:
    """Say which samples a rule is for."""
    conditions = [f"`{field}` is {_either(wanted)}" for field, wanted in rule.when.fields]
    conditions += [HAS[what] for what in rule.when.has]
    if not conditions:
        return "every sample that no rule above takes."
    return f"samples where {' and '.join(conditions)}."


def _either(wanted: tuple[object, ...]) -> str:
    return " or ".join(
        f"like {_said(one.pattern)}" if isinstance(one, Like) else _said(one) for one in wanted
    )


def _said(value: object) -> str:
    """Write a value as the policy does, text in quotes."""
    return repr(value) if isinstance(value, str) else json.dumps(value)


def rule_in_words(policy: Policy, rule: Rule) -> Iterator[str]:
    """Say what becomes of a rule's samples, a line each."""
    if rule.reference:
        yield f"The reference answer is at {' or else '.join('.'.join(path) for path in rule.reference)}."
    if rule.gate:
        yield (
            f"Gate: {_verifiers(rule.gate)}; a sample that fails it with confidence {rule.escalate_below:g} "
            f"or more gets {policy.low:g}, and no judge is paid."
        )
    named = [part.name for part in rule.parts] != ["reward"]
    for part in rule.parts:
        if named:
            yield f"Part `{part.name}`, {part.weight:.0%} of the reward:"
        yield from (f"{'  ' * named}{line}" for line in _part(part))
        yield from [] if named else _note(part)
    unsettled = rule.if_unsettled
    paid = UNSETTLED[unsettled] if isinstance(unsettled, str) else f"{unsettled:g}"
    yield f"A sample that stays unsettled gets {paid}."
    if rule.audit:
        yield (
            f"Audit: of {100 * rule.audit:.4g} % of the samples the judge also looks at what the verifiers "
            "settled: last, for a few seconds, paid like any question; the rewards stay as they are."
        )


def _note(part: Part) -> Iterator[str]:
    """Point out what settles a sample whose answer nobody has looked at."""
    formal = [
        f"`{name}`"
        for name, one in part.verify
        if one.name in FORM or getattr(one, "check", "") == "compiles"
    ]
    if formal:
        yield (
            f"Note: {' and '.join(formal)} looks at form alone, and whatever passes is paid in full: put it"
            " into `gate`, or into a part beside one that looks at the answer."
        )


def _part(part: Part) -> Iterator[str]:
    if part.verify:
        enough = f"a verdict with confidence {part.escalate_below:g} or more settles"
        yield f"Verifiers, free: {_verifiers(part.verify)}; {enough}."
    if part.judge:
        yield f"{'The rest' if part.verify else 'Every sample'} goes to the judge {_judge(part.judge)}."
    else:
        yield "No judge: what the verifiers do not settle stays unsettled."


def _verifiers(verifiers: Sequence[tuple[str, Verifier]]) -> str:
    return ", then ".join(f"`{name}`{_options(_set_options(one))}" for name, one in verifiers)


def _set_options(verifier: Any) -> dict[str, object]:
    options = {one.name: (getattr(verifier, one.name), one.default) for one in fields(verifier)}
    return {name: value for name, (value, default) in options.items() if value != default}


def _options(options: Mapping[str, object]) -> str:
    """Write the options that are not the default ones, in brackets."""
    return (
        f" ({', '.join(f'{name}: {json.dumps(value)}' for name, value in options.items())})"
        if options
        else ""
    )


def _judge(judge: JudgeSpec) -> str:
    options = dict(judge.options)
    rubric = options.pop("criteria", None)
    about = f" with the rubric `{rubric['name']}`" if isinstance(rubric, dict) else ""
    return f"`{judge.name}`{_options(options)}{about}, asking {_models(judge)}"


def _models(judge: JudgeSpec) -> str:
    asked = " and ".join(_model(one) for one in judge.models)
    if judge.take:
        asked = f"a panel of {asked}, whose {TAKEN[judge.take]} counts"
    behind = ", then ".join(_model(one) for one in judge.backups)
    return f"{asked}; behind {'them' if judge.take else 'it'} {behind}" if behind else asked


def _model(model: ModelSpec) -> str:
    low, high = model.scores
    counts = f" (its 0 and 1 count {low:g} and {high:g})" if model.scores != (0, 1) else ""
    return model_named(model.settings["model"], model.settings.get("service_tier")) + counts
