"""
How fast the sandbox is, beside a fresh interpreter for each run, and what the attacks of the tests get.

    python -m benchmarks.sandbox

The contestants take turns, so that what else the machine does falls on each of them; what counts is the
ratio. A run is a session of its own with one call. The peer confines nothing.
"""

import os
import subprocess
import sys
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from statistics import median

from tabulate import tabulate

from benchmarks.speed import interleaved
from tests.processes import descriptors, offspring
from tests.sandbox_attacks import ATTACKS, HONEST, RIGHT
from verifiers.sandbox import Limits, Outcome, Sandbox

RUNS = 300
ROUNDS = 10
RUNS_A_ROUND = 100
LIMITS = Limits()
SHORT = Limits(seconds=0.5, wall_seconds=2, megabytes=300)

PEER = [sys.executable, "-I", "-c", "pass"]


def main() -> int:
    """Print the tables; fail where an attack got through."""
    box = Sandbox()
    if box.closed:
        print(f"closed: {box.closed}")
        return 1
    print(f"One run after the other, {RUNS} of each in turn, milliseconds")
    print(latency(box))
    print()
    print(f"Runs a second in as many threads as processors ({threads()}), {ROUNDS} rounds of {RUNS_A_ROUND}")
    print(throughput(box))
    box.stop()
    print()
    print(f"{len(ATTACKS)} attacks, each with an honest twin")
    counts = attacked()
    print(tabulate(counts, ["", "count"]))
    return int(any(count for _, count in counts))


def latency(box: Sandbox) -> str:
    """Return the median and the 99th percentile of a run, against the peer's."""
    taken = interleaved({"sandbox": lambda: run(box, HONEST, LIMITS), "python -I -c pass": peer}, RUNS)
    base = [at(taken["python -I -c pass"], share) for share in (0.5, 0.99)]
    return tabulate(
        [
            [
                name,
                *[f"{at(each, share) * 1e3:.1f}" for share in (0.5, 0.99)],
                f"{at(each, 0.5) / base[0]:.2f}",
            ]
            for name, each in taken.items()
        ],
        ["", "p50", "p99", "p50 against python"],
        disable_numparse=True,
    )


def throughput(box: Sandbox) -> str:
    """Return the runs a second of each contestant, against the peer's."""
    taken = interleaved(
        {
            "sandbox": lambda: at_once(lambda: run(box, HONEST, LIMITS)),
            "subprocess.run([python, -I, -c])": lambda: at_once(peer),
        },
        ROUNDS,
    )
    rates = {name: RUNS_A_ROUND / median(each) for name, each in taken.items()}
    base = rates["subprocess.run([python, -I, -c])"]
    return tabulate(
        [[name, f"{rate:.0f}", f"{rate / base:.1f}"] for name, rate in rates.items()],
        ["", "runs/s", "against subprocess"],
        disable_numparse=True,
    )


def attacked() -> list[tuple[str, int]]:
    """Return how many attacks were paid, got elsewhere than to their wall, or left something behind."""
    before, below = descriptors(), offspring(os.getpid()).keys()
    box = Sandbox()
    outcomes = [(each, run(box, each.source, SHORT), run(box, each.twin, LIMITS)) for each in ATTACKS]
    box.stop()
    for each, got, _ in outcomes:
        if got != each.meets:
            print(f"  {each.name}: {got}, not {each.meets}")
    return [
        ("attacks paid", sum(outcome == RIGHT for _, outcome, _ in outcomes)),
        ("escapes: another outcome than the wall's", sum(each.meets != got for each, got, _ in outcomes)),
        ("honest twins not paid", sum(outcome != RIGHT for _, _, outcome in outcomes)),
        ("processes left", len(offspring(os.getpid()).keys() - below)),
        ("descriptors left", len(descriptors() - before)),
    ]


def run(box: Sandbox, source: str, limits: Limits) -> Outcome:
    """Ask a source for `solve(20)`."""
    with box.session(source, limits) as session:
        return session.call("solve", [20])


def peer() -> None:
    """Start an interpreter that does nothing."""
    subprocess.run(PEER, check=True)


def at_once(act: Callable[[], object]) -> None:
    """Do it for a round, in as many threads as there are processors."""
    with ThreadPoolExecutor(threads()) as pool:
        for done in [pool.submit(act) for _ in range(RUNS_A_ROUND)]:
            done.result()


def threads() -> int:
    """Return how many processors this process may use."""
    return len(os.sched_getaffinity(0))


def at(taken: Sequence[float], share: float) -> float:
    """Return the time that this share of the runs did not exceed."""
    return sorted(taken)[min(int(share * len(taken)), len(taken) - 1)]


if __name__ == "__main__":
    sys.exit(main())
