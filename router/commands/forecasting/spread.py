"""
How far a figure may lie from the truth: the bootstrap over rollout groups, seeded.

Rollouts of one prompt resemble each other, so groups are drawn, never samples. Quantiles are widened for few
groups as in Hesterberg, "What Teachers Should Know About the Bootstrap" (2015), section 5.3, and for the draw
that the job itself is: as many of its groups as `samples` make.
"""

import math
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from operator import mul
from random import Random
from statistics import NormalDist

CONFIDENCE = 0.90
DRAWS = 1000
MOST_BUNDLES = 400
"""More groups than this are tied at random into so many bundles: the spread stays, the work does not grow."""


@dataclass(frozen=True, slots=True)
class Range:
    """A figure, and between which values the truth lies with `CONFIDENCE`."""

    low: float
    expected: float
    high: float

    def times(self, factor: float) -> "Range":
        """Return it in other units."""
        return Range(self.low * factor, self.expected * factor, self.high * factor)

    def plus(self, other: "Range") -> "Range":
        """Return the sum, as if both were low, or high, together."""
        return Range(self.low + other.low, self.expected + other.expected, self.high + other.high)


class Resamples:
    """
    The file drawn anew many times, group by group.

    `ahead` is how many groups the job will have; infinite asks for the population's own figures.
    """

    def __init__(self, groups: int, seed: int = 0, ahead: float = math.inf) -> None:
        rng = Random(seed)  # noqa: S311 - draws samples, keeps no secret
        places = list(range(groups))
        rng.shuffle(places)
        self._bundle = [place % min(groups, MOST_BUNDLES) for place in places]
        self._bundles = min(groups, MOST_BUNDLES)
        self._weights = [self._drawn(rng) for _ in range(DRAWS)]
        self._tail = tail(self._bundles)
        self._wider = math.sqrt(1 + groups / ahead)

    def _drawn(self, rng: Random) -> list[int]:
        counts = Counter(rng.choices(range(self._bundles), k=self._bundles))
        return [counts[bundle] for bundle in range(self._bundles)]

    def ratio(self, above: Sequence[float], below: Sequence[float]) -> Range:
        """Return the range of sum(above) / sum(below), which have a figure for each group."""
        tops, bottoms = self._tied(above), self._tied(below)
        drawn = [(sum(map(mul, one, tops)), sum(map(mul, one, bottoms))) for one in self._weights]
        ratios = sorted(top / bottom for top, bottom in drawn if bottom)
        expected = sum(tops) / sum(bottoms)
        low, high = (quantile(ratios, share) for share in (self._tail, 1 - self._tail))
        return Range(
            max(0.0, expected - self._wider * (expected - low)),
            expected,
            expected + self._wider * (high - expected),
        )

    def _tied(self, figures: Sequence[float]) -> list[float]:
        sums = [0.0] * self._bundles
        for bundle, figure in zip(self._bundle, figures, strict=True):
            sums[bundle] += figure
        return sums


def tail(groups: int) -> float:
    """Return the share to cut off at each end, so that the range is as wide as so few groups demand."""
    normal = NormalDist()
    t = student(normal.inv_cdf((1 - CONFIDENCE) / 2), groups - 1)
    return normal.cdf(t * math.sqrt(groups / (groups - 1)))


def student(z: float, degrees: int) -> float:
    """Return the quantile of Student's t where the normal one is z: Abramowitz and Stegun 26.7.5."""
    first = (z**3 + z) / 4
    second = (5 * z**5 + 16 * z**3 + 3 * z) / 96
    third = (3 * z**7 + 19 * z**5 + 17 * z**3 - 15 * z) / 384
    return z + first / degrees + second / degrees**2 + third / degrees**3


def quantile(ascending: Sequence[float], share: float) -> float:
    """Return the value under which this share of the others lies, between the two nearest."""
    place = share * (len(ascending) - 1)
    below = math.floor(place)
    above = min(below + 1, len(ascending) - 1)
    return ascending[below] + (place - below) * (ascending[above] - ascending[below])
