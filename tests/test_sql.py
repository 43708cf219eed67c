# ruff: noqa: S608 - the queries are the tests
"""Queries against a small shop: what is equal, what differs, what the cage keeps in, and what it costs."""

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from router.types import Abstain, Finding, Message, Sample, Verdict
from tests.manuals import Example, examples
from verifiers import sql
from verifiers.queries import database
from verifiers.queries.cage import FUNCTIONS, run
from verifiers.queries.copies import COPIES, copies
from verifiers.queries.database import NoDatabase, find
from verifiers.queries.rows import Cell, Failed, Meddled, Row, Rows, Stopped, matched, same
from verifiers.queries.text import ordered, queries
from verifiers.sql import Sql

SHOP = """
CREATE TABLE customer (id INTEGER PRIMARY KEY, name TEXT, city TEXT, born INTEGER);
CREATE TABLE product (id INTEGER PRIMARY KEY, name TEXT, price REAL, "in stock" INTEGER);
CREATE TABLE sale (id INTEGER PRIMARY KEY, customer_id INTEGER, product_id INTEGER, amount INTEGER, day TEXT);
CREATE VIEW expensive AS SELECT * FROM product WHERE price > 10;
INSERT INTO customer VALUES (1, 'Ada', 'London', 1815), (2, 'Bo', 'Oslo', 1990), (3, 'Cy', 'Oslo', 1985),
    (4, 'Di', NULL, 2001), (5, 'Ed', 'London', 1970), (6, 'Flo', 'Rome', 1990);
INSERT INTO product VALUES (1, 'pen', 1.5, 100), (2, 'book', 12.0, 5), (3, 'lamp', 30.25, 0),
    (4, 'cup', 4.0, 40), (5, 'bag', 12.0, 7);
INSERT INTO sale VALUES (1, 1, 1, 10, '2024-01-05'), (2, 1, 2, 1, '2024-01-05'), (3, 2, 3, 1, '2024-02-01'),
    (4, 3, 4, 6, '2024-02-14'), (5, 5, 2, 2, '2024-03-01'), (6, 5, 5, 1, '2024-03-02'),
    (7, 2, 1, 3, '2024-03-02'), (8, 6, 4, 2, '2024-03-09');
"""

COUNT = "SELECT count(*) FROM sale"
NAMES = "SELECT name FROM customer WHERE city = 'Oslo'"
SORTED = "SELECT name FROM product ORDER BY price DESC, name"
SPENT = (
    "SELECT c.name, sum(s.amount * p.price) FROM customer c JOIN sale s ON s.customer_id = c.id"
    " JOIN product p ON p.id = s.product_id GROUP BY c.id"
)


def found(response: str, reference: object = COUNT, db: str = SHOP, **options: object) -> Finding:
    if isinstance(reference, str):
        reference = {"sql": reference, "db": db}
    return Sql(**options).verify(Sample("a", (Message("user", "?"),), response, reference))  # type: ignore[arg-type]


def situation(response: str, reference: object = COUNT, db: str = SHOP, **options: object) -> str:
    return found(response, reference, db, **options).reason.partition(" (")[0]


def settles_right(finding: Finding) -> bool:
    return isinstance(finding, Verdict) and finding.score == 1 and finding.confidence >= 0.95


@pytest.mark.parametrize("example", examples(sql.__doc__ or ""), ids=lambda example: example.line[:60])
def test_an_example_in_the_manual_holds(example: Example) -> None:
    assert example.holds(Sql)


RIGHT = [
    ("SELECT count(*) FROM sale", COUNT),
    ("select COUNT(id) as n from sale;", COUNT),
    ("SELECT sum(1.0) FROM sale", COUNT),
    ("```sql\nSELECT count(*)\n\nFROM sale\n```", COUNT),
    ("```SELECT count(*) FROM sale```", COUNT),
    ("```\nSELECT count(*) FROM sale;\n```\nThis counts the sales.", COUNT),
    ("<answer>SELECT count(*) FROM sale</answer>", COUNT),
    ("<sql>SELECT count(*) FROM sale</sql>", COUNT),
    ("SQL: SELECT count(*) FROM sale", COUNT),
    ("**Query:** SELECT count(*) FROM sale", COUNT),
    ("`SELECT count(*) FROM sale`", COUNT),
    ("SELECT count(*) FROM sale\n\nThis query doesn't miss any sale.", COUNT),
    ("SELECT count(*) FROM sale; -- all of them", COUNT),
    ("<think>SELECT 1</think>SELECT count(*) FROM sale", COUNT),
    ("```sql\nSELECT count(*) FROM sale\n```\n```sql\nSELECT  count(*) FROM sale;\n```", COUNT),
    ("```sql\nSELECT count(*) FROM sale\n```\n```\n8\n```", COUNT),
    ("WITH s AS (SELECT id FROM sale) SELECT count(*) FROM s", COUNT),
    ("SELECT count(*) FROM (SELECT id FROM sale)", COUNT),
    ("SELECT name FROM customer WHERE city LIKE 'oslo' ORDER BY born", NAMES),
    ("SELECT c.name FROM customer AS c WHERE c.city IN ('Oslo')", NAMES),
    ("SELECT name FROM product ORDER BY -price, name", SORTED),
    ("SELECT name FROM expensive", "SELECT name FROM product WHERE price > 10"),
    ('SELECT "in stock" FROM product', "SELECT [in stock] FROM product"),
    ("SELECT city FROM customer", "SELECT city FROM customer"),
    ("SELECT name FROM customer WHERE city IS NULL OR 1", "SELECT name FROM customer"),
    ("SELECT p.name FROM product p WHERE EXISTS (SELECT 1 FROM sale s WHERE s.product_id = p.id)",
     "SELECT DISTINCT p.name FROM product p, sale s WHERE p.id = s.product_id"),
    ("SELECT name, (SELECT sum(amount * price) FROM sale s, product p WHERE s.product_id = p.id"
     " AND s.customer_id = c.id) AS spent FROM customer c WHERE spent", SPENT),
    ("SELECT name, rank() OVER (ORDER BY price) FROM product",
     "SELECT name, (SELECT count(*) + 1 FROM product q WHERE q.price < p.price) FROM product p"),
    ("SELECT strftime('%m', day), count(*) FROM sale GROUP BY 1",
     "SELECT substr(day, 6, 2), count(*) FROM sale GROUP BY substr(day, 6, 2)"),
    ("WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 8)"
     " SELECT count(*) FROM n, sale WHERE i = id", COUNT),
    ("SELECT sum(price) / 3, name FROM product GROUP BY name",
     "SELECT sum(price / 3), name FROM product GROUP BY name"),
]  # fmt: skip


@pytest.mark.parametrize(("response", "reference"), RIGHT)
def test_a_right_query_settles(response: str, reference: str) -> None:
    assert settles_right(found(response, reference))


OTHER = [
    ("SELECT count(*) FROM customer", COUNT, "different rows"),
    ("SELECT count(*) FROM sale WHERE amount > 1", COUNT, "different rows"),
    ("SELECT id FROM sale", COUNT, "different rows"),
    ("SELECT '8' FROM sale LIMIT 1", COUNT, "different rows"),
    ("SELECT NULL FROM sale LIMIT 1", COUNT, "different rows"),
    ("SELECT name FROM customer WHERE city = 'Rome'", NAMES, "different rows"),
    ("SELECT upper(name) FROM customer WHERE city = 'Oslo'", NAMES, "different rows"),
    ("SELECT name FROM customer WHERE city = 'Paris'", NAMES, "different rows"),
    ("VALUES (1)", COUNT, "different rows"),
    ("EXPLAIN SELECT count(*) FROM sale", COUNT, "different rows"),
    ("SELECT name FROM product ORDER BY price, name", SORTED, "the same rows in another order"),
    ("SELECT city FROM customer GROUP BY 1", "SELECT city FROM customer", "the same rows, but not as often"),
    ("SELECT name, city FROM customer WHERE city = 'Oslo'", NAMES,
     "the same rows, but for more columns or another order of them"),
    ("SELECT city, name FROM customer", "SELECT name, city FROM customer",
     "the same rows, but for more columns or another order of them"),
    ("SELECT 8", COUNT, "the same rows, from a query that reads no table"),
    ("SELECT 'Bo' UNION SELECT 'Cy'", NAMES, "the same rows, from a query that reads no table"),
    ("SELECT max(id) FROM sale", COUNT, "the same rows, but not on a changed copy of the database"),
    ("SELECT 8 FROM sale LIMIT 1", COUNT, "the same rows, but not on a changed copy of the database"),
    ("SELECT name FROM customer WHERE id IN (2, 3)", "SELECT name FROM customer WHERE id IN (2, 3, 9)",
     "the same rows, also on changed copies of the database"),
    ("SELECT 1 FROM sale WHERE id < 0", "SELECT 2 FROM sale WHERE id > 99", "both return no rows"),
    ("SELECT 8", "SELECT 4 + 4", "the same rows, but only few"),
    ("```\nSELECT count(*) FROM sales\n```", COUNT, "the query fails"),
    ("```\nSELECT count(* FROM sale\n```", COUNT, "the query fails"),
    ("```\nSELECT count(*) FROM sale LIMIT ?\n```", COUNT, "the query fails"),
    ("```\nSELECT YEAR(day) FROM sale\n```", COUNT, "the query fails"),
    ("SELECT all the sales and count them", COUNT, "the query fails, where prose may have been read with it"),
    ("", COUNT, "no answer outside the reasoning"),
    ("<think>SELECT count(*) FROM sale</think>", COUNT, "no answer outside the reasoning"),
]  # fmt: skip


@pytest.mark.parametrize(("response", "reference", "said"), OTHER)
def test_another_query_is_told_apart(response: str, reference: str, said: str) -> None:
    assert situation(response, reference) == said
    assert not settles_right(found(response, reference)) or "also on changed" in said


SPRAYS = [
    "SELECT count(*) FROM sale; SELECT 1",
    "```\nSELECT 1\n```\n```\nSELECT count(*) FROM sale\n```",
    "<answer>SELECT 1</answer><answer>SELECT count(*) FROM sale</answer>",
    "<answer>SELECT 1</answer>\n```sql\nSELECT count(*) FROM sale\n```",
    "SELECT 1;\n\nSELECT count(*) FROM sale",
    "Either\nSELECT 1\nor\nSELECT count(*) FROM sale",
    "I would count the sales.",
    "```python\nprint(8)\n```",
    "```\n8\n```",
    "8",
]


@pytest.mark.parametrize("response", SPRAYS)
def test_several_queries_or_none_commit_to_nothing(response: str) -> None:
    assert isinstance(found(response), Abstain)


def test_a_query_found_in_prose_is_only_guessed() -> None:
    finding = found("I count them:\n  SELECT count(*) FROM sale\n\nThat is all.")
    assert isinstance(finding, Verdict)
    assert (finding.score, finding.confidence) == (1, 0.8)


MEDDLING = [
    "DELETE FROM sale",
    "DROP TABLE sale",
    "UPDATE sale SET amount = 0",
    "INSERT INTO sale VALUES (9, 1, 1, 1, '')",
    "CREATE TABLE x (a)",
    "CREATE TEMP TABLE x AS SELECT 1",
    "WITH s AS (SELECT 1) DELETE FROM sale",
    "PRAGMA query_only = 0",
    "PRAGMA hard_heap_limit = 0",
    "ATTACH DATABASE '{path}' AS x",
    "VACUUM INTO '{path}'",
    "BEGIN",
    "ANALYZE",
]


@pytest.mark.parametrize("query", MEDDLING)
def test_what_does_more_than_read_is_refused_and_leaves_nothing(query: str, tmp_path: Path) -> None:
    path = tmp_path / "leak.db"
    query = query.format(path=path)
    assert isinstance(caged(query), Meddled)
    assert not settles_right(found(f"```sql\n{query}\n```"))
    assert not path.exists()


UNGRANTED = [
    "SELECT printf('%.*c', 1000000000, 'x')",
    "SELECT format('%.*c', 1000000000, name) FROM product",
    "SELECT load_extension('x')",
    "SELECT random()",
    "SELECT randomblob(9)",
    "SELECT fts3_tokenizer('simple')",
    "SELECT sqlite_version()",
    "SELECT last_insert_rowid()",
    "SELECT changes()",
    "SELECT sql FROM sqlite_master",
    "SELECT name FROM sqlite_schema",
]


@pytest.mark.parametrize("query", UNGRANTED)
def test_what_is_not_granted_stops_the_query_and_says_nothing_of_it(query: str) -> None:
    assert isinstance(caged(query), Stopped | Failed)
    assert not settles_right(found(query, query))


@pytest.mark.parametrize(
    "query",
    [
        "SELECT * FROM pragma_table_info('sale')",
        "SELECT * FROM sqlite_stmt",
        "SELECT * FROM dbstat",
        "SELECT * FROM fts3tokenize('simple', 'a')",
        "SELECT readfile('/etc/passwd')",
        "SELECT writefile('/tmp/x', 'y')",
        "SELECT * FROM fsdir('/')",
    ],
)
def test_no_virtual_table_or_shell_function_is_within_reach(query: str) -> None:
    assert not isinstance(caged(query), Rows)


def caged(query: str) -> object:
    return run(find(Path(), SHOP), query, lambda: True)


ENDLESS = "WITH RECURSIVE r(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM r)"
NAMES_FOR_NAMES = "".join(f", c{i} AS (SELECT x.id FROM c{i - 1} x, c{i - 1} y)" for i in range(1, 30))
HOSTILE = [
    f"{ENDLESS} SELECT max(n) FROM r",
    f"{ENDLESS} SELECT n FROM r",
    f"{ENDLESS} SELECT group_concat(n) OVER (ORDER BY n ROWS 999 PRECEDING) FROM r",
    f"{ENDLESS} SELECT count(*) FROM (SELECT hex(zeroblob(4000)) || n AS h FROM r ORDER BY h)",
    f"{ENDLESS} SELECT count(instr(hex(zeroblob(4900)) || n, hex(zeroblob(2450)) || n)) FROM r",
    f"{ENDLESS} SELECT count((hex(zeroblob(4900)) || n) LIKE '%{'0' * 90}a') FROM r",
    f"{ENDLESS} SELECT count(trim(hex(zeroblob(4900)) || n, hex(zeroblob(4900)) || n)) FROM r",
    f"{ENDLESS} SELECT count(replace(hex(zeroblob(4900)) || n, hex(zeroblob(2400)) || n, '')) FROM r",
    f"WITH c0 AS (SELECT id FROM sale){NAMES_FOR_NAMES} SELECT count(*) FROM c29",
    "SELECT count(*) FROM " + ", ".join(f"sale s{i}" for i in range(60)),
    "SELECT count(*) FROM " + ", ".join(f"sale s{i}" for i in range(70)),
    "SELECT zeroblob(1000000000)",
    "SELECT printf('%1000000000d', 1)",
    "SELECT hex(zeroblob(9000))",
    "SELECT " + "(" * 90 + "SELECT 1" + ")" * 90,
    "SELECT " + "abs(" * 900 + "1" + ")" * 900,
    "SELECT 1" + " + 1" * 1_000,
    "SELECT 1" + " UNION SELECT 1" * 300,
    "SELECT " + ", ".join("1" * 1_000),
    "SELECT 'a' LIKE '" + "%a" * 500 + "'",
    "SELECT 1" + " " * 200_000,
    "SELECT '" + "a" * 200_000 + "'",
    "SELECT '" * 50_000,
    "SELECT 1;" * 50_000,
    "SELECT (" * 50_000,
    "SELECT /*" * 50_000,
    "SELECT --" * 50_000,
    "\nSELECT 1" * 50_000,
    "```SELECT 1" * 50_000,
    "```sql\n" * 50_000,
    "<sql>SELECT 1</sql>" * 20_000,
    "/*" * 100_000,
    "(" * 200_000,
    "WITH " * 50_000,
    ":" * 200_000,
    "\n\n" * 100_000 + "SELECT 1",
    "SELECT '\0'",
    "SELECT '\ud800'",
]


@pytest.mark.parametrize("response", HOSTILE, ids=lambda text: f"{text[-40:]!r} x {len(text)}")
def test_a_hostile_response_gets_a_finding_and_is_not_paid(response: str) -> None:
    assert not settles_right(found(response))
    assert not settles_right(found(f"```sql\n{response}\n```"))


@pytest.mark.parametrize("query", HOSTILE[:12])
def test_a_limit_that_is_struck_is_no_zero(query: str) -> None:
    assert isinstance(found(query), Abstain)
    assert isinstance(found("SELECT 1", query), Abstain)


def test_the_clock_stops_what_steps_do_not() -> None:
    looks = iter([True, True, False])
    assert isinstance(
        run(find(Path(), SHOP), f"{ENDLESS} SELECT max(n) FROM r", lambda: next(looks)), Stopped
    )


@pytest.mark.parametrize(
    "reference",
    [
        None,
        "SELECT 1",
        {"sql": "SELECT 1"},
        {"sql": "", "db": SHOP},
        {"sql": 1, "db": SHOP},
        {"sql": "SELECT nope", "db": SHOP},
        {"sql": "DELETE FROM sale", "db": SHOP},
        {"sql": "SELECT 1", "db": "CREATE TABL t(a)"},
        {"sql": "SELECT 1", "db": "no_such_name"},
        {"sql": "SELECT 1", "db": "../policy"},
        {"sql": "SELECT 1", "db": "ATTACH DATABASE 'leak.db' AS x; CREATE TABLE x.t(a)"},
        {"sql": "SELECT 1", "db": f"CREATE TABLE t AS {ENDLESS} SELECT n FROM r"},
    ],
)
def test_a_reference_that_does_not_run_says_nothing_of_the_student(reference: object) -> None:
    sample = Sample("a", (Message("user", "?"),), "SELECT 1", reference)
    assert isinstance(Sql().verify(sample), Abstain)


@pytest.mark.parametrize("file", ["shop.sqlite", "shop.db", "shop.sql", "shop/shop.sqlite"])
def test_a_database_is_found_by_its_name(file: str, tmp_path: Path) -> None:
    path = tmp_path / file
    path.parent.mkdir(exist_ok=True)
    if path.suffix == ".sql":
        path.write_text(SHOP, encoding="utf-8")
    else:
        with closing(sqlite3.connect(path)) as connection:
            connection.executescript(SHOP)
    before = path.read_bytes()
    path.chmod(0o444)
    assert settles_right(found("SELECT count(*) FROM sale", COUNT, "shop", databases=str(tmp_path)))
    assert situation("DELETE FROM sale", COUNT, "shop", databases=str(tmp_path)).startswith("the statement")
    assert path.read_bytes() == before
    assert sorted(path.parent.iterdir()) == [path]


def test_a_file_that_is_no_database_says_nothing_of_the_student(tmp_path: Path) -> None:
    (tmp_path / "shop.sqlite").write_text("no database at all, but long enough to look like one" * 20)
    assert isinstance(found("SELECT 1", "SELECT 1", "shop", databases=str(tmp_path)), Abstain)


def test_a_name_never_leads_out_of_the_folder(tmp_path: Path) -> None:
    (tmp_path / "inside").mkdir()
    (tmp_path / "out.sql").write_text("CREATE TABLE t(a)")
    for name in ("../out", "..", ".", "/etc/passwd", "out\n"):
        with pytest.raises(NoDatabase):
            find(tmp_path / "inside", name)


def test_columns_may_come_in_any_order_where_the_policy_says_so() -> None:
    swapped, right = "SELECT city, name FROM customer", "SELECT name, city FROM customer"
    assert settles_right(found(swapped, right, any_column_order=True))
    assert not settles_right(found(swapped, right))
    assert not settles_right(found("SELECT city, name, id FROM customer", right, any_column_order=True))
    assert not settles_right(found("SELECT name, born FROM customer", right, any_column_order=True))


def test_numbers_are_equal_within_the_tolerance() -> None:
    assert settles_right(found("SELECT price * 1.0000000001 FROM product", "SELECT price FROM product"))
    assert not settles_right(found("SELECT price * 1.001 FROM product", "SELECT price FROM product"))
    near = found("SELECT price * 1.001 FROM product", "SELECT price FROM product", relative_tolerance=0.01)
    assert settles_right(near)
    assert not same(((2**62,),), ((2**62 + 1,),), in_order=True, tolerance=1e-9)


def test_numbers_nearly_equal_match_whatever_order_their_rows_sort_in() -> None:
    rows, others = ((0.3, "a"), (0.1 + 0.2, "b")), ((0.3, "b"), (0.1 + 0.2, "a"))
    assert same(rows, others, in_order=False, tolerance=1e-9)
    assert not same(rows, others, in_order=True, tolerance=1e-9)


def test_columns_that_look_alike_do_not_make_the_search_long() -> None:
    rows = tuple((None,) * 40 for _ in range(3))
    others = tuple((*(None,) * 39, i) for i in range(3))
    assert not matched(rows, others, in_order=True, tolerance=0)
    assert matched(rows, tuple((1, *row) for row in rows), in_order=True, tolerance=0)


@pytest.mark.parametrize(
    ("query", "is_ordered"),
    [
        ("SELECT a FROM t ORDER BY a", True),
        ("SELECT a FROM t order\n -- by what?\n by a LIMIT 1", True),
        ("SELECT a FROM (SELECT a FROM t ORDER BY a)", False),
        ("SELECT rank() OVER (ORDER BY a) FROM t", False),
        ("SELECT 'ORDER BY' FROM t", False),
        ('SELECT "order" FROM t -- ORDER BY a', False),
        ("SELECT [order by] FROM t /* ORDER BY */", False),
        ("WITH s AS (SELECT 1 ORDER BY 1) SELECT * FROM s", False),
    ],
)
def test_only_an_order_by_at_the_top_level_orders(query: str, is_ordered: bool) -> None:
    assert ordered(query) is is_ordered


def test_two_trims_agree_with_sqlite() -> None:
    texts = ["'xaax'", "' a '", "NULL", "12.50", "100", "''", "'ää'"]
    with closing(sqlite3.connect(":memory:")) as plain:
        for name in ("trim", "ltrim", "rtrim"):
            for text in texts:
                for characters in ("'x'", "'ax'", "NULL", "0", "''", "'ä '"):
                    query = f"SELECT {name}({text}, {characters})"
                    result = caged(query)
                    assert isinstance(result, Rows)
                    assert list(result.rows) == plain.execute(query).fetchall()


def test_every_granted_function_that_this_sqlite_has_is_deterministic_or_about_time() -> None:
    clock = {"current_date", "current_time", "current_timestamp"}
    aggregates = {"group_concat", "string_agg", "json_group_array", "json_group_object"}
    with closing(sqlite3.connect(":memory:")) as plain:
        listed = plain.execute("SELECT name, type, flags & 0x800 FROM pragma_function_list").fetchall()
    scalar = {name for name, kind, same_again in listed if kind == "s" and not same_again}
    dated = {"date", "time", "datetime", "julianday", "unixepoch", "strftime", "timediff"}
    assert FUNCTIONS & scalar <= clock | aggregates | dated


def test_thinned_copies_lack_every_third_row_and_mixed_ones_hold_other_values() -> None:
    shop = find(Path(), SHOP)
    assert isinstance(shop, bytes)
    made = list(copies(shop, [41.0]))
    counts = [run(copy, COUNT, lambda: True) for copy in made]
    assert [one.rows for one in counts if isinstance(one, Rows)] == [
        ((6,),),
        ((5,),),
        ((5,),),
        *[((8,),)] * COPIES,
    ]
    assert len({*made, shop}) == 2 * COPIES + 1
    assert made == list(copies(shop, [41.0]))


def test_mixed_copies_part_the_columns_of_a_row() -> None:
    pairs = "CREATE TABLE t(a, b); INSERT INTO t VALUES (1,'a'),(2,'b'),(3,'c'),(4,'d'),(5,'e'),(6,'f')"
    apart = "SELECT max(unicode(b) - unicode('a') <> a - 1) FROM t"
    mixed = list(copies(find(Path(), pairs), []))[COPIES:]
    found = [run(copy, apart, lambda: True) for copy in mixed]
    assert [one.rows for one in found if isinstance(one, Rows)] == [((1,),)] * COPIES


@pytest.mark.parametrize(
    "query",
    [
        "SELECT name FROM goods WHERE name IN ('oil', 'rice', 'soap', 'tea') ORDER BY name",
        "SELECT name FROM goods WHERE price > 2 AND name < 'u' AND name <> 'salt' ORDER BY name",
        "SELECT name FROM goods WHERE rowid <> 2 ORDER BY name",
    ],
)
def test_rows_that_are_written_into_the_query_are_not_settled_as_right(query: str) -> None:
    goods = {
        "sql": "SELECT name FROM goods WHERE price > 2 ORDER BY name",
        "db": "CREATE TABLE goods (name TEXT, price REAL);"
        "INSERT INTO goods VALUES ('tea', 3), ('salt', 1), ('rice', 2.5), ('oil', 6), ('soap', 4);",
    }
    finding = Sql().verify(Sample("a", (), query, goods))
    assert isinstance(finding, Verdict)
    assert finding.confidence < 0.95


@pytest.mark.parametrize(
    ("response", "reference"),
    [
        ("SELECT name FROM product WHERE price > 9", "SELECT name FROM product WHERE price > 10"),
        ("SELECT name FROM product WHERE price >= 3", "SELECT name FROM product WHERE price > 3"),
        ("SELECT name FROM customer WHERE id IN (1, 2)", NAMES),
        ("SELECT count(*) FROM customer WHERE born > 1", "SELECT count(*) FROM customer"),
    ],
)
def test_a_query_that_is_right_by_accident_does_not_settle(response: str, reference: str) -> None:
    assert not settles_right(found(response, reference))


def test_a_large_database_is_not_copied() -> None:
    wide = f"CREATE TABLE t(a); INSERT INTO t VALUES {','.join(['(zeroblob(9000))'] * 150)}"
    assert list(copies(find(Path(), wide), [])) == []


def test_without_images_only_files_are_databases(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(database, "HAS_IMAGES", False)
    finding = found("SELECT 1", "SELECT 1", "CREATE TABLE no_image(a)")
    assert isinstance(finding, Abstain)
    assert "name a file" in finding.reason


def test_an_empty_folder_name_is_refused_with_what_to_write() -> None:
    with pytest.raises(ValueError, match="write the folder"):
        Sql(databases=" ")


def test_the_tolerance_is_bounded() -> None:
    assert Sql.__dataclass_fields__["relative_tolerance"].metadata == {"ge": 0, "le": 1}


CELLS: st.SearchStrategy[Cell] = (
    st.none() | st.integers(-5, 5) | st.sampled_from([0.5, 1.0, "a", "b", b"a", ""])
)
ROWS: st.SearchStrategy[tuple[Row, ...]] = st.lists(st.tuples(CELLS, CELLS), max_size=6).map(
    lambda rows: (*rows,)
)


@given(ROWS.flatmap(lambda rows: st.tuples(st.just(rows), st.permutations(rows).map(tuple))))
def test_shuffled_rows_are_the_same_unless_their_order_counts(
    both: tuple[tuple[Row, ...], tuple[Row, ...]],
) -> None:
    rows, shuffled = both
    assert same(rows, shuffled, in_order=False, tolerance=1e-9)
    assert same(rows, shuffled, in_order=True, tolerance=1e-9) is (rows == shuffled)


@given(st.text(alphabet="SELECT select;'\"`[]()-/*\n ,a1<sq>", max_size=80))
def test_no_text_makes_the_search_for_queries_fail(text: str) -> None:
    assert len(queries(text)) <= len(text)
