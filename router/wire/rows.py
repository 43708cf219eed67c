"""One row of an event -> a Sample, or an Unscorable that says what is wrong with it."""

import json
from collections.abc import Mapping, Sequence

from router.types import Message, Row, Sample, Unscorable
from router.wire.content import Content, Malformed, kind_of, read_content

MAX_ID_CHARACTERS = 1024
IDS = (str, int)

RESPONSE_ROLES = ("assistant", "nova_assistant")

NOT_FOR_RULES = frozenset(
    {"id", "messages", "metadata", "tools", "reference_answer", "reward_model", "ground_truth"}
    | {"label", "label_detail"}
)
"""What `when` cannot see: the row's own structure, and the labels that recorded rollouts carry."""


def read_row(row: object, made_id: str, *, sound: bool) -> Row:
    """
    Read one row.

    `made_id` is its id where it brings none. `sound` says whether the row is JSON that can be
    passed on; see `router/wire/events.py`.
    """
    try:
        if not isinstance(row, dict):
            raise Malformed(f"the row is {kind_of(row)}, not an object")
        if not sound:
            raise Malformed("the row holds NaN, Infinity, a lone surrogate or too deep a nest: not JSON")
        return _read(row, _id(row.get("id"), made_id))
    except Malformed as mistake:
        return Unscorable(_echoed(row, made_id), str(mistake), ("malformed",))


def _read(row: Mapping[str, object], row_id: str | int) -> Row:
    turns = [_turn(message) for message in _messages(row)]
    metadata = _metadata(row)
    tools = _tools(row, metadata)
    unread = _unread(turns)
    role, response = turns.pop()
    if role not in RESPONSE_ROLES:
        return Unscorable(row_id, "the row has no response: a training row", ("no_response",))
    return Sample(
        id=row_id,
        prompt=tuple([Message(role, _said(content)) for role, content in turns]),
        response=response.text,
        reference=_reference(row, metadata),
        fields=_fields(row) | _fields(metadata),
        row=row,
        tools=tools,
        calls=response.calls,
        unread=unread,
    )


def _messages(row: Mapping[str, object]) -> list[object]:
    messages = row.get("messages")
    if not isinstance(messages, list):
        raise Malformed(
            "`messages` is missing" if messages is None else f"`messages` is {kind_of(messages)}, not a list"
        )
    if not messages:
        raise Malformed("`messages` is empty")
    return messages


def _turn(message: object) -> tuple[str, Content]:
    if not isinstance(message, dict):
        raise Malformed(f"a message is {kind_of(message)}, not an object")
    role = message.get("role")
    if not isinstance(role, str):
        raise Malformed("a message's `role` is missing or not text")
    return role, read_content(message)


def _said(content: Content) -> str:
    """Return what an earlier turn says, the tools that it calls included."""
    if not content.calls:
        return content.text
    calls = [f"tool call: {json.dumps(call, ensure_ascii=False)}" for call in content.calls]
    return "\n".join([content.text, *calls]).lstrip("\n")


def _metadata(row: Mapping[str, object]) -> Mapping[str, object]:
    metadata = row.get("metadata")
    if metadata is None:
        return {}
    if not isinstance(metadata, dict):
        raise Malformed(f"`metadata` is {kind_of(metadata)}, not an object")
    return metadata


def _fields(place: Mapping[str, object]) -> dict[str, object]:
    return {key: value for key, value in place.items() if key not in NOT_FOR_RULES}


def _tools(row: Mapping[str, object], metadata: Mapping[str, object]) -> list[object]:
    tools = row.get("tools") or []
    if not isinstance(tools, list):
        raise Malformed(f"`tools` is {kind_of(tools)}, not a list")
    others = metadata.get("tools")
    return tools or (others if isinstance(others, list) else [])


def _unread(turns: Sequence[tuple[str, Content]]) -> tuple[str, ...]:
    """Return each kind of block that nobody reads, once."""
    kinds = [kind for _, content in turns for kind in content.unread]
    return tuple(dict.fromkeys(kinds)) if kinds else ()


def _reference(row: Mapping[str, object], metadata: Mapping[str, object]) -> object:
    """Return the reference answer from wherever the trainers put it; None where there is none."""
    for place in (row, metadata):
        if (reference := place.get("reference_answer")) is not None:
            return reference
    for place in (row, metadata):
        model = place.get("reward_model")
        if isinstance(model, dict) and (reference := model.get("ground_truth")) is not None:
            return reference
        if (reference := place.get("ground_truth")) is not None:
            return reference
    return None


def _id(given: object, made_id: str) -> str | int:
    if given is None:
        return made_id
    if isinstance(given, bool) or not isinstance(given, IDS):
        raise Malformed(f"`id` is {kind_of(given)}: send text or a whole number")
    if not _fits(given):
        raise Malformed(f"`id` is longer than {MAX_ID_CHARACTERS} characters")
    return given


def _fits(given: str | int) -> bool:
    return len(given if isinstance(given, str) else f"{given:x}") <= MAX_ID_CHARACTERS


def _echoed(row: object, made_id: str) -> str | int:
    """Return the id of a malformed row as nearly as it came as a reply can carry it."""
    given = row.get("id") if isinstance(row, dict) else None
    if isinstance(given, str):
        return given.encode("utf-8", "replace").decode()
    if isinstance(given, int) and not isinstance(given, bool) and _fits(given):
        return given
    return made_id
