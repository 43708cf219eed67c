"""Files of rollouts: JSON lines or one JSON value, plain or gzipped, in any shape of the contract."""

import gzip
import json
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import TextIO

from router.errors import EventRefused
from router.wire.events import MAX_EVENT_BYTES, unwrap

BATCH_BYTES = MAX_EVENT_BYTES * 3 // 4
"""Where a batch of large rows ends early, to stay under what Lambda takes."""


def rows_in(path: Path) -> Iterator[object]:
    """Yield each row of a file, `-` for standard input; raise EventRefused where a line is no JSON."""
    if str(path) == "-":
        yield from _rows(sys.stdin, "standard input")
        return
    opener = gzip.open if path.suffix == ".gz" else open
    with opener(path, "rt", encoding="utf-8") as file:
        try:
            yield from _rows(file, str(path))
        except (UnicodeDecodeError, gzip.BadGzipFile, EOFError) as error:
            raise EventRefused(f"{path}: not UTF-8 text, or a broken .gz: {error}") from None


def _rows(file: TextIO, name: str) -> Iterator[object]:
    lines = (line for line in enumerate(file, 1) if line[1].strip())
    number, first = next(lines, (1, "[]"))
    try:
        yield from _flat(json.loads(first))
    except ValueError:
        # The first line is no JSON by itself: the file is one value, printed over many lines.
        yield from _flat(_parse(first + "".join(line for _, line in lines), f"{name}:{number}"))
    for number, line in lines:
        yield from _flat(_parse(line, f"{name}:{number}"))


def _parse(text: str, where: str) -> object:
    try:
        return json.loads(text)
    except (ValueError, RecursionError) as error:
        raise EventRefused(f"{where}: not JSON: {error}") from None


def _flat(value: object) -> list[object]:
    """Return the rows of a line: those of an event, else the line itself, whatever it is."""
    try:
        return unwrap(value)[0]
    except EventRefused:
        return [value]


def batches(rows: Iterator[object], most: int) -> Iterator[list[object]]:
    """Yield lists of at most `most` rows, fewer where they are large."""
    batch: list[object] = []
    size = 0
    for row in rows:
        row_size = len(json.dumps(row))
        if batch and (len(batch) >= most or size + row_size > BATCH_BYTES):
            yield batch
            batch, size = [], 0
        batch.append(row)
        size += row_size
    if batch:
        yield batch
