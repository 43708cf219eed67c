"""docs/policy.md shows a sound policy, and names every key of the grammar."""

import re
from pathlib import Path

import pytest

from router.policy.budgets import Budget
from router.policy.build import build
from router.policy.check import check
from router.policy.grammar import PartSection, PolicyFile, RewardSection, RuleSection
from router.policy.judge_sections import JudgeDefaults, Panel, Quota
from router.policy.sections import Section
from router.policy.words import in_words
from tests.tools import ROOT

PAGE = (ROOT / "docs" / "policy.md").read_text(encoding="utf-8")
[EXAMPLE] = re.findall(r"^```yaml\n(.*?)^```", PAGE, flags=re.DOTALL | re.MULTILINE)
VARIABLES = ("JUDGE_MODEL_ID", "BACKUP_MODEL_ID", "JUDGE_REGION", "JUDGE_USD_PER_DAY")


@pytest.fixture
def example(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    for name in VARIABLES:
        monkeypatch.delenv(name, raising=False)
    path = tmp_path / "policy.yaml"
    path.write_text(EXAMPLE, encoding="utf-8")
    return path


def test_the_example_is_sound_and_nothing_is_noted_about_it(example: Path) -> None:
    assert "Note: " not in in_words("example", check(example))


@pytest.mark.parametrize(
    "section", [PolicyFile, RewardSection, Budget, JudgeDefaults, Quota, Panel, RuleSection, PartSection]
)
def test_every_key_is_named(section: type[Section]) -> None:
    assert [key for key in section.known() if f"`{key}`" not in PAGE and f"{key}:" not in EXAMPLE] == []


def test_an_unset_or_empty_variable_takes_its_default_and_a_set_one_does_not(example: Path) -> None:
    for value, model in ((None, "us.amazon.nova-lite-v1:0"), ("", "us.amazon.nova-lite-v1:0"), ("m", "m")):
        checked = check(example)
        checked["prices"]["m"] = {"input": 1.0, "output": 1.0}
        environment = {} if value is None else {"JUDGE_MODEL_ID": value}
        asked = next(build(checked, environment).models())
        assert asked.settings["model"] == model


@pytest.mark.parametrize("name", VARIABLES)
def test_the_variables_that_it_says_the_template_sets_are_the_templates(name: str) -> None:
    assert f"`{name}`" in PAGE
    assert f"{name}: " in (ROOT / "template.yaml").read_text(encoding="utf-8")
