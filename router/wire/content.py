"""The content of one message, in OpenAI's and Bedrock's spelling -> text, tool calls, and what is neither."""

import json
from collections.abc import Mapping, Sequence
from typing import NamedTuple

TEXTS = ("", "text", "input_text", "output_text")
REASONING = ("reasoning", "reasoningContent", "thinking", "redacted_thinking")
CALLS = ("tool_use", "toolUse")
RESULTS = ("tool_result", "toolResult")


class Malformed(Exception):
    """What is wrong with a row."""


class Content(NamedTuple):
    """What a message says. A tuple, because there are many and they live briefly."""

    text: str
    """Its text blocks, one under the other; reasoning blocks are left out."""
    calls: tuple[object, ...] = ()
    """Its tool calls, as written."""
    unread: tuple[str, ...] = ()
    """Kinds of block that are neither text, reasoning nor tool call: image, document ..."""


def read_content(message: Mapping[str, object]) -> Content:
    """Read a message's `content` and `tool_calls`; raise Malformed where they are of a wrong type."""
    content = _content(message.get("content"))
    calls = message.get("tool_calls")
    if not calls:
        return content
    if not isinstance(calls, list):
        raise Malformed(f"`tool_calls` is {kind_of(calls)}, not a list")
    return content._replace(calls=(*calls, *content.calls))


def _content(content: object) -> Content:
    if isinstance(content, str):
        return Content(content)
    if isinstance(content, list):
        return _joined([_block(block) for block in content])
    if content is None:
        return Content("")
    raise Malformed(f"`content` is {kind_of(content)}, neither text nor a list of blocks")


def _joined(blocks: Sequence[Content]) -> Content:
    return Content(
        "\n".join([block.text for block in blocks if block.text]),
        tuple([call for block in blocks for call in block.calls]),
        tuple([kind for block in blocks for kind in block.unread]),
    )


def _block(block: object) -> Content:
    if isinstance(block, str):
        return Content(block)
    if not isinstance(block, dict):
        raise Malformed(f"a block of `content` is {kind_of(block)}, not an object")
    kind = block.get("type") or ""
    if not isinstance(kind, str):
        raise Malformed(f"a block's `type` is {kind_of(kind)}, not text")
    if "text" in block and kind in TEXTS:
        return Content(_text(block["text"]))
    if _is(REASONING, kind, block):
        return Content("")
    if _is(CALLS, kind, block):
        return Content("", calls=(_inner(CALLS, block),))
    if _is(RESULTS, kind, block):
        return _result(_inner(RESULTS, block))
    if "json" in block:
        return Content(json.dumps(block["json"], ensure_ascii=False))
    return Content("", unread=(kind or next(iter(block), "empty"),))


def _is(kinds: Sequence[str], kind: str, block: Mapping[str, object]) -> bool:
    """Say whether a block is of one of these kinds, by its `type` or, as Bedrock has it, by its key."""
    return kind in kinds or any(key in block for key in kinds)


def _inner(kinds: Sequence[str], block: Mapping[str, object]) -> object:
    return next((block[key] for key in kinds if key in block), block)


def _text(text: object) -> str:
    if not isinstance(text, str):
        raise Malformed(f"a block's `text` is {kind_of(text)}, not text")
    return text


def _result(result: object) -> Content:
    """Return what a tool answered."""
    return _content(result.get("content") if isinstance(result, dict) else result)


def kind_of(value: object) -> str:
    """Name a JSON value's kind in the user's words."""
    kinds = {dict: "an object", list: "a list", str: "text", bool: "true or false", type(None): "null"}
    return kinds.get(type(value), "a number")
