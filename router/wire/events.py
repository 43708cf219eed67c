"""An event of any shape in the trainers' contract -> a batch of rows and the envelope that mirrors it."""

import json
from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from typing import Any, Literal

from router.errors import EventRefused
from router.types import Row
from router.wire.rows import read_row

Envelope = Literal["list", "body_string", "body_object"]

MAX_BYTES = 6 * 1024 * 1024
"""Lambda's own limit for a synchronous request, and for its reply."""
MAX_ROWS = 10_000
"""More than Bedrock's largest batch, 512 prompts with 16 responses each."""
MAX_DEPTH = 100
"""How deeply a row may nest; far from where Python, of any version, stops following."""

ENCODER = json.JSONEncoder(allow_nan=False, ensure_ascii=False, check_circular=False, separators=(",", ":"))
"""JSON that every reader takes: no NaN; and `.encode()` fails on what UTF-8 has no bytes for."""

CONTAINERS = (dict, list)
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
    unsound = _unsound(raw)
    rows = [
        read_row(row, made_id, sound=place not in unsound)
        for place, (row, made_id) in enumerate(zip(raw, _made_ids(raw), strict=True))
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
    try:
        return json.loads(body)
    except ValueError as error:
        raise EventRefused(f"the text under `body` is not JSON: {error}") from None
    except RecursionError:
        raise EventRefused("the text under `body` is nested too deep to be read") from None


def _rows(batch: object, what: str) -> list[object]:
    if isinstance(batch, list):
        return batch
    if isinstance(batch, dict):
        if "messages" in batch:
            return [batch]
        for wrapper in WRAPPERS:
            if isinstance(rows := batch.get(wrapper), list):
                return rows
        if "id" in batch:
            return [batch]
    raise EventRefused(
        f"{what} is no batch of rollouts: send a list of objects with `messages`, one such object, "
        "or the list under `body`, `input`, `batch` or `trajectories`"
    )


def _unsound(rows: Sequence[object]) -> Collection[int]:
    """
    Return the places of rows that cannot be passed on: NaN, a lone surrogate, a bottomless nest.

    Raises EventRefused where there are too many rows, or too many bytes of sound ones.
    """
    if len(rows) > MAX_ROWS:
        raise EventRefused(f"the event holds {len(rows):,} rows: send {MAX_ROWS:,} or fewer in one request")
    size, unsound = _size(rows), set[int]()
    if size is None:
        unsound = {place for place, row in enumerate(rows) if _size([row]) is None}
        size = _size([row for place, row in enumerate(rows) if place not in unsound]) or 0
    if size > MAX_BYTES:
        raise EventRefused(too_large("the event", size))
    return unsound


def _size(rows: Sequence[object]) -> int | None:
    """Return the bytes of these rows as JSON; None where one of them is none that a reader takes."""
    if _is_deep(rows):
        return None
    try:
        return len(ENCODER.encode(rows).encode())
    except (ValueError, TypeError):
        return None


def _is_deep(rows: Sequence[object]) -> bool:
    """Say whether rows nest deeper than they may."""
    level: list[Any] = [rows]
    for _ in range(MAX_DEPTH):
        level = [
            inner
            for outer in level
            for inner in (outer.values() if isinstance(outer, dict) else outer)
            if isinstance(inner, CONTAINERS)
        ]
        if not level:
            return False
    return True


def too_large(what: str, size: int) -> str:
    """Say that an event or its reply is larger than Lambda takes, and what to do."""
    return (
        f"{what} holds {size / 2**20:.1f} MB and Lambda takes {MAX_BYTES / 2**20:.0f}: "
        "send fewer rows in one request"
    )


def _made_ids(rows: Sequence[object]) -> list[str]:
    """Return an id for each place, for rows that bring none; never one that another row brings."""
    taken = {row["id"] for row in rows if isinstance(row, dict) and isinstance(row.get("id"), str)}
    return [_free(f"row-{place}", taken) for place in range(len(rows))]


def _free(name: str, taken: Collection[str]) -> str:
    while name in taken:
        name = f"{name}-"
    return name


def _flag_shared_ids(rows: list[Row]) -> list[Row]:
    ids = [row.id for row in rows]
    if len(set(ids)) == len(ids):
        return rows
    uses = Counter(ids)
    return [replace(row, flags=(*row.flags, "duplicate_id")) if uses[row.id] > 1 else row for row in rows]
