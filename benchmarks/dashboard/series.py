"""
What CloudWatch draws of points: statistics by period, metric math, and searches.

A `Line` is a label and a value for each period, NaN where there is none. The expressions of the template are
valid Python, so `ast` reads them; anything that is not among its few functions is an error.
"""

import ast
import math
import re
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tests.local.cloudwatch import Point

Values = NDArray[np.float64]
Dimensions = frozenset[tuple[str, str]]

SEARCHED = re.compile(r"\{(?P<namespace>[\w/]+),(?P<keys>[\w,]+)\} MetricName=\"(?P<name>\w+)\" (?P<rest>.*)")
EQUALS = re.compile(r"(\w+)=\"([^\"]+)\"")
OPERATIONS = {ast.Add: np.add, ast.Sub: np.subtract, ast.Mult: np.multiply, ast.Div: np.divide}
COMPARISONS = {ast.GtE: np.greater_equal, ast.Gt: np.greater, ast.Lt: np.less}


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a graph."""

    label: str
    values: Values


class Series:
    """All points, and the time that is looked at, in seconds since the epoch."""

    def __init__(self, points: Mapping[str, Sequence[Point]], start: float, seconds: float) -> None:
        self.start, self.seconds = start, seconds
        self._points: defaultdict[tuple[str, str, Dimensions], list[Point]] = defaultdict(list)
        for namespace, all_of_it in points.items():
            for point in all_of_it:
                self._points[namespace, point.name, frozenset(point.dimensions)].append(point)

    def values(self, namespace: str, name: str, dimensions: Dimensions, stat: str, period: int) -> Values:
        """Return a statistic of a metric for each period."""
        by_period: defaultdict[int, list[Point]] = defaultdict(list)
        for point in self._points.get((namespace, name, dimensions), ()):
            by_period[int((point.at - self.start) // period)].append(point)
        periods = range(math.ceil(self.seconds / period))
        return np.array(
            [_statistic(by_period[one], stat) if one in by_period else math.nan for one in periods]
        )

    def search(self, text: str, stat: str, period: int) -> list[Line]:
        """Return a line for each metric that a search finds, labelled by the dimension that is left open."""
        found = SEARCHED.fullmatch(text)
        assert found, text
        keys, fixed = set(found["keys"].split(",")), set(EQUALS.findall(found["rest"]))
        lines = []
        for namespace, name, dimensions in self._points:
            same = (namespace, name) == (found["namespace"], found["name"])
            if same and {key for key, _ in dimensions} == keys and fixed <= dimensions:
                label = " ".join(value for _, value in sorted(dimensions - fixed))
                lines.append(Line(label, self.values(namespace, name, dimensions, stat, period)))
        return sorted(lines, key=lambda line: line.label)

    def math(self, expression: str, given: Mapping[str, Values], label: str) -> list[Line]:
        """Return what an expression over metrics with ids comes to; a search keeps the labels it finds."""
        lines = self._evaluated(ast.parse(expression, mode="eval").body, given)
        return [Line(line.label or label, line.values) for line in lines]

    def _evaluated(self, node: ast.expr, given: Mapping[str, Values]) -> list[Line]:
        match node:
            case ast.Constant(value=int() | float() as number):
                return [Line("", np.array([float(number)]))]
            case ast.Name(id=name):
                return [Line("", given[name])]
            case ast.BinOp(left=left, op=op, right=right):
                return self._combined(OPERATIONS[type(op)], left, right, given)
            case ast.Compare(left=left, ops=[op], comparators=[right]):
                return self._combined(COMPARISONS[type(op)], left, right, given)
            case ast.Call(func=ast.Name(id="SEARCH"), args=arguments):
                return self.search(*[ast.literal_eval(one) for one in arguments])
            case ast.Call(func=ast.Name(id=function), args=arguments):
                return [_called(function, [self._evaluated(one, given)[0].values for one in arguments])]
        raise ValueError(f"{ast.unparse(node)}: teach benchmarks/dashboard/series.py to evaluate it")

    def _combined(
        self, operation: Any, left: ast.expr, right: ast.expr, given: Mapping[str, Values]
    ) -> list[Line]:
        with np.errstate(divide="ignore", invalid="ignore"):
            return [
                Line(one.label or other.label, operation(one.values, other.values))
                for one in self._evaluated(left, given)
                for other in self._evaluated(right, given)
            ]


def _called(function: str, arguments: Sequence[Values]) -> Line:
    match function, arguments:
        case "FILL", [values, filler]:
            return Line("", np.where(np.isnan(values), filler, values))
        case "IF", [condition, yes, no]:
            return Line("", np.where(condition, yes, no))
        case "IF", [condition, yes]:
            return Line("", np.where(condition, yes, math.nan))
    raise ValueError(f"{function}: teach benchmarks/dashboard/series.py this function")


def _statistic(points: Sequence[Point], stat: str) -> float:
    count = sum(point.count for point in points)
    match stat:
        case "Sum":
            return math.fsum(point.sum for point in points)
        case "Average":
            return math.fsum(point.sum for point in points) / count
        case "Maximum":
            return max(point.most for point in points)
    return _percentile([pair for point in points for pair in point.buckets], float(stat.removeprefix("p")))


def _percentile(buckets: Sequence[tuple[float, float]], percent: float) -> float:
    """Return the smallest value at or below which so many percent lie."""
    rest = percent / 100 * sum(count for _, count in buckets)
    for value, count in sorted(buckets):
        rest -= count
        if rest <= 1e-9:
            return value
    raise ValueError("a percentile of no values")
