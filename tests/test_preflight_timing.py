"""What `preflight` makes of the time, the memory and the instances that a job takes."""

import json
from pathlib import Path

import pytest

from router.commands.checks import concurrency, replies, timing
from router.commands.checks.invoke import Answer, report_in
from router.commands.checks.remarks import fine, fix
from tests.fakes import policy_from
from tests.results import GOOD, ROWS, answer, metric, result

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
