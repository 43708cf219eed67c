"""
Whether a confidence means what it says: a reliability table and plot, and the calibration error.

    python -m benchmarks.calibration [--policy FILE] [NAME ...]

The expected calibration error is the mean distance, over all verdicts, between what the verdicts of a
bin claim and how many of them are right (Naeini et al., 2015). Confidences are written in hundredths
and crowd near one, so bins are 0.05 wide up to 0.95 and a hundredth from there on. It is shown with the
made-up attacks and without them: all are wrong by construction, which flatters every verdict that says so.
"""

import sys
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from math import floor
from statistics import fmean

import plotext
from tabulate import tabulate

from benchmarks.reliability import SCARCE
from benchmarks.rollouts import MADE_UP, Outcome, arguments, outcomes, sets

MOST_ERROR = 0.03

Claim = tuple[float, bool]
"""A confidence, and whether its score was right."""


@dataclass(frozen=True, slots=True)
class Bin:
    """Verdicts that claim about the same."""

    claimed: float
    """Their mean confidence."""
    right: float
    """The share of them that are right."""
    verdicts: int


def main() -> int:
    """Print table, plot and errors; return 1 where the error over everything is too large."""
    chosen = arguments("Measure the calibration of the verifiers.").parse_args()
    seen = {name: list(outcomes(name, chosen.policy)) for name in sets(chosen.names)}
    everything = [claim for each in seen.values() for claim in surest(each)]
    if not everything:
        raise SystemExit("no verdicts on these sets: nothing to calibrate")
    print("The surest verdict of each rollout, over all sets")
    print(reliability_table(bins(everything)))
    print()
    print(reliability_plot(bins(everything)))
    print()
    print(error_table(seen))
    return 0 if error(everything) <= MOST_ERROR else 1


def surest(seen: Iterable[Outcome]) -> list[Claim]:
    """Return the claim of each rollout's surest verdict."""
    return [(best["confidence"], each.agrees(best["score"])) for each in seen if (best := each.surest)]


def every(seen: Iterable[Outcome]) -> list[Claim]:
    """Return the claims of all verdicts."""
    return [
        (verdict["confidence"], each.agrees(verdict["score"])) for each in seen for verdict in each.verdicts
    ]


def bins(claims: Iterable[Claim]) -> list[Bin]:
    """Sort claims into bins, from the least confidence to the most; empty bins are left out."""
    sorted_in: dict[int, list[Claim]] = defaultdict(list)
    for claim in claims:
        hundredths = round(claim[0] * 100)
        sorted_in[hundredths if hundredths >= 95 else hundredths // 5 * 5].append(claim)
    return [_bin(sorted_in[start]) for start in sorted(sorted_in)]


def _bin(claims: list[Claim]) -> Bin:
    return Bin(fmean(claimed for claimed, _ in claims), fmean(right for _, right in claims), len(claims))


def error(claims: list[Claim]) -> float:
    """Return the expected calibration error; 0 where nothing is claimed."""
    distances = (abs(each.claimed - each.right) * each.verdicts for each in bins(claims))
    return sum(distances) / len(claims) if claims else 0.0


def reliability_table(found: Iterable[Bin]) -> str:
    """Return the bins for reading."""
    lines = [
        [f"{each.claimed:.3f}", f"{each.right:.3f}", f"{each.right - each.claimed:+.3f}", str(each.verdicts)]
        for each in found
    ]
    return tabulate(
        lines, ["claimed", "right", "difference", "verdicts"], colalign=["right"] * 4, disable_numparse=True
    )


def reliability_plot(found: list[Bin], width: int = 72, height: int = 24) -> str:
    """Draw the share that is right over what is claimed, for bins that hold enough to say."""
    drawn = [each for each in found if each.verdicts >= SCARCE]
    lowest = min((floor(min(each.claimed, each.right) * 10) / 10 for each in drawn), default=0.0)
    figure = plotext.figure
    figure.clear()
    figure.theme("colorless")
    figure.plot_size(width, height)
    figure.title("above the diagonal: more is right than is claimed")
    figure.label("claimed")
    figure.label("right", axis="y")
    for axis in "xy":
        figure.ruler(axis).lim(lowest, 1)
    figure.draw(figure.signal([lowest, 1], [lowest, 1], marker="·").lines())
    for each in drawn:
        figure.draw(figure.text(each.claimed, each.right, "O", alignment="center"))
    lines = plotext.uncolorize(str(figure.build())).splitlines()
    return "\n".join(line.rstrip() for line in lines)


def error_table(seen: Mapping[str, list[Outcome]]) -> str:
    """Return the calibration error of each set, and over the sets together."""
    headers = ["set", "verdicts", "error, surest verdicts", "error, all verdicts"]
    return tabulate(_error_lines(seen), headers, colalign=("left", *["right"] * 3), disable_numparse=True)


def _error_lines(seen: Mapping[str, list[Outcome]]) -> Iterator[list[str]]:
    spoken = {name: each for name, each in seen.items() if every(each)}
    real = {name: each for name, each in spoken.items() if name not in MADE_UP}
    for name, each in spoken.items():
        yield _error_line(name, each)
    yield _error_line("all of it", [one for each in spoken.values() for one in each])
    yield _error_line("all but attacks", [one for each in real.values() for one in each])
    means = [fmean(error(of(each)) for each in real.values()) if real else 0.0 for of in (surest, every)]
    yield ["mean of the sets but attacks", "", *(f"{mean:.4f}" for mean in means)]


def _error_line(name: str, seen: list[Outcome]) -> list[str]:
    claims = every(seen)
    return [name, str(len(claims)), f"{error(surest(seen)):.4f}", f"{error(claims):.4f}"]


if __name__ == "__main__":
    sys.exit(main())
