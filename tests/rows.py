"""What trainers send, recorded; and what nobody should send, but somebody will."""

import json
import math
from pathlib import Path
from typing import Any

from hypothesis import strategies as st

from router.wire import Envelope
from tests.fakes import row

EVENTS = Path(__file__).parent / "events"

SHAPES: dict[str, tuple[Envelope, list[str]]] = {
    "bedrock_rft": ("list", ["123", "124"]),
    "body_parsed": ("body_object", ["eval-1", "eval-2"]),
    "nova_evaluation": ("list", ["eval-1", "eval-2"]),
    "open_weight_body_string": ("body_string", ["a-1", "a-2"]),
    "raw_training_rows": ("list", ["row-0", "row-1", "row-3"]),
    "sagemaker_nova2": ("list", ["a-1", "a-2"]),
    "single_object": ("list", ["one"]),
    "tools": ("list", ["tool-1", "tool-2"]),
    "trajectories": ("list", ["t-1", "t-2"]),
}

json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(st.characters()),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner, max_size=4),
    max_leaves=12,
)
rowlike = st.fixed_dictionaries(
    {},
    optional={
        "id": json_values,
        "messages": st.lists(
            st.fixed_dictionaries(
                {},
                optional={
                    "role": st.sampled_from(["user", "assistant", "nova_assistant", "tool"]) | json_values,
                    "content": json_values | st.lists(st.dictionaries(st.just("text"), json_values)),
                    "tool_calls": json_values,
                },
            )
            | json_values
        )
        | json_values,
        "metadata": json_values,
        "reference_answer": json_values,
        "reward_model": json_values,
        "tools": json_values,
    },
)


def event(name: str) -> Any:
    return json.loads((EVENTS / f"{name}.json").read_text(encoding="utf-8"))


def nested(depth: int) -> object:
    value: object = "core"
    for level in range(depth):
        value = [value] if level % 2 else {"in": value}
    return value


def with_message(**message: object) -> dict[str, Any]:
    return row("4") | {"messages": [message, {"role": "assistant", "content": "4"}]}


MALFORMED: dict[str, tuple[object, str | int]] = {
    "a number": (5, "row-1"),
    "null": (None, "row-1"),
    "text": ("hello", "row-1"),
    "a list": ([], "row-1"),
    "an empty object": ({}, "row-1"),
    "messages missing": ({"id": "a"}, "a"),
    "messages null": ({"id": "a", "messages": None}, "a"),
    "messages empty": ({"id": "a", "messages": []}, "a"),
    "messages text": ({"id": "a", "messages": "hello"}, "a"),
    "messages an object": ({"id": "a", "messages": {"role": "user"}}, "a"),
    "a message null": ({"id": "a", "messages": [None]}, "a"),
    "a message text": ({"id": "a", "messages": ["hello"]}, "a"),
    "role missing": (with_message(content="?"), "a"),
    "role a number": (with_message(role=5, content="?"), "a"),
    "content a number": (row(5), "a"),
    "content true": (row(True), "a"),
    "content an object": (row({"text": "4"}), "a"),
    "content of an earlier message a number": (with_message(role="user", content=5), "a"),
    "a block null": (row([None]), "a"),
    "a block a list": (row([[]]), "a"),
    "a block's text a number": (row([{"type": "text", "text": 5}]), "a"),
    "a block's type a number": (row([{"type": 5}]), "a"),
    "a tool result a number": (row([{"toolResult": {"content": 5}}]), "a"),
    "tool calls text": (with_message(role="user", content="?", tool_calls="f()"), "a"),
    "tools text": (row("4", tools="calculator"), "a"),
    "metadata text": (row("4", metadata="task: math"), "a"),
    "metadata a list": (row("4", metadata=[1]), "a"),
    "NaN": (row("4", math.nan), "a"),
    "Infinity in metadata": (row("4", metadata={"loss": -math.inf}), "a"),
    "NaN in a tool call": (with_message(role="user", tool_calls=[{"x": math.nan}]), "a"),
    "a lone surrogate in the response": (row("4 \ud800"), "a"),
    "a lone surrogate in a key": (row("4", metadata={"\udfff": 1}), "a"),
    "a nest of 101": (row("4", nested(101)), "a"),
    "a nest of 990": (row("4", nested(990)), "a"),
    "a nest of 2,000": (row("4", metadata={"deep": nested(2000)}), "a"),
    "a nest of 100,000 in a message": (with_message(role="user", content="?", deep=nested(100_000)), "a"),
    "a number of 5,000 digits": (row("4", 10**5000), "a"),
    "id true": (row("4", id=True), "row-1"),
    "id a fraction": (row("4", id=1.5), "row-1"),
    "id NaN": (row("4", id=math.nan), "row-1"),
    "id a list": (row("4", id=["a"]), "row-1"),
    "id an object": (row("4", id={}), "row-1"),
    "id of 10 KB": (row("4", id="i" * 10_240), "i" * 10_240),
    "id with a lone surrogate": (row("4", id="a\ud800"), "a?"),
    "id of 5,000 digits": (row("4", id=10**5000), "row-1"),
}
