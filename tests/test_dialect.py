"""Converse's words, without a network."""

import json
from collections.abc import Mapping
from dataclasses import replace
from types import MappingProxyType
from typing import Any

import pytest

from judges.base import Price, Prompt, Settings
from judges.bedrock import dialect
from judges.reading import Verdictlike, read_form
from router.errors import JudgeUnreadable

SCHEMA = {"type": "object", "properties": {"verdict": {"enum": ["wrong", "right"]}}, "required": ["verdict"]}
PROMPT = Prompt(system="You judge.", text="Is it right?", texts={}, schema=SCHEMA)
SETTINGS = Settings(model="amazon.nova-lite-v1:0", price=Price(0.06, 0.24))
USAGE = {"inputTokens": 11, "outputTokens": 7, "totalTokens": 18}
TOOL_CALL = {"toolUse": {"toolUseId": "1", "name": "verdict", "input": {"verdict": "right"}}}
REASONING = {"reasoningContent": {"reasoningText": {"text": '{"verdict": "wrong"}'}}}


def parameters(prompt: Prompt = PROMPT, **settings: Any) -> dict[str, Any]:
    return dialect.parameters(prompt, replace(SETTINGS, **settings))


def reply_of(*blocks: object, stop: str = "end_turn", usage: object = USAGE) -> dict[str, object]:
    return {
        "output": {"message": {"role": "assistant", "content": [*blocks]}},
        "stopReason": stop,
        "usage": usage,
    }


def read(said: Mapping[str, object], **settings: Any) -> str | Mapping[str, object]:
    return dialect.read(said, replace(SETTINGS, **settings)).content


def test_a_request_says_whom_it_asks_and_how_much_it_may_say() -> None:
    assert parameters(reply="schema", max_tokens=50) == {
        "modelId": "amazon.nova-lite-v1:0",
        "messages": [{"role": "user", "content": [{"text": "Is it right?"}]}],
        "inferenceConfig": {"maxTokens": 50, "temperature": 0.0},
        "system": [{"text": "You judge."}],
    }


def test_a_temperature_that_a_model_refuses_is_not_sent() -> None:
    assert parameters(temperature=None)["inferenceConfig"] == {"maxTokens": 300}


def test_an_empty_system_prompt_is_not_sent() -> None:
    assert "system" not in parameters(replace(PROMPT, system=""))


def test_a_tool_is_forced_and_its_input_is_the_verdict() -> None:
    assert parameters(reply="tool")["toolConfig"] == {
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
    [tool] = parameters(frozen)["toolConfig"]["tools"]
    assert tool["toolSpec"]["inputSchema"]["json"] == {"properties": {"a": {}}}


def test_in_words_the_schema_follows_the_prompt() -> None:
    built = parameters(reply="text")
    [message] = built["messages"]
    text = message["content"][0]["text"]
    assert text.startswith("Is it right?\n\nReply with exactly one JSON object")
    assert json.loads(text.splitlines()[-1]) == SCHEMA
    assert "toolConfig" not in built


@pytest.mark.parametrize("reply", ["tool", "text"])
def test_only_the_schema_mode_needs_an_output_config(reply: str) -> None:
    assert dialect.newer_fields(PROMPT, replace(SETTINGS, reply=reply)) == {}  # type: ignore[arg-type]


def test_the_output_config_carries_the_schema_as_a_string() -> None:
    fields: Any = dialect.newer_fields(PROMPT, replace(SETTINGS, reply="schema"))
    text_format = fields["outputConfig"]["textFormat"]
    definition = text_format["structure"]["jsonSchema"]
    assert (text_format["type"], definition["name"]) == ("json_schema", "verdict")
    assert json.loads(definition["schema"]) == SCHEMA


def test_the_service_tier_is_sent_where_it_is_set() -> None:
    assert dialect.newer_fields(PROMPT, replace(SETTINGS, service_tier="flex")) == {
        "serviceTier": {"type": "flex"}
    }


def test_half_a_character_does_not_break_the_request() -> None:
    [message] = parameters(replace(PROMPT, text="\ud800 right"))["messages"]
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


@pytest.mark.parametrize("usage", [None, {}, [], "18", {"inputTokens": 1}, {"outputTokens": 1}])
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
        read_form(reply, Verdictlike)
