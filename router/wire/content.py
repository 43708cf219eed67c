"""The content of one message, in OpenAI's and Bedrock's spelling -> text, tool calls, and what is neither."""

from collections.abc import Mapping
from dataclasses import dataclass

REASONING = ("reasoning", "reasoningContent", "thinking", "redacted_thinking")
CALLS = ("tool_use", "toolUse")
RESULTS = ("tool_result", "toolResult")


class MalformedContent(Exception):
    """What is wrong with a message's content."""


@dataclass(frozen=True, slots=True)
class Content:
    """What a message says."""

    text: str
    """Its text blocks, one under the other; reasoning blocks are left out."""
    calls: tuple[object, ...] = ()
    """Its tool calls, as written."""
    unread: tuple[str, ...] = ()
    """Kinds of block that are neither text, reasoning nor tool call: image, document ..."""


def read_content(message: Mapping[str, object]) -> Content:
    """Read a message's `content` and `tool_calls`; raise MalformedContent where they are of a wrong type."""
    content = message.get("content")
    calls = message.get("tool_calls") or ()
    if not isinstance(calls, list | tuple):
        raise MalformedContent("`tool_calls` is not a list")
    if isinstance(content, str):
        return Content(content, tuple(calls))
    if content is None:
        return Content("", tuple(calls))
    if not isinstance(content, list):
        raise MalformedContent(f"`content` is {kind_of(content)}, neither text nor a list of blocks")
    return _joined([_block(block) for block in content], tuple(calls))


def _joined(blocks: list[Content], calls: tuple[object, ...]) -> Content:
    return Content(
        "\n".join(block.text for block in blocks if block.text),
        calls + tuple(call for block in blocks for call in block.calls),
        tuple(kind for block in blocks for kind in block.unread),
    )


def _block(block: object) -> Content:
    if isinstance(block, str):
        return Content(block)
    if not isinstance(block, dict):
        raise MalformedContent(f"a block of `content` is {kind_of(block)}, not an object")
    kind = block.get("type", "")
    if not isinstance(kind, str):
        raise MalformedContent("a block's `type` is not text")
    if kind in REASONING or any(key in block for key in REASONING):
        return Content("")
    if kind in CALLS or any(key in block for key in CALLS):
        return Content("", calls=(block.get("toolUse", block),))
    for key in RESULTS:
        if kind == key or key in block:
            return _result(block.get(key, block))
    if kind in ("text", "") and "text" in block:
        if not isinstance(block["text"], str):
            raise MalformedContent(f"a block's `text` is {kind_of(block['text'])}, not text")
        return Content(block["text"])
    return Content("", unread=(kind or next(iter(block), "empty"),))


def _result(result: object) -> Content:
    """Return what a tool answered, one level deep."""
    inner = result.get("content") if isinstance(result, dict) else None
    if isinstance(inner, str):
        return Content(inner)
    texts = (
        [block.get("text") for block in inner or () if isinstance(block, dict)]
        if isinstance(inner, list)
        else []
    )
    return Content("\n".join(text for text in texts if isinstance(text, str)))


def kind_of(value: object) -> str:
    """Name a JSON value's kind in the user's words."""
    kinds = {dict: "an object", list: "a list", str: "text", bool: "true or false", type(None): "null"}
    return kinds.get(type(value), "a number")
