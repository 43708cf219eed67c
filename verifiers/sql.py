r"""
Run the response's query and the reference query on a database, and compare the rows.

The reference answer is {"sql": QUERY, "db": NAME or SCRIPT}: a name stands for a file in the folder that
`databases` names (NAME.sqlite, NAME.db, or NAME.sql for a script), a script makes the database in memory.
Covered: one SELECT, VALUES or WITH in SQLite's dialect, in a code fence, in tags, behind "SQL:", alone, or
in prose. Rows are compared as often as they occur, in order where the reference query has an ORDER BY at
its top level; names of columns do not count, numbers are equal by value. A wrong query may return the right
rows once: where rows are equal, both queries run again on copies of the database that lack rows or hold
other values (`verifiers/queries/copies.py`), and only what holds there as well is sure.
The cage: both queries run in SQLite, which lets them read the database's own tables and nothing else; steps,
memory, lengths and rows are bounded. `verifiers/queries/cage.py` says what it is made of, and what it is not.
Not covered: other dialects, table-valued functions (json_each), whether an ORDER BY with ties or a LIMIT
leaves the result open, values of more than 10,000 bytes.

It abstains where the reference query or the database fails, no query is offered, several different ones
are, it is taken back, a limit is struck, or a function is called that is not granted (random, load_extension).

    "```sql\nSELECT a FROM t\n```" against {"sql": "SELECT a FROM t", "db": "CREATE TABLE t(a); INSERT INTO t VALUES (1),(2),(3)"} -> score 1, confidence .97
    "SELECT a FROM t WHERE a < 9" against {"sql": "SELECT a FROM t", "db": "CREATE TABLE t(a); INSERT INTO t VALUES (1),(2),(3)"} -> score 1, confidence .6
    "SELECT a FROM t WHERE a = a" against {"sql": "SELECT a FROM t", "db": "CREATE TABLE t(a); INSERT INTO t VALUES (1),(2),(3)"} -> score 1, confidence .97
    "SELECT a FROM t WHERE a < 2" against {"sql": "SELECT a FROM t", "db": "CREATE TABLE t(a); INSERT INTO t VALUES (1),(2),(3)"} -> score 0, confidence .96
    "SELECT 3" against {"sql": "SELECT count(*) FROM t", "db": "CREATE TABLE t(a); INSERT INTO t VALUES (1),(2),(3)"} -> score 0, confidence .9
    "SELECT max(a) FROM t" against {"sql": "SELECT count(*) FROM t", "db": "CREATE TABLE t(a); INSERT INTO t VALUES (1),(3),(2)"} -> score 1, confidence .6
    "SELECT a FROM t WHERE a > 8" against {"sql": "SELECT a FROM t WHERE a > 9", "db": "CREATE TABLE t(a); INSERT INTO t VALUES (1)"} -> score 1, confidence .6
    "SELECT a FROM t ORDER BY a DESC" against {"sql": "SELECT a FROM t ORDER BY a", "db": "CREATE TABLE t(a); INSERT INTO t VALUES (1),(2)"} -> score 0, confidence .6
    "```sql\nSELECT b FROM t\n```" against {"sql": "SELECT a FROM t", "db": "CREATE TABLE t(a)"} -> score 0, confidence .97
    "DROP TABLE t" against {"sql": "SELECT a FROM t", "db": "CREATE TABLE t(a)"} -> score 0, confidence .95
    "SELECT a FROM t; SELECT 1" against {"sql": "SELECT a FROM t", "db": "CREATE TABLE t(a)"} -> abstains
    "SELECT a FROM t ORDER BY random()" against {"sql": "SELECT a FROM t", "db": "CREATE TABLE t(a)"} -> abstains
    "I would count the rows." against {"sql": "SELECT count(*) FROM t", "db": "CREATE TABLE t(a)"} -> abstains
    "" against {"sql": "SELECT a FROM t", "db": "CREATE TABLE t(a)"} -> score 0, confidence .99
    "SELECT a FROM t" against {"sql": "SELECT a FROM t", "db": "no_such_database"} -> abstains
"""  # noqa: E501 - an example stands on one line, its database with it

import time
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path
from typing import ClassVar

from router.response import spoken
from router.types import Abstain, Finding, Sample, Verdict
from verifiers.base import Verifier
from verifiers.queries.rows import Comparison, Failed, Meddled, Result, Rows, Stopped
from verifiers.queries.text import LONGEST_QUERY, Query, numbers, ordered, queries
from verifiers.values.afterwords import taken_back

CODE = Path(__file__).parents[1]
"""Where relative folders begin: beside `config`, in the function as in the clone."""
SECONDS = 0.15
"""For all queries about one sample, in case their steps are long; honest ones take a hundredth."""
MANY = 3
"""Different rows from which on an agreement is hardly an accident."""

CONFIDENCE = {
    "the same rows, also on changed copies of the database": 0.97,
    "the same rows": 0.95,
    "the same rows, but only few": 0.85,
    "the same rows, but not on a changed copy of the database": 0.6,
    "both return no rows": 0.6,
    "the same rows, from a query that reads no table": 0.9,
    "different rows": 0.96,
    "the same rows in another order": 0.6,
    "the same rows, but not as often": 0.9,
    "the same rows, but for more columns or another order of them": 0.6,
    "the query fails": 0.97,
    "the query fails, where prose may have been read with it": 0.8,
    "the statement does more than read": 0.95,
    "no answer outside the reasoning": 0.99,
}
"""How often each situation's score is right: judged, not measured, for want of labelled rollouts."""
GUESSED = 0.8
"""The most confidence in a query that was only found in prose."""


Pairs = Iterable[tuple[Result, Result]]
"""What the reference query and the response's return on each copy."""


@dataclass(frozen=True, slots=True)
class Sql(Verifier):
    """The rows that the response's query returns, against those of the reference query."""

    name: ClassVar[str] = "sql"
    cost: ClassVar[int] = 500

    databases: str = "config/databases"
    """The folder with a file for each database that reference answers name; relative to the code's folder."""
    any_column_order: bool = False
    """Whether the same columns in another order are the same result."""
    relative_tolerance: float = field(default=1e-9, metadata={"ge": 0, "le": 1})
    """Largest difference at which two numbers are still equal, where one is no integer."""

    def __post_init__(self) -> None:
        if not self.databases.strip():
            raise ValueError(
                "`databases` is empty: write the folder of the databases, such as config/databases"
            )

    def verify(self, sample: Sample) -> Finding:
        """Return 1 for a query that returns the reference query's rows, else 0; see the module's manual."""
        wanted = _reference(sample.reference)
        if wanted is None:
            return Abstain('the reference answer is no {"sql": ..., "db": ...}')
        text = spoken(sample.response)
        if not text:
            return _verdict(0, "no answer outside the reasoning")
        offered = queries(text)
        if len(offered) != 1:
            return Abstain("several different queries" if offered else "no query is committed to")
        if taken_back(text, offered[0].text):
            return Abstain("the query is taken back by the words behind it")
        if len(offered[0].text) > LONGEST_QUERY:
            return Abstain("the query is too long to be run")
        return self._run(offered[0], *wanted)

    def _run(self, query: Query, reference: str, name: str) -> Finding:
        """Run both queries, the reference query first: where that fails, nothing can be said."""
        from verifiers.queries import cage, copies, database  # noqa: PLC0415 - sqlite3 takes milliseconds

        ends = time.monotonic() + SECONDS
        try:
            original = database.find(CODE / self.databases, name)
            run = partial(cage.run, time_left=lambda: time.monotonic() < ends)
            right, found = run(original, reference), run(original, query.text)
            changed = copies.copies(original, [*numbers(reference), *numbers(query.text)])
            again = ((run(copy, reference), run(copy, query.text)) for copy in changed)
            return self._judged(query, right, found, again, in_order=ordered(reference))
        except database.NoDatabase as missing:
            return Abstain(f"the database cannot be had ({missing})")

    def _judged(self, query: Query, right: Result, found: Result, again: Pairs, *, in_order: bool) -> Finding:
        """Say what two results, and those on copies of the database, amount to."""
        if not isinstance(right, Rows):
            return Abstain(f"the reference query does not run ({right.reason})")
        if isinstance(found, Stopped):
            return Abstain(f"the query does not run to its end ({found.reason})")
        if isinstance(found, Meddled):
            return _verdict(0, "the statement does more than read")
        if isinstance(found, Failed):
            unsure = "" if query.delimited else ", where prose may have been read with it"
            return _verdict(0, f"the query fails{unsure}", found.reason)
        compare = Comparison(in_order, self.any_column_order, self.relative_tolerance)
        finding = _compared(right, found, compare, again)
        if query.committed or isinstance(finding, Abstain):
            return finding
        return replace(finding, confidence=min(finding.confidence, GUESSED))


def _compared(right: Rows, found: Rows, compare: Comparison, again: Pairs) -> Finding:
    """Compare the rows; where they are equal, see whether they are equal on copies of the database."""
    if not compare.same(right.rows, found.rows):
        return _verdict(0, compare.difference(right.rows, found.rows))
    if right.reads and not found.reads:
        return _verdict(0, "the same rows, from a query that reads no table")
    told = 0
    for one, other in again:
        if isinstance(one, Stopped) or isinstance(other, Stopped):
            return Abstain("the queries do not run to their end on a copy of the database")
        if not isinstance(one, Rows) or not isinstance(other, Rows) or not compare.same(one.rows, other.rows):
            return _verdict(1, "the same rows, but not on a changed copy of the database")
        told += one.rows != right.rows
    if not right.rows:
        return _verdict(1, "both return no rows")
    if told:
        return _verdict(1, "the same rows, also on changed copies of the database")
    many = len(set(right.rows)) >= MANY
    return _verdict(1, "the same rows" if many else "the same rows, but only few")


def _reference(reference: object) -> tuple[str, str] | None:
    if not isinstance(reference, dict):
        return None
    query, database = reference.get("sql"), reference.get("db")
    if isinstance(query, str) and isinstance(database, str) and query.strip() and database.strip():
        return query, database.strip()
    return None


def _verdict(score: float, situation: str, detail: str = "") -> Verdict:
    return Verdict(score, CONFIDENCE[situation], f"{situation} ({detail})" if detail else situation)
