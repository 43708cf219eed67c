"""What simulation cannot show: whole batches through the handler over HTTP that breaks, freezes and ages."""

import json
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from textwrap import dedent
from typing import Any

import pytest

from router.batch import FINISHING_SECONDS, BatchHandler, make_handler
from router.policy import load_policy
from tests.fakes import row
from tests.functions.invoked import invoked, unfinished
from tests.local import bedrock_faults as faults
from tests.local.bedrock import LocalBedrock
from tests.local.bedrock_faults import Fault
from tests.local.bedrock_replies import Call
from tests.local.telephones import Serve, serving

POLICY = """
    version: 1
    judge: {{model: us.amazon.nova-lite-v1:0, region: us-east-1, timeout_seconds: {timeout}}}
    rules: [{{name: all, judge: reference}}]
"""
ROWS = 12
PAID, UNSETTLED = 1.0, 0.5
"""What the local Bedrock's verdict comes to; and what a row gets that nobody settled."""

Line = dict[str, Any]


@pytest.fixture
def serve(monkeypatch: pytest.MonkeyPatch) -> Iterator[Serve]:
    with serving(monkeypatch) as start:
        yield start


@pytest.fixture
def policy(tmp_path: Path) -> Callable[[float], Path]:
    def write(timeout: float) -> Path:
        path = tmp_path / "policy.yaml"
        path.write_text(dedent(POLICY.format(timeout=timeout)), encoding="utf-8")
        return path

    return write


class Function:
    """A handler, warm, and the lines that it emitted."""

    def __init__(self, policy: Path) -> None:
        self.lines: list[str] = []
        self.handler: BatchHandler = make_handler(load_policy(policy), "bedrock", emit=self.lines.append)

    def __call__(self, event: list[dict[str, Any]], seconds: float = 30.0) -> tuple[list[float], Line]:
        """Invoke it; return the scores and the line. It comes back whole and before its deadline."""
        started = time.monotonic()
        reply = self.handler(event, Context(started + seconds))
        assert time.monotonic() - started < seconds
        return scores(event, reply), json.loads(self.lines[-1])


class Context:
    """Lambda's, as far as we look at it."""

    def __init__(self, deadline: float) -> None:
        self._deadline = deadline

    def get_remaining_time_in_millis(self) -> int:
        return round(1000 * (self._deadline - time.monotonic()))


def scores(event: list[dict[str, Any]], reply: Any) -> list[float]:
    assert [one["id"] for one in reply] == [one["id"] for one in event]
    return [one["aggregate_reward_score"] for one in reply]


@pytest.fixture
def function(policy: Callable[[float], Path]) -> Iterator[Function]:
    made = Function(policy(10))
    yield made
    made.handler.close()


def batch(name: str = "a", count: int = ROWS) -> list[dict[str, Any]]:
    """Rows that no verifier looks at, each another question."""
    return [row(f"{name} says {number}", "four", id=f"{name}-{number}") for number in range(count)]


# Connections that break


@pytest.mark.parametrize(
    ("fault", "lost"),
    [
        (faults.reset(), None),
        (faults.reset(mid_body=True), True),
        (faults.truncated(), True),
        (faults.broken_json(), True),
        (faults.empty(), True),
        (faults.html(200), True),
        (faults.html(503), False),
        (faults.throttled(400), False),
        (faults.model_timeout(), False),
        (faults.model_error(), False),
    ],
    ids=lambda value: value.name if isinstance(value, Fault) else "",
)
def test_some_replies_that_break_cost_no_row(
    serve: Serve, function: Function, fault: Fault, lost: bool | None
) -> None:
    bedrock = serve(faults=[None, fault, fault, None, fault], latency=0.02)
    paid, line = function(batch())
    assert paid == [PAID] * ROWS
    [judge] = line["judges"]
    assert judge["calls"] == ROWS
    if lost is not None:  # whether a reset counts depends on whether its connection was new
        assert judge.get("lost", 0) == (3 if lost else 0)
    assert sum(call.fault is not None for call in bedrock.calls) == 3


def test_some_calls_that_hang_are_cut_and_cost_no_row(serve: Serve, policy: Callable[[float], Path]) -> None:
    serve(faults=[None, *[faults.hang(30)] * 3])
    function = Function(policy(1.0))
    paid, line = function(batch())
    function.handler.close()
    assert paid == [PAID] * ROWS
    assert line["judges"][0]["lost"] >= 3


def test_where_every_reply_breaks_every_row_is_back_and_says_so(serve: Serve, function: Function) -> None:
    serve(faults=lambda _: faults.truncated())
    paid, line = function(batch(), seconds=FINISHING_SECONDS + 2.0)
    assert paid == [UNSETTLED] * ROWS
    assert line["decided_by"] == {"fallback": ROWS}


def test_where_everybody_hangs_every_row_is_back(serve: Serve, function: Function) -> None:
    serve(faults=lambda _: faults.hang(60))
    paid, line = function(batch(), seconds=FINISHING_SECONDS + 1.5)
    assert paid == [UNSETTLED] * ROWS
    assert sum(line["judge_errors"].values()) == ROWS
    assert unfinished(function.handler) == 0


def test_idle_connections_that_are_all_closed_between_two_invocations_cost_nothing(
    serve: Serve, function: Function
) -> None:
    bedrock = serve(latency=0.05)
    for name in "abc":
        paid, line = function(batch(name))
        assert paid == [PAID] * ROWS
        assert "lost" not in line["judges"][0]
        bedrock.drop_idle()
    assert len(bedrock.calls) == 3 * ROWS


# Credentials


def test_credentials_that_expire_half_way_cost_no_row(
    serve: Serve, function: Function, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen: list[Call] = []

    def expire(call: Call) -> Fault | None:
        seen.append(call)
        if len(seen) == ROWS // 2:
            monkeypatch.setenv("AWS_ACCESS_KEY_ID", "newer")
        old = "Credential=local/" in call.headers["Authorization"]
        return faults.expired_token() if old and len(seen) >= ROWS // 2 else None

    serve(faults=expire, latency=0.02)
    assert function(batch("a"))[0] == [PAID] * ROWS
    assert function(batch("b"))[0] == [PAID] * ROWS
    assert "Credential=newer/" in seen[-1].headers["Authorization"]


def test_credentials_that_nobody_renews_are_met_a_few_times_and_named(
    serve: Serve, function: Function
) -> None:
    bedrock = serve(faults=lambda _: faults.expired_token())
    paid, line = function(batch())
    assert paid == [UNSETTLED] * ROWS
    assert line["judge_errors"] == {"JudgeRejected": ROWS}
    assert len(bedrock.calls) == 1


# A container that freezes, and one that lives long


def wait_for_calls(bedrock: LocalBedrock, count: int) -> None:
    while len(bedrock.calls) < count:
        time.sleep(0.01)


def test_a_function_that_is_frozen_between_two_invocations_answers_the_next(
    serve: Serve, policy: Callable[[float], Path]
) -> None:
    bedrock = serve(latency=0.05)
    with invoked(policy(5)) as function:
        assert scores(batch("a"), function(batch("a"))["reply"]) == [PAID] * ROWS
        with function.frozen(2.0):
            bedrock.drop_idle()
        report = function(batch("b"))
    assert scores(batch("b"), report["reply"]) == [PAID] * ROWS
    assert len(bedrock.calls) == 2 * ROWS


@pytest.mark.parametrize("latency", [0.5, 1.5], ids=["replies wait", "calls are under way"])
def test_a_function_that_is_frozen_within_an_invocation_brings_every_row(
    serve: Serve, policy: Callable[[float], Path], latency: float
) -> None:
    bedrock = serve(latency=latency)
    with invoked(policy(5)) as function:
        function.send(batch("a"))
        wait_for_calls(bedrock, ROWS // 2)
        with function.frozen(2.0):
            pass
        report = function.receive()
    assert scores(batch("a"), report["reply"]) == [PAID] * ROWS
    assert report["tasks"] == 0


def test_two_hundred_invocations_leave_memory_sockets_and_tasks_as_they_were(
    serve: Serve, policy: Callable[[float], Path]
) -> None:
    bedrock = serve()
    with invoked(policy(5)) as function:
        reports = [function(batch(f"{number:03}", 8)) for number in range(200)]
    assert all(one["line"]["decided_by"] == {"judge": 8} for one in reports)
    assert len(bedrock.calls) == 1600
    warm, old = reports[60], reports[-1]
    assert {one["tasks"] for one in reports} == {0}
    assert max(one["sockets"] for one in reports) <= 8 + 4, "one for each call at once, and the loop's own"
    assert old["rss"] - warm["rss"] < 4 * 2**20, "the verdicts that it remembers are about 1 KB each"
