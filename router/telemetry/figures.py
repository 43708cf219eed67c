"""
The kinds of figures that metrics are made of, and how each is told in CloudWatch's embedded metric format.

A mean is told as `Max`, `Min`, `Count` and `Sum`, a histogram with `Values` and `Counts` beside them: so does
OpenTelemetry's exporter (`cWMetricStats` and `cWMetricHistogram` in exporter/awsemfexporter of
opentelemetry-collector-contrib), which says that CloudWatch takes the number of samples from `Counts`. The
published specification of the format knows only numbers and lists of at most 100 numbers.
"""

import math
from collections.abc import Callable
from typing import Protocol

Told = float | dict[str, object]

RATIO, SHORTEST = 1.25, 1e-4
"""Between buckets of seconds, and where the first of them lies: 72 of them reach to a quarter of an hour."""


class Figure(Protocol):
    """Takes values, and tells what they come to."""

    def add(self, value: float, count: int = 1) -> None:
        """Take a value, so many times."""

    def told(self) -> Told:
        """Return what is written."""


class Sum:
    """Adds up."""

    def __init__(self) -> None:
        self.total = 0.0

    def add(self, value: float, count: int = 1) -> None:
        """Add a value, so many times."""
        self.total += value * count

    def told(self) -> Told:
        """Return the total."""
        return short(self.total)


class Highest:
    """Keeps the highest."""

    def __init__(self) -> None:
        self.most = -math.inf

    def add(self, value: float, count: int = 1) -> None:
        """Keep a value that is higher than all before it."""
        self.most = max(self.most, value)

    def told(self) -> Told:
        """Return the highest."""
        return short(self.most)


class Mean:
    """Keeps what a mean needs, and the extremes."""

    def __init__(self) -> None:
        self.count, self.total = 0, 0.0
        self.least, self.most = math.inf, -math.inf

    def add(self, value: float, count: int = 1) -> None:
        """Take a value, so many times."""
        self.count += count
        self.total += value * count
        self.least, self.most = min(self.least, value), max(self.most, value)

    def told(self) -> Told:
        """Return the extremes, the number of values and their sum; a single value as it is."""
        if self.count == 1:
            return short(self.total)
        figures = {"Max": self.most, "Min": self.least, "Count": self.count, "Sum": self.total}
        return {name: short(figure) for name, figure in figures.items()}


class Histogram:
    """Keeps values in buckets; `place` says which a value falls into. A bucket stands at its values' mean."""

    def __init__(self, place: Callable[[float], int]) -> None:
        self._place = place
        self.all = Mean()
        self._buckets: dict[int, Mean] = {}

    def add(self, value: float, count: int = 1) -> None:
        """Take a value, so many times."""
        self.all.add(value, count)
        self._buckets.setdefault(self._place(value), Mean()).add(value, count)

    def told(self) -> Told:
        """Return the buckets, in order, and what their mean needs; a single value as it is."""
        figures = self.all.told()
        if not isinstance(figures, dict):
            return figures
        buckets = [self._buckets[place] for place in sorted(self._buckets)]
        values = [short(bucket.total / bucket.count) for bucket in buckets]
        return {"Values": values, "Counts": [bucket.count for bucket in buckets], **figures}


def step(low: float, high: float, steps: int) -> Callable[[float], int]:
    """Return what places values of a range in so many equal steps, the ends of the range among them."""
    return lambda value: round((value - low) / (high - low) * steps)


def ratio(seconds: float) -> int:
    """Place seconds in buckets each of which is a quarter wider than the one before."""
    return round(math.log(max(seconds, SHORTEST) / SHORTEST, RATIO))


def short(number: float) -> float:
    """Return a number without digits that nobody reads; a whole one without a point."""
    number = number if abs(number) >= 1e6 else float(f"{number:.7g}")
    return int(number) if number == int(number) else number
