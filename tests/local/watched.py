"""
What the function tells CloudWatch, read from its log, and what a stack's alarms and dashboard refer to.

A `Series` is what both have in common: a metric of a namespace under a set of dimensions.
"""

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

SEARCH = re.compile(
    r"SEARCH\('\{(?P<namespace>[\w/]+),(?P<dimensions>[\w,]+)\} MetricName=\"(?P<name>\w+)\" "
    r"function=\"[\w-]+\"', '(?P<statistic>\w+)', \d+\)"
)


@dataclass(frozen=True, slots=True)
class Series:
    """A metric under a set of dimensions, whatever their values."""

    namespace: str
    name: str
    dimensions: frozenset[str]


@dataclass(frozen=True, slots=True)
class Reference:
    """Something that looks at a series, through a statistic."""

    series: Series
    statistic: str
    by: str
    """The alarm or the widget."""


def emitted(log: str) -> dict[Series, str]:
    """Return the unit of every series in the lines of CloudWatch's embedded metric format in a log."""
    found: dict[Series, str] = {}
    for line in lines(log):
        for directive in line["_aws"]["CloudWatchMetrics"]:
            for dimensions in directive["Dimensions"]:
                assert line.keys() >= set(dimensions)
                for metric in directive["Metrics"]:
                    assert metric["Name"] in line
                    series = Series(directive["Namespace"], metric["Name"], frozenset(dimensions))
                    found[series] = metric.get("Unit", "None")
    return found


def lines(log: str) -> Iterator[Mapping[str, Any]]:
    """Return the lines of the embedded metric format in a log."""
    for line in log.splitlines():
        if line.startswith("{") and '"_aws"' in line:
            yield json.loads(line)


def total(log: str, metric: str) -> float:
    """Return what a count comes to in a log."""
    return sum((float(line[metric]) for line in lines(log) if metric in line), start=0.0)


def alarm_references(alarm: Mapping[str, Any]) -> Iterator[Reference]:
    """Return what an alarm looks at: its one metric, or those that its expression is made of."""
    stats = [query["MetricStat"] for query in alarm.get("Metrics", ()) if "MetricStat" in query]
    for stat in stats or [{"Metric": alarm, "Stat": alarm["Statistic"]}]:
        metric = stat["Metric"]
        names = frozenset(dimension["Name"] for dimension in metric["Dimensions"])
        yield Reference(
            Series(metric["Namespace"], metric["MetricName"], names), stat["Stat"], alarm["AlarmName"]
        )


def dashboard_references(body: Mapping[str, Any]) -> Iterator[Reference]:
    """Return what a dashboard looks at, searches included."""
    for widget in body["widgets"]:
        properties = widget["properties"]
        for metric in properties.get("metrics", ()):
            match metric:
                case [{"expression": str(expression)}]:
                    yield from searched(expression, properties["title"])
                case [namespace, name, *rest]:
                    options = rest.pop() if isinstance(rest[-1], dict) else {}
                    series = Series(namespace, name, frozenset(rest[::2]))
                    yield Reference(series, options.get("stat", properties["stat"]), properties["title"])


def searched(expression: str, title: str) -> Iterator[Reference]:
    """Return what the searches of an expression look at."""
    found = list(SEARCH.finditer(expression))
    assert len(found) == expression.count("SEARCH(")
    for one in found:
        series = Series(one["namespace"], one["name"], frozenset(one["dimensions"].split(",")))
        yield Reference(series, one["statistic"], title)
