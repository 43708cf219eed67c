"""The best way to pair the items of two lists, each with at most one of the other."""

from collections.abc import Sequence
from math import inf

MOST_ITEMS = 32
"""Items of a list; the time grows with their third power."""


def best_pairs(gains: Sequence[Sequence[float]]) -> list[int]:
    """
    Return for each row its column, -1 for none, so that the gains add up to the most.

    The Hungarian method with potentials (Kuhn 1955, Munkres 1957), O(n^3). A gain of 0 or less is no pair.
    """
    rows, columns = len(gains), len(gains[0]) if gains else 0
    size = max(rows, columns)
    costs = [
        [-gains[row][column] if row < rows and column < columns else 0.0 for column in range(size)]
        for row in range(size)
    ]
    chosen = _assignment(costs)
    return [
        column if column < columns and gains[row][column] > 0 else -1
        for row, column in enumerate(chosen[:rows])
    ]


def _assignment(costs: Sequence[Sequence[float]]) -> list[int]:
    """Return the column of each row of a square table, at the least cost."""
    size = len(costs)
    row_of = [-1] * (size + 1)  # by column; the last column is where a new row starts its search
    above, beside = [0.0] * size, [0.0] * (size + 1)  # the potentials of rows and of columns
    for row in range(size):
        row_of[size] = row
        column = size
        least, before, seen = [inf] * size, [size] * size, [False] * (size + 1)
        while row_of[column] >= 0:
            seen[column] = True
            here, step, then = row_of[column], inf, size
            for other in range(size):
                if not seen[other]:
                    cost = costs[here][other] - above[here] - beside[other]
                    if cost < least[other]:
                        least[other], before[other] = cost, column
                    if least[other] < step:
                        step, then = least[other], other
            for other in range(size + 1):
                if seen[other]:
                    above[row_of[other]] += step
                    beside[other] -= step
                elif other < size:
                    least[other] -= step
            column = then
        while column != size:
            row_of[column] = row_of[before[column]]
            column = before[column]
    chosen = [0] * size
    for column in range(size):
        chosen[row_of[column]] = column
    return chosen
