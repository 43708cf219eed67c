"""What the widgets of a dashboard show: each of its metrics, expressions and searches as lines."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from benchmarks.dashboard.series import Series, Values


@dataclass(frozen=True, slots=True)
class Shown:
    """One line of a widget."""

    label: str
    values: Values
    """One for each period, NaN where there is none."""
    period: int


def shown(series: Series, properties: Mapping[str, Any]) -> list[Shown]:
    """Return the lines of a widget that have a value anywhere; fail where none has."""
    lines = [line for line in _lines(series, properties) if not np.all(np.isnan(line.values))]
    if not lines:
        raise ValueError(f"{properties['title']!r} is empty: let the job do what it shows")
    return lines


def _lines(series: Series, properties: Mapping[str, Any]) -> Iterator[Shown]:
    given: dict[str, Values] = {}
    expressions: list[Mapping[str, Any]] = []
    for metric in properties["metrics"]:
        options = metric[-1] if isinstance(metric[-1], dict) else {}
        if "expression" in options:
            expressions.append(options)
            continue
        period = options.get("period", properties["period"])
        values = _values(
            series, metric[: -1 if options else None], options.get("stat", properties["stat"]), period
        )
        given[options.get("id", "")] = values
        if options.get("visible", True):
            yield Shown(options["label"], values, period)
    for one in expressions:
        for line in series.math(one["expression"], given, one["label"]):
            yield Shown(line.label, line.values, one.get("period", properties["period"]))


def _values(series: Series, metric: Sequence[str], stat: str, period: int) -> Values:
    namespace, name, *rest = metric
    return series.values(namespace, name, frozenset(zip(rest[::2], rest[1::2], strict=True)), stat, period)
