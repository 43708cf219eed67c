"""One row of an event -> a Sample, or an Unscorable that says what is wrong with it."""

from collections.abc import Mapping

from router.types import Message, Row, Sample, Unscorable
from router.wire.content import Content, MalformedContent, kind_of, read_content

MAX_ID_CHARACTERS = 1024

RESPONSE_ROLES = ("assistant", "nova_assistant")

NOT_FOR_RULES = frozenset(
    {"id", "messages", "metadata", "tools", "reference_answer", "reward_model", "ground_truth"}
    | {"label", "label_detail"}
)
"""What `when` cannot see: the row's own structure, and the labels that recorded rollouts carry."""


class Malformed(Exception):
    """What is wrong with a row."""


def read_row(row: object, made_id: str, *, encodes: bool) -> Row:
    """
    Read one row.

    `made_id` is its id where it brings none. `encodes` says whether the row is JSON that can be
    passed on; one with a NaN or a lone surrogate is not.
    """
    try:
        if not isinstance(row, dict):
            raise Malformed(f"the row is {kind_of(row)}, not an object")
        row_id = _id(row.get("id"), made_id)
        if not encodes:
            raise Malformed("the row holds NaN, Infinity, a lone surrogate or too deep a nest: not JSON")
        return _read(row, row_id)
    except (Malformed, MalformedContent) as mistake:
        return Unscorable(_echoed(row, made_id), str(mistake), ("malformed",))


def _read(row: dict[str, object], row_id: str | int) -> Row:
    turns = [_turn(message) for message in _messages(row)]
    metadata = _metadata(row)
    role, response = turns.pop()
    if role not in RESPONSE_ROLES:
        return Unscorable(row_id, "the row has no response: a training row", ("no_response",))
    return Sample(
        id=row_id,
        prompt=tuple([Message(role, turn.text) for role, turn in turns]),
        response=response.text,
        reference=_reference(row, metadata),
        fields={key: row[key] for key in row.keys() - NOT_FOR_RULES}
        | {key: metadata[key] for key in metadata.keys() - NOT_FOR_RULES},
        row=row,
        tools=_tools(row, metadata),
        calls=response.calls,
        unread=tuple(
            {kind: None for _, turn in turns for kind in turn.unread} | dict.fromkeys(response.unread)
        ),
    )


def _messages(row: Mapping[str, object]) -> list[object]:
    messages = row.get("messages")
    if not isinstance(messages, list):
        raise Malformed("`messages` is missing" if messages is None else "`messages` is not a list")
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


def _metadata(row: Mapping[str, object]) -> Mapping[str, object]:
    metadata = row.get("metadata")
    if metadata is None:
        return {}
    if not isinstance(metadata, dict):
        raise Malformed(f"`metadata` is {kind_of(metadata)}, not an object")
    return metadata


def _tools(row: Mapping[str, object], metadata: Mapping[str, object]) -> list[object]:
    tools = row.get("tools") or metadata.get("tools") or []
    if not isinstance(tools, list):
        raise Malformed(f"`tools` is {kind_of(tools)}, not a list")
    return tools


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
    if given is None or given == "":
        return made_id
    if isinstance(given, bool) or not isinstance(given, str | int):
        raise Malformed(f"`id` is {kind_of(given)}, not text")
    if len(given if isinstance(given, str) else f"{given:x}") > MAX_ID_CHARACTERS:
        raise Malformed(f"`id` is longer than {MAX_ID_CHARACTERS} characters")
    return given


def _echoed(row: object, made_id: str) -> str | int:
    """Return the id of a malformed row as nearly as it came as a reply can carry it."""
    given = row.get("id") if isinstance(row, dict) else None
    if isinstance(given, str) and given:
        return given.encode("utf-8", "replace").decode()
    if isinstance(given, int) and not isinstance(given, bool) and abs(given) < 2**63:
        return given
    return made_id
