"""What becomes of each failure of a call, over real HTTP."""

import json
import ssl
from collections.abc import Iterator
from typing import Any

import aiohttp
import pytest
from botocore.exceptions import EndpointConnectionError

from judges.bedrock.failures import credentials_error, network_error
from router.errors import (
    JudgeError,
    JudgeLost,
    JudgeRefused,
    JudgeRejected,
    JudgeThrottled,
    JudgeUnavailable,
    JudgeUnreadable,
)
from tests.local import bedrock_faults as faults
from tests.local.bedrock import LocalBedrock
from tests.local.bedrock_faults import Fault
from tests.local.telephones import PROMPT, Serve, call_once, serving


@pytest.fixture
def serve(monkeypatch: pytest.MonkeyPatch) -> Iterator[Serve]:
    with serving(monkeypatch) as start:
        yield start


# What a failure means


@pytest.mark.parametrize(
    ("kind", "fault"),
    [
        (JudgeThrottled, faults.throttled()),
        (JudgeThrottled, faults.throttled(status=400)),
        (JudgeThrottled, faults.model_not_ready()),
        (JudgeThrottled, faults.typed("many", "TooManyRequestsException", 429, "Slow down.")),
        (JudgeThrottled, faults.html(429)),
        (JudgeUnavailable, faults.unavailable()),
        (JudgeUnavailable, faults.internal()),
        (JudgeUnavailable, faults.model_timeout()),
        (JudgeUnavailable, faults.model_error()),
        (JudgeUnavailable, faults.typed("unheard_of", "SomethingNewException", 503, "A new trouble.")),
        (JudgeUnavailable, faults.html(503)),
        (JudgeLost, faults.reset()),
        (JudgeLost, faults.reset(mid_body=True)),
        (JudgeLost, faults.truncated()),
        (JudgeLost, faults.broken_json()),
        (JudgeLost, faults.empty()),
        (JudgeLost, faults.html(200)),
    ],
    ids=lambda value: value.name if isinstance(value, Fault) else value.__name__,
)
def test_a_passing_failure_is_named_and_not_asked_again(
    serve: Serve, kind: type[JudgeError], fault: Fault
) -> None:
    bedrock = serve(faults=[fault])
    with pytest.raises(JudgeError, match=r"nova-lite-v1:0") as caught:
        call_once()
    assert type(caught.value) is kind
    assert [logged.fault for logged in bedrock.calls] == [fault.name]


@pytest.mark.parametrize(
    ("code", "kind"),
    [("com.amazon.coral#ThrottlingException", JudgeThrottled), ("AccessDeniedException:x", JudgeRejected)],
)
def test_an_error_without_a_header_is_named_by_its_body(
    serve: Serve, code: str, kind: type[JudgeError]
) -> None:
    serve(faults=[faults.replied("untyped", json.dumps({"__type": code}).encode(), status=400)])
    with pytest.raises(kind) as caught:
        call_once()
    assert type(caught.value) is kind


def test_a_dead_port_is_unavailable(serve: Serve, monkeypatch: pytest.MonkeyPatch) -> None:
    bedrock = serve()
    with LocalBedrock() as gone:
        monkeypatch.setenv("AWS_ENDPOINT_URL_BEDROCK_RUNTIME", gone.url)
    with pytest.raises(JudgeUnavailable, match="cannot be reached: ClientConnectorError") as caught:
        call_once()
    assert (type(caught.value), bedrock.calls) == (JudgeUnavailable, [])


PLACE: Any = None
"""Where the error happened; only its kind counts."""


@pytest.mark.parametrize(
    ("error", "kind"),
    [
        (aiohttp.ConnectionTimeoutError(), JudgeUnavailable),
        (aiohttp.ClientConnectorDNSError(PLACE, OSError()), JudgeUnavailable),
        (aiohttp.ClientProxyConnectionError(PLACE, OSError()), JudgeUnavailable),
        (aiohttp.ClientConnectorCertificateError(PLACE, ssl.SSLCertVerificationError()), JudgeRejected),
        (aiohttp.ClientHttpProxyError(PLACE, (), status=407), JudgeRejected),
        (aiohttp.SocketTimeoutError(), JudgeLost),
        (aiohttp.ClientPayloadError(), JudgeLost),
        (BrokenPipeError(), JudgeLost),
        (aiohttp.InvalidURL("nowhere"), JudgeRejected),
    ],
    ids=lambda value: type(value).__name__,
)
def test_the_networks_own_errors_are_sorted_by_what_may_have_been_billed(
    error: Exception, kind: type[JudgeError]
) -> None:
    assert type(network_error(error, "a model")) is kind


def test_a_source_of_credentials_that_does_not_answer_is_unavailable() -> None:
    error = credentials_error(EndpointConnectionError(endpoint_url="http://169.254.169.254"))
    assert type(error) is JudgeUnavailable


@pytest.mark.parametrize(
    ("fault", "words"),
    [
        (faults.access_denied(), ["`bedrock:InvokeModel`", "amazon.nova-lite-v1:0", "us-east-1"]),
        (faults.no_such_model(), ["no such model", "amazon.nova-lite-v1:0", "us-east-1", "`region`"]),
        (
            faults.invalid("The provided model identifier is invalid."),
            ["no such model", "amazon.nova-lite-v1:0"],
        ),
        (
            faults.invalid(
                "Invocation of model ID x with on-demand throughput isn\u2019t supported. Retry with"
            ),
            ["no such model", "amazon.nova-lite-v1:0", "on-demand throughput"],
        ),
        (faults.invalid("temperature is not supported"), ["refuses", "temperature is not supported"]),
        (
            faults.typed("unheard_of", "SomethingNewException", 418, "teapot"),
            ["SomethingNewException", "teapot"],
        ),
        (faults.html(403), ["403", "Sorry"]),
        (faults.html(302), ["302"]),
    ],
    ids=lambda value: value.name if isinstance(value, Fault) else "",
)
def test_a_refusal_is_final_and_says_what_to_do(serve: Serve, fault: Fault, words: list[str]) -> None:
    bedrock = serve(faults=[fault])
    with pytest.raises((JudgeRejected, JudgeRefused)) as caught:
        call_once()
    assert [word for word in words if word not in str(caught.value)] == []
    assert len(bedrock.calls) == 1


@pytest.mark.parametrize(
    "code", ["ValidationException", "AccessDeniedException", "ThrottlingException", "Unheard"]
)
def test_no_message_quotes_the_prompt(serve: Serve, code: str) -> None:
    quotation = f"1 validation error detected: Value '{PROMPT.text}' at 'messages.1.content' is too odd"
    serve(faults=lambda _: faults.typed("quoting", code, 400, quotation))
    with pytest.raises(JudgeError) as caught:
        call_once()
    assert "Value '[...]" in str(caught.value)
    assert "whales" not in str(caught.value)


# What cannot be read

USAGE = {"inputTokens": 5, "outputTokens": 3, "totalTokens": 8}


@pytest.mark.parametrize(
    "fault",
    [
        faults.odd(None),
        faults.odd([]),
        faults.odd("text"),
        faults.odd({}),
        faults.odd({"usage": {"inputTokens": "many", "outputTokens": None}}),
        faults.replied("deep", b"[" * 100_000 + b"]" * 100_000),
    ],
    ids=lambda fault: fault.name,
)
def test_a_reply_of_another_shape_is_unreadable(serve: Serve, fault: Fault) -> None:
    bedrock = serve(faults=[fault])
    with pytest.raises(JudgeUnreadable, match=r"nova-lite.*Converse's shape"):
        call_once()
    assert len(bedrock.calls) == 1


@pytest.mark.parametrize(
    "shape",
    [
        {},
        {"output": []},
        {"output": {}},
        {"output": {"message": {"role": "assistant"}}},
        {"output": {"message": {"content": [3]}}},
        {"output": {"message": {"content": [{"toolUse": "right"}]}}},
        {"output": {"message": {"content": [{"holograph": {}}]}}},
    ],
)
def test_a_reply_without_content_is_counted(serve: Serve, shape: dict[str, object]) -> None:
    serve(faults=[faults.odd({"usage": USAGE} | shape)])
    reply = call_once()
    assert (reply.content, reply.input_tokens, reply.output_tokens) == ("", 5, 3)


def test_a_cut_reply_is_counted_and_says_how_it_stopped(serve: Serve) -> None:
    half = {"output": {"message": {"content": [{"text": "half a ver"}]}}, "stopReason": "max_tokens"}
    serve(faults=[faults.odd({"usage": USAGE} | half)])
    reply = call_once()
    assert (reply.stop_reason, reply.input_tokens, reply.output_tokens) == ("max_tokens", 5, 3)
