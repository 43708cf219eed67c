"""What the function says of itself to whoever asks for it, and to nobody else."""

import json
import tomllib
from pathlib import Path
from typing import Any

import pytest

from router import VERSION
from router.about import EVENT, about, code_of, is_asked, models_of
from router.errors import EventRefused
from router.policy import load_policy
from router.serving import Serving
from router.settings import Settings
from tests.fakes import policy_from, row
from tests.rows import SHAPES, event
from tests.tools import ROOT

NOVA = "us.amazon.nova-lite-v1:0"

OTHERS: list[object] = [
    *(event(name) for name in SHAPES),
    [EVENT],
    EVENT | {"messages": []},
    {"router": "About"},
    {"router": ["about"]},
    {"body": json.dumps(EVENT)},
    row("4", "4", router="about"),
    None,
]


def served(**environment: str) -> Any:
    """The answer of a function with this environment."""
    return Serving(Settings.read({"JUDGE": "none"} | environment), emit=lambda line: None)(EVENT, None)


def test_the_answer_names_version_policy_models_and_sandbox(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_REGION", "us-west-2")
    monkeypatch.delenv("JUDGE_MODEL_ID", raising=False)
    answer = served(JUDGE="bedrock")
    assert answer == json.loads(json.dumps(answer))
    code = answer.pop("code")
    assert answer == {
        "version": VERSION,
        "policy": load_policy().fingerprint,
        "policy_from": "package",
        "policy_mistakes": [],
        "judge": "bedrock",
        "models": [{"model": NOVA, "region": "us-west-2"}],
    }
    assert code["runs"] == "here"
    assert code["open"] == (not code["reason"])


def test_the_version_is_the_projects() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    assert project["version"] == VERSION


@pytest.mark.parametrize("other", OTHERS)
def test_no_other_event_is_taken_for_the_question(other: object) -> None:
    assert not is_asked(other)
    assert is_asked({"router": "about"})


def test_an_event_that_only_resembles_it_is_refused_or_scored_as_ever() -> None:
    serving = Serving(Settings.read({"JUDGE": "none"}), emit=lambda line: None)
    with pytest.raises(EventRefused):
        serving({"router": "About"}, None)
    assert serving([EVENT], None)


def test_models_are_named_as_the_environment_fills_them_in_once_for_each_region(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("JUDGE_MODEL_ID", "amazon.nova-pro-v1:0")
    policy = policy_from(
        """
        judge:
          model: ${JUDGE_MODEL_ID:-amazon.nova-lite-v1:0}
          region: ${JUDGE_REGION:-}
          backups: [{model: amazon.nova-micro-v1:0, region: eu-west-1}]
        rules:
          - {name: a, when: {task: a}, judge: {reference: {region: eu-west-1}}}
          - {name: b, judge: reference}
        """,
        tmp_path,
    )
    assert models_of(policy, {"AWS_REGION": "us-east-1"}) == [
        {"model": "amazon.nova-pro-v1:0", "region": "eu-west-1"},
        {"model": "amazon.nova-micro-v1:0", "region": "eu-west-1"},
        {"model": "amazon.nova-pro-v1:0", "region": "us-east-1"},
    ]


def test_where_no_rule_runs_programs_the_sandbox_is_not_started(tmp_path: Path) -> None:
    policy = policy_from("rules: [{name: a, verify: [exact]}]", tmp_path)
    assert code_of(policy, "here") == {"runs": "here", "open": False, "reason": "no rule runs programs"}


def test_what_was_refused_is_part_of_the_answer() -> None:
    said = about(load_policy(), "s3://policies/policy.yaml", ["a mistake"], Settings.read({}))
    assert (said["policy_from"], said["policy_mistakes"]) == ("s3://policies/policy.yaml", ["a mistake"])
