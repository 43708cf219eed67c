"""What a race of graders came to: shares, times, and the tables that show them."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from tabulate import tabulate

OURS = "reward-router"


@dataclass(frozen=True, slots=True)
class Run:
    """One grader on one rollout."""

    accepted: bool
    right: bool
    seconds: float


Runs = dict[str, list[Run]]
"""The runs of each grader over the same rollouts."""


def comparison(raced: Mapping[str, Runs]) -> str:
    """Return a line for each set and grader."""
    headers = ["set", "rollouts", "grader", "accuracy", "right refused", "wrong accepted", "p50 ms", "p99 ms"]
    align = ("left", "right", "left", *["right"] * 5)
    return tabulate(_lines(raced), headers, colalign=align, disable_numparse=True)


def _lines(raced: Mapping[str, Runs]) -> Iterator[list[str]]:
    for name, graders in raced.items():
        first = [name, str(len(graders[OURS]))]
        for grader, runs in graders.items():
            times = [f"{milliseconds(runs, part):.3f}" for part in (0.5, 0.99)]
            yield [*first, grader, *_shares(runs), *times]
            first = ["", ""]


def _shares(runs: Sequence[Run]) -> list[str]:
    """Return how many runs are right, how many right responses are refused, how many wrong ones accepted."""
    return [
        _share(run.accepted == run.right for run in runs),
        _share(not run.accepted for run in runs if run.right),
        _share(run.accepted for run in runs if not run.right),
    ]


def _share(said: Iterable[bool]) -> str:
    counted = list(said)
    return f"{sum(counted) / len(counted):.3f}" if counted else "-"


def milliseconds(runs: Iterable[Run], part: float) -> float:
    """Return the time within which this part of the runs ends."""
    taken = sorted(run.seconds for run in runs)
    return taken[min(int(len(taken) * part), len(taken) - 1)] * 1e3


def speed(runs: Runs, peer: str) -> str:
    """Say what part of a peer's time ours takes."""
    median, late = (milliseconds(runs[peer], part) / milliseconds(runs[OURS], part) for part in (0.5, 0.99))
    return f"our median is 1/{median:.1f} of {peer}'s, our p99 1/{late:.1f}"


def slowest(raced: Iterable[Runs]) -> str:
    """Say how long our slowest single input took, of all there were."""
    runs = [run for graders in raced for run in graders[OURS]]
    return f"the slowest of {len(runs)} inputs took us {milliseconds(runs, 1):.0f} ms"


def bomb_table(names: Iterable[str], struck: Iterable[Runs], peer: str) -> str:
    """Return the milliseconds that each bomb took, ours and the peer's."""
    lines = [
        [name, *(f"{milliseconds(runs[grader], 1):.1f}" for grader in (OURS, peer))]
        for name, runs in zip(names, struck, strict=True)
    ]
    headers = ["an answer that never ends, ms", OURS, peer]
    return tabulate(lines, headers, colalign=("left", "right", "right"), disable_numparse=True)
