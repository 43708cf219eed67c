"""The local Bedrock itself, spoken to over plain HTTP."""

import json
from collections.abc import Iterator
from http.client import HTTPConnection
from typing import Any

import pytest

from tests.bedrock_faults import throttled
from tests.bedrock_replies import best, last_schema
from tests.local_bedrock import LocalBedrock

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
