"""What `check` says about a policy: every mistake at once, each one line with its place and the way out."""

import re
from pathlib import Path

import pytest

from router.errors import PolicyError
from router.policy.check import check
from router.policy.conditions import LABELS, STRUCTURE
from router.policy.rules import RESERVED
from router.wire.rows import NOT_FOR_RULES
from tests.policies import HEAD, REST, RICH, checked, gallery, mistakes
from tests.tools import ROOT


def said(folder: Path, text: str) -> list[str]:
    """The mistakes in this text, without their line and column."""
    return [line.partition(": ")[2] for line in mistakes(folder, text)]


def only(rule: str) -> str:
    """A policy of one rule."""
    return f"{HEAD}rules: [{rule}]\n"


def test_the_shipped_policy_and_the_rich_one_are_sound(tmp_path: Path) -> None:
    check(ROOT / "config/policy.yaml")
    checked(tmp_path, RICH)


# --- the gallery of mistakes: tests/policy_mistakes.txt ----------------------------------------------


@pytest.mark.parametrize(("text", "mistake"), gallery("rule"))
def test_a_mistake_in_a_rule_is_told(tmp_path: Path, text: str, mistake: str) -> None:
    assert [line.removeprefix("rules.0.") for line in said(tmp_path, only(text))] == [mistake]


@pytest.mark.parametrize(("when", "mistake"), gallery("when"))
def test_a_mistake_in_a_when_is_told(tmp_path: Path, when: str, mistake: str) -> None:
    rule = f"{{name: a, when: {{{when} , b: c}}, judge: reference}}"
    [found] = said(tmp_path, f"{HEAD}rules:\n  - {rule}\n{REST}")
    assert re.fullmatch(rf"rules\.0\.when\.[\w.]+: {re.escape(mistake)}", found)


@pytest.mark.parametrize(("setting", "mistake"), gallery("setting"))
def test_a_mistake_in_a_judges_settings_is_told(tmp_path: Path, setting: str, mistake: str) -> None:
    found = said(tmp_path, only(f"{{name: a, judge: {{reference: {{{setting}}}}}}}"))
    assert re.fullmatch(rf"rules\.0\.judge\.reference[\w.]*: {re.escape(mistake)}", found[0])
    if "confidence" not in setting + mistake:
        text = f"version: 1\njudge: {{{setting}}}\nrules:\n{REST}"
        assert any(line.endswith(f": {mistake}") for line in said(tmp_path, text))


@pytest.mark.parametrize(("section", "mistake"), gallery("top"))
def test_a_mistake_at_the_top_is_told(tmp_path: Path, section: str, mistake: str) -> None:
    assert said(tmp_path, f"{HEAD}{section}\nrules:\n{REST}") == [mistake]


@pytest.mark.parametrize(
    ("text", "mistake"),
    [
        ("", "1:1: must be a mapping, not nothing"),
        ("- a", "1:1: must be a mapping, not a list"),
        ("hello", "1:1: must be a mapping, not the text 'hello'"),
        ("version: 1", "1:1: rules: is missing: the rules, in order; the last one has no `when`"),
        ("version: 1\nrules: []", "2:1: rules: must have 1 or more entries, not 0"),
        ("version: 1\nrules:", "2:1: rules: must be a list, not nothing"),
        (f"rules:\n{REST}", "1:1: version: is missing: the grammar's version"),
        (f"version: 2\nrules:\n{REST}", "1:1: version: must be 1, not the number 2"),
        (f"version: true\nrules:\n{REST}", "1:1: version: must be 1, not true"),
        (f"version: '1'\nrules:\n{REST}", "1:1: version: must be 1, not the text '1'"),
    ],
)
def test_a_file_that_is_no_policy_is_told_so(tmp_path: Path, text: str, mistake: str) -> None:
    assert mistakes(tmp_path, text)[0] == mistake


# --- all at once, each a line ------------------------------------------------------------------------


def test_every_mistake_is_told_at_once_in_the_order_of_the_file(tmp_path: Path) -> None:
    text = """\
version: 1
judge: {model: amazon.nova-lit-v1:0, max_token: 5}
rules:
  - name: math
    verify: exact
  - name: math
    verify: [numbr]
    if_unsettled: 7
  - name: tone
    when: {label: 1}
    judge: {rubric: {criteria: helpfulnes}}
  - name: tone
    when: {task: x}
    judge: reference
"""
    assert [": ".join(line.split(": ")[:2]) for line in mistakes(tmp_path, text)] == [
        "2:9: judge.model",
        "2:38: judge",
        "5:5: rules.0.verify",
        "6:5: rules.1.name",
        "6:5: rules.1",
        "7:14: rules.1.verify.0",
        "8:5: rules.1.if_unsettled",
        "10:12: rules.2.when.label",
        "11:22: rules.2.judge.rubric.criteria",
        "12:5: rules.3.name",
        "12:5: rules.3",
        "13:5: rules.3.when",
    ]


def test_a_mistake_in_the_grammar_hides_none_in_other_rules(tmp_path: Path) -> None:
    text = f"{HEAD}budget: 5\nrules:\n  - {{nam: a}}\n  - {{name: b, if_unsettled: 9}}\n"
    assert [line.split(":")[0] for line in said(tmp_path, text)] == [
        "budget",
        "rules.0.name",
        "rules.0",
        "rules.1",
        "rules.1.if_unsettled",
    ]


def test_a_mistake_in_the_grammar_hides_none_beside_it(tmp_path: Path) -> None:
    text = """\
version: 1
judge: {model: amazon.nova-lite-v1:0, max_token: 5}
rules:
  - name: a
    when: {task: x, label: 1}
    if_unsettled: 9
    audit: 0.1
    reference: [messages]
    verify: [maths, {code: {language: java}}, {exact: {closd: true}}]
    parts: {tone: {weight: 0}, confidence: {judge: reference}}
  - {name: b, when: {task: [x]}, gate: exact, judge: {rubric: {criteria: helpfulnes, replay: text}}}
  - {name: b, when: {task: y}, audit: 0.1, judge: {reference: {modle: x, service_tier: flexx}}}
"""
    assert [": ".join(line.split(": ")[:2]) for line in mistakes(tmp_path, text)] == [
        "2:39: judge",
        "4:5: rules.0",
        "5:21: rules.0.when.label",
        "6:5: rules.0.if_unsettled",
        "8:17: rules.0.reference.0",
        "9:14: rules.0.verify.0",
        "9:22: rules.0.verify.1.code",
        "9:56: rules.0.verify.2.exact",
        "10:13: rules.0.parts.tone",
        "10:20: rules.0.parts.tone.weight",
        "10:32: rules.0.parts.confidence",
        "11:34: rules.1.gate",
        "11:64: rules.1.judge.rubric.criteria",
        "11:86: rules.1.judge.rubric",
        "12:6: rules.2.name",
        "12:15: rules.2.when",
        "12:32: rules.2.audit",
        "12:64: rules.2.judge.reference",
        "12:74: rules.2.judge.reference.service_tier",
    ]


def test_a_mistake_stays_one_short_line_whatever_the_policy_holds(tmp_path: Path) -> None:
    wild = r'"a\nb\e[31m\u2028"'
    text = f"{HEAD}{wild}: 1\nreward: {{envelope: {'x' * 9000}}}\n"
    text += f"rules: [{{name: a, verify: {wild}, judge: {wild}, when: {{{wild}: }}}}]"
    found = mistakes(tmp_path, text)
    assert len(found) == 6
    assert all(line.isprintable() and len(line) < 200 for line in found)


def test_a_policy_that_is_not_there_is_told(tmp_path: Path) -> None:
    with pytest.raises(PolicyError, match=r"policy\.yaml: cannot be read: No such file or directory"):
        check(tmp_path / "policy.yaml")


# --- rules and parts ---------------------------------------------------------------------------------


@pytest.mark.parametrize("name", sorted(RESERVED | {"out_of_time", "metrics_shed"}))
def test_a_part_cannot_take_the_name_of_a_metric(tmp_path: Path, name: str) -> None:
    assert said(tmp_path, only(f"{{name: a, parts: {{{name}: {{judge: reference}}}}}}")) == [
        f"rules.0.parts.{name}: every reward has a metric of this name already: choose another"
    ]


def test_a_part_called_backups_has_to_name_its_model(tmp_path: Path) -> None:
    judge = "{reference: {model: '${ROUTER_TEST_NO_SUCH:-}'}}"
    assert said(tmp_path, only(f"{{name: a, parts: {{backups: {{judge: {judge}}}}}}}")) == [
        "rules.0.parts.backups.judge.reference.model: ${ROUTER_TEST_NO_SUCH:-} comes out empty: "
        "set it, or give it a default"
    ]


def test_a_rules_name_is_short(tmp_path: Path) -> None:
    [mistake] = said(tmp_path, only(f"{{name: {'a' * 61}, judge: reference}}"))
    assert mistake == "rules.0.name: must have 60 characters or fewer"


def test_two_rules_cannot_share_a_name(tmp_path: Path) -> None:
    text = f"{HEAD}rules:\n  - {{name: rest, when: {{a: 1}}, judge: reference}}\n{REST}"
    assert mistakes(tmp_path, text) == ["5:6: rules.1.name: 'rest' is the name of another rule: rename one"]


def test_if_unsettled_is_measured_in_the_policys_own_range(tmp_path: Path) -> None:
    text = f"{HEAD}reward: {{range: [-1, 1]}}\nrules: [{{name: a, judge: reference, if_unsettled: -1}}]"
    assert checked(tmp_path, text)["rules"][0]["if_unsettled"] == -1.0


def test_a_part_without_an_escalate_below_of_its_own_has_the_rules(tmp_path: Path) -> None:
    parts = "{a: {verify: [exact]}, b: {verify: [exact], escalate_below: 0.9}}"
    text = f"{HEAD}rules: [{{name: x, escalate_below: 0.7, parts: {parts}}}]"
    [rule] = checked(tmp_path, text)["rules"]
    assert [part["escalate_below"] for part in rule["parts"]] == [0.7, 0.9]


def test_verifiers_run_cheapest_first_and_a_second_of_a_name_is_numbered(tmp_path: Path) -> None:
    text = f"{HEAD}rules: [{{name: a, verify: [number, exact, {{exact: {{closed: true}}}}]}}]"
    [rule] = checked(tmp_path, text)["rules"]
    assert rule["parts"][0]["verify"] == [
        ["exact", "exact", {}],
        ["exact_2", "exact", {"closed": True}],
        ["number", "number", {}],
    ]


def test_what_rules_cannot_see_is_what_the_wire_hides_from_them() -> None:
    assert LABELS | STRUCTURE == NOT_FOR_RULES


# --- names that mean something elsewhere -------------------------------------------------------------


def test_a_part_called_audit_is_a_part(tmp_path: Path) -> None:
    parts = "{audit: {verify: [exact]}, quota: {judge: reference}}"
    [rule] = checked(tmp_path, f"{HEAD}rules: [{{name: a, parts: {parts}}}]")["rules"]
    assert [part["name"] for part in rule["parts"]] == ["audit", "quota"]


def test_a_metadata_field_called_like_a_setting_is_none(tmp_path: Path) -> None:
    when = (
        "model: gpt, region: mars, models: [a], quota: 3, audit: 1, budget: 2, hedge: 3, backups: 4, panel: 5"
    )
    text = f"{HEAD}rules:\n  - {{name: a, when: {{{when}}}, judge: reference}}\n{REST}"
    assert len(checked(tmp_path, text)["rules"][0]["when"]["fields"]) == 9
