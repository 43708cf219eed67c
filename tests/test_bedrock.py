"""What the telephone says, where and as whom, over real HTTP."""

import asyncio
import json
import stat
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import boto3
import pytest
from botocore.auth import SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials

from judges import dialect
from judges.bedrock import Telephone
from judges.bedrock.credentials import ApiKey, Keys
from judges.bedrock.endpoints import proxy_for
from router.errors import (
    JudgeRejected,
)
from router.strangers import warn_of_strangers
from tests.local import bedrock_faults as faults
from tests.local.bedrock import LocalBedrock
from tests.local.bedrock_faults import Fault
from tests.local.bedrock_replies import Call
from tests.local.telephones import BEST, PROMPT, SCHEMA, SETTINGS, Serve, call_once, serving, with_telephone


@pytest.fixture
def serve(monkeypatch: pytest.MonkeyPatch) -> Iterator[Serve]:
    with serving(monkeypatch) as start:
        yield start


# What is said


@pytest.mark.parametrize("reasoning", [False, True], ids=["plain", "reasoning first"])
@pytest.mark.parametrize("reply", ["tool", "schema", "text"])
def test_a_verdict_comes_back_in_the_mode_that_was_asked_for(
    serve: Serve, reply: str, reasoning: bool
) -> None:
    bedrock = serve(reasoning=reasoning)
    said = call_once(reply=reply)
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
    call_once(service_tier="flex", reply="schema")
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
    call_once(service_tier="flex")
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
    call_once(replace(PROMPT, text="\x00 \ud800 \N{WHALE} </response> {{reference}}"), model=ARN)
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
    call_once()
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
    warn_of_strangers("Bedrock", url)
    assert len(caplog.records) == warnings


def test_a_proxy_is_taken_from_the_environment(serve: Serve, monkeypatch: pytest.MonkeyPatch) -> None:
    proxy = serve()
    monkeypatch.setenv("AWS_ENDPOINT_URL_BEDROCK_RUNTIME", "http://bedrock.example")
    monkeypatch.setenv("HTTP_PROXY", f"127.0.0.1:{proxy.port}")
    assert call_once().content == BEST
    assert proxy.calls[0].headers["Host"] == "bedrock.example"
    monkeypatch.setenv("NO_PROXY", "example")
    assert proxy_for("http://bedrock.example") is None


def test_an_api_key_is_shown_instead_of_a_signature(serve: Serve, monkeypatch: pytest.MonkeyPatch) -> None:
    bedrock = serve()
    monkeypatch.setenv("AWS_BEARER_TOKEN_BEDROCK", "a key")
    monkeypatch.delenv("AWS_ACCESS_KEY_ID")
    assert call_once().content == BEST
    [logged] = bedrock.calls
    assert logged.headers["Authorization"] == "Bearer a key"
    assert "X-Amz-Date" not in logged.headers


def test_no_secret_is_printed_with_what_holds_it() -> None:
    assert "secret" not in repr(Keys("id", "secret", "secret")) + repr(ApiKey("secret"))


def test_without_credentials_nothing_is_sent(serve: Serve, monkeypatch: pytest.MonkeyPatch) -> None:
    bedrock = serve()
    monkeypatch.delenv("AWS_ACCESS_KEY_ID")
    with pytest.raises(JudgeRejected, match=r"no AWS credentials.*give the function a role"):
        call_once()
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
        call_once()
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
        call_once()
    assert len(bedrock.calls) == 1


def test_where_the_newer_ones_have_expired_too_the_advice_is_to_renew(
    serve: Serve, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    bedrock = serve(faults=lambda _: faults.expired_token())
    take_keys_from_a_process(monkeypatch, tmp_path)
    with pytest.raises(JudgeRejected, match=r"have expired.*aws sso login"):
        call_once()
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
