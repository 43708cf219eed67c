"""
Read a policy with everything it names, and say what is wrong with it: one line a mistake.

What comes out is the checked policy: plain JSON values, with rubrics and prices inlined and the
judges' defaults merged in. `build` makes the walkable policy from it without looking twice, and
the artifact carries it, so that a cold start loads neither YAML nor pydantic.
"""

from pathlib import Path
from typing import Any

from judges.base import Settings
from router.errors import PolicyError
from router.policy.conditions import read_when
from router.policy.grammar import PartSection, PolicyFile, RuleSection
from router.policy.look import look_at_texts, look_for_twins, look_for_unreachable
from router.policy.mistakes import unknown
from router.policy.sheets import parse, read_prices, read_rubric, rubric_names
from router.policy.source import Document, KeyPath, load
from verifiers import VERIFIERS

Checked = dict[str, Any]

RESERVED = frozenset({"confidence", "escalated", "judge_error", "fallback", "gate"})
"""Names that a reward already gives to other numbers."""

LATER = frozenset({"audit", "backups", "hedge", "panel", "quota", "usd_per_day", "usd_per_invocation"})
"""What the grammar knows and this version does not carry out."""

SETTINGS = frozenset(Settings.__dataclass_fields__) - {"price"}


def check(path: Path) -> Checked:
    """Return the checked policy; raise PolicyError with every mistake, a line each."""
    document = load(path)
    policy = parse(document, PolicyFile)
    prices = read_prices(path.parent)
    reader = _Reader(document, policy, path.parent)
    rules = [reader.rule(rule, ("rules", place)) for place, rule in enumerate(policy.rules)]
    look_for_unreachable(document, rules)
    look_for_twins(document, rules)
    look_at_texts(document, prices)
    if document.mistakes:
        raise PolicyError(document.mistakes)
    return {
        "reward": policy.reward.model_dump(),
        "rules": rules,
        "prices": prices,
        "later": [".".join(map(str, place)) for place in document.places if place and place[-1] in LATER],
    }


class _Reader:
    """Turns the sections of one policy into plain values, and notes what is wrong with them."""

    def __init__(self, document: Document, policy: PolicyFile, folder: Path) -> None:
        self.mistake = document.mistake
        self.low, self.high = policy.reward.range
        self.defaults: dict[str, Any] = policy.judge.model_dump(exclude_unset=True) if policy.judge else {}
        self.folder = folder

    def rule(self, rule: RuleSection, path: KeyPath) -> dict[str, Any]:
        if isinstance(rule.if_unsettled, float) and not self.low <= rule.if_unsettled <= self.high:
            self.mistake(
                (*path, "if_unsettled"), f"must lie in the range of rewards, {self.low:g} to {self.high:g}"
            )
        for place, reference in enumerate(rule.reference):
            if not {"label", "label_detail"}.isdisjoint(reference.split(".")):
                self.mistake((*path, "reference", place), "labels are invisible: name another place")
        if rule.parts and (rule.verify or rule.judge):
            self.mistake(
                path, "has both `parts` and a `verify` or `judge` of its own: move these into a part"
            )
        return {
            "name": rule.name,
            "when": read_when(rule.when, lambda inner, text: self.mistake((*path, "when", *inner), text)),
            "reference": [reference.split(".") for reference in rule.reference],
            "gate": _cheapest_first(rule.gate),
            "escalate_below": rule.escalate_below,
            "parts": [self.part(name, part, (*path, "parts", name)) for name, part in rule.parts.items()]
            or [self.part("reward", rule, path)],
            "if_unsettled": rule.if_unsettled,
        }

    def part(self, name: str, part: PartSection, path: KeyPath) -> dict[str, Any]:
        if name in RESERVED:
            self.mistake(path, "every reward has a metric of this name already: choose another")
        if not part.verify and not part.judge:
            self.mistake(path, "names neither a verifier nor a judge: nobody could decide")
        return {
            "name": name,
            "weight": part.weight,
            "escalate_below": part.escalate_below,
            "verify": _cheapest_first(part.verify),
            "judge": self.judge(part.judge.chosen, (*path, "judge")) if part.judge else None,
        }

    def judge(self, chosen: tuple[str, dict[str, Any]], path: KeyPath) -> dict[str, Any]:
        name, given = chosen
        settings = {**self.defaults, **given}
        options = {key: value for key, value in given.items() if key not in SETTINGS | LATER}
        if not settings.get("model"):
            self.mistake(path, "has no model: name one here, or under `judge:` at the top for every judge")
        if "criteria" in options:
            options["criteria"] = self.rubric(options["criteria"], (*path, name, "criteria"))
        return {
            "name": name,
            "options": options,
            "settings": {key: value for key, value in settings.items() if key in SETTINGS},
        }

    def rubric(self, name: str, path: KeyPath) -> dict[str, Any] | None:
        if name not in (names := rubric_names(self.folder)):
            self.mistake(path, unknown(name, names))
            return None
        return read_rubric(self.folder, name)


def _cheapest_first(chosen: list[Any]) -> list[list[Any]]:
    """Return [reported name, verifier, options] of each, cheapest first; a second of a name is NAME_2."""
    named = sorted((one.chosen for one in chosen), key=lambda one: VERIFIERS[one[0]].cost)
    names = [name for name, _ in named]
    return [
        [name if not (before := names[:place].count(name)) else f"{name}_{before + 1}", name, options]
        for place, (name, options) in enumerate(named)
    ]
