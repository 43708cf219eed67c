"""Read one JSON object out of a judge's reply, strictly: one, whole, in its form, and nothing beside it."""

import json
import re
from collections.abc import Mapping
from typing import Any, cast

from judges.base import Reply
from router.errors import JudgeStopped, JudgeUnreadable

FENCED = re.compile(r"```(?:json)?\s*\n(.*)\n\s*```", re.DOTALL)

WHOLE_STOPS = ("end_turn", "tool_use", "stop_sequence")
"""Bedrock's stop reasons of a reply that is whole."""

MISFILLED = ("malformed_tool_use", "malformed_model_output")
"""Of a reply in which the model failed to fill the form: another attempt may fare better."""

STOPPED = {
    "max_tokens": "the reply was cut at `max_tokens`: raise it; it must cover the model's thinking as well",
    "model_context_window_exceeded": "the prompt fills the model's context window: lower `max_input_tokens`",
    "guardrail_intervened": "a guardrail stopped the judge",
    "content_filtered": "a content filter stopped the judge",
}

KINDS = {"string": (str, "a text"), "integer": (int, "a whole number")}


def read_form(reply: Reply, form: Mapping[str, Any]) -> Mapping[str, Any]:
    """
    Return the reply's one object in this form; raise JudgeUnreadable otherwise, or JudgeStopped.

    `form` is the request's JSON schema: objects with all of their properties, texts, whole numbers, menus.
    """
    if reply.stop_reason in MISFILLED:
        raise JudgeUnreadable("the model could not fill the form: try another `reply`")
    if reply.stop_reason not in WHOLE_STOPS:
        stopped = STOPPED.get(reply.stop_reason, f"the judge stopped early: {reply.stop_reason[:40]}")
        raise JudgeStopped(stopped)
    said = reply.content if isinstance(reply.content, Mapping) else _parse(reply.content)
    _look(said, form, "the verdict")
    return cast("Mapping[str, Any]", said)


def _look(said: object, form: Mapping[str, Any], where: str) -> None:
    """Raise JudgeUnreadable where this is not exactly of the form: nothing is coerced, or left over."""
    if form["type"] == "object":
        wanted = form["properties"]
        if not isinstance(said, Mapping) or said.keys() != wanted.keys():
            raise JudgeUnreadable(f"{where}: must be an object of {', '.join(wanted)}, and nothing else")
        for name, inner in wanted.items():
            _look(said[name], inner, name if where == "the verdict" else f"{where}.{name}")
        return
    kind, in_words = KINDS[form["type"]]
    if type(said) is not kind:  # true is a number to Python
        raise JudgeUnreadable(f"{where}: must be {in_words}")
    if said not in (menu := form.get("enum", [said])):
        raise JudgeUnreadable(f"{where}: must be one of {', '.join(map(str, menu))}")


def _parse(text: str) -> object:
    stripped = text.strip()
    fenced = FENCED.fullmatch(stripped)
    try:
        return json.loads(
            fenced[1] if fenced else stripped, object_pairs_hook=_no_twice, parse_constant=_no_constant
        )
    except (ValueError, RecursionError):
        raise JudgeUnreadable(
            f"the reply is not one JSON object and nothing else: {stripped[:80]!r}"
        ) from None


def _no_twice(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    if len({key for key, _ in pairs}) < len(pairs):
        raise ValueError("a key stands twice")
    return dict(pairs)


def _no_constant(name: str) -> float:
    raise ValueError(name)
