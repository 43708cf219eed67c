"""The local Bedrock itself, spoken to over plain HTTP."""

import json
from collections.abc import Iterator
from http.client import HTTPConnection
from typing import Any

import pytest

from tests.local.bedrock import LocalBedrock
from tests.local.bedrock_faults import throttled, unavailable
from tests.local.bedrock_quota import Quota
from tests.local.bedrock_replies import best, last_schema

SIGNED = {
    "Authorization": "AWS4-HMAC-SHA256 Credential=local/20261122/us-east-1/bedrock/aws4_request,"
    " SignedHeaders=host;x-amz-date, Signature=0",
}
BODY: dict[str, Any] = {"messages": [{"role": "user", "content": [{"text": "hello"}]}]}


@pytest.fixture
def bedrock() -> Iterator[LocalBedrock]:
    with LocalBedrock() as running:
        yield running


def post(bedrock: LocalBedrock, body: object, headers: dict[str, str] = SIGNED) -> tuple[int, str, Any]:
    line = HTTPConnection("127.0.0.1", bedrock.port, timeout=5)
    line.request("POST", "/model/amazon.nova-lite-v1%3A0/converse", json.dumps(body), headers)
    response = line.getresponse()
    read = (
        response.status,
        response.headers.get("x-amzn-ErrorType", "").partition(":")[0],
        json.load(response),
    )
    line.close()
    return read


def test_it_speaks_converse(bedrock: LocalBedrock) -> None:
    status, _, reply = post(bedrock, BODY)
    assert status == 200
    assert reply.keys() == {"output", "stopReason", "usage", "metrics"}
    assert reply["usage"]["totalTokens"] == reply["usage"]["inputTokens"] + reply["usage"]["outputTokens"]


def test_it_refuses_a_request_that_nobody_signed(bedrock: LocalBedrock) -> None:
    assert post(bedrock, BODY, headers={})[:2] == (403, "MissingAuthenticationTokenException")


@pytest.mark.parametrize("body", [{}, [], "text", {"messages": []}, {"messages": "hello"}])
def test_it_refuses_a_request_without_messages(bedrock: LocalBedrock, body: object) -> None:
    assert post(bedrock, body)[:2] == (400, "ValidationException")


@pytest.mark.parametrize("most", [0, -1, 2.5, "300", True])
def test_it_refuses_a_limit_that_is_no_positive_number_of_tokens(bedrock: LocalBedrock, most: object) -> None:
    status, code, reply = post(bedrock, BODY | {"inferenceConfig": {"maxTokens": most}})
    assert (status, code) == (400, "ValidationException")
    assert "maxTokens" in reply["message"]


def test_it_remembers_every_call_and_what_became_of_it() -> None:
    with LocalBedrock(faults=[throttled(), None]) as bedrock:
        for _ in range(3):
            post(bedrock, BODY)
    assert [(call.fault, call.status) for call in bedrock.calls] == [
        ("throttled", 429),
        (None, 200),
        (None, 200),
    ]
    assert all(call.finished_at and call.finished_at >= call.received_at for call in bedrock.calls)
    assert {call.model for call in bedrock.calls} == {"amazon.nova-lite-v1:0"}
    assert [bool(call.usage) for call in bedrock.calls] == [False, True, True]


def test_faults_and_latencies_may_depend_on_the_call() -> None:
    with LocalBedrock(
        faults=lambda call: throttled() if "refuse me" in call.text else None,
        latency=lambda rng, call: rng.uniform(0, 0.001) * len(call.text),
    ) as bedrock:
        refused = {"messages": [{"role": "user", "content": [{"text": "refuse me"}]}]}
        assert [post(bedrock, body)[0] for body in (BODY, refused)] == [200, 429]


def test_it_takes_an_api_key_for_a_signature(bedrock: LocalBedrock) -> None:
    assert post(bedrock, BODY, {"Authorization": "Bearer key"})[0] == 200


def test_a_quota_lets_a_burst_through_and_then_as_many_as_it_says() -> None:
    quota = Quota(per_second=2, burst=3)
    allowed = [quota.allows(now) for now in (0, 0, 0, 0, 0.25, 0.5, 0.5, 100, 100, 100, 100)]
    assert allowed == [True, True, True, False, False, True, False, True, True, True, False]


def test_what_is_beyond_the_quota_is_throttled_and_takes_no_fault() -> None:
    with LocalBedrock(quota=Quota(per_second=0.01, burst=2), faults=[None, unavailable()]) as bedrock:
        assert [post(bedrock, BODY)[0] for _ in range(3)] == [200, 503, 429]
    assert [call.fault for call in bedrock.calls] == [None, "unavailable", "throttled"]


def test_it_counts_its_connections_and_closes_the_idle_ones(bedrock: LocalBedrock) -> None:
    line = HTTPConnection("127.0.0.1", bedrock.port, timeout=5)
    for _ in range(2):
        line.request("POST", "/model/x/converse", json.dumps(BODY), SIGNED)
        line.getresponse().read()
    assert bedrock.connections == 1
    bedrock.drop_idle()
    assert line.sock.recv(1) == b""
    line.close()


def test_the_best_verdict_takes_the_last_step_of_every_menu() -> None:
    properties = {
        "reason": {"type": "string"},
        "correct": {"type": "boolean"},
        "grade": {"enum": ["bad", "good"]},
        "score": {"type": "integer", "minimum": 0, "maximum": 5},
        "steps": {"type": "array", "items": {"type": "number"}},
    }
    assert best({"type": "object", "properties": properties}) == {
        "reason": "placeholder", "correct": True, "grade": "good", "score": 5, "steps": [1],
    }  # fmt: skip


def test_a_schema_is_found_in_a_text_after_other_braces() -> None:
    schema = {"type": "object", "properties": {"verdict": {"enum": ["no", "yes"]}}}
    assert last_schema(f'{{name}} {{"a": 1}} }} {json.dumps(schema)}') == schema
    assert last_schema("{ no schema }") == {}
