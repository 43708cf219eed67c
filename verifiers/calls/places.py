"""
The places in a text where calls stand, and the calls there.

    tagged    <tool_call>...</tool_call> and its kin
    whole     the text is a call, or a list of calls, and nothing else
    fenced    in code fences with prose around
    line      on lines of their own with prose around

A call inside a sentence is talk about a call. Each place leaves a rest of the text, which may call too.
"""

import re
from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass
from typing import Literal

from router.expression import expression
from verifiers.calls.shapes import json_text_calls
from verifiers.calls.syntax import MOST_CALLS, Broken, ToolCall, Unread, extent, python_calls

MOST_FAILURES = 8
"""Lines of prose that look like a call and are none; each may take as long as a call to read."""

Where = Literal["tagged", "whole", "fenced", "line"]


@dataclass(frozen=True, slots=True)
class Place:
    """Calls, and the text around them."""

    calls: list[ToolCall]
    rest: str = ""


FOREIGN = expression(
    r"<function=|<invoke\b|<\|?tool|<\uff5ctool|<\|channel\|>|\[TOOL_CALLS?\]|<functions?>|<parameter"
    r"|\bfunctools\[|^action input:",
    re.IGNORECASE | re.MULTILINE,
)
"""Marks of call syntaxes of Llama, Claude, DeepSeek, Harmony, Mistral, Qwen-Coder, Functionary, ReAct."""
TAG = expression(
    r"<\|?(/?)(?:tool_?calls?|function_?calls?)\|?>|<\|python_tag\|>|(?P<end><\|(?:eot_id|eom_id|im_end)\|>)",
    re.IGNORECASE,
)


def _tagged(text: str, known: Collection[str]) -> Place | None:
    """Read what each tag holds; a tag that never closes holds all that follows."""
    if "<" not in text:
        return None
    calls: list[ToolCall] = []
    around, end = [], 0
    tags = list(TAG.finditer(text))
    followed = zip(tags, [*tags[1:], None], strict=False)
    opened = [(tag, after) for tag, after in followed if not tag[1] and not tag["end"]]
    if len(opened) > MOST_CALLS:
        raise Unread(f"more than {MOST_CALLS} calls")
    for tag, after in opened:
        around.append(text[end : tag.start()])
        end = after.start() if after else len(text)
        inside = text[tag.end() : end].strip()
        if not inside and after is not None and not after[1]:
            continue  # <tool_calls> around several <tool_call>
        calls += _inside_a_tag(inside, known)
    return Place(calls, TAG.sub("\n", "".join([*around, text[end:]]))) if opened else None


def _inside_a_tag(text: str, known: Collection[str]) -> list[ToolCall]:
    if (found := _alone(text, known)) is not None:
        return found
    if FOREIGN.search(text):
        raise Unread("calls in a syntax that is not read here")
    if values := list(_one_after_the_other(text, known)):
        return [call for calls in values for call in calls]
    raise Broken("a tag for calls that holds none")


def _one_after_the_other(text: str, known: Collection[str]) -> Iterator[list[ToolCall]]:
    """Yield the calls of JSON objects that follow each other, perhaps without a comma, and nothing else."""
    at = 0
    found: list[list[ToolCall]] = []
    while at < len(text) and len(found) <= MOST_CALLS:
        end = extent(text, at) if text[at] in "{[" else None
        calls = json_text_calls(text[at:end], known) if end else None
        if calls is None or end is None:
            return
        found.append(calls)
        at = end + len(text[end:]) - len(text[end:].lstrip(" \t\r\n;,"))
    yield from found


MEANT_AS_JSON = expression(
    r"[\[{\s]{1,20}+[\"'](?:(?:tool_?)?name|function|tool_calls|tool)[\"']\s?:(?=[^}]{1,400}[\"']?(?:arguments|parameters|args|input)\b)"
)
"""The begin of a call in JSON."""
WRAPPING = expression(
    r"```\w{0,20}[ \t]*\n(?P<fenced>(?>(?:(?!```).)*))```|`(?P<quoted>[^`]*+)`|'(?P<apostrophes>\[.*\])'",
    re.DOTALL,
)


ENDS = ("</s>", "<|eot_id|>", "<|eom_id|>", "<|im_end|>", "<|end|>")
"""Marks of chat templates."""


def _whole(text: str, known: Collection[str]) -> Place | None:
    found = _alone(text, known)
    return None if found is None else Place(found)


def _alone(text: str, known: Collection[str]) -> list[ToolCall] | None:
    """Read a text that is nothing but calls, perhaps all in one fence or in quotes."""
    for mark in ENDS:
        text = text.removesuffix(mark).rstrip()
    text = text.strip()
    if wrapped := WRAPPING.fullmatch(text):
        text = next(inner for inner in wrapped.groups() if inner is not None).strip()
    found = json_text_calls(text, known)
    if found is None and MEANT_AS_JSON.match(text):
        if values := list(_one_after_the_other(text, known)):
            return [call for calls in values for call in calls]
        raise Broken("JSON that was meant as a call")
    try:
        return python_calls(text) if found is None else found
    except Broken:
        if text.startswith("[") or mentions_a_call(text, known):
            raise
        return None


def _fenced(text: str, known: Collection[str]) -> Place | None:
    """Read the code fences that are calls; other code is none."""
    calls: list[ToolCall] = []
    pieces = text.split("```", 2 * MOST_CALLS)
    for block in pieces[1::2]:
        language, _, code = block.partition("\n")
        inside = (code if language.strip().isalnum() or not language.strip() else block).strip()
        calls += _attempt(inside, known) or ()
    return Place(calls, "\n".join(pieces[::2])) if calls else None


def _attempt(text: str, known: Collection[str]) -> list[ToolCall] | None:
    """Read a piece of prose as calls; what is broken there need not be meant as a call."""
    try:
        found = _alone(text, known)
    except Broken:
        return None
    return found if found and all(call.name in known for call in found) else None


LINE = expression(
    r"^[ \t>*-]{0,8}(?:(?:\*\*|`|[\w ]{1,40}: ?){0,2})(?=[\[{]|[^\W\d][\w.]{0,100}\()", re.MULTILINE
)


def _lines(text: str, known: Collection[str]) -> Place | None:
    """Read the calls that begin a line and end one."""
    calls: list[ToolCall] = []
    at = failures = 0
    while failures < MOST_FAILURES and len(calls) <= MOST_CALLS and (line := LINE.search(text, at)):
        start = line.end()
        end = extent(text, start if text[start] in "[{" else text.index("(", start)) or start
        line_end = text.find("\n", end) if "\n" in text[end : end + SHORT] else len(text)
        alone = end > start and not text[end : min(line_end, end + SHORT)].strip(" \t\r\n`*.;,")
        found = _attempt(text[start:end], known) if alone else None
        failures += found is None
        calls += found or ()
        at = end if found else text.find("\n", start) + 1 or len(text)
    return Place(calls) if calls else None


SHORT = 20
"""Characters behind a call on its line: punctuation and white space."""


def mentions_a_call(text: str, known: Collection[str]) -> bool:
    """Say whether a text names a tool right before a bracket."""
    return any(f"{name}(" in text for name in known)


Reader = Callable[[str, Collection[str]], Place | None]
AMID_PROSE: Mapping[Where, Reader] = {"fenced": _fenced, "line": _lines}
"""Where a call may be talk about a call ("never do this:")."""
READERS: Mapping[Where, Reader] = {"tagged": _tagged, "whole": _whole, **AMID_PROSE}
"""The first of these that is there counts."""
