"""
From a JSON value to the calls it stands for, in the shapes that trainers and models write them.

    {"name": "f", "arguments": {...}}               also parameters, args, input; as JSON in a text as well
    {"type": "function", "function": {"name": "f", "arguments": "{...}"}}                        OpenAI
    {"toolUse": {"name": "f", "input": {...}}}, {"type": "tool_use", "name": "f", "input": {...}}
    {"tool": "f", "args": {...}}, {"function": "f", "parameters": {...}}, {"f": {...}}
    {"tool_calls": [...]}, and a list of any of them
"""

from collections.abc import Collection, Mapping, Sequence

from verifiers.calls.syntax import MOST_CALLS, Broken, ToolCall, Unread
from verifiers.values.json_text import Refused, parse
from verifiers.values.literals import Literal, literal

NAMES = ("name", "function", "tool", "tool_name", "function_name")
ARGUMENTS = ("arguments", "parameters", "args", "input", "params", "kwargs", "tool_input")
WRAPPERS = (
    "tool_calls", "toolCalls", "function_calls", "function_call", "functionCall", "calls", "toolUse",
    "tool_use", "function",
)  # fmt: skip

DEEPEST = 50
"""Values within each other in one call's arguments."""
MOST_VALUES = 2_000
"""Values in one call's arguments."""


def json_text_calls(text: str, known: Collection[str]) -> list[ToolCall] | None:
    """Return the calls of a text that is JSON, or Python's spelling of it; None where it is neither."""
    if text[:1] not in ("{", "["):
        return None
    try:
        return json_calls(_read(text), known)
    except Refused as refused:
        raise Unread(str(refused)) from None
    except ValueError:
        return None


def _read(text: str) -> object:
    try:
        return parse(text)
    except Refused:
        raise
    except ValueError:
        found = literal(text)
        if isinstance(found, Literal):
            return found.value
        raise


def json_calls(value: object, known: Collection[str], depth: int = 0) -> list[ToolCall] | None:
    """Return the calls that a JSON value is: one, a list, or either in a wrapper; None where it is none."""
    if isinstance(value, list):
        return _listed(value, known, depth)
    if not isinstance(value, dict):
        return None
    for key in WRAPPERS:
        if isinstance(value.get(key), list | dict) and depth < 3:
            return json_calls(value[key], known, depth + 1)
    name = next((value[key] for key in NAMES if isinstance(value.get(key), str)), None)
    if name is not None:
        return _named(name, value, known)
    return keyed(value) if len(value) == 1 and next(iter(value)) in known else None


def _listed(values: Sequence[object], known: Collection[str], depth: int) -> list[ToolCall] | None:
    if len(values) > MOST_CALLS:
        raise Unread(f"more than {MOST_CALLS} calls")
    found = [json_calls(one, known, depth) if _plain(one) else keyed(one) for one in values]
    if depth > 3 or any(calls is None for calls in found):
        return None
    return [call for calls in found for call in calls or ()]


def _plain(value: object) -> bool:
    """Say whether an item of a list is anything but `{"get_weather": {...}}`."""
    return not isinstance(value, dict) or len(value) != 1 or next(iter(value)) in (*NAMES, *WRAPPERS)


def keyed(value: object) -> list[ToolCall] | None:
    """Read `{"get_weather": {...}}`."""
    if not isinstance(value, dict) or len(value) != 1:
        return None
    [(name, arguments)] = value.items()
    return [ToolCall(str(name), arguments_of(arguments))] if isinstance(arguments, dict | str) else None


def _named(name: str, value: Mapping[str, object], known: Collection[str]) -> list[ToolCall] | None:
    given = [value[key] for key in ARGUMENTS if key in value]
    if not given:
        return [ToolCall(name)] if name in known else None
    return None if _declares(given[0]) else [ToolCall(name, arguments_of(given[0]))]


def _declares(arguments: object) -> bool:
    """Say whether these are a tool's parameters, repeated from the prompt, and not a call's arguments."""
    return isinstance(arguments, dict) and "properties" in arguments and "type" in arguments


def arguments_of(given: object) -> dict[str, object]:
    """Return a call's arguments, an object or JSON in a text; raise Broken where they are neither."""
    if isinstance(given, str):
        try:
            given = parse(given) if given.strip() else {}
        except Refused as refused:
            raise Unread(str(refused)) from None
        except ValueError:
            raise Broken("arguments that are no JSON") from None
    if given is None:
        return {}
    if not isinstance(given, dict):
        raise Broken("arguments that are no object")
    _limited(given)
    return {str(key): value for key, value in given.items()}


def _limited(arguments: object) -> None:
    """Refuse arguments too deep or too many to be compared."""
    level, count = [arguments], 0
    for _ in range(DEEPEST):
        level = [inner for one in level for inner in _inner(one)]
        count += len(level)
        if not level:
            return
        if count > MOST_VALUES:
            break
    raise Unread("arguments too deep or too many to be compared")


def _inner(value: object) -> Collection[object]:
    if isinstance(value, dict):
        return value.values()
    return value if isinstance(value, list | tuple) else ()
