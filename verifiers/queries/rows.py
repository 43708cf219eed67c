"""
What a query returns; whether two results hold the same rows, and if not, how they differ.

Numbers are equal by value (`1`, `1.0`) or within a relative tolerance where one is no integer, text and
bytes exactly, NULL to NULL. A number and a text never are.
"""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from math import isclose

Cell = int | float | str | bytes | None
Row = tuple[Cell, ...]


@dataclass(frozen=True, slots=True)
class Rows:
    """What a query returned, and the tables it read."""

    rows: tuple[Row, ...]
    reads: frozenset[str]


@dataclass(frozen=True, slots=True)
class Failed:
    """The query is no SQL, or does not fit the database."""

    reason: str


@dataclass(frozen=True, slots=True)
class Meddled:
    """The statement asked for more than reading."""

    reason: str


@dataclass(frozen=True, slots=True)
class Stopped:
    """A limit was struck, or a function asked for that is not granted: nothing is known of the query."""

    reason: str


Result = Rows | Failed | Meddled | Stopped


MOST_TRIES = 24
"""Ways to match columns that are tried; columns with equal values match in many."""


@dataclass(frozen=True, slots=True)
class Comparison:
    """What counts when two results are compared."""

    in_order: bool
    """Whether the order of the rows does."""
    any_column_order: bool
    """Whether the order of the columns does not."""
    tolerance: float
    """The largest relative difference at which two numbers are still equal."""

    def same(self, rows: Sequence[Row], others: Sequence[Row]) -> bool:
        """Say whether two results are the same."""
        if same(rows, others, in_order=self.in_order, tolerance=self.tolerance):
            return True
        return (
            self.any_column_order
            and _width(rows) == _width(others)
            and matched(rows, others, in_order=self.in_order, tolerance=self.tolerance)
        )

    def difference(self, rows: Sequence[Row], others: Sequence[Row]) -> str:
        """Name the situation of two results that are not the same."""
        if self.in_order and same(rows, others, in_order=False, tolerance=self.tolerance):
            return "the same rows in another order"
        if rows and set(rows) == set(others):
            return "the same rows, but not as often"
        if matched(rows, others, in_order=False, tolerance=self.tolerance):
            return "the same rows, but for more columns or another order of them"
        return "different rows"


def same(rows: Sequence[Row], others: Sequence[Row], *, in_order: bool, tolerance: float) -> bool:
    """Say whether two results hold the same rows, equally often, and in the same order where it counts."""
    if len(rows) != len(others) or _width(rows) != _width(others):
        return False
    if rows == others or (not in_order and Counter(rows) == Counter(others)):
        return True
    if not in_order:
        rows, others = sorted(rows, key=_rank), sorted(others, key=_rank)
    return all(
        _equal(cell, other, tolerance)
        for row, other_row in zip(rows, others, strict=True)
        for cell, other in zip(row, other_row, strict=True)
    )


def matched(rows: Sequence[Row], others: Sequence[Row], *, in_order: bool, tolerance: float) -> bool:
    """Say whether some of the other columns, put in the right order, make the same rows."""
    if len(rows) != len(others) or not rows or _width(others) < _width(rows):
        return False
    for tries, places in enumerate(_places(rows, others)):
        if tries == MOST_TRIES:
            return False
        picked = [tuple(row[place] for place in places) for row in others]
        if same(rows, picked, in_order=in_order, tolerance=tolerance):
            return True
    return False


def _places(rows: Sequence[Row], others: Sequence[Row]) -> Iterator[tuple[int, ...]]:
    """Yield ways to match columns, each with one that holds the same values."""
    here, there = _columns(rows), _columns(others)
    if any(here.count(values) > there.count(values) for values in here):
        return  # also what keeps the search from dead ends: columns that fit one fit all of their kind
    yield from _chosen([[place for place, one in enumerate(there) if one == values] for values in here], ())


def _columns(rows: Sequence[Row]) -> list[list[tuple[object, ...]]]:
    """Return the values of each column, sorted."""
    return [sorted(_rank((cell,)) for cell in column) for column in zip(*rows, strict=True)]


def _chosen(fitting: Sequence[Sequence[int]], chosen: tuple[int, ...]) -> Iterator[tuple[int, ...]]:
    if len(chosen) == len(fitting):
        yield chosen
        return
    for place in fitting[len(chosen)]:
        if place not in chosen:
            yield from _chosen(fitting, (*chosen, place))


def _width(rows: Sequence[Row]) -> int:
    return len(rows[0]) if rows else 0


def _rank(row: Row) -> tuple[object, ...]:
    """Return what rows are sorted by: what is compared exactly first, then numbers to nine digits."""
    kinds = tuple((_kind(cell), cell if isinstance(cell, str | bytes) else "") for cell in row)
    return kinds, tuple(_rounded(cell) for cell in row if isinstance(cell, int | float))


def _rounded(number: float) -> float:
    """Return a number to nine digits, so that what is nearly equal sorts as one."""
    if -1e8 < number < 1e8 and number == int(number):
        return float(number)
    return float(f"{number:.8e}")


def _kind(cell: Cell) -> int:
    return 0 if cell is None else 1 if isinstance(cell, int | float) else 2 if isinstance(cell, str) else 3


def _equal(cell: Cell, other: Cell, tolerance: float) -> bool:
    if isinstance(cell, float) or isinstance(other, float):
        if isinstance(cell, int | float) and isinstance(other, int | float):
            return isclose(cell, other, rel_tol=tolerance)
        return False
    return type(cell) is type(other) and cell == other
