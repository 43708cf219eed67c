"""
From a sample to the calls that its response makes, and how it makes them.

    given     as tool calls, apart from the text; then the text makes none
    tagged    <tool_call>...</tool_call> and its kin
    whole     the response is a call, or a list of calls, and nothing else
    fenced    in code fences with prose around
    line      on lines of their own with prose around

The first of these that is there counts. A call inside a sentence is talk about a call.
"""

import re
from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass
from typing import Literal

from router.response import spoken
from router.types import Sample
from verifiers.calls.shapes import json_calls, json_text_calls
from verifiers.calls.syntax import MOST_CALLS, Broken, ToolCall, Unread, extent, python_calls

LONGEST_TEXT = 30_000
"""Characters of a response in which calls are looked for; a literal takes 4 microseconds."""
MOST_FAILURES = 8
"""Lines of prose that look like a call and are none; each may take as long as a call to read."""

MOST_ARGUMENTS = 500
"""Arguments of all calls of one response."""

How = Literal["given", "tagged", "whole", "fenced", "line", "none"]


@dataclass(frozen=True, slots=True)
class Reading:
    """The calls of a response, and how it makes them."""

    calls: tuple[ToolCall, ...]
    how: How
    text: str
    """What it says besides, or all of it where it makes no call."""


def read_calls(sample: Sample, known: Collection[str]) -> Reading:
    """Return the calls of a response; raise Broken or Unread where that cannot be done."""
    text = spoken(sample.response)
    if sample.calls:
        found = json_calls(list(sample.calls), known)
        if found is None:
            raise Broken("a tool call without a name")
        return _bounded(Reading(tuple(found), "given", text))
    if len(text) > LONGEST_TEXT:
        raise Unread(f"a response of more than {LONGEST_TEXT} characters")
    for how, reader in READERS.items():
        found = reader(text, known)
        if found is not None:
            return _bounded(Reading(tuple(found), how, text))
    if FOREIGN.search(text):
        raise Unread("calls in a syntax that is not read here")
    return Reading((), "none", text)


def _bounded(reading: Reading) -> Reading:
    if sum(len(call.arguments) + len(call.positional) for call in reading.calls) > MOST_ARGUMENTS:
        raise Unread(f"more than {MOST_ARGUMENTS} arguments")
    return reading


FOREIGN = re.compile(
    r"<function=|<invoke\b|<\|?tool|<\uff5ctool|<\|channel\|>|\[TOOL_CALLS?\]|<functions?>|<parameter",
    re.IGNORECASE,
)
"""Marks of other call syntaxes: Llama's, Claude's, DeepSeek's, Harmony's, Mistral's, Qwen-Coder's."""
TAG = re.compile(
    r"<(/?)(?:tool_?calls?|function_?calls?)>|<\|python_tag\|>|(?P<end><\|(?:eot_id|eom_id|im_end)\|>)",
    re.IGNORECASE,
)


def _tagged(text: str, known: Collection[str]) -> list[ToolCall] | None:
    """Read what each tag holds; a tag that never closes holds the rest."""
    if "<" not in text:
        return None
    calls: list[ToolCall] = []
    tags = list(TAG.finditer(text))
    followed = zip(tags, [*tags[1:], None], strict=False)
    opened = [(tag, after) for tag, after in followed if not tag[1] and not tag["end"]]
    if len(opened) > MOST_CALLS:
        raise Unread(f"more than {MOST_CALLS} calls")
    for tag, after in opened:
        inside = text[tag.end() : after.start() if after else None].strip()
        if not inside and after is not None and not after[1]:
            continue  # <tool_calls> around several <tool_call>
        calls += _inside_a_tag(inside, known)
    return calls if opened else None


def _inside_a_tag(text: str, known: Collection[str]) -> list[ToolCall]:
    if (found := _whole(text, known)) is not None:
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


MEANT_AS_JSON = re.compile(
    r"[\[{\s]{1,20}+[\"'](?:(?:tool_?)?name|function|tool_calls|tool)[\"']\s?:(?=[^}]{1,400}[\"']?(?:arguments|parameters|args|input)\b)"
)
"""The begin of a call in JSON."""
WRAPPING = re.compile(
    r"```\w{0,20}[ \t]*\n(?P<fenced>(?:(?!```).)*+)```|`(?P<quoted>[^`]*+)`|'(?P<apostrophes>\[.*\])'",
    re.DOTALL,
)


def _whole(text: str, known: Collection[str]) -> list[ToolCall] | None:
    """Read a text that is nothing but calls, perhaps all in one fence or in quotes."""
    text = text.removesuffix("</s>").strip()
    if wrapped := WRAPPING.fullmatch(text):
        text = next(inner for inner in wrapped.groups() if inner is not None).strip()
    found = json_text_calls(text, known)
    if found is None and MEANT_AS_JSON.match(text):
        raise Broken("JSON that was meant as a call")
    try:
        return python_calls(text) if found is None else found
    except Broken:
        if text.startswith("[") or mentions_a_call(text, known):
            raise
        return None


def _fenced(text: str, known: Collection[str]) -> list[ToolCall] | None:
    """Read the code fences that are calls; other code is none."""
    calls: list[ToolCall] = []
    for block in text.split("```", 2 * MOST_CALLS)[1::2]:
        language, _, code = block.partition("\n")
        inside = (code if language.strip().isalnum() or not language.strip() else block).strip()
        calls += _attempt(inside, known) or ()
    return calls or None


def _attempt(text: str, known: Collection[str]) -> list[ToolCall] | None:
    """Read a piece of prose as calls; what is broken there need not be meant as a call."""
    try:
        found = _whole(text, known)
    except Broken:
        return None
    return found if found and all(call.name in known for call in found) else None


LINE = re.compile(
    r"^[ \t>*-]{0,8}(?:(?:\*\*|`|[\w ]{1,40}: ?){0,2})(?=[\[{]|[^\W\d][\w.]{0,100}\()", re.MULTILINE
)


def _lines(text: str, known: Collection[str]) -> list[ToolCall] | None:
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
    return calls or None


SHORT = 20
"""Characters behind a call on its line: punctuation and white space."""


READERS: Mapping[How, Callable[[str, Collection[str]], list[ToolCall] | None]] = {
    "tagged": _tagged,
    "whole": _whole,
    "fenced": _fenced,
    "line": _lines,
}


def mentions_a_call(text: str, known: Collection[str]) -> bool:
    """Say whether a text names a tool right before a bracket."""
    return any(f"{name}(" in text for name in known)
