"""Converse's words, without a network."""

import json
from collections.abc import Mapping
from dataclasses import replace
from types import MappingProxyType
from typing import Any

import pytest

from judges import dialect
from judges.base import Price, Prompt, Settings
from judges.reading import read_form
from judges.reference import FORM
from router.errors import JudgeLost, JudgeUnreadable

SCHEMA = {"type": "object", "properties": {"verdict": {"enum": ["wrong", "right"]}}, "required": ["verdict"]}
PROMPT = Prompt(system="You judge.", text="Is it right?", texts={}, schema=SCHEMA)
SETTINGS = Settings(model="amazon.nova-lite-v1:0", price=Price(0.06, 0.24))
USAGE = {"inputTokens": 11, "outputTokens": 7, "totalTokens": 18}
TOOL_CALL = {"toolUse": {"toolUseId": "1", "name": "verdict", "input": {"verdict": "right"}}}
REASONING = {"reasoningContent": {"reasoningText": {"text": '{"verdict": "wrong"}'}}}


def body(prompt: Prompt = PROMPT, **settings: Any) -> Any:
    return json.loads(dialect.body(prompt, replace(SETTINGS, **settings)))


def reply_of(*blocks: object, stop: str = "end_turn", usage: object = USAGE) -> dict[str, object]:
    return {
        "output": {"message": {"role": "assistant", "content": [*blocks]}},
        "stopReason": stop,
        "usage": usage,
    }


def read(said: Mapping[str, object], **settings: Any) -> str | Mapping[str, object]:
    return dialect.read(said, replace(SETTINGS, **settings)).content


def test_a_request_says_how_much_the_model_may_say() -> None:
    assert body(reply="text", max_tokens=50)["inferenceConfig"] == {"maxTokens": 50, "temperature": 0.0}


def test_a_request_holds_nothing_that_was_not_asked_for() -> None:
    assert body(reply="text").keys() == {"messages", "inferenceConfig", "system"}
    assert body(reply="tool").keys() == {"messages", "inferenceConfig", "system", "toolConfig"}
    assert body(reply="schema").keys() == {"messages", "inferenceConfig", "system", "outputConfig"}


def test_a_model_is_addressed_by_its_encoded_id() -> None:
    assert dialect.path(SETTINGS) == "/model/amazon.nova-lite-v1%3A0/converse"


def test_a_temperature_that_a_model_refuses_is_not_sent() -> None:
    assert body(temperature=None)["inferenceConfig"] == {"maxTokens": 300}


def test_an_empty_system_prompt_is_not_sent() -> None:
    assert "system" not in body(replace(PROMPT, system=""))


def test_a_tool_is_forced_and_its_input_is_the_verdict() -> None:
    assert body(reply="tool")["toolConfig"] == {
        "tools": [
            {
                "toolSpec": {
                    "name": "verdict",
                    "description": "Give your verdict.",
                    "inputSchema": {"json": SCHEMA},
                }
            }
        ],
        "toolChoice": {"tool": {"name": "verdict"}},
    }


def test_a_read_only_schema_is_sent_as_any_other() -> None:
    frozen = replace(PROMPT, schema=MappingProxyType({"properties": MappingProxyType({"a": {}})}))
    [tool] = body(frozen)["toolConfig"]["tools"]
    assert tool["toolSpec"]["inputSchema"]["json"] == {"properties": {"a": {}}}
    definition = body(frozen, reply="schema")["outputConfig"]["textFormat"]["structure"]["jsonSchema"]
    assert json.loads(definition["schema"]) == {"properties": {"a": {}}}


def test_in_words_the_schema_follows_the_prompt() -> None:
    built = body(reply="text")
    [message] = built["messages"]
    text = message["content"][0]["text"]
    assert text.startswith("Is it right?\n\nReply with exactly one JSON object")
    assert json.loads(text.splitlines()[-1]) == SCHEMA
    assert "toolConfig" not in built


def test_the_output_config_carries_the_schema_as_a_string() -> None:
    text_format = body(reply="schema")["outputConfig"]["textFormat"]
    definition = text_format["structure"]["jsonSchema"]
    assert (text_format["type"], definition["name"]) == ("json_schema", "verdict")
    assert json.loads(definition["schema"]) == SCHEMA


def test_the_service_tier_is_sent_where_it_is_set() -> None:
    assert body(service_tier="flex")["serviceTier"] == {"type": "flex"}


def test_half_a_character_does_not_break_the_request() -> None:
    [message] = body(replace(PROMPT, text="\ud800 right"))["messages"]
    assert message["content"][0]["text"] == "? right"


def test_the_tools_input_is_the_content() -> None:
    assert read(reply_of(TOOL_CALL, stop="tool_use")) == {"verdict": "right"}


def test_text_beside_a_tool_call_is_not_the_content() -> None:
    assert read(reply_of({"text": "Let me see."}, TOOL_CALL)) == {"verdict": "right"}


def test_blocks_of_text_are_joined() -> None:
    assert (
        read(reply_of({"text": '{"verdict": '}, {"text": '"right"}'}), reply="text") == '{"verdict": "right"}'
    )


@pytest.mark.parametrize("block", [TOOL_CALL, {"text": "said"}], ids=["tool", "text"])
def test_reasoning_is_never_the_content(block: dict[str, object]) -> None:
    assert read(reply_of(REASONING, block)) in ({"verdict": "right"}, "said")


def test_a_model_that_ignores_the_tool_is_read_as_text() -> None:
    assert read(reply_of({"text": "I would say right."})) == "I would say right."


def test_two_tool_calls_are_no_verdict() -> None:
    assert read(reply_of(TOOL_CALL, TOOL_CALL)) == ""


@pytest.mark.parametrize("unreadable", [None, "right", ["right"], 1])
def test_a_tool_input_that_is_no_object_is_no_verdict(unreadable: object) -> None:
    assert read(reply_of({"toolUse": {"name": "verdict", "input": unreadable}})) == ""


@pytest.mark.parametrize(
    "output",
    [None, [], "text", {}, {"message": None}, {"message": "text"}, {"message": {"content": None}},
     {"message": {"content": "text"}}, {"message": {"content": [None, 3, {"text": 3}, {"image": {}}]}}],
)  # fmt: skip
def test_what_was_paid_for_is_counted_even_if_it_cannot_be_read(output: object) -> None:
    reply = dialect.read({"output": output, "usage": USAGE}, SETTINGS)
    assert (reply.content, reply.input_tokens, reply.output_tokens) == ("", 11, 7)


@pytest.mark.parametrize("cut", [b"", b'{"output": {"mess', b"<html></html>", b"\xff"])
def test_a_reply_that_is_no_whole_json_is_lost(cut: bytes) -> None:
    with pytest.raises(JudgeLost, match=r"nova-lite.*no whole reply"):
        dialect.decoded(cut, SETTINGS)


@pytest.mark.parametrize("odd", [b"null", b"[]", b'"text"', b"1", b"[" * 100_000 + b"]" * 100_000])
def test_a_reply_that_is_no_json_object_is_unreadable(odd: bytes) -> None:
    with pytest.raises(JudgeUnreadable, match=r"nova-lite.*Converse's shape"):
        dialect.decoded(odd, SETTINGS)


@pytest.mark.parametrize(
    "usage",
    [None, {}, [], "18", {"inputTokens": 1}, {"outputTokens": 1}, {"inputTokens": 1, "outputTokens": "1"}],
)
def test_a_reply_without_usage_is_unreadable(usage: object) -> None:
    with pytest.raises(JudgeUnreadable, match=r"nova-lite.*`usage` is missing"):
        read(reply_of(TOOL_CALL, usage=usage))


def test_tokens_read_from_or_written_to_a_cache_are_counted_too() -> None:
    usage = USAGE | {"cacheReadInputTokens": 100, "cacheWriteInputTokens": 1000}
    assert dialect.read(reply_of(TOOL_CALL, usage=usage), SETTINGS).input_tokens == 1111


@pytest.mark.parametrize(
    ("stop", "words"),
    [
        ("max_tokens", "`max_tokens`: raise it"),
        ("guardrail_intervened", "guardrail"),
        ("content_filtered", "filter"),
    ],
)
def test_half_a_verdict_is_counted_and_then_refused(stop: str, words: str) -> None:
    reply = dialect.read(reply_of(TOOL_CALL, stop=stop), SETTINGS)
    assert (reply.stop_reason, reply.output_tokens) == (stop, 7)
    with pytest.raises(JudgeUnreadable, match=words):
        read_form(reply, FORM)
