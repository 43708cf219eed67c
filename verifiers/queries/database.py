"""
Databases: found by their name or made by a script, and opened to be read.

A file is opened read-only and immutable. A script becomes an image, from which each query gets a fresh
database in memory; where SQLite is built without images, only files can be had.
"""

import re
import sqlite3
from contextlib import closing
from functools import lru_cache
from pathlib import Path

from router.expression import expression

Database = bytes | Path
"""A database's image, to be read in memory, or the place of its file."""

MOST_STEPS_OF_A_SCRIPT = 20_000_000
HAS_IMAGES = hasattr(sqlite3.Connection, "deserialize")
"""Left out of some builds of SQLite."""


class NoDatabase(Exception):
    """The database that a reference answer names cannot be had."""


def connect(database: Database) -> sqlite3.Connection:
    """Open a database to be read."""
    if isinstance(database, Path):
        return sqlite3.connect(
            f"{database.absolute().as_uri()}?mode=ro&immutable=1", uri=True, isolation_level=None
        )
    connection = sqlite3.connect(":memory:", isolation_level=None)
    connection.deserialize(database)
    return connection


def tables(connection: sqlite3.Connection) -> frozenset[str]:
    """Return the names of a database's own tables and views, in lower case."""
    found = connection.execute("SELECT lower(name) FROM sqlite_master WHERE type IN ('table', 'view')")
    return frozenset(name for (name,) in found if not name.startswith("sqlite_"))


NAME = expression(r"[A-Za-z0-9_][\w.-]{0,99}", re.ASCII)
"""A database's name: no path, so that it stays in its folder."""
PLACES = ("{0}.sqlite", "{0}.sqlite3", "{0}.db", "{0}.sql", "{0}/{0}.sqlite", "{0}/{0}.db", "{0}/{0}.sql")


def find(folder: Path, name_or_script: str) -> Database:
    """Return the database of a name in a folder, or of a script; raise NoDatabase where there is none."""
    if not NAME.fullmatch(name_or_script):
        return _of_script(name_or_script)
    for place in PLACES:
        path = folder / place.format(name_or_script)
        if path.is_file():
            return path if path.suffix != ".sql" else _of_file(path, path.stat().st_mtime_ns)
    raise NoDatabase(f"there is no {name_or_script!r} in {folder}")


@lru_cache(maxsize=8)
def _of_file(path: Path, changed: int) -> bytes:
    return _of_script(path.read_text(encoding="utf-8"))


@lru_cache(maxsize=8)
def _of_script(script: str) -> bytes:
    """Return the database that a script makes; the policy's owner wrote it, but it gets no file either."""
    if not HAS_IMAGES:
        raise NoDatabase("this Python's SQLite makes no database of a script: name a file")
    looks = iter(range(MOST_STEPS_OF_A_SCRIPT // 10_000))
    with closing(sqlite3.connect(":memory:", isolation_level=None)) as connection:
        connection.setlimit(sqlite3.SQLITE_LIMIT_ATTACHED, 0)
        connection.set_progress_handler(lambda: next(looks, None) is None, 10_000)
        try:
            connection.executescript(script)
            return connection.serialize()
        except (sqlite3.Error, ValueError, MemoryError) as error:
            raise NoDatabase(f"its script fails: {error}") from error
