"""
Read a policy with everything it names, and say what is wrong with it: one line a mistake.

What comes out is the checked policy: plain JSON values, with rubrics and prices inlined and the
judges' defaults merged in. `build` makes the walkable policy from it without looking twice, and
the artifact carries it, so that a cold start loads neither YAML nor pydantic.
"""

from pathlib import Path
from typing import Any

from router.errors import PolicyError
from router.policy.budgets import Budget
from router.policy.document import Document
from router.policy.grammar import MOST_RULES, PolicyFile, RewardSection, RuleSection
from router.policy.judge_sections import JudgeDefaults
from router.policy.look import look_at_models, look_at_quotas, look_for_twins, look_for_unreachable
from router.policy.mistakes import parse
from router.policy.phrases import dotted
from router.policy.rules import RuleReader
from router.policy.sheets import PACKAGED, Sheets
from router.policy.sound import remainder, sound
from router.policy.source import load, read

Checked = dict[str, Any]


def check(path: Path) -> Checked:
    """Return the checked policy; raise PolicyError with every mistake, a line each."""
    return _checked(load(path), path.parent)


def check_text(name: str, data: bytes, folder: Path = PACKAGED) -> Checked:
    """Do the same with the content of a file, whose mistakes are told under this name."""
    return _checked(read(name, data), folder)


def _checked(document: Document, folder: Path) -> Checked:
    parse(document, PolicyFile)
    if not isinstance(given := document.value, dict):
        raise PolicyError(document.mistakes)
    # From here on what has a mistake in its grammar, which is noted already, is left out; nothing is said of
    # what rests on it.
    reward = sound(RewardSection, given.get("reward", {})) or RewardSection()
    defaults = remainder(JudgeDefaults, given.get("judge", {}))
    sheets = Sheets(folder, document)
    reader = RuleReader(document, reward, defaults, sheets)
    written = given["rules"] if isinstance(given.get("rules"), list) else []
    sections = {
        place: remainder(RuleSection, one, instead={"name": dotted(("rules", place))})
        for place, one in enumerate(written[:MOST_RULES])
    }
    rules = {place: reader.rule(one, ("rules", place)) for place, one in sections.items() if one}
    look_for_unreachable(document, rules, last=len(written) - 1)
    look_for_twins(document, rules)
    look_at_models(document, sheets.prices)
    look_at_quotas(document, rules)
    if mistakes := document.mistakes + sheets.mistakes:
        raise PolicyError(mistakes)
    return {
        "reward": reward.model_dump(),
        "budget": (sound(Budget, given.get("budget", {})) or Budget()).model_dump(),
        "rules": list(rules.values()),
        "prices": sheets.prices,
    }
