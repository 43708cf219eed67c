"""The policy as the router walks it: which rule a sample meets, and where its reference answer is."""

from pathlib import Path
from typing import Any

import pytest

from router.policy.build import build
from router.policy.check import check
from router.policy.model import Like, Policy, When
from router.types import Message, Sample
from router.wire import read
from tests.fakes import policy_from, row, sample


def fits(fields: dict[str, Any], *wanted: object) -> bool:
    """Say whether a sample with these fields fits `task: wanted`."""
    return When((("task", wanted),)).fits(sample("a", fields=fields))


# --- when: typed equality, lists, globs --------------------------------------------------------------


@pytest.mark.parametrize(
    ("value", "wanted"), [("math", "math"), (3, 3), (3, 3.0), (0.5, 0.5), (True, True), ("", "")]
)
def test_an_equal_value_of_the_same_kind_fits(value: object, wanted: object) -> None:
    assert fits({"task": value}, wanted)


@pytest.mark.parametrize(
    ("value", "wanted"),
    [
        ("Math", "math"),
        ("math ", "math"),
        (1, "1"),
        ("1", 1),
        (True, 1),
        (1, True),
        (0, False),
        ("true", True),
        (None, "None"),
        (["math"], "math"),
        ({"math": 1}, "math"),
    ],
)
def test_another_value_or_one_of_another_kind_does_not(value: object, wanted: object) -> None:
    assert not fits({"task": value}, wanted)


def test_of_a_list_any_value_will_do() -> None:
    assert fits({"task": "code"}, "math", "code")
    assert not fits({"task": "chat"}, "math", "code")


@pytest.mark.parametrize("value", ["math-", "math-easy", "math-\n"])
def test_a_glob_fits_the_whole_text(value: str) -> None:
    assert fits({"task": value}, Like("math-*"))


@pytest.mark.parametrize("value", ["math", "Math-easy", "the math-easy", 5, ["math-easy"], None])
def test_a_glob_fits_nothing_else(value: object) -> None:
    assert not fits({"task": value}, Like("math-*"))


def test_a_field_that_is_missing_or_null_fits_nothing() -> None:
    assert not fits({}, Like("*"))
    assert not fits({"task": None}, Like("*"))


def test_every_field_must_fit() -> None:
    when = When((("task", ("math",)), ("level", (1, 2))))
    assert when.fits(sample("a", fields={"task": "math", "level": 2, "other": 3}))
    assert not when.fits(sample("a", fields={"task": "math", "level": 3}))


def test_an_empty_when_fits_everything() -> None:
    assert When().fits(sample("a"))


# --- has ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("what", "one"),
    [
        ("reference", sample("a", "4")),
        ("reference", sample("a", 0)),
        ("reference", sample("a", "")),
        ("tools", sample("a", tools=[{"name": "search"}])),
        ("system", Sample("a", (Message("system", "Be brief."), Message("user", "?")), "a")),
    ],
)
def test_has_looks_for_what_the_row_brings(what: str, one: Sample) -> None:
    assert When(has=(what,)).fits(one)
    assert not When(has=(what,)).fits(sample("a"))


def test_of_several_things_all_must_be_there() -> None:
    both = When(has=("reference", "tools"))
    assert both.fits(sample("a", "4", tools=[{}]))
    assert not both.fits(sample("a", "4"))


# --- rules, over real rows ---------------------------------------------------------------------------

RULES = """
    rules:
      - {name: solved, when: {has: reference, task: proof}, reference: [metadata.solution, extra.answer], verify: [exact]}
      - {name: math, when: {task: {like: "math*"}}, verify: [number]}
      - {name: hard, when: {level: [4, 5]}, verify: [number]}
      - {name: rest, reference: [solution], verify: [exact]}
"""  # noqa: E501 - a rule a line


@pytest.fixture
def policy(tmp_path: Path) -> Policy:
    return policy_from(RULES, tmp_path)


def met(policy: Policy, **fields: Any) -> tuple[str, object]:
    """The rule that a row with these fields meets, and the reference answer as that rule sees it."""
    [one] = read([row("x", **fields)]).rows
    assert isinstance(one, Sample)
    rule, seen = policy.rule_for(one)
    return rule.name, seen.reference


def test_the_first_rule_that_fits_decides(policy: Policy) -> None:
    assert met(policy, task="math-hard", level=5, reference="4") == ("math", "4")
    assert met(policy, level=5, reference="4") == ("hard", "4")
    assert met(policy, level=3)[0] == "rest"


def test_metadata_wins_over_a_field_of_the_row(policy: Policy) -> None:
    assert met(policy, task="chat", metadata={"task": "math"})[0] == "math"
    assert met(policy, task="math", metadata={"task": "chat"})[0] == "rest"


def test_a_reference_is_looked_for_where_the_rule_says_in_order(policy: Policy) -> None:
    both = {"metadata": {"solution": "s"}, "extra": {"answer": "a"}}
    assert met(policy, task="proof", **both) == ("solved", "s")
    assert met(policy, task="proof", extra={"answer": "a"}) == ("solved", "a")


def test_a_rule_that_says_where_looks_nowhere_else(policy: Policy) -> None:
    assert met(policy, task="proof", reference="4") == ("rest", None)


def test_a_reference_path_of_one_key_is_sought_in_the_metadata_too(policy: Policy) -> None:
    assert met(policy, metadata={"solution": "s"}) == ("rest", "s")
    assert met(policy, solution="r", metadata={"solution": "s"}) == ("rest", "r")


@pytest.mark.parametrize("extra", [None, "text", ["answer"], {"answer": None}, {}])
def test_a_reference_path_that_leads_nowhere_finds_nothing(policy: Policy, extra: object) -> None:
    assert met(policy, task="proof", extra=extra)[0] == "rest"


def test_a_sample_names_neither_its_rule_nor_its_verifiers(policy: Policy) -> None:
    claims = {"rule": "math", "name": "math", "verify": ["exact"], "judge": "none", "when": {}, "score": 1}
    assert met(policy, **claims, metadata=claims)[0] == "rest"


# --- parts and ranges --------------------------------------------------------------------------------


def test_the_weights_of_a_rules_parts_sum_to_one(tmp_path: Path) -> None:
    parts = "{a: {weight: 3, verify: [exact]}, b: {verify: [exact]}, c: {weight: 1e-6, verify: [exact]}}"
    [rule] = policy_from(f"rules: [{{name: x, parts: {parts}}}]", tmp_path).rules
    assert sum(part.weight for part in rule.parts) == pytest.approx(1)
    assert rule.parts[0].weight == pytest.approx(0.75)


def test_a_rule_without_parts_has_one_named_reward(tmp_path: Path) -> None:
    [rule] = policy_from("rules: [{name: x, verify: [exact]}]", tmp_path).rules
    assert [(part.name, part.weight) for part in rule.parts] == [("reward", 1.0)]


@pytest.mark.parametrize(("score", "value"), [(0.0, -1.0), (0.5, 1.0), (1.0, 3.0)])
def test_scores_are_mapped_onto_the_range(tmp_path: Path, score: float, value: float) -> None:
    policy = policy_from("reward: {range: [-1, 3]}\nrules: [{name: x, verify: [exact]}]", tmp_path)
    assert policy.scaled(score) == value


# --- the fingerprint ---------------------------------------------------------------------------------


def test_the_fingerprint_changes_with_what_the_policy_says_and_not_with_how(tmp_path: Path) -> None:
    one = policy_from("rules: [{name: x, verify: [exact]}]", tmp_path).fingerprint
    assert policy_from("# a comment\nrules:\n  - verify: [exact]\n    name: x", tmp_path).fingerprint == one
    assert policy_from("rules: [{name: x, verify: [number]}]", tmp_path).fingerprint != one
    (tmp_path / "prices.yaml").write_text("amazon.nova-lite-v1:0: {input: 9, output: 9}", encoding="utf-8")
    assert policy_from("rules: [{name: x, verify: [exact]}]", tmp_path).fingerprint != one


def test_the_fingerprint_is_the_same_in_every_region(tmp_path: Path) -> None:
    path = tmp_path / "policy.yaml"
    policy_from("rules: [{name: x, judge: reference}]", tmp_path)
    here, there, nowhere = (
        build(check(path), one) for one in ({"AWS_REGION": "us-east-1"}, {"AWS_REGION": "eu-west-1"}, {})
    )
    assert here.fingerprint == there.fingerprint == nowhere.fingerprint
    assert [one.settings["region"] for one in here.models()] == ["us-east-1"]


def test_the_fingerprint_is_that_of_the_models_which_the_environment_names(tmp_path: Path) -> None:
    path = tmp_path / "policy.yaml"
    model = "${JUDGE_MODEL_ID:-amazon.nova-lite-v1:0}"
    path.write_text(f"version: 1\njudge: {{model: '{model}'}}\nrules: [{{name: x, judge: reference}}]")
    of_default, of_same, of_other = (
        build(check(path), environment).fingerprint
        for environment in ({}, *({"JUDGE_MODEL_ID": f"amazon.nova-{name}-v1:0"} for name in ("lite", "pro")))
    )
    assert of_default == of_same != of_other
