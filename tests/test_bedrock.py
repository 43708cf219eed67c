"""The telephone against the local Bedrock, over real HTTP. No test waits for a backoff."""

import asyncio
import json
import time
from collections.abc import Awaitable, Callable, Iterator
from contextlib import ExitStack
from dataclasses import replace
from random import Random
from typing import Any

import pytest
from botocore.auth import SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials
from botocore.exceptions import ConnectTimeoutError, ReadTimeoutError

from judges.base import Price, Prompt, Reply, Settings
from judges.bedrock import Telephone
from judges.bedrock.clients import warn_of_strangers
from judges.bedrock.failures import judge_error
from router.errors import JudgeError, JudgeLate, JudgeRejected, JudgeUnavailable, JudgeUnreadable
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
NEVER = 1e9

Serve = Callable[..., LocalBedrock]
Script = Callable[[Telephone], Awaitable[Any]]


class VirtualTime:
    """A clock that moves only when somebody sleeps."""

    def __init__(self) -> None:
        self.now = 0.0
        self.slept: list[float] = []

    @property
    def options(self) -> dict[str, Any]:
        return {"clock": self.clock, "sleep": self.sleep}

    def clock(self) -> float:
        return self.now

    async def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        self.now += seconds


def dice() -> Random:
    return Random(7)  # noqa: S311 - jitter is no secret


@pytest.fixture
def serve(monkeypatch: pytest.MonkeyPatch) -> Iterator[Serve]:
    """Start a local Bedrock and point the SDK at it, away from everything on this machine."""
    for name in (
        "AWS_PROFILE",
        "AWS_SESSION_TOKEN",
        "AWS_BEARER_TOKEN_BEDROCK",
        "AWS_REGION",
        "AWS_ENDPOINT_URL",
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
        telephone = Telephone(**({"sleep": VirtualTime().sleep} | options))
        try:
            return await script(telephone)
        finally:
            await telephone.close()

    return asyncio.run(run())


def send(prompt: Prompt = PROMPT, deadline: float = NEVER, **settings: Any) -> Reply:
    """Send one prompt with a telephone of its own."""
    reply: Reply = with_telephone(lambda phone: phone.send(prompt, replace(SETTINGS, **settings), deadline))
    return reply


# What is said


@pytest.mark.parametrize("reasoning", [False, True], ids=["plain", "reasoning first"])
@pytest.mark.parametrize("reply", ["tool", "schema", "text"])
def test_a_verdict_comes_back_in_the_mode_that_was_asked_for(
    serve: Serve, reply: str, reasoning: bool
) -> None:
    bedrock = serve(reasoning=reasoning)
    said = send(reply=reply)
    [call] = bedrock.calls
    assert call.mode == reply
    assert said.content == (BEST if reply == "tool" else json.dumps(BEST))
    assert (said.model, said.stop_reason) == (SETTINGS.model, "tool_use" if reply == "tool" else "end_turn")
    assert (said.input_tokens, said.output_tokens) == (call.usage["inputTokens"], call.usage["outputTokens"])


def test_fields_that_the_sdk_does_not_know_arrive_in_the_body(serve: Serve) -> None:
    bedrock = serve()
    send(service_tier="flex", reply="schema")
    [call] = bedrock.calls
    assert call.body["serviceTier"] == {"type": "flex"}
    assert call.body["outputConfig"]["textFormat"]["type"] == "json_schema"
    assert call.schema == SCHEMA
    assert call.body["inferenceConfig"] == {"maxTokens": 300, "temperature": 0.0}


def test_the_body_is_signed_after_those_fields_were_added(serve: Serve) -> None:
    bedrock = serve()
    send(service_tier="flex")
    [call] = bedrock.calls
    assert call.headers["Authorization"].endswith(signature_of(call, bedrock))


def signature_of(call: Call, bedrock: LocalBedrock) -> str:
    """Sign a call once more, as AWS does to check it."""
    request = AWSRequest("POST", f"{bedrock.url}/model/amazon.nova-lite-v1%3A0/converse")
    request.data = json.dumps(call.body)
    for name in ("Content-Type", "Host", "X-Amz-Date"):
        request.headers[name] = call.headers[name]
    request.context["timestamp"] = call.headers["X-Amz-Date"]
    auth = SigV4Auth(Credentials("local", "local"), "bedrock", "us-east-1")
    return str(auth.signature(auth.string_to_sign(request, auth.canonical_request(request)), request))


def test_fields_of_one_call_stay_out_of_the_others(serve: Serve) -> None:
    bedrock = serve(latency=0.01)

    async def script(phone: Telephone) -> None:
        flex, plain = replace(SETTINGS, service_tier="flex"), SETTINGS
        await asyncio.gather(*(phone.send(PROMPT, settings, NEVER) for settings in (flex, plain) * 2))
        await phone.send(PROMPT, flex, NEVER)
        await phone.send(PROMPT, plain, NEVER)

    with_telephone(script)
    sent = [call.body.get("serviceTier", {}).get("type", "-") for call in bedrock.calls]
    assert (sorted(sent[:4]), sent[4:]) == (["-", "-", "flex", "flex"], ["flex", "-"])


def test_a_model_may_be_an_arn_and_a_text_may_be_anything(serve: Serve) -> None:
    bedrock = serve()
    arn = "arn:aws:bedrock:us-east-1:123456789012:inference-profile/us.amazon.nova-pro-v1:0"
    send(replace(PROMPT, text="\x00 \ud800 \N{WHALE} </response> {{reference}}"), model=arn)
    [call] = bedrock.calls
    assert call.model == arn
    assert call.text == "You judge.\n\x00 ? \N{WHALE} </response> {{reference}}"


def test_each_region_has_a_client_of_its_own(serve: Serve) -> None:
    bedrock = serve()

    async def script(phone: Telephone) -> None:
        for region in ("eu-west-1", "", "eu-west-1"):
            await phone.send(PROMPT, replace(SETTINGS, region=region), NEVER)

    with_telephone(script)
    scopes = [call.headers["Authorization"].split("/")[2] for call in bedrock.calls]
    assert scopes == ["eu-west-1", "us-east-1", "eu-west-1"]


def test_one_telephone_serves_one_runner_again_and_again(
    serve: Serve, caplog: pytest.LogCaptureFixture
) -> None:
    bedrock = serve()
    telephone = Telephone()
    with asyncio.Runner() as runner:
        for _ in range(2):
            assert runner.run(telephone.send(PROMPT, SETTINGS, NEVER)).content == BEST
        runner.run(telephone.close())
    assert len(bedrock.calls) == 2
    assert len([record for record in caplog.records if "not AWS" in record.message]) == 1


def test_an_endpoint_that_is_not_aws_is_named_in_the_log(
    serve: Serve, caplog: pytest.LogCaptureFixture
) -> None:
    serve()
    send()
    assert "Bedrock is called at 127.0.0.1, which is not AWS: see AWS_ENDPOINT_URL" in caplog.messages


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


# What is asked again


@pytest.mark.parametrize(
    "fault",
    [
        faults.throttled(),
        faults.throttled(status=400),
        faults.unavailable(),
        faults.internal(),
        faults.model_not_ready(),
        faults.model_timeout(),
        faults.model_error(),
        faults.typed("unheard_of", "SomethingNewException", 503, "A new kind of trouble."),
        faults.html(503),
        faults.html(429),
        faults.reset(),
        faults.reset(mid_body=True),
        faults.truncated(),
    ],
    ids=lambda fault: fault.name,
)
def test_a_passing_failure_is_asked_again(serve: Serve, fault: Fault) -> None:
    bedrock = serve(faults=[fault])
    assert send().content == BEST
    assert [call.fault for call in bedrock.calls] == [fault.name, None]


def test_a_hung_attempt_is_cut_and_asked_again(serve: Serve) -> None:
    bedrock = serve(faults=[None, faults.hang(30)])

    async def script(phone: Telephone) -> Reply:
        await phone.send(PROMPT, SETTINGS, NEVER)  # opens the client, which takes its time
        return await phone.send(PROMPT, replace(SETTINGS, timeout_seconds=0.2), NEVER)

    assert with_telephone(script).content == BEST
    assert [call.status for call in bedrock.calls] == [200, None, 200]


def test_four_attempts_are_four_requests(serve: Serve) -> None:
    bedrock = serve(faults=lambda _: faults.throttled())
    with pytest.raises(JudgeUnavailable, match=r"nova-lite-v1:0 in us-east-1.*ThrottlingException"):
        send()
    assert len(bedrock.calls) == 4


def test_the_sleeps_between_attempts_have_full_jitter(serve: Serve) -> None:
    serve(faults=lambda _: faults.unavailable())
    virtual = VirtualTime()
    with pytest.raises(JudgeUnavailable):
        with_telephone(lambda phone: phone.send(PROMPT, SETTINGS, NEVER), rng=dice(), **virtual.options)
    same = dice()
    assert virtual.slept == [same.uniform(0, ceiling) for ceiling in (0.5, 1, 2)]


def test_a_dead_port_is_unavailable(serve: Serve, monkeypatch: pytest.MonkeyPatch) -> None:
    bedrock = serve()
    with LocalBedrock() as gone:
        monkeypatch.setenv("AWS_ENDPOINT_URL_BEDROCK_RUNTIME", gone.url)
    with pytest.raises(JudgeUnavailable, match="EndpointConnectionError"):
        send()
    assert bedrock.calls == []


@pytest.mark.parametrize("timeout", [ConnectTimeoutError, ReadTimeoutError])
def test_the_sdks_own_timeouts_are_unavailable(timeout: Callable[..., Exception]) -> None:
    error = judge_error(timeout(endpoint_url="http://127.0.0.1"), PROMPT, SETTINGS, "us-east-1")
    assert type(error) is JudgeUnavailable


# What is never asked again


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
        (faults.expired_token(), ["expired", "aws sso login"]),
        (
            faults.typed("unknown_key", "UnrecognizedClientException", 403, "invalid"),
            ["credentials", "renew"],
        ),
        (
            faults.typed("unheard_of", "SomethingNewException", 418, "teapot"),
            ["SomethingNewException", "teapot"],
        ),
        (faults.html(403), ["403", "Sorry"]),
    ],
    ids=lambda value: value.name if isinstance(value, Fault) else "",
)
def test_a_refusal_is_final_and_says_what_to_do(serve: Serve, fault: Fault, words: list[str]) -> None:
    bedrock = serve(faults=[fault])
    with pytest.raises(JudgeRejected) as caught:
        send()
    assert [word for word in words if word not in str(caught.value)] == []
    assert len(bedrock.calls) == 1


def test_a_limit_that_the_sdk_itself_refuses_is_rejected_before_any_call(serve: Serve) -> None:
    bedrock = serve()
    with pytest.raises(JudgeRejected, match=r"ParamValidationError.*maxTokens"):
        send(max_tokens=0)
    assert bedrock.calls == []


@pytest.mark.parametrize(
    "code", ["ValidationException", "AccessDeniedException", "ThrottlingException", "Unheard"]
)
def test_no_message_quotes_the_prompt(serve: Serve, code: str) -> None:
    quotation = f"1 validation error detected: Value '{PROMPT.text}' at 'messages.1.content' is too odd"
    serve(faults=lambda _: faults.typed("quoting", code, 400, quotation))
    with pytest.raises(JudgeError) as caught:
        send()
    assert "Value '[...]" in str(caught.value)
    assert "whales" not in str(caught.value)


def test_without_credentials_nothing_is_sent(serve: Serve, monkeypatch: pytest.MonkeyPatch) -> None:
    bedrock = serve()
    monkeypatch.delenv("AWS_ACCESS_KEY_ID")
    with pytest.raises(JudgeRejected, match=r"no AWS credentials.*give the function a role"):
        send()
    assert bedrock.calls == []


@pytest.mark.parametrize(
    ("name", "value", "words"),
    [
        ("AWS_DEFAULT_REGION", "", "no AWS region: set `region`.*AWS_REGION"),
        ("AWS_DEFAULT_REGION", "not a region", "cannot be called in not a region"),
        ("AWS_PROFILE", "nobody", "configuration cannot be read: .*nobody"),
        ("AWS_ENDPOINT_URL_BEDROCK_RUNTIME", "127.0.0.1", "cannot be called in us-east-1.*127.0.0.1"),
    ],
)
def test_a_broken_configuration_is_rejected_by_name(
    serve: Serve, monkeypatch: pytest.MonkeyPatch, name: str, value: str, words: str
) -> None:
    bedrock = serve()
    monkeypatch.setenv(name, value)
    with pytest.raises(JudgeRejected, match=words):
        send()
    assert bedrock.calls == []


# What cannot be read

USAGE = {"inputTokens": 5, "outputTokens": 3, "totalTokens": 8}


@pytest.mark.parametrize(
    "fault",
    [
        faults.empty(),
        faults.broken_json(),
        faults.html(200),
        faults.odd(None),
        faults.odd([]),
        faults.odd("text"),
        faults.odd({"usage": {"inputTokens": "many", "outputTokens": None}}),
        faults.odd({"usage": USAGE, "output": []}),
        faults.odd({"usage": USAGE, "output": {}}),
        faults.odd({"usage": USAGE, "output": {"message": {"content": [3]}}}),
        faults.odd({"usage": USAGE, "output": {"message": {"content": [{"toolUse": "right"}]}}}),
    ],
    ids=lambda fault: fault.name,
)
def test_a_reply_of_another_shape_is_unreadable_and_not_asked_again(serve: Serve, fault: Fault) -> None:
    bedrock = serve(faults=[fault])
    with pytest.raises(JudgeUnreadable, match=r"nova-lite.*Converse's shape"):
        send()
    assert len(bedrock.calls) == 1


@pytest.mark.parametrize(
    "shape",
    [
        {},
        {"output": {"message": {"role": "assistant"}}},
        {"output": {"message": {"content": []}}},
        {"output": {"message": {"content": [{"holograph": {}}]}}},
    ],
)
def test_a_reply_without_content_is_counted(serve: Serve, shape: dict[str, object]) -> None:
    serve(faults=[faults.odd({"usage": USAGE} | shape)])
    reply = send()
    assert (reply.content, reply.input_tokens, reply.output_tokens) == ("", 5, 3)


def test_a_cut_reply_is_counted_and_says_how_it_stopped(serve: Serve) -> None:
    half = {"output": {"message": {"content": [{"text": "half a ver"}]}}, "stopReason": "max_tokens"}
    serve(faults=[faults.odd({"usage": USAGE} | half)])
    reply = send()
    assert (reply.stop_reason, reply.input_tokens, reply.output_tokens) == ("max_tokens", 5, 3)


# When it must end


def test_a_deadline_that_has_passed_costs_nothing(serve: Serve) -> None:
    bedrock = serve()
    with pytest.raises(JudgeLate, match=r"no time was left to ask amazon\.nova"):
        send(deadline=time.monotonic() - 1)
    assert bedrock.calls == []


def test_the_deadline_cuts_a_hanging_call(serve: Serve) -> None:
    bedrock = serve(faults=[None, faults.hang(30)])

    async def script(phone: Telephone) -> float:
        await phone.send(PROMPT, SETTINGS, NEVER)
        begin = time.monotonic()
        with pytest.raises(JudgeLate, match="the deadline came before a reply"):
            await phone.send(PROMPT, SETTINGS, begin + 0.2)
        return time.monotonic() - begin

    assert 0.2 <= with_telephone(script) < 1
    assert [call.status for call in bedrock.calls] == [200, None]


def test_no_sleep_passes_the_deadline_and_the_true_error_is_raised(serve: Serve) -> None:
    bedrock = serve(faults=lambda _: faults.throttled())
    virtual = VirtualTime()
    with pytest.raises(JudgeUnavailable, match="ThrottlingException"):
        with_telephone(lambda phone: phone.send(PROMPT, SETTINGS, 1.0), rng=dice(), **virtual.options)
    assert 0 < virtual.now < 1.0
    assert len(bedrock.calls) == 1 + len(virtual.slept) < 4


# How many at once


def test_the_calls_in_flight_are_bounded_over_all_regions(serve: Serve) -> None:
    bedrock = serve(latency=0.03)
    at_home, abroad = SETTINGS, replace(SETTINGS, region="eu-west-1")

    async def script(phone: Telephone) -> None:
        await asyncio.gather(*(phone.send(PROMPT, settings, NEVER) for settings in (at_home, abroad) * 6))

    with_telephone(script, in_flight=3)
    assert (len(bedrock.calls), bedrock.most_in_flight) == (12, 3)


def test_a_sleeper_keeps_nobody_waiting(serve: Serve) -> None:
    bedrock = serve(faults=[faults.throttled()])
    asleep, awake = asyncio.Event(), asyncio.Event()

    async def sleep(_: float) -> None:
        asleep.set()
        await awake.wait()

    async def script(phone: Telephone) -> None:
        async with asyncio.timeout(5), asyncio.TaskGroup() as group:
            group.create_task(phone.send(replace(PROMPT, text="first"), SETTINGS, NEVER))
            await asleep.wait()
            await phone.send(replace(PROMPT, text="second"), SETTINGS, NEVER)
            awake.set()

    with_telephone(script, sleep=sleep, in_flight=1)
    assert [call.text.split()[-1] for call in bedrock.calls] == ["first", "second", "first"]


def test_a_call_that_gets_no_place_before_the_deadline_is_late_and_costs_nothing(serve: Serve) -> None:
    bedrock = serve(latency=0.6)

    async def script(phone: Telephone) -> list[object]:
        soon = time.monotonic() + 0.4
        sends = (phone.send(PROMPT, SETTINGS, deadline) for deadline in (NEVER, soon))
        return await asyncio.gather(*sends, return_exceptions=True)

    first, second = with_telephone(script, in_flight=1)
    assert (first.content, type(second)) == (BEST, JudgeLate)
    assert len(bedrock.calls) == 1


def test_a_cancelled_call_stays_cancelled_and_gives_its_place_back(serve: Serve) -> None:
    serve(faults=[faults.hang(30)])

    async def script(phone: Telephone) -> Reply:
        hanging = asyncio.create_task(phone.send(PROMPT, SETTINGS, NEVER))
        await asyncio.wait([hanging], timeout=0.2)
        hanging.cancel()
        with pytest.raises(asyncio.CancelledError):
            await hanging
        return await phone.send(PROMPT, SETTINGS, NEVER)

    assert with_telephone(script, in_flight=1).content == BEST
