"""
From a reference answer to the calls that are wanted, and to the tools that were offered.

    {"functions": [schema, ...], "possible_answer": {"f": {"a": [1, 2], "b": ["x", ""]}}}
        every value that is accepted for an argument, "" where it may be left out (as BFCL has it); calls
        of one function carry `_1`, `_2`; null where no call is wanted. Also a list of such objects.
    {"tool_calls": [{"name": "f", "arguments": {"a": 1}}]}, a list of calls, or one: exactly these
"""

import json
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any

from router.expression import expression
from router.types import Sample
from verifiers.base import plain
from verifiers.calls.shapes import json_calls
from verifiers.calls.syntax import Broken, Unread
from verifiers.calls.tools import Tool, tools_of

NUMBERED = expression(r"(.+)_\d{1,3}")


@dataclass(frozen=True, slots=True)
class Wanted:
    """One call that the reference answer asks for."""

    name: str
    arguments: Mapping[str, tuple[object, ...]]
    """The accepted values of each argument, one where it is exact."""
    listed: bool
    """The accepted values are listed: others are wrong, and "" stands for an argument that is left out."""


@dataclass(frozen=True, slots=True)
class Reference:
    """What the reference answer asks for."""

    wanted: tuple[Wanted, ...]
    """Empty where no call is right."""
    tools: Mapping[str, Tool]


def reference_of(sample: Sample) -> Reference | None:
    """Return what a sample's reference answer asks for; None where it cannot be read as calls."""
    value = plain(sample.reference)
    if isinstance(value, str):
        try:
            value = json.loads(value)
        except (ValueError, RecursionError):
            return None
    declared = value.get("functions", value.get("function")) if isinstance(value, dict) else None
    tools = tools_of([*sample.tools, *(declared if isinstance(declared, list) else [declared])])
    wanted = _wanted(value, tools)
    return None if wanted is None else Reference(tuple(wanted), tools)


def _wanted(value: object, tools: Mapping[str, Tool]) -> list[Wanted] | None:
    for key in ("possible_answer", "ground_truth"):
        if isinstance(value, dict) and key in value:
            return _listed(value[key], tools)
    if isinstance(value, dict) and "tool_calls" in value and not value["tool_calls"]:
        return []
    try:
        calls = json_calls(value, tools)
    except (Broken, Unread):
        return None
    if calls is None:
        return None
    return [
        Wanted(
            _declared(call.name, tools), {key: (one,) for key, one in call.arguments.items()}, listed=False
        )
        for call in calls
    ]


def _listed(possible: Any, tools: Mapping[str, Tool]) -> list[Wanted] | None:
    if not possible:
        return []
    each = possible if isinstance(possible, list) else [possible]
    if not all(isinstance(one, dict) for one in each):
        return None
    named = [(name, arguments) for one in each for name, arguments in one.items()]
    if not all(isinstance(arguments, dict) for _, arguments in named):
        return None
    names = [name for name, _ in named]
    return [
        Wanted(
            _without_number(name, names, tools),
            {key: tuple(one) if isinstance(one, list) else (one,) for key, one in arguments.items()},
            listed=True,
        )
        for name, arguments in named
    ]


def _without_number(name: str, names: Collection[str], tools: Mapping[str, Tool]) -> str:
    """Return the function's name behind `get_weather_2`; functions may end in a number themselves."""
    declared = _declared(name, tools)
    numbered = NUMBERED.fullmatch(name)
    if not numbered or declared in tools:
        return declared
    siblings = sum(other.startswith(f"{numbered[1]}_") for other in names)
    function = _declared(numbered[1], tools)
    return function if function in tools or siblings > 1 else name


def _declared(name: str, tools: Mapping[str, Tool]) -> str:
    """Return how the tools spell a function's name; some trainers offer `a_b` for `a.b`."""
    dotless = name.replace(".", "_")
    return dotless if name not in tools and dotless in tools else name
