"""The whole stack on loopback: created from the template, invoked as trainers do, and what watches it."""

import json
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from router.__main__ import main
from tests.local.cloud import LocalCloud, Stack
from tests.local.template import deployed
from tests.processes import offspring

MOST_BATCHES = 20

GIVEN = {
    "SharedVerdicts": "on",
    "CodeFunction": "on",
    "AlarmEmail": "on-call@example.org",
    "DailyBudget": "0.05",  # so small that no lease covers two batches
}


def row(name: str, answer: str, *, task: str = "math", reference: str | None = "4") -> dict[str, Any]:
    """A row; a mathematical one is settled where its answer is in a box."""
    messages = [{"role": "user", "content": "2+2?"}, {"role": "assistant", "content": answer}]
    return {"id": name, "messages": messages, "reference_answer": reference, "metadata": {"task": task}}


SETTLED = [row("right", r"\boxed{4}"), row("wrong", r"\boxed{5}")]
FIRST = [row("first", "four, roughly", task="qa")]
ASKED = [row("open", "four, or so it seems", task="qa"), row("chat", "Hello!", task="chat", reference=None)]


@pytest.fixture(scope="module")
def cloud() -> Iterator[LocalCloud]:
    with LocalCloud() as up:
        yield up


@pytest.fixture(scope="module")
def stack(cloud: LocalCloud) -> Stack:
    up = cloud.stack(**GIVEN)
    up.invoke(FIRST)  # a first question loads what the others find there, which takes a slow machine long
    return up


# --- what there is -----------------------------------------------------------------------------------


def test_every_resource_of_the_template_is_there(stack: Stack) -> None:
    template = deployed(**GIVEN)
    assert set(stack.resources) == {
        name for name, one in template["Resources"].items() if one["Type"] != "AWS::CloudWatch::Alarm"
    }


def test_the_function_is_configured_as_the_parameters_say(cloud: LocalCloud, stack: Stack) -> None:
    function = cloud.client("lambda").get_function_configuration(FunctionName=stack.arn)
    variables = function["Environment"]["Variables"]
    assert variables["VERDICT_TABLE"] == stack.resources["RewardRouterVerdicts"]
    assert variables["CODE"] == stack.resources["RewardRouterCodeFunction"] == f"{stack.function}-code"
    assert (function["Timeout"], function["MemorySize"]) == (300, 1769)
    assert function["Role"].endswith(f":role/{stack.resources['RewardRouterRole']}")


def test_the_roles_policies_name_what_was_made(cloud: LocalCloud, stack: Stack) -> None:
    table = f"arn:aws:dynamodb:us-east-1:{cloud.account}:table/{stack.resources['RewardRouterVerdicts']}"
    assert policy(cloud, stack, "RewardRouterRole", "ShareItsVerdicts")["Resource"] == table
    function = f"arn:aws:lambda:us-east-1:{cloud.account}:function:{stack.function}-code"
    assert policy(cloud, stack, "RewardRouterRole", "HavePrograms")["Resource"] == function
    log = f"arn:aws:logs:us-east-1:{cloud.account}:log-group:/aws/lambda/{stack.function}-code"
    assert policy(cloud, stack, "RewardRouterCodeRole", "WriteItsLog")["Resource"].startswith(log)


def policy(cloud: LocalCloud, stack: Stack, role: str, name: str) -> Any:
    """The first statement of a role's policy."""
    found = cloud.client("iam").get_role_policy(RoleName=stack.resources[role], PolicyName=name)
    return found["PolicyDocument"]["Statement"][0]


def test_the_table_forgets_and_the_logs_end(cloud: LocalCloud, stack: Stack) -> None:
    lives = cloud.client("dynamodb").describe_time_to_live(TableName=stack.resources["RewardRouterVerdicts"])
    assert lives["TimeToLiveDescription"] == {"TimeToLiveStatus": "ENABLED", "AttributeName": "expires"}
    groups = cloud.client("logs").describe_log_groups()["logGroups"]
    assert {group["logGroupName"]: group["retentionInDays"] for group in groups} == {
        f"/aws/lambda/{stack.function}": 30,
        f"/aws/lambda/{stack.function}-code": 30,
    }


# --- what watches it ---------------------------------------------------------------------------------


def alarms(cloud: LocalCloud) -> list[Any]:
    found: list[Any] = cloud.client("cloudwatch").describe_alarms()["MetricAlarms"]
    return found


def dashboard(cloud: LocalCloud, stack: Stack) -> Any:
    found = cloud.client("cloudwatch").get_dashboard(DashboardName=stack.function)
    return json.loads(found["DashboardBody"])


def test_every_alarm_says_what_it_means_and_what_to_do_and_to_whom(cloud: LocalCloud, stack: Stack) -> None:
    assert alarms(cloud)
    for alarm in alarms(cloud):
        means, _, do = alarm["AlarmDescription"].partition(" Do: ")
        assert means.endswith("."), alarm["AlarmName"]
        assert do.endswith("."), alarm["AlarmName"]
        assert len(alarm["AlarmDescription"]) <= 1024
        assert alarm["AlarmActions"] == [stack.resources["RewardRouterAlarms"]]
        assert alarm["TreatMissingData"] == "notBreaching"


def test_the_address_is_asked_for_consent(cloud: LocalCloud, stack: Stack) -> None:
    topic = stack.resources["RewardRouterAlarms"]
    [asked] = cloud.client("sns").list_subscriptions_by_topic(TopicArn=topic)["Subscriptions"]
    assert (asked["Protocol"], asked["Endpoint"]) == ("email", "on-call@example.org")


def test_the_dashboard_shows_the_state_of_every_alarm(cloud: LocalCloud, stack: Stack) -> None:
    *_, last = dashboard(cloud, stack)["widgets"]
    assert sorted(last["properties"]["alarms"]) == sorted(alarm["AlarmArn"] for alarm in alarms(cloud))


def test_the_dashboards_widgets_lie_side_by_side(cloud: LocalCloud, stack: Stack) -> None:
    taken = [
        (x, y)
        for widget in dashboard(cloud, stack)["widgets"]
        for x in range(widget["x"], widget["x"] + widget["width"])
        for y in range(widget["y"], widget["y"] + widget["height"])
    ]
    assert len(taken) == len(set(taken))
    assert max(x for x, _ in taken) < 24


# --- what it does ------------------------------------------------------------------------------------


def test_a_batch_that_escalates_is_rewarded_told_of_and_charged(cloud: LocalCloud, stack: Stack) -> None:
    asked, before = len(cloud.bedrock.calls), spent(cloud, stack)
    batch = json.dumps([*SETTLED, *ASKED]).encode()
    answer = cloud.client("lambda").invoke(FunctionName=stack.arn, Payload=batch)
    rewards = {one["id"]: one["aggregate_reward_score"] for one in json.loads(answer["Payload"].read())}
    assert rewards == {"right": 1.0, "wrong": 0.0, "open": 1.0, "chat": 1.0}
    assert len(cloud.bedrock.calls) - asked == len(ASKED)
    assert spent(cloud, stack) > before > 0


def test_verdicts_come_to_lie_in_the_table(cloud: LocalCloud, stack: Stack) -> None:
    for number in range(MOST_BATCHES):  # a batch does not wait long for a table that is slow to take them
        stack.invoke([row("remembered", f"about {number}", task="qa")])
        items = cloud.client("dynamodb").scan(TableName=stack.resources["RewardRouterVerdicts"])["Items"]
        verdicts = [item for item in items if not item["id"]["S"].startswith("budget#")]
        if verdicts:
            assert all({"score", "confidence", "expires"} <= item.keys() for item in verdicts)
            return
    raise AssertionError(f"the table holds no verdict of {MOST_BATCHES} batches")


def spent(cloud: LocalCloud, stack: Stack) -> int:
    """What the table says that the day has spent, in its units."""
    items = cloud.client("dynamodb").scan(TableName=stack.resources["RewardRouterVerdicts"])["Items"]
    return sum(int(item["spent"]["N"]) for item in items if item["id"]["S"].startswith("budget#"))


# --- where programs run ------------------------------------------------------------------------------


def program(name: str, body: str) -> dict[str, Any]:
    """A row with a program."""
    made = row(name, f"```python\ndef double(n):\n    return {body}\n```", task="code")
    return made | {"reference_answer": {"asserts": ["assert double(2) == 4"]}}


def helpers_of(handler: str) -> int:
    """How many helpers of a sandbox run below the runtimes of a handler."""
    runtimes = [one for one in offspring(os.getpid()) if command(one)[-1:] == [handler]]
    return sum(
        "verifiers.sandbox" in word for one in runtimes for each in offspring(one) for word in command(each)
    )


def command(process: int) -> list[str]:
    """The words that a process was started with."""
    return Path(f"/proc/{process}/cmdline").read_text(errors="replace").split("\0")[:-1]


def test_programs_run_in_a_function_of_their_own_and_nowhere_else(cloud: LocalCloud, stack: Stack) -> None:
    asked = len(cloud.bedrock.calls)
    rewards = stack.invoke([program("sound", "2 * n"), program("unsound", "3 * n")])
    assert [one["aggregate_reward_score"] for one in rewards] == [1.0, 0.0]
    assert len(cloud.bedrock.calls) == asked
    assert helpers_of("router.code_function.lambda_handler") > 0
    assert helpers_of("router.handler.lambda_handler") == 0


def test_where_that_function_is_gone_the_judge_decides_and_preflight_says_so(
    cloud: LocalCloud, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    stack = cloud.stack("alone", FunctionName="SageMaker-Alone", CodeFunction="on")
    gone = stack.resources["RewardRouterCodeFunction"]
    cloud.client("lambda").delete_function(FunctionName=gone)
    asked = len(cloud.bedrock.calls)
    [one] = stack.invoke([program("sound", "2 * n")])
    metrics = {metric["name"]: metric["value"] for metric in one["metrics_list"]}
    assert (metrics["escalated"], metrics.get("reward.code")) == (1, None)
    assert len(cloud.bedrock.calls) == asked + 1
    for name, value in cloud.environment.items():
        monkeypatch.setenv(name, value)
    main(["preflight", stack.arn, "--batch", "2"])
    [said] = [line for line in capsys.readouterr().out.splitlines() if " code " in f" {line[5:19]} "]
    assert said.startswith("fix")
    assert f"the function {gone} did not answer: there is none of that name" in said
