"""
When an alarm of the template would ring over a series: threshold, periods, datapoints and missing data.

An alarm on a learnt band is left out: CloudWatch learns it from days.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np

from benchmarks.dashboard.series import Series, Values

LEARNT = "ThresholdMetricId"


@dataclass(frozen=True, slots=True)
class Rang:
    """What became of an alarm."""

    state: Literal["OK", "in alarm", "learning"]
    """In the end."""
    times: tuple[tuple[float, float], ...] = ()
    """(from, to) in seconds of the job, of each period at whose end it rang."""


def rang(series: Series, alarm: Mapping[str, Any]) -> Rang:
    """Return when an alarm rang."""
    if LEARNT in alarm:
        return Rang("learning")
    seconds, values = _period(alarm), watched(series, alarm)
    assert alarm["TreatMissingData"] == "notBreaching"
    above = {"GreaterThanThreshold": True, "LessThanThreshold": False}[alarm["ComparisonOperator"]]
    breaching = values > alarm["Threshold"] if above else values < alarm["Threshold"]
    window = alarm["EvaluationPeriods"]
    counts = np.convolve(breaching, np.ones(window))[: len(breaching)]
    rings = counts >= alarm.get("DatapointsToAlarm", window)
    times = tuple((float(place * seconds), float((place + 1) * seconds)) for place in np.flatnonzero(rings))
    return Rang("in alarm" if rings[-1] else "OK", times)


def _period(alarm: Mapping[str, Any]) -> int:
    stats = [query["MetricStat"] for query in alarm.get("Metrics", ()) if "MetricStat" in query]
    return int(stats[0]["Period"] if stats else alarm["Period"])


def watched(series: Series, alarm: Mapping[str, Any]) -> Values:
    """Return the series that an alarm looks at."""
    if "Metrics" not in alarm:
        return _metric(series, alarm, alarm["Statistic"], alarm["Period"])
    queries = {query["Id"]: query for query in alarm["Metrics"]}
    given = {
        key: _metric(series, (stat := query["MetricStat"])["Metric"], stat["Stat"], stat["Period"])
        for key, query in queries.items()
        if "MetricStat" in query
    }
    [math] = [query["Expression"] for query in queries.values() if "Expression" in query]
    [line] = series.math(math, given, "")
    return line.values


def _metric(series: Series, metric: Mapping[str, Any], stat: str, seconds: int) -> Values:
    dimensions = frozenset((one["Name"], one["Value"]) for one in metric["Dimensions"])
    return series.values(metric["Namespace"], metric["MetricName"], dimensions, stat, seconds)
