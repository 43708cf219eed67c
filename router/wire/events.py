"""An event of any shape in the trainers' contract -> a batch of rows and the envelope that mirrors it."""

import json
from collections import Counter
from collections.abc import Collection
from dataclasses import dataclass, replace
from typing import Literal

from router.errors import EventRefused
from router.types import Row
from router.wire.rows import read_row

Envelope = Literal["list", "body_string", "body_object"]

MAX_EVENT_BYTES = 6 * 1024 * 1024
"""Lambda's own limit for a synchronous request."""

WRAPPERS = ("input", "batch", "trajectories")


@dataclass(frozen=True, slots=True)
class Batch:
    """The rows of one event, in order."""

    rows: tuple[Row, ...]
    envelope: Envelope
    """How a reply looks that mirrors the event."""


def read(event: object) -> Batch:
    """Read one event; raise EventRefused where it is no batch of rollouts, or too large."""
    raw, envelope = unwrap(event)
    sound = _encodes(raw)
    made_ids = _made_ids(raw)
    rows = [
        read_row(row, made_id, encodes=sound or _encodes([row]))
        for row, made_id in zip(raw, made_ids, strict=True)
    ]
    return Batch(tuple(_flag_shared_ids(rows)), envelope)


def unwrap(event: object) -> tuple[list[object], Envelope]:
    """Return the raw rows of an event; raise EventRefused where it is no batch of rollouts."""
    if isinstance(event, dict) and "body" in event and "messages" not in event:
        body = event["body"]
        if isinstance(body, str):
            return _rows(_parse(body), "the JSON under `body`"), "body_string"
        return _rows(body, "what lies under `body`"), "body_object"
    return _rows(event, "the event"), "list"


def _parse(body: str) -> object:
    if len(body) > MAX_EVENT_BYTES:
        raise EventRefused(_too_large(len(body)))
    try:
        return json.loads(body)
    except (ValueError, RecursionError) as error:
        raise EventRefused(f"the text under `body` is not JSON: {error}") from None


def _rows(batch: object, what: str) -> list[object]:
    if isinstance(batch, list):
        return batch
    if isinstance(batch, dict):
        for wrapper in WRAPPERS:
            if isinstance(rows := batch.get(wrapper), list):
                return rows
        if "messages" in batch or "id" in batch:
            return [batch]
    raise EventRefused(
        f"{what} is no batch of rollouts: send a list of objects with `messages`, one such object, "
        "or the list under `body`, `input`, `batch` or `trajectories`"
    )


def _encodes(rows: list[object]) -> bool:
    """Say whether the rows are JSON that Lambda passes on: no NaN, no lone surrogate, no bottomless nest."""
    try:
        encoded = json.dumps(rows, allow_nan=False, ensure_ascii=False, check_circular=False).encode()
    except (ValueError, TypeError, RecursionError):
        return False
    if len(encoded) > MAX_EVENT_BYTES:
        raise EventRefused(_too_large(len(encoded)))
    return True


def _too_large(size: int) -> str:
    return (
        f"the event holds {size / 2**20:.1f} MB and Lambda takes {MAX_EVENT_BYTES / 2**20:.0f}: "
        "send fewer rows in one request"
    )


def _made_ids(rows: list[object]) -> list[str]:
    """Return an id for each place, for rows that bring none; never one that another row brings."""
    taken = {row["id"] for row in rows if isinstance(row, dict) and isinstance(row.get("id"), str)}
    return [_free(f"row-{index}", taken) for index in range(len(rows))]


def _free(name: str, taken: Collection[str]) -> str:
    while name in taken:
        name = f"{name}-"
    return name


def _flag_shared_ids(rows: list[Row]) -> list[Row]:
    uses = Counter(row.id for row in rows)
    if len(uses) == len(rows):
        return rows
    return [replace(row, flags=(*row.flags, "duplicate_id")) if uses[row.id] > 1 else row for row in rows]
