"""`serve` as boto3's Lambda client, many clients at once, and clients with bad manners find it."""

import json
import socket
import subprocess
import sys
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from http.client import HTTPConnection
from pathlib import Path
from typing import Any

import boto3
import pytest
from botocore.exceptions import ClientError

from router.__main__ import main
from router.batch import make_handler
from router.commands.serve import Server
from router.policy import load_policy
from tests.fakes import row
from tests.local.sdk import lead_to
from tests.local.servers import served
from tests.rows import SHAPES, event

ROOT = Path(__file__).parents[1]

INVOKE = "/2015-03-31/functions/SageMaker-RewardRouter/invocations"
ARN = "arn:aws:lambda:us-east-1:123456789012:function:SageMaker-RewardRouter"


@pytest.fixture
def port() -> Iterator[int]:
    """Where the shipped policy is served, with the offline judge."""
    handler = make_handler(load_policy(), "offline", emit=lambda line: None)
    server = Server(handler, 0)
    with closing(handler), served(server):
        yield server.server_port


@pytest.fixture
def function(port: int, monkeypatch: pytest.MonkeyPatch) -> Iterator[Any]:
    """A real Lambda client of boto3's."""
    lead_to("lambda", f"http://127.0.0.1:{port}", monkeypatch)
    with closing(boto3.client("lambda")) as client:
        yield client


def invoked(function: Any, payload: object, name: str = ARN) -> tuple[Any, str | None]:
    """The parsed payload of a reply, and its FunctionError."""
    reply = function.invoke(FunctionName=name, Payload=json.dumps(payload))
    assert reply["StatusCode"] == 200
    return json.loads(reply["Payload"].read()), reply.get("FunctionError")


def post(port: int, path: str, body: bytes, headers: dict[str, str] | None = None) -> tuple[int, Any]:
    with closing(HTTPConnection("127.0.0.1", port)) as connection:
        connection.request("POST", path, body, headers or {})
        reply = connection.getresponse()
        return reply.status, json.loads(reply.read())


# --- boto3 -------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", SHAPES)
def test_boto3_gets_every_recorded_event_back_as_the_handler_answers_it(function: Any, name: str) -> None:
    with closing(make_handler(load_policy(), "offline", emit=lambda line: None)) as handler:
        assert invoked(function, event(name)) == (handler(event(name), None), None)


@pytest.mark.parametrize("name", ["SageMaker-RewardRouter", ARN, "anything"])
def test_the_function_answers_to_any_name(function: Any, name: str) -> None:
    [reward], error = invoked(function, [row("4", "4")], name)
    assert (reward["aggregate_reward_score"], error) == (1.0, None)


def test_a_refused_event_is_a_function_error_with_its_message(function: Any) -> None:
    failure, error = invoked(function, {"detail": "a scheduled event"})
    assert error == "Unhandled"
    assert failure["errorType"] == "EventRefused"
    assert failure["errorMessage"].startswith("the event is no batch of rollouts")
    assert failure["stackTrace"]


def test_an_invocation_without_a_payload_is_a_function_error(function: Any) -> None:
    reply = function.invoke(FunctionName=ARN)
    assert reply["FunctionError"] == "Unhandled"
    reply["Payload"].close()


def test_a_request_that_lambda_would_not_take_is_refused_as_lambda_does(function: Any) -> None:
    with pytest.raises(ClientError) as refused:
        invoked(function, [row("x" * 7 * 2**20)])
    assert refused.value.response["ResponseMetadata"]["HTTPStatusCode"] == 413
    assert refused.value.response["Error"]["Code"] == "RequestTooLargeException"
    assert invoked(function, [row("4", "4")])[1] is None


def test_a_payload_that_is_not_json_is_refused_as_lambda_does(function: Any) -> None:
    for payload in (b"not json", b"\xff", b"[" * 100_000):
        with pytest.raises(ClientError, match="InvalidRequestContentException"):
            function.invoke(FunctionName=ARN, Payload=payload)


def test_a_lone_surrogate_and_all_the_worlds_text_come_through(function: Any) -> None:
    rewards, error = invoked(function, [row("4", "4", id="行 😀"), row("4 \ud800", "4", id="b\ud800")])
    assert ([one["id"] for one in rewards], error) == (["行 😀", "b?"], None)


# --- manners -----------------------------------------------------------------------------------------


@pytest.mark.parametrize("path", ["/", "/2015-03-31/functions/", "/2015-03-31/functions/f", f"{INVOKE}/more"])
def test_there_is_nothing_elsewhere(port: int, path: str) -> None:
    status, said = post(port, path, b"[]")
    assert status == 404
    assert "/invocations" in said["Message"]


def test_a_qualifier_in_the_query_is_no_part_of_the_path(port: int) -> None:
    assert post(port, f"{INVOKE}?Qualifier=live", b"[]") == (200, [])


def test_a_refusal_leaves_the_connection_in_order(port: int) -> None:
    requests = [("/", b'[{"id": 1}]'), (INVOKE, b"x" * 7 * 2**20), (INVOKE, b"nope"), (INVOKE, b"[]")]
    with closing(HTTPConnection("127.0.0.1", port)) as connection:
        said = []
        for path, body in requests:
            connection.request("POST", path, body)
            reply = connection.getresponse()
            said.append(reply.status)
            reply.read()
    assert said == [404, 413, 400, 200]


@pytest.mark.parametrize("length", ["-1", "many", "1e3"])
def test_a_length_that_is_none_ends_the_connection_with_a_word(port: int, length: str) -> None:
    status, said = post(port, INVOKE, b"", {"Content-Length": length})
    assert status == 413
    assert "Content-Length" in said["Message"]


def test_a_body_in_chunks_is_refused(port: int) -> None:
    assert post(port, INVOKE, b"0\r\n\r\n", {"Transfer-Encoding": "chunked"})[0] == 413


def test_many_clients_that_keep_their_connections_all_get_their_own_rewards(port: int) -> None:
    at_once = threading.Barrier(64)

    def client(number: int) -> list[str]:
        with closing(HTTPConnection("127.0.0.1", port, timeout=60)) as connection:
            at_once.wait()
            ids = []
            for turn in range(5):
                connection.request("POST", INVOKE, json.dumps([row("Paris!", "Rome", id=f"{number}-{turn}")]))
                [reward] = json.loads(connection.getresponse().read())
                ids.append(reward["id"])
            return ids

    with ThreadPoolExecutor(64) as clients:
        told = list(clients.map(client, range(64)))
    assert told == [[f"{number}-{turn}" for turn in range(5)] for number in range(64)]


def test_like_one_lambda_instance_it_works_on_one_batch_at_a_time() -> None:
    inside = []
    most = []

    def handler(event: object, context: object) -> object:
        inside.append(event)
        most.append(len(inside))
        threading.Event().wait(0.005)
        inside.pop()
        return []

    server = Server(handler, 0)
    with served(server), ThreadPoolExecutor(8) as clients:
        list(clients.map(lambda _: post(server.server_port, INVOKE, b"[]"), range(8)))
    assert most == [1] * 8


def test_a_client_that_stalls_holds_up_nobody(port: int) -> None:
    with socket.create_connection(("127.0.0.1", port)) as stalled:
        stalled.sendall(f"POST {INVOKE} HTTP/1.1\r\nContent-Length: 100\r\n\r\n[".encode())
        assert post(port, INVOKE, b"[]") == (200, [])


def test_a_client_that_goes_before_its_reply_is_not_worth_a_word(capsys: pytest.CaptureFixture[str]) -> None:
    gone, answered = threading.Event(), threading.Event()

    def handler(event: object, context: object) -> object:
        if event == ["wait"]:
            gone.wait(10)
            answered.set()
            return ["x" * 2**22]
        return []

    server = Server(handler, 0)
    with served(server):
        with socket.create_connection(("127.0.0.1", server.server_port)) as client:
            client.sendall(f'POST {INVOKE} HTTP/1.1\r\nContent-Length: 8\r\n\r\n["wait"]'.encode())
        gone.set()
        assert answered.wait(10)
        assert post(server.server_port, INVOKE, b"[]") == (200, [])
    assert capsys.readouterr().err == ""


def test_only_this_machine_can_call() -> None:
    with Server(lambda event, context: [], 0) as server:
        assert server.server_address[0] == "127.0.0.1"


def test_a_port_that_is_taken_is_told_in_one_line(port: int, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["serve", "--port", str(port)]) == 2
    assert capsys.readouterr().err.startswith("serve: ")


def test_nothing_is_served_on_a_bad_policy(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "policy.yaml").write_text("version: 1\nrules: [{name: all, verify: [nmber]}]")
    assert main(["serve", "--policy", str(tmp_path / "policy.yaml")]) == 2
    assert "did you mean number" in capsys.readouterr().err


def test_the_command_names_its_url_and_tells_each_batch_in_one_line_elsewhere() -> None:
    command = [sys.executable, "-m", "router", "serve", "--port", "0", "--judge", "none"]
    with subprocess.Popen(
        command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout
        url = process.stdout.readline().strip().rpartition("=")[2]
        assert url.startswith("http://127.0.0.1:")
        assert "AWS_DEFAULT_REGION" in process.stdout.readline()
        status, [reward] = post(int(url.rpartition(":")[2]), INVOKE, json.dumps([row("4", "4")]).encode())
        process.terminate()
        out, err = process.communicate()
    assert (status, reward["aggregate_reward_score"], out) == (200, 1.0, "")
    [line] = err.splitlines()
    assert json.loads(line)["rows"] == 1
