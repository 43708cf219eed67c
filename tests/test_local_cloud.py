"""The local cloud is as much AWS as the tests that stand on it need."""

import base64
from collections.abc import Iterator

import pytest
from botocore.exceptions import ClientError

from tests.local.cloud import LocalCloud, Stack

ROW = {"messages": [{"role": "user", "content": "2+2?"}, {"role": "assistant", "content": "#### 4"}]}
SETTLED = [ROW | {"id": "a", "reference_answer": "4", "metadata": {"task": "math"}}]
OPEN = [ROW | {"id": "b", "reference_answer": "4"}, ROW | {"id": "c"}]


@pytest.fixture(scope="module")
def cloud() -> Iterator[LocalCloud]:
    with LocalCloud() as up:
        yield up


@pytest.fixture(scope="module")
def stack(cloud: LocalCloud) -> Stack:
    return cloud.stack(SharedVerdicts="on")


def test_a_function_runs_as_it_is_configured_and_reaches_the_table_and_the_judge(
    cloud: LocalCloud, stack: Stack
) -> None:
    asked = len(cloud.bedrock.calls)
    assert [result["id"] for result in stack.invoke(OPEN)] == ["b", "c"]
    assert len(cloud.bedrock.calls) > asked
    table = stack.resources["RewardRouterVerdicts"]
    assert cloud.client("dynamodb").scan(TableName=table)["Items"]


def test_an_error_is_reported_as_lambda_does(cloud: LocalCloud, stack: Stack) -> None:
    reply, error = cloud.invoke(stack.function, 42)
    assert (reply["errorType"], error) == ("EventRefused", "Unhandled")


def test_the_callers_mistakes_are_lambdas_errors(cloud: LocalCloud, stack: Stack) -> None:
    with pytest.raises(ClientError, match="ResourceNotFoundException"):
        cloud.invoke("SageMaker-Nobody", [])
    with pytest.raises(ClientError, match="RequestTooLargeException"):
        cloud.invoke(stack.function, "x" * 6 * 2**20)


def test_a_reconfigured_function_starts_anew_and_its_log_goes_on(cloud: LocalCloud) -> None:
    stack = cloud.stack("another", FunctionName="SageMaker-Another")
    stack.invoke(SETTLED)
    before = stack.log()
    stack.invoke(SETTLED)
    assert stack.log().count("INIT START") == 1
    variables = {"JUDGE": "none"}
    client = cloud.client("lambda")
    client.update_function_configuration(FunctionName=stack.arn, Environment={"Variables": variables})
    stack.invoke(OPEN)
    assert stack.log().startswith(before)
    assert stack.log().count("INIT START") == 2


def test_the_logs_tail_comes_with_the_reply(cloud: LocalCloud, stack: Stack) -> None:
    answer = cloud.client("lambda").invoke(FunctionName=stack.function, Payload=b"[]", LogType="Tail")
    assert b"REPORT RequestId" in base64.b64decode(answer["LogResult"])


def test_a_cloud_sees_nothing_of_another(cloud: LocalCloud, stack: Stack) -> None:
    with LocalCloud() as other:
        assert other.client("lambda").list_functions()["Functions"] == []
    assert cloud.account in stack.arn
