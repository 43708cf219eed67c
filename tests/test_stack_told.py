"""
What the stack's function tells CloudWatch when it runs, and what a change of its policy does.

Compared are the metrics that alarms and the dashboard look at: names, dimensions, units, and statistics that
say something about that kind of figure.
"""

from collections.abc import Iterator
from pathlib import Path

import pytest

from router.__main__ import main
from router.telemetry.metrics import METRICS, NAMESPACE
from tests.local.bedrock import LocalBedrock
from tests.local.bedrock_faults import Fault, access_denied, throttled
from tests.local.bedrock_replies import Call
from tests.local.cloud import LocalCloud, Stack
from tests.local.watched import Reference, Series, alarm_references, dashboard_references, emitted, total
from tests.test_stack import ASKED, GIVEN, SETTLED, alarms, dashboard, row

STATISTICS = {
    "sum": {"Sum"},
    "highest": {"Maximum"},
    "mean": {"Average"},
    "histogram": {"Average", "p10", "p50", "p90", "p99"},
}
"""The statistics that say something about each kind of metric."""

AWS_ITSELF = {
    Series("AWS/Lambda", "Errors", frozenset({"FunctionName"})),
    Series("AWS/Lambda", "Throttles", frozenset({"FunctionName"})),
    Series("AWS/Lambda", "Duration", frozenset({"FunctionName"})),
    Series("AWS/Bedrock", "InvocationLatency", frozenset({"ModelId"})),
}
"""What AWS tells of a function and of a model, by its own pages."""

KINDS = (
    "late",
    "over_budget",
    "busy",
    "throttled",
    "lost",
    "refused",
    "unreadable",
    "stopped",
    "unavailable",
    "broken",
)
NOT_PROVOKED = {"bugs", "judge_lost", "cached", "backups", *(f"judge_errors_{kind}" for kind in KINDS)}
"""What the batches below do not make the handler tell; of these, the table of metrics must do."""

PROVOKING = """
version: 1
judge: {model: us.amazon.nova-lite-v1:0}
budget: {usd_per_invocation: 1, usd_per_day: 10}
rules:
  - {name: math, when: {task: math}, verify: [math], judge: reference, audit: 1}
  - {name: strict, when: {task: strict}, judge: {rubric: {criteria: helpfulness}}, if_unsettled: fail}
  - {name: all, judge: {rubric: {criteria: helpfulness}}}
"""
ONE_RULE = """
version: 1
judge: {model: us.amazon.nova-lite-v1:0}
rules: [{name: all, verify: [VERIFIER], if_unsettled: 0.25}]
"""

DENIED, THROTTLED = "please be denied", "please be throttled"


def fault(call: Call) -> Fault | None:
    """Fail as the question asks for."""
    if DENIED in call.text:
        return access_denied()
    first = not any(THROTTLED in one.text for one in bedrock.calls if one is not call)
    return throttled() if THROTTLED in call.text and first else None


bedrock = LocalBedrock(faults=fault)


@pytest.fixture(scope="module")
def cloud() -> Iterator[LocalCloud]:
    with LocalCloud(bedrock=bedrock) as up:
        yield up


@pytest.fixture(scope="module")
def stack(cloud: LocalCloud) -> Stack:
    return cloud.stack(**GIVEN)


def references(cloud: LocalCloud, stack: Stack) -> list[Reference]:
    """What the alarms and the dashboard look at."""
    return [
        *(one for alarm in alarms(cloud) for one in alarm_references(alarm)),
        *dashboard_references(dashboard(cloud, stack)),
    ]


def test_whatever_is_watched_is_told_in_that_way(cloud: LocalCloud, stack: Stack) -> None:
    for one in references(cloud, stack):
        if one.series not in AWS_ITSELF:
            metric = METRICS[one.series.name]
            assert one.series.namespace == NAMESPACE, one
            assert one.series.dimensions in {frozenset(by) for by in metric.by}, one
            assert one.statistic in STATISTICS[metric.kind], one


def test_whatever_is_watched_is_told_by_the_handler_when_it_runs(cloud: LocalCloud, stack: Stack) -> None:
    tells = provoked(cloud)
    watched = {one.series for one in references(cloud, stack)} - AWS_ITSELF
    assert {series.name for series in watched - tells.keys()} <= NOT_PROVOKED
    for series, unit in tells.items():
        metric = METRICS[series.name]
        assert unit == metric.unit, series
        assert series.dimensions in {frozenset(by) for by in metric.by}, series


def provoked(cloud: LocalCloud) -> dict[Series, str]:
    """What the handler tells of batches with a bit of everything, under a policy of this test's."""
    place = published(cloud, "provoking", PROVOKING)
    stack = cloud.stack("provoking", FunctionName="SageMaker-Provoking", PolicyLocation=place)
    denied = row("denied", DENIED, task="chat", reference=None)
    stack.invoke([*SETTLED, *ASKED, row("thrown back", THROTTLED, task="chat"), {"id": "no row"}])
    stack.invoke([denied])  # alone, since its refusal is good for the whole batch, audits included
    reply, error = cloud.invoke(stack.arn, [denied | {"metadata": {"task": "strict"}}])
    assert error, reply
    return emitted(stack.log()) | emitted(refused(cloud))


def refused(cloud: LocalCloud) -> str:
    """The log of a function whose policy has a mistake in it."""
    place = published(cloud, "refused", "version: 1\nrules: [{name: all, verify: [maths]}]")
    stack = cloud.stack("refused", FunctionName="SageMaker-Refused", PolicyLocation=place)
    stack.invoke(SETTLED)
    return stack.log()


def test_a_changed_policy_changes_rewards_and_a_broken_one_is_told_of_and_changes_none(
    cloud: LocalCloud, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, value in cloud.environment.items():
        monkeypatch.setenv(name, value)
    policy = tmp_path / "policy.yaml"
    policy.write_text(ONE_RULE.replace("VERIFIER", "number"), encoding="utf-8")
    place = published(cloud, "changing", ONE_RULE.replace("VERIFIER", "exact"))
    stack = cloud.stack("changing", FunctionName="SageMaker-Changing", PolicyLocation=place)
    cloud.client("lambda").update_function_configuration(
        FunctionName=stack.arn, Handler="tests.functions.hurried.lambda_handler"
    )

    def reward() -> float:
        [result] = stack.invoke([row("number", r"\boxed{4.0}")])
        return float(result["aggregate_reward_score"])

    assert reward() == 0.25
    assert main(["publish", str(policy), place]) == 0
    assert reward() == 1.0
    assert total(stack.log(), "policy_rejected") == 0
    put(cloud, "changing", ONE_RULE.replace("VERIFIER", "numbr"))
    assert reward() == 1.0
    assert total(stack.log(), "policy_rejected") == 1


def published(cloud: LocalCloud, name: str, policy: str) -> str:
    """Put a policy into a bucket of its own, and return where it is."""
    cloud.client("s3").create_bucket(Bucket=f"{name}-{cloud.account}")
    return put(cloud, name, policy)


def put(cloud: LocalCloud, name: str, policy: str) -> str:
    """Put a policy into such a bucket, and return where it is."""
    bucket = f"{name}-{cloud.account}"
    cloud.client("s3").put_object(Bucket=bucket, Key="policy.yaml", Body=policy.encode())
    return f"s3://{bucket}/policy.yaml"
