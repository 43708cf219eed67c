"""Rows -> results, through as many invocations of the handler as a trainer would need."""

import json
from collections.abc import Iterator
from typing import Any, TypeGuard

from router.batch import Handler
from router.wire.events import MAX_BYTES

BATCH_BYTES = MAX_BYTES * 3 // 4
"""Where a batch of large rows ends early, to stay under what Lambda takes."""


def has_id(row: object) -> TypeGuard[dict[str, Any]]:
    """Say whether a row brings an id; one without goes by `row-N`, its place in the file from 0."""
    given = row.get("id") if isinstance(row, dict) else None
    return isinstance(given, str | int) and not isinstance(given, bool)


def rewarded(handler: Handler, rows: Iterator[object], most: int) -> Iterator[dict[str, Any]]:
    """Yield the result of each row, in order, through invocations of at most `most` rows."""
    place = 0
    for batch in batches(rows, most):
        for row, result in zip(batch, results_of(handler(batch, None)), strict=True):
            yield result if has_id(row) else result | {"id": f"row-{place}"}
            place += 1


def batches(rows: Iterator[object], most: int) -> Iterator[list[object]]:
    """Yield lists of at most `most` rows, fewer where they are large."""
    batch: list[object] = []
    size = 0
    for row in rows:
        row_size = _size(row)
        if batch and (len(batch) >= most or size + row_size > BATCH_BYTES):
            yield batch
            batch, size = [], 0
        batch.append(row)
        size += row_size
    if batch:
        yield batch


def _size(row: object) -> int:
    try:
        return len(json.dumps(row))
    except RecursionError:
        return 0  # the handler calls it malformed


def results_of(reply: object) -> list[dict[str, Any]]:
    """Return the results of a reply, out of whatever envelope the policy sets."""
    body: Any = reply["body"] if isinstance(reply, dict) else reply
    results: list[dict[str, Any]] = json.loads(body) if isinstance(body, str) else body
    return results
