"""
How fast: microseconds for a verified sample.

    python -m benchmarks.speed

Each contestant runs in turn with the others, many times over, and what counts is the ratio of the
medians: the machine's own speed drifts. It is processor time, which a busy neighbour stretches
least. The cold start has a benchmark of its own, `benchmarks.coldstart`.
"""

import sys
import time
from collections.abc import Callable, Mapping
from statistics import median
from typing import Any

from math_verify import parse, verify
from tabulate import tabulate

from benchmarks.stories import rollouts
from router.batch import make_handler
from router.policy import load_policy

ROWS = 128
ROUNDS = 60


def main() -> int:
    """Print the table."""
    print(f"A verified sample, {ROWS} rows a batch, {ROUNDS} rounds, microseconds of a processor a row")
    print(table(per_sample(), "handler"))
    return 0


def per_sample() -> dict[str, list[float]]:
    """Return microseconds a row for each contestant, a figure a round."""
    rows = rollouts(ROWS)
    handler = make_handler(load_policy(), "none", emit=lambda line: None)
    contestants: dict[str, Callable[[], object]] = {
        "handler": lambda: handler(rows, None),
        "math-verify": lambda: [_math_verify(row) for row in rows],
        "plain ==": lambda: [_plain(row) for row in rows],
    }
    return {
        name: [seconds / ROWS * 1e6 for seconds in taken]
        for name, taken in interleaved(contestants, ROUNDS, time.process_time).items()
    }


def _math_verify(row: Mapping[str, Any]) -> object:
    return verify(parse(row["reference_answer"]), parse(row["messages"][-1]["content"]))


def _plain(row: Mapping[str, Any]) -> object:
    response = row["messages"][-1]["content"]
    return response.rpartition(" ")[2] == row["reference_answer"]


def interleaved(
    contestants: Mapping[str, Callable[[], object]],
    rounds: int,
    clock: Callable[[], float] = time.perf_counter,
) -> dict[str, list[float]]:
    """Run the contestants in turn, `rounds` times after a warm-up; return the seconds of each run."""
    taken: dict[str, list[float]] = {name: [] for name in contestants}
    for round_number in range(rounds + 1):
        for name, run in contestants.items():
            started = clock()
            run()
            if round_number:
                taken[name].append(clock() - started)
    return taken


def table(taken: Mapping[str, list[float]], peer: str) -> str:
    """Return the least and the median of each contestant, and the median's ratio to the peer's."""
    base = median(taken[peer])
    lines = [
        [name, f"{min(each):.1f}", f"{median(each):.1f}", f"{median(each) / base:.2f}"]
        for name, each in taken.items()
    ]
    return tabulate(
        lines,
        ["", "least", "median", f"against {peer}"],
        disable_numparse=True,
        colalign=("left", *["right"] * 3),
    )


if __name__ == "__main__":
    sys.exit(main())
