"""
The cage that a query runs in: a database opened to be read, and nothing else.

- SQLite opens a file read-only and immutable; a script becomes a database in memory, a fresh copy for
  each query. `query_only` stands over both.
- Every table, function and kind of statement is asked for while the query is prepared. Only SELECT,
  reading the database's own tables and views, recursion and the functions named below are granted:
  no second file (ATTACH, VACUUM INTO), no PRAGMA, no writing, no temporary or virtual table, no schema, no
  extension, nothing random.
- One statement. Its length, depth, columns, joined SELECTs and look-ups are bounded, and so are the
  size of a value, the memory, the rows and cells fetched.
- Steps of SQLite's virtual machine are counted: they bound the time, and are the same everywhere that has
  the same SQLite. A clock stands behind them for the few functions whose one step can be long.

Not in the cage: SQLite runs in this process, so a flaw in SQLite itself would be one here. The function's
role is the real fence. The limit on memory holds for all of SQLite in
this process, and cannot be raised again.
"""

import sqlite3
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass, field

from verifiers.queries.database import Database, NoDatabase, connect, tables
from verifiers.queries.rows import Cell, Failed, Meddled, Result, Row, Rows, Stopped

MOST_STEPS = 1_000_000
"""Steps of the virtual machine for one query, about 10 ms; a look at a table of 10,000 rows takes 50,000."""
STEPS_BETWEEN_LOOKS = 100
MOST_LOOKUPS = 2_000
"""Tables, columns and functions asked for while preparing: names for names for names double it each time."""
MOST_CELLS = 10_000
MOST_CHARACTERS = 1_000_000
"""Of text and bytes that one result may hold."""
LARGEST_MEMORY = 64 * 1024 * 1024
LIMITS = {
    sqlite3.SQLITE_LIMIT_LENGTH: 10_000,  # bytes of one value: many functions take its square
    sqlite3.SQLITE_LIMIT_SQL_LENGTH: 10_000,
    sqlite3.SQLITE_LIMIT_EXPR_DEPTH: 100,
    sqlite3.SQLITE_LIMIT_COMPOUND_SELECT: 20,
    sqlite3.SQLITE_LIMIT_COLUMN: 200,
    sqlite3.SQLITE_LIMIT_FUNCTION_ARG: 20,
    sqlite3.SQLITE_LIMIT_LIKE_PATTERN_LENGTH: 100,
    sqlite3.SQLITE_LIMIT_VDBE_OP: 25_000,
    sqlite3.SQLITE_LIMIT_ATTACHED: 0,
    sqlite3.SQLITE_LIMIT_VARIABLE_NUMBER: 10,
    sqlite3.SQLITE_LIMIT_TRIGGER_DEPTH: 0,
    sqlite3.SQLITE_LIMIT_WORKER_THREADS: 0,
}
FUNCTIONS = frozenset("""
    -> ->> abs acos acosh asin asinh atan atan2 atanh avg ceil ceiling char coalesce concat concat_ws cos cosh
    count cume_dist current_date current_time current_timestamp date datetime degrees dense_rank exp
    first_value floor glob group_concat hex ifnull iif instr json json_array json_array_length
    json_extract json_group_array json_group_object json_object json_quote json_type json_valid julianday
    lag last_value lead length like likelihood likely ln log log10 log2 lower ltrim max min mod nth_value
    ntile nullif octet_length percent_rank pi pow power quote radians rank replace round row_number
    rtrim sign sin sinh soundex sqrt strftime string_agg substr substring sum tan tanh time timediff total
    trim trunc typeof unicode unixepoch unlikely upper zeroblob
""".split())  # fmt: skip  # noqa: SIM905 - a hundred names read best as words
"""
What computes from its arguments (or the clock's date) and touches nothing else.

Without `printf` and `format`: `%.*c` writes a thousand million characters within one step before it finds
that they are too long.
"""
STRUCK = (
    "at most",
    "too large",
    "too many",
    "too complex",
    "overflow",
    "interrupted",
    "too big",
    "out of memory",
)
"""Words of SQLite's messages for a limit; "too many arguments" would be, but is a mistake."""


@dataclass(slots=True)
class Guard:
    """Grants or denies what a query asks for, and counts its steps."""

    tables: frozenset[str]
    time_left: Callable[[], bool]
    reads: set[str] = field(default_factory=set)
    refused: Result | None = None
    lookups: int = 0
    looks: int = 0

    def grant(self, action: int, first: str | None, second: str | None, *_: str | None) -> int:
        """Answer SQLite, which asks for each thing that the query needs."""
        self.lookups += 1
        if self.lookups > MOST_LOOKUPS:
            self.refused = Stopped("it looks up too much")
        elif action == sqlite3.SQLITE_READ:
            self._read((first or "").lower())
        elif action == sqlite3.SQLITE_FUNCTION:
            if (second or "").lower() not in FUNCTIONS:
                self.refused = self.refused or Stopped(f"it calls {second}, which is not granted")
        elif action not in (sqlite3.SQLITE_SELECT, sqlite3.SQLITE_RECURSIVE):
            self.refused = self.refused or Meddled("the statement does more than read")
        return sqlite3.SQLITE_DENY if self.refused else sqlite3.SQLITE_OK

    def _read(self, table: str) -> None:
        if table in self.tables:
            self.reads.add(table)
        elif table:
            self.refused = self.refused or Stopped(f"it reads {table}, which is no table of the database")

    def exhausted(self) -> bool:
        """Say whether the query has to end; SQLite asks after every few steps."""
        self.looks += 1
        over = self.looks * STEPS_BETWEEN_LOOKS > MOST_STEPS or not self.time_left()
        if over:
            self.refused = Stopped("it takes too many steps")
        return over


def run(database: Database, query: str, time_left: Callable[[], bool]) -> Result:
    """Return what a query returns on a database, or why it does not; raise NoDatabase where there is none."""
    try:
        with closing(connect(database)) as connection:
            guard = Guard(tables(connection), time_left)
            _cage(connection, guard)
            return _run(connection, query, guard)
    except (sqlite3.Error, OSError, MemoryError) as error:
        raise NoDatabase(f"it cannot be opened: {error}") from error


def _run(connection: sqlite3.Connection, query: str, guard: Guard) -> Result:
    try:
        cursor = connection.execute(query)
        if cursor.description is None:
            return Failed("it returns nothing")
        rows = _fetched(cursor)
        return Rows(rows, frozenset(guard.reads)) if rows is not None else Stopped("it returns too much")
    except (sqlite3.Error, sqlite3.Warning, ValueError, MemoryError) as error:
        if guard.refused:
            return guard.refused
        said = str(error) or "out of memory"
        struck = any(word in said for word in STRUCK) and "too many arguments" not in said
        return Stopped(said) if struck else Failed(said)


def _fetched(cursor: sqlite3.Cursor) -> tuple[Row, ...] | None:
    """Return all rows; None where they hold more than may be compared."""
    rows: list[Row] = []
    cells = characters = 0
    for row in cursor:
        cells += len(row)
        characters += sum(len(cell) for cell in row if isinstance(cell, str | bytes))
        if cells > MOST_CELLS or characters > MOST_CHARACTERS:
            return None
        rows.append(row)
    return tuple(rows)


def _cage(connection: sqlite3.Connection, guard: Guard) -> None:
    """Close everything that a query does not need; last of all the door to settings."""
    for setting in ("query_only=1", "trusted_schema=0", "temp_store=2", f"hard_heap_limit={LARGEST_MEMORY}"):
        connection.execute(f"PRAGMA {setting}")
    for name, strip in TRIMS.items():
        connection.create_function(name, 2, strip, deterministic=True)
    for limit, most in LIMITS.items():
        connection.setlimit(limit, most)
    connection.text_factory = lambda text: text.decode("utf-8", "surrogateescape")
    connection.set_progress_handler(guard.exhausted, STEPS_BETWEEN_LOOKS)
    connection.set_authorizer(guard.grant)


def _trim(strip: Callable[[str, str], str]) -> Callable[[Cell, Cell], str | None]:
    """Return a `trim` of two arguments; SQLite's own compares every character with every other."""

    def trim(text: Cell, characters: Cell) -> str | None:
        return None if text is None or characters is None else strip(_as_text(text), _as_text(characters))

    return trim


def _as_text(cell: Cell) -> str:
    return cell.decode("utf-8", "replace") if isinstance(cell, bytes) else str(cell)


TRIMS = {"trim": _trim(str.strip), "ltrim": _trim(str.lstrip), "rtrim": _trim(str.rstrip)}
