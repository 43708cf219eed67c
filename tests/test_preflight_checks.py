"""The parts of `preflight` by themselves: what each makes of what it is shown."""

import json
import threading
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from botocore.exceptions import ClientError

from router.batch import make_handler
from router.commands.checks import concurrency, function, judged, quotas, replies, samples, timing
from router.commands.checks import policy as policies
from router.commands.checks.account import in_words
from router.commands.checks.invoke import Answer, report_in
from router.commands.checks.models import Asked, asked
from router.commands.checks.remarks import Remark, fine, fix, note, side_by_side
from router.commands.checks.replies import Refused, differences, faults, unwrapped
from router.commands.functions import Function
from router.policy import load_policy
from tests.fakes import policy_from
from tests.test_aws_reward_check import broken, one_short, with_no_score, without_an_id

ROOT = Path(__file__).parents[1]
POLICIES = [ROOT / "config/policy.yaml", *sorted((ROOT / "examples/policies").glob("*.yaml"))]

ROWS: list[dict[str, Any]] = [{"id": "a"}, {"id": 7}, {"messages": []}]


def result(id: object = "a", score: object = 1.0, **other: Any) -> dict[str, Any]:
    return {"id": id, "aggregate_reward_score": score, "metrics_list": [], **other}


GOOD = [result("a"), result(7), result("row-2", 0.5)]


def answer(reply: object, *, seconds: float = 0.1, error: str = "", megabytes: int | None = None) -> Answer:
    payload = reply if isinstance(reply, bytes) else json.dumps(reply).encode()
    return Answer(payload, error, seconds, megabytes)


def metric(name: str, value: object = 1, type: str = "Metric") -> dict[str, object]:
    return {"name": name, "value": value, "type": type}


# --- the reply ---------------------------------------------------------------------------------------

ENVELOPES = {
    "a list": GOOD,
    "a body": {"statusCode": 200, "headers": {}, "body": GOOD},
    "a body string": {"statusCode": 200, "headers": {}, "body": json.dumps(GOOD)},
}


@pytest.mark.parametrize("reply", ENVELOPES.values(), ids=ENVELOPES)
def test_a_good_reply_has_no_fault_in_any_envelope(reply: object) -> None:
    assert faults(ROWS, answer(reply), 0, 1) == []


BAD: dict[str, tuple[object, str]] = {
    "too few": (GOOD[:2], "3 rows were sent, 2 came back"),
    "too many": ([*GOOD, result("d")], "3 rows were sent, 4 came back"),
    "another order": ([GOOD[1], GOOD[0], GOOD[2]], "row 0: sent as 'a', it came back as 7: ids or order"),
    "another id": ([result("b"), *GOOD[1:]], "row 0: sent as 'a', it came back as 'b'"),
    "an id as text": ([GOOD[0], result("7"), GOOD[2]], "row 1: sent as 7, it came back as '7'"),
    "no id": ([*GOOD[:2], {"aggregate_reward_score": 1.0}], "row 2: it came back without an id"),
    "one id twice": ([*GOOD[:2], result("a")], "two rows came back under the same id"),
    "no score": ([result("a", None), *GOOD[1:]], "row 0: its aggregate_reward_score is None"),
    "a score as text": ([result("a", "0.5"), *GOOD[1:]], "its aggregate_reward_score is '0.5'"),
    "a score of true": ([result("a", True), *GOOD[1:]], "its aggregate_reward_score is True"),
    "a score too high": ([result("a", 1e9), *GOOD[1:]], "is not within the policy's 0 to 1"),
    "NaN": (b'[{"id": "a", "aggregate_reward_score": NaN}]', "the reply holds NaN"),
    "a huge number": (
        b'[{"id":"a","aggregate_reward_score":1e999},{"id":7},{"id":1}]',
        "is inf, not a finite",
    ),
    "a metric of another type": (
        [result("a", metrics_list=[metric("x", type="metric")]), *GOOD[1:]],
        "a metric is",
    ),
    "a metric that is text": ([result("a", metrics_list=[metric("x", "1")]), *GOOD[1:]], "a metric is"),
    "no object": (["a", *GOOD[1:]], "row 0: a str came back, not an object"),
    "a status of 500": ({"statusCode": 500, "body": "[]"}, "statusCode 500"),
    "a body that is no list": ({"statusCode": 200, "body": "{}"}, "`body` is no list"),
    "one object": (GOOD[0], "neither a list of results nor an object"),
    "no JSON": (b"<html>", "the reply is not JSON"),
    "no UTF-8": (b"\xff\xfe[]", "the reply is not UTF-8"),
}


@pytest.mark.parametrize(("reply", "fault"), BAD.values(), ids=BAD)
def test_a_bad_reply_is_told_with_its_fault(reply: object, fault: str) -> None:
    assert fault in "\n".join(faults(ROWS, answer(reply), 0, 1))


@pytest.mark.parametrize("handler", [without_an_id, with_no_score, one_short, broken])
def test_what_awss_own_check_fails_fails_here(handler: Callable[[Any, Any], Any]) -> None:
    try:
        given = answer(handler(ROWS, None))
    except ValueError as error:
        given = answer({"errorType": "ValueError", "errorMessage": str(error)}, error="Unhandled")
    assert faults(ROWS, given, 0, 1)


def test_the_same_event_must_give_the_same_bytes() -> None:
    assert differences(answer(GOOD), answer(GOOD)) == []
    [said] = differences(answer(GOOD), answer([GOOD[0], result(7, 0.25), GOOD[2]]))
    assert "ids [7]" in said


def test_bytes_may_not_differ_even_where_the_values_are_equal() -> None:
    assert differences(answer(GOOD), answer(json.dumps(GOOD, indent=1).encode()))


def test_what_a_judge_said_may_be_said_differently_the_second_time() -> None:
    first, second = (
        [result("a", score, metrics_list=[metric("escalated")]), *GOOD[1:]] for score in (1.0, 0.0)
    )
    assert differences(answer(first), answer(second)) == []
    assert differences(answer(first), answer([second[0], result(7, 0.25), GOOD[2]]))


def test_a_function_that_is_sound_once_only_is_found(tmp_path: Path) -> None:
    policy = policy_from("rules: [{name: math, verify: [math]}]", tmp_path)
    with closing(make_handler(policy, "none", emit=lambda line: None)) as handler:
        turn = iter((True, False))
        [remark] = replies.look(lambda rows: answer(handler(rows, None) if next(turn) else b"<html>"), policy)
    assert remark == fix(
        "reward check", "sent again: the reply is not JSON: Expecting value: line 1 column 1 (char 0)"
    )


def test_what_is_wrong_with_every_row_is_not_told_of_each(tmp_path: Path) -> None:
    policy = policy_from("rules: [{name: math, verify: [math]}]", tmp_path)
    remarks = list(replies.look(lambda rows: answer(without_an_id(rows, None)), policy))
    assert [one.said for one in remarks] == [
        *(f"row {place}: it came back without an id" for place in range(3)),
        "and 4 more of the kind",
    ]


# --- the report at the log's end -----------------------------------------------------------------------

JSON_LOG = json.dumps({
    "type": "platform.report",
    "record": {"metrics": {"durationMs": 120.5, "billedDurationMs": 121, "maxMemoryUsedMB": 180}},
})  # fmt: skip
TEXT_LOG = (
    "END RequestId: 1\nREPORT RequestId: 1\tDuration: 120.50 ms\tMemory: 1 MB\tMax Memory Used: 180 MB\t\n"
)


@pytest.mark.parametrize("log", [JSON_LOG, f'{{"message": "hello"}}\n{JSON_LOG}\n', TEXT_LOG])
def test_time_and_memory_are_read_in_both_of_lambdas_formats(log: str) -> None:
    assert report_in(log) == (0.1205, 180)


@pytest.mark.parametrize(
    "log", ["", "hello", '{"type": "platform.report", "record": {}}', "platform.report {"]
)
def test_a_log_without_a_report_reports_nothing(log: str) -> None:
    assert report_in(log) == (None, None)


# --- time and memory -----------------------------------------------------------------------------------


CONFIGURED = {"Timeout": 300, "MemorySize": 1769}


def test_the_first_batch_warms_and_the_slowest_after_it_counts(tmp_path: Path) -> None:
    policy = policy_from("rules: [{name: math, verify: [math]}]", tmp_path)
    times = iter((9.0, 1.0, 2.0, 1.5))
    remarks = list(
        timing.look(lambda rows: answer(GOOD, seconds=next(times)), policy, ROWS, CONFIGURED, recorded=True)
    )
    assert remarks[0] == fine("timeout", "a batch of 3 recorded rows took 2.00 s warm: 300 s are enough")


def test_a_batch_that_fails_is_not_sent_again(tmp_path: Path) -> None:
    policy = policy_from("rules: [{name: math, verify: [math]}]", tmp_path)
    turns = iter([answer({"errorType": "ValueError", "errorMessage": "no"}, error="Unhandled")])
    [remark] = timing.look(lambda rows: next(turns), policy, ROWS, CONFIGURED, recorded=False)
    assert remark == fix("timeout", "a batch of 3 fails: ValueError: no; its log has the traceback")


FAILED = {
    ("Sandbox.Timedout", "RequestId: 1 Error: Task timed out after 3.00 seconds"): "set Timeout higher",
    ("Runtime.OutOfMemory", "RequestId: 1 Error: Runtime exited"): "set MemorySize higher",
    ("Runtime.ExitError", "RequestId: 1 Error: Runtime exited with error: signal: killed"): "set MemorySize",
    (
        "Runtime.ImportModuleError",
        "Unable to import module 'router.handler'",
    ): "build it for its architecture",
    ("ReplyBroken", "row 2"): "its log has the traceback",
}


@pytest.mark.parametrize(("failed", "way"), FAILED.items(), ids=[kind for kind, _ in FAILED])
def test_what_lambda_says_of_a_failure_comes_with_what_helps(failed: tuple[str, str], way: str) -> None:
    kind, message = failed
    said = answer({"errorType": kind, "errorMessage": message}, error="Unhandled").failure
    assert said.startswith(f"{kind}: {message}; {way}")


def test_what_takes_long_is_not_done_again(tmp_path: Path) -> None:
    policy = policy_from("rules: [{name: math, verify: [math]}]", tmp_path)
    asked: list[object] = []

    def slow(rows: object) -> Answer:
        asked.append(rows)
        return answer(GOOD, seconds=100.0)

    first, _ = timing.look(slow, policy, ROWS, CONFIGURED, recorded=True)
    assert first == fine("timeout", "a batch of 3 recorded rows took 100.00 s warm: 300 s are enough")
    list(replies.look(slow, policy))
    assert len(asked) == 2


def test_a_batch_whose_judge_says_nothing_tells_no_timeout(tmp_path: Path) -> None:
    policy = policy_from("rules: [{name: all, judge: {rubric: {criteria: helpfulness}}}]", tmp_path)
    silent = [*GOOD[:2], result("row-2", 0.5, metrics_list=[metric("judge_error"), metric("escalated")])]
    remark, _ = timing.look(
        lambda rows: answer(silent, seconds=299.0), policy, ROWS, CONFIGURED, recorded=True
    )
    assert remark.mark == "fix"
    assert "took 299 s, and 1 of them got no verdict" in remark.said


def test_a_timeout_that_is_long_enough_is_fine() -> None:
    assert timing.timeout("a batch", 2.0, 90.0, 128, 300).mark == "fine"


def test_a_timeout_that_is_too_short_is_told_with_a_better_one() -> None:
    remark = timing.timeout("a batch", 2.0, 90.0, 128, 60)
    assert remark.mark == "fix"
    assert "set Timeout to 120" in remark.said


def test_what_lambda_has_no_time_for_is_not_suggested() -> None:
    remark = timing.timeout("a batch", 2.0, 2000.0, 512, 900)
    assert remark.mark == "fix"
    assert "more than Lambda's 900 s: send smaller batches" in remark.said


def test_judges_take_what_the_pace_of_their_quota_takes(tmp_path: Path) -> None:
    policy = policy_from(
        """
        judge:
          model: amazon.nova-lite-v1:0
          timeout_seconds: 10
          quota: {requests_per_minute: 600, shared_by: 10}
        rules: [{name: all, judge: {rubric: {criteria: helpfulness}}}]
        """,
        tmp_path,
    )
    per_second = 0.97
    saved = 15 * per_second
    assert timing.judging(policy, 0) == 0.0
    assert timing.judging(policy, 10) == pytest.approx(10 / (4 * per_second) + 10)
    assert timing.judging(policy, 100) == pytest.approx(15 / 4 + (100 - saved) / per_second + 10)


def test_a_pace_that_is_learnt_is_not_foretold(tmp_path: Path) -> None:
    policy = policy_from("rules: [{name: all, judge: {rubric: {criteria: helpfulness}}}]", tmp_path)
    assert timing.judging(policy, 1000) == 20.0  # one call's timeout


@pytest.mark.parametrize(
    ("used", "mark", "said"),
    [
        ([200, 900], "fine", "used 900 MB of 1769"),
        ([1700], "fix", "set MemorySize to 2176"),
        ([], "note", "not measured"),
    ],
)
def test_memory_is_compared_with_the_most_that_was_used(used: list[int], mark: str, said: str) -> None:
    remark = timing.memory("a batch", used, 1769)
    assert (remark.mark, said in remark.said) == (mark, True)


# --- concurrency ---------------------------------------------------------------------------------------

AT_ONCE = {
    "reserved enough": ((12, 12, 900, 1000), "fine", "12 are reserved"),
    "shared enough": ((12, None, 900, 1000), "fine", "reserving 12 keeps them"),
    "reserved too few": ((64, 12, 900, 1000), "fix", "reserve 64 for this function"),
    "switched off": ((12, 0, 900, 1000), "fix", "0 are reserved"),
    "a new account": ((12, None, 10, 10), "fix", "of AWS Lambda in Service Quotas to 112"),
    "no room left": ((900, 100, 850, 1000), "fix", "to 1050 or more"),
}  # fmt: skip


@pytest.mark.parametrize(("given", "mark", "said"), AT_ONCE.values(), ids=AT_ONCE)
def test_what_a_job_calls_at_once_is_compared_with_what_it_may(
    given: tuple[int, int | None, int, int], mark: str, said: str
) -> None:
    remark = concurrency.look(*given)
    assert (remark.mark, said in remark.said) == (mark, True), remark


# --- quota ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("model", "scope", "bare"),
    [
        ("amazon.nova-lite-v1:0", "on-demand", "amazon.nova-lite-v1:0"),
        ("us.amazon.nova-lite-v1:0", "cross-region", "amazon.nova-lite-v1:0"),
        ("global.amazon.nova-2-lite-v1:0", "global cross-region", "amazon.nova-2-lite-v1:0"),
        (
            "arn:aws:bedrock:us-east-1:123456789012:inference-profile/eu.amazon.nova-pro-v1:0",
            "cross-region",
            "amazon.nova-pro-v1:0",
        ),
    ],
)
def test_an_id_says_by_which_quotas_it_is_bound(model: str, scope: str, bare: str) -> None:
    assert quotas.scope_of(model) == (scope, bare)


NAMES = {
    "On-demand model inference requests per minute for Amazon Nova Lite": (
        "on-demand",
        "Amazon Nova Lite",
        "requests",
    ),
    "Cross-Region InvokeModel tokens per minute for Anthropic Claude 3.5 Haiku": (
        "cross-region",
        "Anthropic Claude 3.5 Haiku",
        "tokens",
    ),
    "Global cross-Region model inference tokens per minute for Anthropic Claude Sonnet 4.5 V1": (
        "global cross-region",
        "Anthropic Claude Sonnet 4.5",
        "tokens",
    ),
    "On-demand model inference tokens per minute for OpenAI GPT OSS 20B": (
        "on-demand",
        "OpenAI gpt-oss-20b",
        "tokens",
    ),
}


@pytest.mark.parametrize(("listed", "expected"), NAMES.items(), ids=NAMES)
def test_a_quotas_name_is_read_in_both_generations_of_words(
    listed: str, expected: tuple[str, str, str]
) -> None:
    scope, model, kind = expected
    quota = {"QuotaName": listed, "Value": 5.0, "QuotaCode": "L-1"}
    assert quotas.matching([quota], scope, {model}) == {kind: (5.0, "L-1")}


@pytest.mark.parametrize(
    "listed",
    [
        "On-demand model inference requests per minute for Amazon Nova Lite",
        "Cross-region model inference requests per minute for Amazon Nova 2 Lite",
        "Cross-region model inference requests per minute for Amazon Nova Lite Latency-Optimized",
        "Cross-region model inference tokens per day for Amazon Nova Lite",
        "Batch inference job size (in GB) for Nova Lite V1",
    ],
)
def test_another_models_or_another_kind_of_quota_is_not_taken_for_it(listed: str) -> None:
    quota = {"QuotaName": listed, "Value": 5.0, "QuotaCode": "L-1"}
    assert quotas.matching([quota], "cross-region", {"Nova Lite", "Amazon Nova Lite"}) == {}


def test_only_what_is_declared_is_compared() -> None:
    one = Asked("m", "", requests=100.0, tokens=None, timeout=20.0, backup=False)
    [remark] = quotas.compare(one, 12, {"requests": (1200.0, "L-1"), "tokens": (1.0, "L-2")})
    assert remark == fine(
        "quota", "m: 12 instances may ask 1,200 requests a minute together; the account has 1,200"
    )


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


def test_a_reply_that_cannot_be_read_says_why() -> None:
    with pytest.raises(Refused, match="statusCode None"):
        unwrapped(b'{"body": []}')
