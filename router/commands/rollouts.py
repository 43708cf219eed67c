"""Files of rollouts: JSON lines or one JSON value, plain or gzipped, in any shape of the contract."""

import gzip
import json
import sys
import zlib
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from io import TextIOWrapper
from pathlib import Path
from typing import TextIO

from router.errors import EventRefused
from router.wire.events import unwrap


@contextmanager
def rollouts(path: Path) -> Iterator[Iterator[object]]:
    """Open a file of rollouts, `-` for standard input, and give its rows one by one."""
    with _opened(path) as file:
        yield rows_in(file, "standard input" if str(path) == "-" else str(path))


def _opened(path: Path) -> AbstractContextManager[TextIO]:
    if str(path) == "-":
        if isinstance(sys.stdin, TextIOWrapper):
            sys.stdin.reconfigure(encoding="utf-8-sig")
        return nullcontext(sys.stdin)
    if path.suffix == ".gz":
        return gzip.open(path, "rt", encoding="utf-8-sig")
    return path.open(encoding="utf-8-sig")


def rows_in(file: TextIO, name: str) -> Iterator[object]:
    """Yield each row; raise EventRefused, which names the line, where the text is no JSON."""
    try:
        yield from _rows(file, name)
    except (UnicodeDecodeError, gzip.BadGzipFile, zlib.error, EOFError) as error:
        raise EventRefused(f"{name}: not UTF-8 text, or a broken .gz: {error}") from None


def _rows(file: TextIO, name: str) -> Iterator[object]:
    lines = ((number, line) for number, line in enumerate(file, 1) if line.strip())
    number, first = next(lines, (1, "[]"))
    yield from _flat(_parse(first, name, number) if _is_json(first) else _whole(first, file, name, number))
    for number, line in lines:
        yield from _flat(_parse(line, name, number))


def _whole(first: str, file: TextIO, name: str, number: int) -> object:
    """Return the one value that is printed over all lines of a file, of which the first is read."""
    rest = file.readlines()
    try:
        return _parse("".join([first, *rest]), name, number)
    except EventRefused:
        if _is_json(next((line for line in rest if line.strip()), "")):  # JSON lines, and the first is broken
            _parse(first, name, number)
        raise


def _is_json(text: str) -> bool:
    try:
        json.loads(text)
    except (ValueError, RecursionError):
        return False
    return True


def _parse(text: str, name: str, number: int) -> object:
    try:
        return json.loads(text.rstrip())
    except json.JSONDecodeError as error:
        where = f"{name}:{number + error.lineno - 1}:{error.colno}"
        raise EventRefused(f"{where}: not JSON: {error.msg}") from None
    except (ValueError, RecursionError) as error:
        raise EventRefused(f"{name}:{number}: no JSON that can be read: {error}") from None


def _flat(value: object) -> list[object]:
    """Return the rows of a line: those of an event, else the line itself, whatever it is."""
    try:
        return unwrap(value)[0]
    except EventRefused:
        return [value]
