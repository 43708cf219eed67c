"""
What becomes different where one policy takes the place of another, in words.

    Rules 'math', 'labels':
      - Verifiers, free: `exact`; a verdict with confidence 0.95 or more settles.
      + Verifiers, free: `exact`; a verdict with confidence 0.9 or more settles.
"""

import json
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from router.policy.build import build
from router.policy.check import Checked
from router.policy.model import Policy
from router.policy.model_words import each_model
from router.policy.words import budget_in_words, rule_in_words, samples_in_words

DETAIL = "a detail that these words leave out"

Texts = Mapping[str, Sequence[str]]
"""Everything that is said of a rule, a line each, by its name."""


def differences(before: Checked, after: Checked) -> list[str]:
    """Return what changes, a line each; nothing where both do the same."""
    old, new = build(before), build(after)
    olds, news = _texts(old, before), _texts(new, after)
    lines = _under("All rewards:", _changes(_of_all(old), _of_all(new)))
    lines += [f"Rule {name!r} is gone." for name in olds if name not in news]
    for name in news:
        if name not in olds:
            lines += _under(f"Rule {name!r} is new:", [f"+ {line}" for line in news[name]])
    lines += _changed(olds, news, _named(before), _named(after))
    lines += _under("Models:", _changes(list(each_model(before)), list(each_model(after))))
    kept = [[name for name in one if name in olds and name in news] for one in (olds, news)]
    return lines + ([] if kept[0] == kept[1] else [f"The rules stand in another order: {', '.join(news)}."])


def _changed(olds: Texts, news: Texts, before: Checked, after: Checked) -> Iterator[str]:
    """Say what changes within rules, once for all rules to which the same happens."""
    rules: dict[tuple[str, ...], list[str]] = {}
    for name in news:
        if name in olds and (olds[name] != news[name] or before[name] != after[name]):
            rules.setdefault(tuple(_changes(olds[name], news[name])) or (DETAIL,), []).append(repr(name))
    for changes, names in rules.items():
        yield from _under(f"Rule{'s' * (len(names) > 1)} {', '.join(names)}:", changes)


def _changes(old: Sequence[str], new: Sequence[str]) -> list[str]:
    return [
        *(f"- {line}" for line in old if line not in new),
        *(f"+ {line}" for line in new if line not in old),
    ]


def _under(head: str, lines: Sequence[str]) -> list[str]:
    return [head, *(f"  {line}" for line in lines)] if lines else []


def _of_all(policy: Policy) -> list[str]:
    rewards = f"They lie from {policy.low:g} to {policy.high:g}; envelope {policy.envelope}."
    return [rewards, *budget_in_words(policy)]


def _named(checked: Checked) -> dict[str, Any]:
    """Return the rules by name, without the quotas, which are told of the models."""
    return {rule["name"]: _without_quotas(rule) for rule in checked["rules"]}


def _without_quotas(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _without_quotas(inner) for key, inner in value.items() if key != "quota"}
    return [_without_quotas(inner) for inner in value] if isinstance(value, list) else value


def _texts(policy: Policy, checked: Checked) -> Texts:
    return {
        rule.name: [f"Takes {samples_in_words(rule)}", *rule_in_words(policy, rule), *_asked(one)]
        for rule, one in zip(policy.rules, checked["rules"], strict=True)
    }


def _asked(rule: Mapping[str, Any]) -> Iterator[str]:
    """Say how the judges of a rule are asked: what `rule_in_words` leaves out, because it is long."""
    for judge in (part["judge"] for part in rule["parts"] if part["judge"]):
        for model in (*judge["models"], *judge["backups"]):
            yield f"{model['settings']['model']} is asked with {_settings(model)}."
        if rubric := judge["options"].get("criteria"):
            yield from _rubric(rubric)


def _settings(model: Mapping[str, Any]) -> str:
    said = {**model["settings"], "hedge": model["hedge"]}
    return ", ".join(f"{key} {json.dumps(value)}" for key, value in said.items() if key != "model")


def _rubric(rubric: Mapping[str, Any]) -> Iterator[str]:
    name = rubric["name"]
    yield f"Rubric {name}: {rubric['about']} Passes at: {json.dumps(rubric['pass_at'])}."
    for one in rubric["criteria"]:
        yield f"Rubric {name}, {one['name']}, weight {one['weight']:g}: {one['question']}"
        for step, anchor in one["scale"]:
            yield f"Rubric {name}, {one['name']}, {step}: {anchor}"
