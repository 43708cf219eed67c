"""
How often a forecast's range holds the truth, on populations of rollout groups whose truth is known.

    python -m benchmarks.coverage

Each prompt has a chance of its own that a rollout is settled (Beta(2, 2), half on average), and 8 rollouts. A
file of so many prompts is drawn and its range taken, 200 times; an honest one holds the truth in 90 % of
them.
"""

import sys
from collections.abc import Callable
from random import Random

from tabulate import tabulate

from router.commands.forecasting.spread import Range, Resamples

ROLLOUTS = 8
SEEDS = 200
HALF = 0.5


def main() -> int:
    """Print the table."""
    draws = {
        f"the population's share, {n} prompts in the file": the_population_s(n) for n in (5, 10, 30, 100)
    }
    draws["the share of a job of 12 prompts, 24 in the file"] = a_job_s(24, 12)
    draws["the population's share, 12 prompts, drawing samples instead"] = by_samples(12)
    rows = [[name, f"{covered(draw):.1%}"] for name, draw in draws.items()]
    print(f"How often a range of 90 % holds the truth, in {SEEDS} draws")
    print(tabulate(rows, ["", "held"], colalign=("left", "right"), disable_numparse=True))
    return 0


def population(rng: Random, groups: int) -> tuple[list[int], list[int]]:
    """Draw groups: (settled, rows) of each."""
    chances = [rng.betavariate(2, 2) for _ in range(groups)]
    return [sum(rng.random() < chance for _ in range(ROLLOUTS)) for chance in chances], [ROLLOUTS] * groups


def covered(draw: Callable[[int], tuple[Range, float]], seeds: int = SEEDS) -> float:
    """Return the share of seeds with which a range holds the truth."""
    drawn = [draw(seed) for seed in range(seeds)]
    return sum(found.low <= truth <= found.high for found, truth in drawn) / seeds


def the_population_s(groups: int) -> Callable[[int], tuple[Range, float]]:
    """Return what draws a file's range and the population's share."""
    return lambda seed: (Resamples(groups, seed).ratio(*population(Random(seed), groups)), HALF)


def a_job_s(groups: int, ahead: int) -> Callable[[int], tuple[Range, float]]:
    """Return what draws a file's range, and the share that a job of so many groups comes to."""

    def draw(seed: int) -> tuple[Range, float]:
        rng = Random(seed)
        found = Resamples(groups, seed, ahead).ratio(*population(rng, groups))
        settled, rows = population(rng, ahead)
        return found, sum(settled) / sum(rows)

    return draw


def by_samples(groups: int) -> Callable[[int], tuple[Range, float]]:
    """Return what draws a range as if rollouts of one prompt did not resemble each other."""

    def draw(seed: int) -> tuple[Range, float]:
        settled, rows = population(Random(seed), groups)
        each = [int(place < one) for one in settled for place in range(ROLLOUTS)]
        return Resamples(sum(rows), seed).ratio(each, [1] * sum(rows)), HALF

    return draw


if __name__ == "__main__":
    sys.exit(main())
