"""A policy with everything that it names, as one text: it says the same by itself, wherever it is read."""

import os
from pathlib import Path

import pytest

from router.errors import PolicyError
from router.policy import DEFAULT_POLICY
from router.policy.build import build
from router.policy.check import check, check_text
from router.policy.whole import whole
from tests.policies import RICH

RUBRIC = """\
# What we mean by terse.
version: 1
about: |-
  Terse,
    and no more.
criteria:
  - {name: c, question: q, scale: {0: bad, 1: good}}   # two steps
"""

POLICY = """\
# Ours.
version: 1
judge: {model: mine.small}
rules: [{name: a, judge: {rubric: {criteria: terse}}}]   # one rule
"""

PRICES = "mine.small: {input: 1, output: 2}   # as agreed\n"


@pytest.fixture
def policy(tmp_path: Path) -> Path:
    """A policy beside a rubric and a price list of its own."""
    folder = tmp_path / "ours"
    (folder / "rubrics").mkdir(parents=True)
    (folder / "rubrics/terse.yaml").write_text(RUBRIC, encoding="utf-8")
    (folder / "rubrics/unused.yaml").write_text("not looked at", encoding="utf-8")
    (folder / "prices.yaml").write_text(PRICES, encoding="utf-8")
    path = folder / "policy.yaml"
    path.write_text(POLICY, encoding="utf-8")
    return path


def test_the_text_of_all_files_stays_as_it_is_written(policy: Path) -> None:
    text, _ = whole(policy)
    assert text == (
        POLICY
        + """
# Added by `publish`: what the policy names, as its files hold it.
rubrics:
  terse:
    # What we mean by terse.
    version: 1
    about: |-
      Terse,
        and no more.
    criteria:
      - {name: c, question: q, scale: {0: bad, 1: good}}   # two steps
prices:
  mine.small: {input: 1, output: 2}   # as agreed
"""
    )


def test_the_text_makes_the_same_policy_by_itself(policy: Path) -> None:
    text, checked = whole(policy)
    assert check_text("s3://bucket/policy.yaml", text.encode()) == checked == check(policy)


def test_a_text_that_is_whole_already_is_left_alone(policy: Path, tmp_path: Path) -> None:
    text, checked = whole(policy)
    again = tmp_path / "again.yaml"
    again.write_text(text, encoding="utf-8")
    assert whole(again) == (text, checked)


def test_a_mistake_in_it_is_told_with_its_line_and_column_in_it(policy: Path) -> None:
    text, _ = whole(policy)
    with pytest.raises(PolicyError) as caught:
        check_text("s3://bucket/policy.yaml", text.replace("question: q", "question: ''").encode())
    assert caught.value.mistakes == [
        "s3://bucket/policy.yaml:15:19: rubrics.terse.criteria.0.question: must not be empty"
    ]


def test_the_shipped_policy_and_the_environment_in_it_survive(monkeypatch: pytest.MonkeyPatch) -> None:
    text, checked = whole(DEFAULT_POLICY)
    assert text.startswith(DEFAULT_POLICY.read_text(encoding="utf-8").rstrip())
    monkeypatch.setenv("JUDGE_MODEL_ID", "amazon.nova-pro-v1:0")
    assert build(check_text("published", text.encode()), os.environ) == build(checked, os.environ)
    assert {model.settings["model"] for model in build(checked, os.environ).models()} == {
        "amazon.nova-pro-v1:0"
    }


@pytest.mark.parametrize("text", [RICH, RICH.replace("\n", "\r\n"), "\ufeff" + RICH, RICH + "\n\n"])
def test_the_packaged_files_are_taken_where_none_lie_beside(text: str, tmp_path: Path) -> None:
    path = tmp_path / "policy.yaml"
    path.write_bytes(text.encode())
    published, checked = whole(path)
    assert check_text("published", published.encode(), tmp_path / "elsewhere") == checked


@pytest.mark.parametrize("mark", ["---", "..."])
def test_files_that_do_not_fit_into_one_are_told(policy: Path, mark: str) -> None:
    policy.write_text(f"{mark}\n{POLICY}" if mark == "---" else f"{POLICY}{mark}\n", encoding="utf-8")
    rubric = policy.parent / "rubrics/terse.yaml"
    rubric.write_text(f"---\n{RUBRIC}", encoding="utf-8")
    with pytest.raises(PolicyError, match=r"cannot be put into one: keep them in block style"):
        whole(policy)


def test_mistakes_are_told_before_anything_is_put_together(policy: Path) -> None:
    policy.write_text(POLICY.replace("terse", "terce"), encoding="utf-8")
    with pytest.raises(PolicyError, match="did you mean terse"):
        whole(policy)
