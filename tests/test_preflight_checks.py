"""The other parts of `preflight` by themselves: what each makes of what it is shown."""

import json
import threading
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from botocore.exceptions import ClientError

from router.batch import make_handler
from router.commands.checks import function, judged, samples
from router.commands.checks import policy as policies
from router.commands.checks.account import in_words
from router.commands.checks.models import asked
from router.commands.checks.remarks import Remark, fine, fix, note, side_by_side
from router.commands.functions import Function
from router.policy import load_policy
from tests.fakes import policy_from
from tests.results import metric, result

ROOT = Path(__file__).parents[1]
POLICIES = [ROOT / "config/policy.yaml", *sorted((ROOT / "examples/policies").glob("*.yaml"))]


# --- rows ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("path", POLICIES, ids=lambda path: path.name)
def test_there_is_a_row_for_every_rule(path: Path) -> None:
    policy = load_policy(path)
    with closing(make_handler(policy, "none", trail=True, emit=lambda line: None)) as handler:
        results: Any = handler(samples.batch(policy, len(policy.rules)), None)
    body = results["body"] if isinstance(results, dict) else results
    results = json.loads(body) if isinstance(body, str) else body
    assert [one["rule"] for one in results] == [rule.name for rule in policy.rules]


def test_the_rows_of_the_shipped_policy_cost_few_questions() -> None:
    policy = load_policy()
    with closing(make_handler(policy, "none", trail=True, emit=lambda line: None)) as handler:
        results: Any = handler(samples.batch(policy, 128), None)
    escalating = {one["rule"] for one in results if one["decided_by"] == "fallback"}
    assert {"math", "multiple choice", "labels", "short answers", "code"} & escalating == set()
    assert len(results) == 128


def test_a_rules_conditions_and_its_place_for_the_reference_are_met(tmp_path: Path) -> None:
    policy = policy_from(
        """
        rules:
          - name: deep
            when: {task: {like: "math-*"}, level: [3, 4], has: [reference, tools, system]}
            reference: [metadata.solution.final]
            verify: [math]
          - {name: rest, judge: {rubric: {criteria: helpfulness}}}
        """,
        tmp_path,
    )
    first, second = samples.batch(policy, 2)
    assert first["metadata"] == {"task": "math-", "level": 3, "solution": {"final": "4"}}
    assert [message["role"] for message in first["messages"]] == ["system", "user", "assistant"]
    assert "tools" in first
    assert "metadata" not in second or second["metadata"] == {}


def test_questions_are_new_each_time_and_one_for_each_set_of_models(tmp_path: Path) -> None:
    policy = policy_from(
        """
        rules:
          - {name: a, when: {task: a}, verify: [math], judge: reference}
          - {name: b, when: {task: b}, judge: {reference: {model: us.amazon.nova-micro-v1:0}}}
          - {name: c, judge: {rubric: {criteria: helpfulness}}}
        """,
        tmp_path,
    )
    rows = list(samples.open_questions(policy, "nonce"))
    assert [one["metadata"].get("task") for one in rows] == ["b", None]
    assert all("nonce" in one["messages"][-2]["content"] for one in rows)


# --- judges --------------------------------------------------------------------------------------------


CAME = {
    "a verdict": ([metric("escalated")], "fine"),
    "no verdict": ([metric("escalated"), metric("judge_error")], "fix"),
    "a backup's": ([metric("escalated"), metric("judged_by_backup")], "fix"),
    "no money": ([metric("judge_error"), metric("over_budget")], "fix"),
    "no question": ([metric("escalated", 0)], "note"),
}


@pytest.mark.parametrize(("metrics", "mark"), CAME.values(), ids=CAME)
def test_what_became_of_a_question_is_told(metrics: list[Any], mark: str) -> None:
    assert judged.verdict([result(metrics_list=metrics)]).mark == mark


def test_a_budget_without_room_may_be_a_table_that_is_not_there() -> None:
    results = [result(metrics_list=CAME["no money"][0])]
    assert "the table verdicts, which holds it, is not there" in judged.verdict(results, "verdicts").said
    assert "table" not in judged.verdict(results).said


def test_a_policy_names_its_models_once_panels_and_backups_too(tmp_path: Path) -> None:
    policy = policy_from(
        """
        judge:
          model: us.amazon.nova-lite-v1:0
          backups: [{model: us.amazon.nova-micro-v1:0, region: us-west-2}]
        rules:
          - name: a
            when: {task: a}
            judge: {reference: {panel: {models: [us.amazon.nova-pro-v1:0, us.amazon.nova-micro-v1:0]}}}
          - {name: b, judge: {rubric: {criteria: helpfulness}}}
        """,
        tmp_path,
    )
    assert [(one.model, one.region, one.backup) for one in asked(policy)] == [
        ("us.amazon.nova-pro-v1:0", "", False),
        ("us.amazon.nova-micro-v1:0", "", False),
        ("us.amazon.nova-lite-v1:0", "", False),
        ("us.amazon.nova-micro-v1:0", "us-west-2", True),
    ]


# --- AWS's words ---------------------------------------------------------------------------------------


def test_credentials_that_have_expired_are_to_be_renewed() -> None:
    old = ClientError(
        {"Error": {"Code": "ExpiredTokenException", "Message": "The security token is expired"}}, "Invoke"
    )
    assert in_words(old) == "your credentials have expired: run `aws sso login`, or set new ones"


# --- the policy in use ---------------------------------------------------------------------------------


def test_a_policy_in_s3_is_published_and_a_packaged_one_deployed(tmp_path: Path) -> None:
    policy = policy_from("rules: [{name: all, judge: {rubric: {criteria: helpfulness}}}]", tmp_path)
    for where, way in (("s3://bucket/policy.yaml", "publish it"), ("package", "deploy it")):
        told = {"policy": "000000000000", "policy_from": where}
        assert way in policies.compare("p.yaml", policy, told).said


# --- code ----------------------------------------------------------------------------------------------


JUDGED = "rules: [{name: code, verify: [code], judge: {rubric: {criteria: helpfulness}}}]"
ALONE = "rules: [{name: code, verify: [code]}]"
CLOSED = {"runs": "here", "open": False, "reason": "the kernel refuses seccomp"}


@pytest.mark.parametrize(
    ("text", "told", "marks"),
    [
        (JUDGED, {"runs": "here", "open": True}, ["fine"]),
        (JUDGED, CLOSED, ["note"]),
        (JUDGED, CLOSED | {"runs": "off"}, ["note"]),
        (JUDGED, CLOSED | {"runs": "SageMaker-RewardRouter-code"}, ["fix"]),
        (ALONE, CLOSED, ["fix"]),
        ("rules: [{name: math, verify: [math]}]", CLOSED, []),
    ],
)
def test_whether_programs_are_run_is_told_where_a_rule_wants_it(
    text: str, told: dict[str, Any], marks: list[str], tmp_path: Path
) -> None:
    remarks = list(policies.code(policy_from(text, tmp_path), told))
    assert [one.mark for one in remarks] == marks
    assert all("the kernel refuses seccomp" in one.said for one in remarks if one.mark != "fine")
    own = [one for one in remarks if "would meet the same kernel" in one.said]
    assert not own or told["runs"] == "here"


# --- the function's state ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("configuration", "said"),
    [
        ({"State": "Pending", "StateReason": "creating"}, "run this again in a minute"),
        ({"State": "Inactive"}, "invoke it once"),
        ({"State": "Failed", "StateReason": "no image"}, "(no image): deploy it again"),
        ({"State": "Active", "LastUpdateStatus": "InProgress"}, "an update is under way"),
        ({"State": "Active", "LastUpdateStatus": "Failed"}, "its last update is Failed"),
        ({"Environment": {"Error": {"Message": "no key"}}}, "you cannot read its environment variables"),
    ],
)
def test_a_function_that_is_not_ready_is_told_with_what_helps(
    configuration: dict[str, Any], said: str
) -> None:
    [remark] = function.look(Function.read("SageMaker-R"), configuration)
    assert (remark.mark, said in remark.said) == ("fix", True), remark


# --- side by side --------------------------------------------------------------------------------------


def test_a_remark_is_one_line_whatever_a_stranger_says_in_it() -> None:
    assert str(fix("policy", "two\nlines \x1b[2J")) == "fix   policy        two lines \\x1b[2J"


def test_remarks_come_in_the_order_of_the_checks_however_long_each_takes() -> None:
    go = threading.Event()

    def late() -> Iterator[Remark]:
        go.wait(10)
        yield fine("late", "")

    def early() -> Iterator[Remark]:
        go.set()
        yield note("early", "")

    remarks = side_by_side([("late", late), ("early", early)], 10)
    assert [one.about for one in remarks] == ["late", "early"]


def test_a_check_that_never_ends_is_given_up_and_holds_up_no_other() -> None:
    never = threading.Event()

    def stuck() -> Iterator[Remark]:
        yield fine("stuck", "so far")
        never.wait()

    remarks = list(side_by_side([("stuck", stuck), ("other", lambda: [fix("other", "")])], 0.05))
    never.set()
    assert [(one.mark, one.about) for one in remarks] == [
        ("fine", "stuck"),
        ("fix", "stuck"),
        ("fix", "other"),
    ]


def test_a_bug_in_a_check_is_not_swallowed() -> None:
    def buggy() -> Iterator[Remark]:
        raise ZeroDivisionError
        yield

    with pytest.raises(ZeroDivisionError):
        list(side_by_side([("buggy", buggy)], 10))
