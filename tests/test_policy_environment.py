"""What the environment fills in of a policy: models and budgets, as the parameters of the stack set them."""

import math
from pathlib import Path

import pytest

from router.errors import PolicyError
from router.policy.build import build
from router.policy.check import check
from router.policy.model import Policy

BACKED = """
version: 1
judge:
  model: us.amazon.nova-lite-v1:0
  backups: [{model: "${BACKUP:-}"}, {model: us.amazon.nova-pro-v1:0}]
budget: {usd_per_day: "${CAP:-50}"}
rules: [{name: all, judge: reference}]
"""


def built(tmp_path: Path, **environment: str) -> Policy:
    path = tmp_path / "policy.yaml"
    path.write_text(BACKED)
    return build(check(path), environment)


def backups(policy: Policy) -> list[str]:
    judge = policy.rules[0].parts[0].judge
    assert judge
    return [model.settings["model"] for model in judge.backups]


def test_a_backup_without_a_name_is_left_out(tmp_path: Path) -> None:
    assert backups(built(tmp_path)) == ["us.amazon.nova-pro-v1:0"]
    named = built(tmp_path, BACKUP="us.amazon.nova-micro-v1:0")
    assert backups(named) == ["us.amazon.nova-micro-v1:0", "us.amazon.nova-pro-v1:0"]


def test_a_budget_is_filled_in(tmp_path: Path) -> None:
    assert built(tmp_path).usd_per_day == 50
    assert built(tmp_path, CAP="0.5").usd_per_day == 0.5
    assert built(tmp_path).usd_per_invocation == math.inf


@pytest.mark.parametrize("cap", ["none", "nan", "inf", "-1", "0", "1e7", "5 dollars"])
def test_what_is_no_sum_of_money_is_a_mistake_wherever_it_is_looked_at(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, cap: str
) -> None:
    with pytest.raises(PolicyError, match=r"\$\{CAP:-50\} comes out as .*: must be "):
        built(tmp_path, CAP=cap)
    monkeypatch.setenv("CAP", cap)
    with pytest.raises(PolicyError, match=r"policy.yaml:6:10: budget.usd_per_day: \$\{CAP:-50\} comes out"):
        built(tmp_path)


def test_a_text_that_is_no_variable_is_no_budget(tmp_path: Path) -> None:
    path = tmp_path / "policy.yaml"
    path.write_text(BACKED.replace("${CAP:-50}", "about ${CAP:-50}"))
    with pytest.raises(PolicyError, match="usd_per_day: must be a number, not the text"):
        check(path)


@pytest.mark.parametrize("name", ["AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN"])
@pytest.mark.parametrize(
    "place", ["{model: '${NAME:-x}'}", "{model: us.amazon.nova-lite-v1:0, region: '${NAME}'}"]
)
def test_the_function_s_credentials_are_never_filled_in(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str, place: str
) -> None:
    monkeypatch.setenv(name, "canary")
    path = tmp_path / "policy.yaml"
    judge = place.replace("NAME", name)
    path.write_text(f"version: 1\njudge: {judge}\nrules: [{{name: all, judge: reference}}]\n")
    with pytest.raises(PolicyError, match=f"{name} is the function's own secret") as refused:
        check(path)
    assert "canary" not in str(refused.value)
