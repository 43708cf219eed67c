"""
Changed copies of a database, on which a query that is right only by accident gives itself away.

A thinned copy lacks every third row. In a mixed copy values of a column change places, and some become a
number that one of the queries names, or its neighbour: so that `age > 50` and `age > 55` part where no
row lies between. Keys stay, texts keep their shape, and what a constraint forbids is left out.
"""

import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import closing, suppress
from functools import lru_cache
from hashlib import blake2b

from verifiers.queries.database import HAS_IMAGES, MOST_STEPS_OF_A_SCRIPT, Database, connect, tables
from verifiers.queries.rows import Cell

LARGEST = 1024 * 1024
"""Bytes of a database of which copies are made."""
COPIES = 3
"""Copies of each kind."""
MOST_MIXED = 300
"""Rows of each table that are mixed, the first ones."""


def copies(database: Database, numbers: Sequence[float]) -> Iterator[bytes]:
    """Yield the changed copies of a database, none of a large one; `numbers` are those that queries name."""
    if not HAS_IMAGES or (image := _image(database)) is None:
        return
    for take in range(COPIES):
        yield _thinned(image, take)
    for take in range(COPIES):
        yield _mixed(image, take, numbers)


@lru_cache(maxsize=8)
def _image(database: Database) -> bytes | None:
    with closing(connect(database)) as source, closing(sqlite3.connect(":memory:")) as copy:
        [(pages,)], [(size,)] = source.execute("PRAGMA page_count"), source.execute("PRAGMA page_size")
        if pages * size > LARGEST:
            return None
        source.backup(copy)
        return copy.serialize()


@lru_cache(maxsize=32)
def _thinned(image: bytes, take: int) -> bytes:
    with closing(_opened(image)) as copy:
        for table in sorted(tables(copy)):
            with suppress(sqlite3.Error):  # a view, or a table without rowids: it stays as it is
                copy.execute(f"DELETE FROM {_quoted(table)} WHERE rowid % 3 = {take:d}")  # noqa: S608 - our own
        return copy.serialize()


def _mixed(image: bytes, take: int, numbers: Sequence[float]) -> bytes:
    with closing(_opened(image)) as copy:
        for table in sorted(tables(copy)):
            with suppress(sqlite3.Error):  # likewise
                _mix(copy, table, take, numbers)
        return copy.serialize()


def _opened(image: bytes) -> sqlite3.Connection:
    connection = connect(image)
    connection.set_progress_handler(lambda: True, MOST_STEPS_OF_A_SCRIPT)
    return connection


def _mix(copy: sqlite3.Connection, table: str, take: int, numbers: Sequence[float]) -> None:
    name = _quoted(table)
    columns = [row[1] for row in copy.execute(f"PRAGMA table_info({name})") if not row[5]]
    listed = ", ".join(map(_quoted, columns))
    rows = copy.execute(f"SELECT rowid, {listed} FROM {name} LIMIT {MOST_MIXED:d}").fetchall()  # noqa: S608 - our own
    for place, column in enumerate(columns, 1):
        changed = _changed([row[place] for row in rows], f"{table} {column} {take}", numbers)
        copy.executemany(
            f"UPDATE OR IGNORE {name} SET {_quoted(column)} = ? WHERE rowid = ?",  # noqa: S608 - our own
            [(value, row[0]) for value, row in zip(changed, rows, strict=True)],
        )


def _changed(values: Sequence[Cell], seed: str, numbers: Sequence[float]) -> list[Cell]:
    """Return a column with other values, the same ones each time; one without repetitions stays so."""
    whole = {type(value) for value in values} == {int}
    numeric = all(isinstance(value, int | float) for value in values)
    pool = [*values, *(int(one) if whole else one for one in numbers if numeric)]
    drawn = [_random(f"{seed} {at}") for at in range(len(pool))]
    if len(set(values)) == len(values):
        mixed = [value for _, value in sorted(zip(drawn, dict.fromkeys(pool), strict=False), key=_draw)]
        return mixed[: len(values)]
    return [
        pool[draw // 2 % len(pool)] if draw % 2 else value for value, draw in zip(values, drawn, strict=False)
    ]


def _random(seed: str) -> int:
    """Return a number that says nothing of another seed's; a checksum's does, and would mix columns alike."""
    return int.from_bytes(blake2b(seed.encode(), digest_size=8).digest())


def _draw(drawn: tuple[int, Cell]) -> int:
    return drawn[0]


def _quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'
