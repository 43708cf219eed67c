"""
What CloudWatch makes of lines in its embedded metric format, as strictly as the format is published.

    points = read(lines)
    total(points, "samples", rule="math")

Covered: the published schema's facts, that every reference leads to a member of the right type, and beyond
them the histograms that OpenTelemetry's exporter writes.
Not covered: what CloudWatch does with lines that break the rules.
"""

import json
import math
import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from jsonschema import Draft202012Validator  # type: ignore[import-untyped,unused-ignore]

NAME = {"type": "string", "minLength": 1, "maxLength": 255}
UNITS = ["Seconds", "Percent", "Count", "None"]
"""Of those that CloudWatch knows, the ones that are used here."""
DIRECTIVE = {
    "type": "object",
    "required": ["Namespace", "Dimensions", "Metrics"],
    "additionalProperties": False,
    "properties": {
        "Namespace": NAME,
        "Dimensions": {
            "type": "array",
            "minItems": 1,
            "items": {"type": "array", "maxItems": 9, "items": NAME},
        },
        "Metrics": {
            "type": "array",
            "maxItems": 100,
            "items": {
                "type": "object",
                "required": ["Name"],
                "additionalProperties": False,
                "properties": {"Name": NAME, "Unit": {"enum": UNITS}},
            },
        },
    },
}
LINE = {
    "type": "object",
    "required": ["_aws"],
    "properties": {
        "_aws": {
            "type": "object",
            "required": ["Timestamp", "CloudWatchMetrics"],
            "additionalProperties": False,
            "properties": {
                "Timestamp": {"type": "integer"},
                "CloudWatchMetrics": {"type": "array", "items": DIRECTIVE},
            },
        },
    },
}
"""Facts of https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/
CloudWatch_Embedded_Metric_Format_Specification.html."""
NUMBERS = {"type": "array", "minItems": 1, "maxItems": 100, "items": {"type": "number"}}
STATISTICS = ("Max", "Min", "Count", "Sum")
TARGET = {
    "anyOf": [
        {"type": "number"},
        {
            "type": "object",
            "required": list(STATISTICS),
            "additionalProperties": False,
            "properties": {key: {"type": "number"} for key in STATISTICS}
            | {"Values": NUMBERS, "Counts": NUMBERS},
            "dependentRequired": {"Values": ["Counts"], "Counts": ["Values"]},
        },
    ]
}
MOST_BYTES = 256 * 1024
VALUE = re.compile(r"(?=.*\S)[ -~]{1,1024}")
"""Of a dimension: https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_Dimension.html."""


@dataclass(frozen=True, slots=True)
class Point:
    """One data point of one metric."""

    name: str
    unit: str
    dimensions: tuple[tuple[str, str], ...]
    """(name, value) of each, in order."""
    count: int
    sum: float
    least: float
    most: float
    at: float
    """Seconds since the epoch."""
    buckets: tuple[tuple[float, float], ...]
    """(value, how many times) of each that is told; a mean's is none."""


def read(lines: Iterable[str]) -> list[Point]:
    """Return the points of these lines; fail on one that breaks a rule."""
    return [point for line in lines for point in _points(line)]


def _points(line: str) -> Iterable[Point]:
    assert "\n" not in line
    assert len(line.encode()) <= MOST_BYTES
    read = json.loads(line)
    Draft202012Validator(LINE).validate(read)
    for directive in read["_aws"]["CloudWatchMetrics"]:
        assert directive["Namespace"] == "RewardRouter"
        for keys in directive["Dimensions"]:
            assert all(VALUE.fullmatch(read[key]) for key in keys)
            for metric in directive["Metrics"]:
                what = metric["Name"], metric.get("Unit", "None"), tuple((key, read[key]) for key in keys)
                yield _point(what, read["_aws"]["Timestamp"] / 1000, read[metric["Name"]])


def _point(what: tuple[str, str, tuple[tuple[str, str], ...]], at: float, told: Any) -> Point:
    Draft202012Validator(TARGET).validate(told)
    if not isinstance(told, dict):
        return Point(*what, 1, told, told, told, at, ((told, 1),))
    buckets: tuple[tuple[float, float], ...] = ()
    if "Values" in told:
        values, counts = told["Values"], told["Counts"]
        assert len(values) == len(counts)
        assert sum(counts) == told["Count"]
        assert all(told["Min"] <= value <= told["Max"] for value in values)
        spread = sum(value * count for value, count in zip(values, counts, strict=True))
        assert math.isclose(spread, told["Sum"], rel_tol=1e-5, abs_tol=1e-9)
        buckets = tuple(zip(values, counts, strict=True))
    return Point(*what, told["Count"], told["Sum"], told["Min"], told["Max"], at, buckets)


def of(points: Iterable[Point], name: str, **dimensions: str) -> list[Point]:
    """Return the points of one metric under exactly these dimensions, beside the function's."""
    return [
        point
        for point in points
        if point.name == name
        and {key: value for key, value in point.dimensions if key != "function"} == dimensions
    ]


def total(points: Iterable[Point], name: str, **dimensions: str) -> float:
    """Return the Sum of a metric."""
    return math.fsum(point.sum for point in of(points, name, **dimensions))


def average(points: Iterable[Point], name: str, **dimensions: str) -> float:
    """Return the Average of a metric."""
    found = of(points, name, **dimensions)
    return math.fsum(point.sum for point in found) / sum(point.count for point in found)
