"""The rules of a policy -> plain values, and what is wrong with them beyond their grammar."""

from collections.abc import Mapping
from typing import Any, Literal

from judges import JUDGES
from judges.base import Judge
from judges.prompt import CHARACTERS_PER_TOKEN
from router.errors import JudgeError
from router.policy.conditions import read_when
from router.policy.document import Document, KeyPath
from router.policy.grammar import Deciders, PartSection, RewardSection, RuleSection
from router.policy.judge_sections import JudgeDefaults
from router.policy.look import look_at_panel, look_at_tiers
from router.policy.panels import models_of
from router.policy.phrases import unknown
from router.policy.sections import OneOf, Section
from router.policy.sheets import Sheets
from router.types import Sample
from verifiers import VERIFIERS

RESERVED = frozenset({"confidence", "escalated", "judge_error", "fallback", "gate"}) | frozenset(
    {"malformed", "no_response", "duplicate_id", "truncated", "judged_by_backup", "cached", "over_budget"}
    | {"out_of_time", "metrics_shed"}
)
"""Names that a reward already gives to other numbers."""

LEAST_ROOM = 200
"""Tokens of `max_input_tokens` that a judge's own words must leave for what it is to read."""


class RuleReader:
    """Reads one rule after the other and notes their mistakes in the document."""

    def __init__(
        self, document: Document, reward: RewardSection, defaults: Section | None, sheets: Sheets
    ) -> None:
        self.document = document
        self.mistake = document.mistake
        self.range = reward.range if document.sound(("reward",)) else None
        self.defaults = defaults.model_dump(exclude_unset=True) if defaults else {}
        self.defaults_sound = document.sound(("judge",))
        self.sheets = sheets

    def rule(self, rule: RuleSection, path: KeyPath) -> dict[str, Any]:
        """Return a rule, or what is left of it without the mistakes in its grammar, as plain values."""
        self._look_at_fallback(rule, path)
        self._look_at_audit(rule, path)
        if rule.parts and not (self._lacks(rule, "verify", path) and self._lacks(rule, "judge", path)):
            self.mistake(path, "has `parts`, and a `verify` or `judge` beside them: move these into a part")
        parts = [self._part(name, one, rule, (*path, "parts", name)) for name, one in rule.parts.items()]
        return {
            "name": rule.name,
            "when": read_when(rule.when, lambda inner, text: self.mistake((*path, "when", *inner), text)),
            "reference": [reference.split(".") for reference in rule.reference],
            "gate": _cheapest_first(rule.gate),
            "escalate_below": rule.escalate_below,
            "parts": parts or [self._part("reward", rule, rule, path)],
            "if_unsettled": rule.if_unsettled,
            "audit": rule.audit,
        }

    def _part(
        self, name: str, part: PartSection | RuleSection, rule: RuleSection, path: KeyPath
    ) -> dict[str, Any]:
        """Return a part as plain values; a rule without parts is its own one."""
        known = self.document.sound(path, "parts")
        if known and self._lacks(part, "verify", path) and self._lacks(part, "judge", path):
            self.mistake(path, "names neither a verifier nor a judge: nobody could decide")
        if name in RESERVED:
            self.mistake(path, "every reward has a metric of this name already: choose another")
        own = "escalate_below" in part.model_fields_set
        return {
            "name": name,
            "weight": part.weight if isinstance(part, PartSection) else 1.0,
            "escalate_below": part.escalate_below if own else rule.escalate_below,
            "verify": _cheapest_first(part.verify),
            "judge": self._judge(part.judge, (*path, "judge")) if part.judge else None,
        }

    def _judge(self, judge: OneOf, path: KeyPath) -> dict[str, Any] | None:
        """Return a judge as plain values; None where it or the defaults have mistakes in their grammar."""
        name, given = judge.chosen
        sound = self.defaults_sound and self.document.sound(path)
        options = {key: value for key, value in given.items() if key not in JudgeDefaults.known()}
        if "criteria" in options:
            options["criteria"] = self._rubric(options["criteria"], (*path, name, "criteria"))
        if not sound:
            return None
        said = models_of(self.defaults, given)
        settings = said["models"][0]["settings"]
        if "model" not in settings:
            self.mistake(path, "has no model: name one here, or under `judge:` at the top for every judge")
        look_at_panel(self.document, self.defaults, given, said, (*path, name))
        look_at_tiers(self.document, self.sheets.prices, given, said, (*path, name))
        if "criteria" not in options or options["criteria"]:
            self._look_at_room(JUDGES[name].seated(options), settings, path)
        return {"name": name, "options": options, **said}

    def _rubric(self, name: str, path: KeyPath) -> dict[str, Any] | None:
        if name in (names := self.sheets.rubric_names()):
            return self.sheets.rubric(name)
        self.mistake(path, unknown(name, names))
        return None

    def _look_at_fallback(self, rule: RuleSection, path: KeyPath) -> None:
        if isinstance(rule.if_unsettled, float) and self.range:
            low, high = self.range
            if not low <= rule.if_unsettled <= high:
                text = f"must lie in the range of rewards, {low:g} to {high:g}"
                self.mistake((*path, "if_unsettled"), text)

    def _look_at_audit(self, rule: RuleSection, path: KeyPath) -> None:
        if not rule.audit or not self.document.sound(path, "parts"):
            return
        deciders = rule.parts.values() or [rule]
        if all(self._lacks(one, "verify", path) or self._lacks(one, "judge", path) for one in deciders):
            text = "nothing can be audited here: it takes verifiers that settle, and a judge beside them"
            self.mistake((*path, "audit"), text)

    def _lacks(self, section: Deciders, key: Literal["verify", "judge"], path: KeyPath) -> bool:
        """Say whether a section names nobody under a key, not even with a mistake."""
        return not getattr(section, key) and self.document.sound((*path, key))

    def _look_at_room(self, judge: Judge, settings: Mapping[str, Any], path: KeyPath) -> None:
        """Find a judge whose own words, its rubric above all, leave no room for what it is to read."""
        try:
            asked = judge.ask(Sample(id="", prompt=(), response="", reference=""))
        except JudgeError:
            return  # asks about other samples than this
        own = (len(asked.system) + len(asked.template)) // CHARACTERS_PER_TOKEN
        allowed = settings.get("max_input_tokens", JudgeDefaults().model_dump()["max_input_tokens"])
        if own + LEAST_ROOM > allowed:
            text = f"its own words take {own} of {allowed} `max_input_tokens`: allow {own + 10 * LEAST_ROOM}"
            self.mistake(path, text)


def _cheapest_first(chosen: list[OneOf]) -> list[list[Any]]:
    """Return [reported name, verifier, options] of each, cheapest first; a second of a name is NAME_2."""
    named = sorted((one.chosen for one in chosen), key=lambda one: VERIFIERS[one[0]].cost)
    names = [name for name, _ in named]
    return [
        [name if not (before := names[:place].count(name)) else f"{name}_{before + 1}", name, options]
        for place, (name, options) in enumerate(named)
    ]
