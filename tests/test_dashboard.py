"""The dashboard over a simulated job: what it draws, and that nothing rings in a healthy one."""

import json
from typing import Any

import numpy as np
import pytest

from benchmarks.dashboard.__main__ import watching
from benchmarks.dashboard.alarms import rang
from benchmarks.dashboard.job import FUNCTION, START, job
from benchmarks.dashboard.series import Series
from benchmarks.dashboard.widgets import shown
from tests.local.cloudwatch import Point


def test_what_is_drawn_as_an_alarms_line_is_its_threshold() -> None:
    body, known = watching()
    thresholds = {alarm.get("Threshold") for alarm in known.values()}
    drawn = [
        mark["value"]
        for widget in body["widgets"]
        for mark in widget["properties"].get("annotations", {}).get("horizontal", ())
        if mark["label"].startswith("alarm")
    ]
    assert len(drawn) == 5
    assert set(drawn) <= thresholds


def test_a_share_of_few_audits_is_drawn_over_the_hour_that_its_alarm_counts() -> None:
    body, known = watching()
    [hour] = {
        query["MetricStat"]["Period"]
        for query in known[f"{FUNCTION}-parting-ways"]["Metrics"]
        if "MetricStat" in query
    }
    metrics = [one for widget in body["widgets"] for one in widget["properties"].get("metrics", ())]
    drawn = [one[-1] for one in metrics if "parted" in json.dumps(one)]
    assert [options["period"] for options in drawn] == [hour] * len(drawn) != []


def test_a_quiet_quarter_of_an_hour_is_no_share_of_escalated_samples() -> None:
    _, known = watching()
    queries = {one["Id"]: one for one in known[f"{FUNCTION}-escalations-drifting"]["Metrics"]}
    given = {"part": np.array([10.0, np.nan, 40.0, np.nan]), "whole": np.array([50.0, 50.0, 49.0, np.nan])}
    [line] = series().math(queries["share"]["Expression"], given, "")
    assert [None if np.isnan(one) else one for one in line.values] == [20.0, 0.0, None, None]


def test_a_job_without_trouble_rings_no_alarm_and_leaves_hardly_a_graph_empty() -> None:
    body, known = watching()
    series = Series(job(hours=0.75).points(), START, 0.75 * 3600)
    rung = {name: rang(series, alarm) for name, alarm in known.items()}
    assert {name for name, one in rung.items() if one.times} == set()
    empty = [widget["properties"]["title"] for widget in body["widgets"] if _is_empty(series, widget)]
    assert empty == ["Silences by kind"]


def _is_empty(series: Series, widget: Any) -> bool:
    try:
        return widget["type"] == "metric" and not shown(series, widget["properties"])
    except ValueError:
        return True


# --- what CloudWatch makes of points ------------------------------------------------------------------


def point(at: float, *values: float, name: str = "m", rule: str = "") -> Point:
    """A histogram's point, so many seconds after the start."""
    dimensions = (("function", "f"), *([("rule", rule)] if rule else []))
    buckets = tuple((value, 1) for value in values)
    return Point(name, "None", dimensions, len(values), sum(values), min(values), max(values), at, buckets)


def series(*points: Point) -> Series:
    return Series({"N": points}, 0.0, 20.0)


def values(made: Series, stat: str) -> list[float | None]:
    """A statistic over two periods of ten seconds, None where there is no value."""
    found = made.values("N", "m", frozenset({("function", "f")}), stat, 10)
    return [None if np.isnan(one) else float(one) for one in found]


@pytest.mark.parametrize(
    ("stat", "first"), [("Sum", 10.0), ("Average", 2.5), ("Maximum", 4.0), ("p50", 2.0), ("p90", 4.0)]
)
def test_a_statistic_is_that_of_all_values_of_a_period(stat: str, first: float) -> None:
    assert values(series(point(1, 4, 1), point(9, 3, 2)), stat) == [first, None]


def test_an_expression_fills_in_and_has_no_value_where_a_metric_has_none() -> None:
    given = {"part": np.array([np.nan, 1.0]), "whole": np.array([4.0, np.nan])}
    [line] = series().math("100 * FILL(part, 0) / whole", given, "share")
    assert (line.label, line.values[0], np.isnan(line.values[1])) == ("share", 0.0, True)
    [line] = series().math("IF(whole >= 5, part, 7)", given, "")
    assert line.values.tolist() == [7.0, 7.0]


def test_a_search_finds_a_line_for_each_value_of_the_dimension_that_it_leaves_open() -> None:
    made = series(point(1, 3, rule="b"), point(1, 1, rule="a"), point(1, 9), point(1, 5, name="n", rule="a"))
    lines = made.math("""SEARCH('{N,function,rule} MetricName="m" function="f"', 'Sum', 10)""", {}, "")
    assert [(line.label, line.values[0]) for line in lines] == [("a", 1.0), ("b", 3.0)]


def test_an_expression_that_nobody_taught_is_refused() -> None:
    with pytest.raises(ValueError, match="teach"):
        series().math("RATE(2)", {}, "")


def test_an_alarm_rings_from_the_datapoint_that_makes_enough_of_its_window() -> None:
    alarm = {
        **{"Namespace": "N", "MetricName": "m", "Dimensions": [{"Name": "function", "Value": "f"}]},
        **{"Statistic": "Maximum", "Period": 5, "EvaluationPeriods": 3, "DatapointsToAlarm": 2},
        **{"Threshold": 1, "ComparisonOperator": "GreaterThanThreshold", "TreatMissingData": "notBreaching"},
    }
    rung = rang(series(point(1, 2), point(11, 2), point(16, 0.5)), alarm)
    assert (rung.state, rung.times) == ("OK", ((10.0, 15.0),))
