"""The telephone against the local Bedrock, over real sockets."""

import asyncio
import json
import ssl
import stat
import sys
from collections.abc import Callable, Coroutine, Iterator
from contextlib import ExitStack
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import aiohttp
import boto3
import pytest
from botocore.auth import SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials
from botocore.exceptions import EndpointConnectionError

from judges.base import Price, Prompt, Reply, Settings
from judges.bedrock import Telephone, dialect
from judges.bedrock.credentials import ApiKey, Keys
from judges.bedrock.endpoints import proxy_for, warn_of_strangers
from judges.bedrock.failures import credentials_error, network_error
from router.errors import (
    JudgeError,
    JudgeLost,
    JudgeRejected,
    JudgeThrottled,
    JudgeUnavailable,
    JudgeUnreadable,
)
from tests import bedrock_faults as faults
from tests.bedrock_faults import Fault
from tests.bedrock_replies import Call
from tests.local_bedrock import LocalBedrock

SCHEMA = {
    "type": "object",
    "properties": {"reason": {"type": "string"}, "verdict": {"enum": ["wrong", "right"]}},
    "required": ["reason", "verdict"],
}
BEST = {"reason": "placeholder", "verdict": "right"}
PROMPT = Prompt(
    system="You judge.", text="The student says: forty-two, because of the whales.", texts={}, schema=SCHEMA
)
SETTINGS = Settings(model="amazon.nova-lite-v1:0", price=Price(0.06, 0.24))

Serve = Callable[..., LocalBedrock]
Script = Callable[[Telephone], Coroutine[Any, Any, Any]]


@pytest.fixture
def serve(monkeypatch: pytest.MonkeyPatch) -> Iterator[Serve]:
    """Start a local Bedrock and point the SDK at it, away from everything on this machine."""
    for name in (
        "AWS_PROFILE",
        "AWS_SESSION_TOKEN",
        "AWS_BEARER_TOKEN_BEDROCK",
        "AWS_REGION",
        "AWS_ENDPOINT_URL",
        "HTTP_PROXY",
        "http_proxy",
    ):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("AWS_CONFIG_FILE", "/nowhere")
    monkeypatch.setenv("AWS_SHARED_CREDENTIALS_FILE", "/nowhere")
    with ExitStack() as running:

        def start(**options: Any) -> LocalBedrock:
            bedrock = running.enter_context(LocalBedrock(**options))
            for name, value in bedrock.environment.items():
                monkeypatch.setenv(name, value)
            return bedrock

        yield start


def with_telephone(script: Script, **options: Any) -> Any:
    """Run a script with a telephone of its own."""

    async def run() -> Any:
        telephone = Telephone(**options)
        try:
            return await script(telephone)
        finally:
            await telephone.close()

    return asyncio.run(run())


def call(prompt: Prompt = PROMPT, **settings: Any) -> Reply:
    """Make one call with a telephone of its own."""
    reply: Reply = with_telephone(lambda phone: phone.call(prompt, replace(SETTINGS, **settings)))
    return reply


# What is said


@pytest.mark.parametrize("reasoning", [False, True], ids=["plain", "reasoning first"])
@pytest.mark.parametrize("reply", ["tool", "schema", "text"])
def test_a_verdict_comes_back_in_the_mode_that_was_asked_for(
    serve: Serve, reply: str, reasoning: bool
) -> None:
    bedrock = serve(reasoning=reasoning)
    said = call(reply=reply)
    [logged] = bedrock.calls
    assert (logged.mode, logged.schema) == (reply, SCHEMA)
    assert said.content == (BEST if reply == "tool" else json.dumps(BEST))
    assert (said.model, said.stop_reason) == (SETTINGS.model, "tool_use" if reply == "tool" else "end_turn")
    assert (said.input_tokens, said.output_tokens) == (
        logged.usage["inputTokens"],
        logged.usage["outputTokens"],
    )


def test_fields_that_the_sdk_does_not_know_arrive_in_the_body(serve: Serve) -> None:
    bedrock = serve()
    call(service_tier="flex", reply="schema")
    [logged] = bedrock.calls
    assert logged.body["serviceTier"] == {"type": "flex"}
    assert logged.body["outputConfig"]["textFormat"]["type"] == "json_schema"
    assert logged.body["inferenceConfig"] == {"maxTokens": 300, "temperature": 0.0}


@pytest.mark.parametrize("token", [None, "session token"])
def test_all_of_the_request_is_signed(
    serve: Serve, monkeypatch: pytest.MonkeyPatch, token: str | None
) -> None:
    bedrock = serve()
    if token:
        monkeypatch.setenv("AWS_SESSION_TOKEN", token)
    call(service_tier="flex")
    [logged] = bedrock.calls
    assert logged.headers.get("X-Amz-Security-Token") == token
    assert logged.headers["Authorization"].endswith(signature_of(logged, bedrock))


def signature_of(call: Call, bedrock: LocalBedrock) -> str:
    """Sign a call once more, as AWS does to check it."""
    request = AWSRequest("POST", f"{bedrock.url}/model/amazon.nova-lite-v1%3A0/converse")
    request.data = json.dumps(call.body)
    for name in ("Content-Type", "Host", "X-Amz-Date", "X-Amz-Security-Token"):
        if name in call.headers:
            request.headers[name] = call.headers[name]
    request.context["timestamp"] = call.headers["X-Amz-Date"]
    auth = SigV4Auth(Credentials("local", "local"), "bedrock", "us-east-1")
    return str(auth.signature(auth.string_to_sign(request, auth.canonical_request(request)), request))


ARN = "arn:aws:bedrock:us-east-1:123456789012:inference-profile/us.amazon.nova-pro-v1:0"


@pytest.mark.parametrize("model", ["amazon.nova-lite-v1:0", ARN, "odd ~ % + model_ü/../"])
def test_a_model_is_addressed_as_the_sdk_addresses_it(serve: Serve, model: str) -> None:
    bedrock = serve()
    client = boto3.client("bedrock-runtime")
    seen = []
    client.meta.events.register("before-call", lambda params, **_: seen.append(params["url"]))
    client.converse(modelId=model, messages=[{"role": "user", "content": [{"text": "hello"}]}])
    client.close()
    assert seen == [bedrock.url + dialect.path(replace(SETTINGS, model=model))]


def test_a_model_may_be_an_arn_and_a_text_may_be_anything(serve: Serve) -> None:
    bedrock = serve()
    call(replace(PROMPT, text="\x00 \ud800 \N{WHALE} </response> {{reference}}"), model=ARN)
    [logged] = bedrock.calls
    assert logged.model == ARN
    assert logged.text == "You judge.\n\x00 ? \N{WHALE} </response> {{reference}}"


# Where, and as whom


def test_each_region_is_signed_for(serve: Serve) -> None:
    bedrock = serve()

    async def script(phone: Telephone) -> None:
        for region in ("eu-west-1", "", "eu-west-1"):
            await phone.call(PROMPT, replace(SETTINGS, region=region))

    with_telephone(script)
    scopes = [logged.headers["Authorization"].split("/")[2] for logged in bedrock.calls]
    assert scopes == ["eu-west-1", "us-east-1", "eu-west-1"]


def test_aws_region_comes_before_the_default_region(serve: Serve, monkeypatch: pytest.MonkeyPatch) -> None:
    bedrock = serve()
    monkeypatch.setenv("AWS_REGION", "eu-north-1")
    call()
    assert "/eu-north-1/bedrock/aws4_request" in bedrock.calls[0].headers["Authorization"]


def test_an_endpoint_that_is_not_aws_is_named_in_the_log_once(
    serve: Serve, caplog: pytest.LogCaptureFixture
) -> None:
    serve()

    async def script(phone: Telephone) -> None:
        await asyncio.gather(*(phone.call(PROMPT, SETTINGS) for _ in range(4)))

    with_telephone(script)
    warning = "Bedrock is called at 127.0.0.1, which is not AWS: see AWS_ENDPOINT_URL"
    assert caplog.messages.count(warning) == 1


@pytest.mark.parametrize(
    ("url", "warnings"),
    [
        ("https://bedrock-runtime.us-east-1.amazonaws.com", 0),
        ("https://bedrock-runtime.cn-north-1.amazonaws.com.cn", 0),
        ("https://bedrock-runtime-fips.us-east-1.api.aws", 0),
        ("https://vpce-1.bedrock-runtime.us-east-1.vpce.amazonaws.com", 0),
        ("https://bedrock-runtime.us-east-1.evilamazonaws.com", 1),
        ("https://amazonaws.com.example.org", 1),
    ],
)
def test_only_strangers_are_warned_of(url: str, warnings: int, caplog: pytest.LogCaptureFixture) -> None:
    warn_of_strangers(url)
    assert len(caplog.records) == warnings


def test_a_proxy_is_taken_from_the_environment(serve: Serve, monkeypatch: pytest.MonkeyPatch) -> None:
    proxy = serve()
    monkeypatch.setenv("AWS_ENDPOINT_URL_BEDROCK_RUNTIME", "http://bedrock.example")
    monkeypatch.setenv("HTTP_PROXY", f"127.0.0.1:{proxy.port}")
    assert call().content == BEST
    assert proxy.calls[0].headers["Host"] == "bedrock.example"
    monkeypatch.setenv("NO_PROXY", "example")
    assert proxy_for("http://bedrock.example") is None


def test_an_api_key_is_shown_instead_of_a_signature(serve: Serve, monkeypatch: pytest.MonkeyPatch) -> None:
    bedrock = serve()
    monkeypatch.setenv("AWS_BEARER_TOKEN_BEDROCK", "a key")
    monkeypatch.delenv("AWS_ACCESS_KEY_ID")
    assert call().content == BEST
    [logged] = bedrock.calls
    assert logged.headers["Authorization"] == "Bearer a key"
    assert "X-Amz-Date" not in logged.headers


def test_no_secret_is_printed_with_what_holds_it() -> None:
    assert "secret" not in repr(Keys("id", "secret", "secret")) + repr(ApiKey("secret"))


def test_without_credentials_nothing_is_sent(serve: Serve, monkeypatch: pytest.MonkeyPatch) -> None:
    bedrock = serve()
    monkeypatch.delenv("AWS_ACCESS_KEY_ID")
    with pytest.raises(JudgeRejected, match=r"no AWS credentials.*give the function a role"):
        call()
    assert bedrock.calls == []


@pytest.mark.parametrize(
    ("name", "value", "words"),
    [
        ("AWS_DEFAULT_REGION", "", "no AWS region: set `region`.*AWS_REGION"),
        ("AWS_DEFAULT_REGION", "not a region", "cannot be called in not a region"),
        ("AWS_PROFILE", "nobody", "configuration cannot be read: .*nobody"),
        ("AWS_SECRET_ACCESS_KEY", "", "no AWS credentials .PartialCredentialsError"),
        ("AWS_ENDPOINT_URL_BEDROCK_RUNTIME", "127.0.0.1", "cannot be called in us-east-1.*127.0.0.1"),
        ("AWS_CA_BUNDLE", "/nowhere", "AWS_CA_BUNDLE cannot be read"),
    ],
)
def test_a_broken_configuration_is_rejected_by_name(
    serve: Serve, monkeypatch: pytest.MonkeyPatch, name: str, value: str, words: str
) -> None:
    bedrock = serve()
    if name == "AWS_CA_BUNDLE":
        monkeypatch.setenv("AWS_ENDPOINT_URL_BEDROCK_RUNTIME", "https://127.0.0.1:1")
    monkeypatch.setenv(name, value)
    with pytest.raises(JudgeRejected, match=words):
        call()
    assert bedrock.calls == []


# Credentials that expire


def revoking(revoked: set[str]) -> Callable[[Call], Fault | None]:
    """Call every key expired that is in the set by then."""
    return lambda call: faults.expired_token() if access_key(call) in revoked else None


def access_key(call: Call) -> str:
    return call.headers["Authorization"].partition("Credential=")[2].partition("/")[0]


def test_credentials_that_expire_half_way_are_loaded_anew(
    serve: Serve, monkeypatch: pytest.MonkeyPatch
) -> None:
    revoked: set[str] = set()
    bedrock = serve(faults=revoking(revoked))

    async def script(phone: Telephone) -> None:
        await phone.call(PROMPT, SETTINGS)
        revoked.add("local")
        monkeypatch.setenv("AWS_ACCESS_KEY_ID", "newer")
        for _ in range(2):
            assert (await phone.call(PROMPT, SETTINGS)).content == BEST

    with_telephone(script)
    assert [access_key(logged) for logged in bedrock.calls] == ["local", "local", "newer", "newer"]


@pytest.mark.parametrize("code", ["ExpiredTokenException", "UnrecognizedClientException"])
def test_where_nothing_newer_is_found_the_advice_is_to_renew(serve: Serve, code: str) -> None:
    bedrock = serve(faults=lambda _: faults.typed("unknown", code, 403, "The security token is invalid."))
    with pytest.raises(JudgeRejected, match=r"credentials.*aws sso login"):
        call()
    assert len(bedrock.calls) == 1


def test_where_the_newer_ones_have_expired_too_the_advice_is_to_renew(
    serve: Serve, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    bedrock = serve(faults=lambda _: faults.expired_token())
    take_keys_from_a_process(monkeypatch, tmp_path)
    with pytest.raises(JudgeRejected, match=r"have expired.*aws sso login"):
        call()
    assert [access_key(logged) for logged in bedrock.calls] == ["key-1", "key-2"]


def test_many_calls_whose_credentials_expire_at_once_fetch_new_ones_once(
    serve: Serve, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    revoked: set[str] = set()
    bedrock = serve(faults=revoking(revoked), latency=0.05)
    take_keys_from_a_process(monkeypatch, tmp_path)

    async def script(phone: Telephone) -> None:
        await phone.call(PROMPT, SETTINGS)
        revoked.add("key-1")
        await asyncio.gather(*(phone.call(PROMPT, SETTINGS) for _ in range(8)))

    with_telephone(script)
    assert [access_key(logged) for logged in bedrock.calls] == ["key-1"] * 9 + ["key-2"] * 8


def test_credentials_that_say_when_they_expire_are_renewed_before(
    serve: Serve, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    bedrock = serve()
    soon = datetime.now(UTC) + timedelta(minutes=1)
    take_keys_from_a_process(monkeypatch, tmp_path, soon.isoformat())

    async def script(phone: Telephone) -> None:
        for _ in range(2):
            await phone.call(PROMPT, SETTINGS)

    with_telephone(script)
    first, second = (access_key(logged) for logged in bedrock.calls)
    assert first < second


@pytest.mark.parametrize("process", ["/nowhere/keys", "echo nonsense", "false"])
def test_a_source_of_credentials_that_is_broken_is_rejected(
    serve: Serve, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, process: str
) -> None:
    bedrock = serve(faults=lambda _: faults.expired_token())

    async def script(phone: Telephone) -> None:
        with pytest.raises(JudgeRejected, match="expired"):
            await phone.call(PROMPT, SETTINGS)
        take_keys_from_a_process(monkeypatch, tmp_path)
        (tmp_path / "config").write_text(f"[default]\ncredential_process = {process}\n", encoding="utf-8")
        with pytest.raises(JudgeRejected, match="no AWS credentials"):
            await phone.call(PROMPT, SETTINGS)

    with_telephone(script)
    assert len(bedrock.calls) == 2


def take_keys_from_a_process(
    monkeypatch: pytest.MonkeyPatch, folder: Path, expiration: str = "2100-01-01T00:00:00Z"
) -> None:
    """Configure a source of credentials that yields key-1, key-2 and so on."""
    (folder / "count").write_text("0", encoding="utf-8")
    script = folder / "keys"
    script.write_text(
        f"""#!/bin/sh
n=$(($(cat {folder}/count) + 1)); echo $n > {folder}/count
echo '{{"Version": 1, "AccessKeyId": "key-'$n'", "SecretAccessKey": "s", "Expiration": "{expiration}"}}'
""",
        encoding="utf-8",
    )
    script.chmod(stat.S_IRWXU)
    (folder / "config").write_text(f"[default]\ncredential_process = {script}\n", encoding="utf-8")
    monkeypatch.setenv("AWS_CONFIG_FILE", str(folder / "config"))
    monkeypatch.delenv("AWS_ACCESS_KEY_ID")
    monkeypatch.delenv("AWS_SECRET_ACCESS_KEY")


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
        call()
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
        call()
    assert type(caught.value) is kind


def test_a_dead_port_is_unavailable(serve: Serve, monkeypatch: pytest.MonkeyPatch) -> None:
    bedrock = serve()
    with LocalBedrock() as gone:
        monkeypatch.setenv("AWS_ENDPOINT_URL_BEDROCK_RUNTIME", gone.url)
    with pytest.raises(JudgeUnavailable, match="cannot be reached: ClientConnectorError") as caught:
        call()
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
    with pytest.raises(JudgeRejected) as caught:
        call()
    assert [word for word in words if word not in str(caught.value)] == []
    assert len(bedrock.calls) == 1


@pytest.mark.parametrize(
    "code", ["ValidationException", "AccessDeniedException", "ThrottlingException", "Unheard"]
)
def test_no_message_quotes_the_prompt(serve: Serve, code: str) -> None:
    quotation = f"1 validation error detected: Value '{PROMPT.text}' at 'messages.1.content' is too odd"
    serve(faults=lambda _: faults.typed("quoting", code, 400, quotation))
    with pytest.raises(JudgeError) as caught:
        call()
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
        call()
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
    reply = call()
    assert (reply.content, reply.input_tokens, reply.output_tokens) == ("", 5, 3)


def test_a_cut_reply_is_counted_and_says_how_it_stopped(serve: Serve) -> None:
    half = {"output": {"message": {"content": [{"text": "half a ver"}]}}, "stopReason": "max_tokens"}
    serve(faults=[faults.odd({"usage": USAGE} | half)])
    reply = call()
    assert (reply.stop_reason, reply.input_tokens, reply.output_tokens) == ("max_tokens", 5, 3)


# Connections that are used again


def warmed(calls: int) -> Script:
    """A script that makes calls at once, so that as many connections are kept."""

    async def script(phone: Telephone) -> None:
        await asyncio.gather(*(phone.call(PROMPT, SETTINGS) for _ in range(calls)))

    return script


def test_a_connection_that_was_closed_unnoticed_between_two_calls_costs_nothing(serve: Serve) -> None:
    bedrock = serve()
    telephone = Telephone()
    with asyncio.Runner() as runner:
        for _ in range(2):
            assert runner.run(telephone.call(PROMPT, SETTINGS)).content == BEST
            bedrock.drop_idle()
        runner.run(telephone.close())
    assert (len(bedrock.calls), bedrock.connections) == (2, 2)


def test_connections_that_were_closed_between_two_batches_cost_nothing(serve: Serve) -> None:
    bedrock = serve(latency=0.05)
    telephone = Telephone()
    with asyncio.Runner() as runner:
        for _ in range(2):
            runner.run(warmed(8)(telephone))
            bedrock.drop_idle()
        runner.run(telephone.close())
    assert (len(bedrock.calls), bedrock.connections) == (16, 16)


def test_a_dead_connection_is_replaced_by_one_that_nobody_used(serve: Serve) -> None:
    dead = [None] * 3 + [faults.reset()]
    bedrock = serve(latency=0.05, faults=dead)

    async def script(phone: Telephone) -> Reply:
        await warmed(3)(phone)
        return await phone.call(PROMPT, SETTINGS)

    assert with_telephone(script).content == BEST
    assert [logged.fault for logged in bedrock.calls] == [None, None, None, "reset", None]
    assert bedrock.connections == 4


@pytest.mark.parametrize(
    "fault",
    [faults.reset(after=1.2), faults.reset(mid_body=True), faults.truncated()],
    ids=["after a while", "in the middle", "at the end"],
)
def test_a_connection_that_dies_after_the_question_arrived_loses_it(serve: Serve, fault: Fault) -> None:
    bedrock = serve(faults=[None, fault])

    async def script(phone: Telephone) -> None:
        await phone.call(PROMPT, SETTINGS)
        with pytest.raises(JudgeLost):
            await phone.call(PROMPT, SETTINGS)

    with_telephone(script)
    assert len(bedrock.calls) == 2


def test_a_connection_that_dies_twice_is_lost(serve: Serve) -> None:
    bedrock = serve(faults=[None, faults.reset(), faults.reset()])

    async def script(phone: Telephone) -> None:
        await phone.call(PROMPT, SETTINGS)
        with pytest.raises(JudgeLost):
            await phone.call(PROMPT, SETTINGS)

    with_telephone(script)
    assert len(bedrock.calls) == 3


def test_there_are_no_more_connections_than_calls_in_flight(serve: Serve) -> None:
    bedrock = serve(latency=0.03)
    with_telephone(warmed(12), in_flight=3)
    assert (len(bedrock.calls), bedrock.most_in_flight, bedrock.connections) == (12, 3, 3)


def open_files() -> int:
    return len(list(Path("/proc/self/fd").iterdir()))


async def until(true: Callable[[], bool]) -> None:
    """Wait for what another thread is about to do."""
    async with asyncio.timeout(10):
        while not true():  # noqa: ASYNC110 - it happens on no loop of ours
            await asyncio.sleep(0.01)


linux = pytest.mark.skipif(sys.platform != "linux", reason="counts the files in /proc")


@linux
def test_a_call_that_is_cancelled_leaves_no_socket_behind(serve: Serve) -> None:
    bedrock = serve(faults=lambda _: faults.hang(30))

    async def script(phone: Telephone) -> None:
        before = open_files()
        hanging = asyncio.create_task(phone.call(PROMPT, SETTINGS))
        await until(lambda: len(bedrock.calls) == 1)
        hanging.cancel()
        with pytest.raises(asyncio.CancelledError):
            await hanging
        await until(lambda: open_files() == before)
        assert asyncio.all_tasks() == {asyncio.current_task()}

    with_telephone(script)
    assert bedrock.calls[0].status is None


@linux
def test_two_hundred_calls_in_a_row_leave_nothing_behind(serve: Serve) -> None:
    bedrock = serve()
    telephone = Telephone()
    with asyncio.Runner() as runner:
        runner.run(telephone.call(PROMPT, SETTINGS))
        before = open_files()
        for _ in range(200):
            runner.run(telephone.call(PROMPT, SETTINGS))
        assert open_files() == before
        assert asyncio.all_tasks(runner.get_loop()) == set()
        runner.run(telephone.close())
    assert bedrock.connections == 1


def test_a_telephone_that_was_hung_up_serves_another_event_loop(serve: Serve) -> None:
    bedrock = serve(latency=0.02)
    telephone = Telephone()

    async def batch() -> None:
        await warmed(4)(telephone)
        await telephone.close()

    for _ in range(2):
        asyncio.run(batch())
    assert (len(bedrock.calls), bedrock.connections) == (8, 8)
