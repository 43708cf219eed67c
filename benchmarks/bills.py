"""
What else is on the bill, and what the alternatives cost: the tables of `benchmarks.cost` that need no judge.

Every price names where and when it was read. None was read on AWS's own pages, whose tables are filled in by
scripts that a stored copy lacks; those marked so stand in several places and agree.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from tabulate import tabulate

from judges.base import Price
from router.commands.forecasting.prices import GB_SECOND, REQUEST, invocations

SAMPLES, ROWS = 100_000, 128
HOUR, MONTH = 3600, 30 * 24 * 3600
MEMORY = 1769
GB = MEMORY / 1024

IDLE = {"arm64": 0.0000033334, "x86_64": 0.0000041667}
"""Provisioned concurrency, each GB-second that it stands ready: awsnegotiations.com, November 2026."""
BUSY = {"x86_64": 0.0000097222}
"""Beside it, each GB-second in which it works: the same page, which does not say it for arm64."""
HOST, CORES = 0.0816, 2
"""m7g.large, Linux, on demand, us-east-1, an hour: factualminds.com, 17 June 2026."""
READ, WRITE = 0.125 / 1e6, 0.625 / 1e6
"""DynamoDB on demand, a request unit, us-east-1: airbyte.com, after the cut of November 2024."""
METRIC, LOG = 0.30, 0.50
"""CloudWatch: a custom metric a month, a GB of logs taken in: cloudonaut.io, the same in vantage.sh."""


@dataclass(frozen=True, slots=True)
class Kind:
    """Batches of 128 rows of which some are asked about."""

    share: float
    seconds: float

    @property
    def on_lambda(self) -> float:
        """Dollars for the samples."""
        return invocations(SAMPLES / ROWS, self.seconds, MEMORY, "arm64")


def hosts() -> str:
    """Return what an hour costs on Lambda, provisioned or not, and on a host."""
    hour = HOUR * GB
    rows: list[tuple[str, float, int]] = [
        ("Lambda, arm64, at work", hour * GB_SECOND["arm64"], 1),
        ("Lambda, x86_64, at work", hour * GB_SECOND["x86_64"], 1),
        ("provisioned, arm64, standing ready", hour * IDLE["arm64"], 1),
        ("provisioned, x86_64, standing ready", hour * IDLE["x86_64"], 1),
        ("provisioned, x86_64, at work", hour * (IDLE["x86_64"] + BUSY["x86_64"]), 1),
        ("m7g.large on EC2, at work or not", HOST, CORES),
    ]
    lines = [[name, f"{usd:.4f}", f"{usd / cores:.4f}"] for name, usd, cores in rows]
    return _table(
        f"Dollars an hour; an instance of Lambda has {MEMORY} MB, which is one core",
        ["", "an instance", "a core"],
        lines,
    )


def break_even(kind: Kind) -> str:
    """Return from when on the alternatives are cheaper than paying Lambda by the second."""
    at_work = HOUR * GB * GB_SECOND["arm64"]
    used = IDLE["x86_64"] / (GB_SECOND["x86_64"] - BUSY["x86_64"])
    samples = HOST / kind.on_lambda * SAMPLES
    return (
        f"Provisioned concurrency (x86_64) is cheaper where it works for over {used:.1%} of its time.\n"
        f"A host is cheaper where it replaces {HOST / at_work:.2f} arm64 instances that always work, or\n"
        f"rewards more than {samples:,.0f} samples an hour, {kind.share:.0%} asked about without a quota.\n"
        f"12 instances that wait for a quota cost {12 * at_work / HOST:.1f} times as much as a host does."
    )


def beside(kind: Kind) -> str:
    """Return what else 100,000 samples add to the bill."""
    asked = kind.share * SAMPLES
    rows: list[tuple[str, float]] = [
        ("Lambda, requests", SAMPLES / ROWS * REQUEST),
        ("Lambda, seconds", kind.on_lambda - SAMPLES / ROWS * REQUEST),
        ("SharedVerdicts: a read for each question", asked * READ),
        ("SharedVerdicts: a write for each verdict", asked * WRITE),
        ("logs, at 2 KB for 1,000 samples", SAMPLES / 1000 * 2e3 / 1e9 * LOG),
        ("logs, at 1 KB for each sample", SAMPLES * 1e3 / 1e9 * LOG),
        ("logs, at 10 KB for each sample", SAMPLES * 1e4 / 1e9 * LOG),
        ("10 custom metrics for a month", 10 * METRIC),
        ("10 custom metrics for a day", 10 * METRIC / 30),
    ]
    return _table(
        f"What {SAMPLES:,} samples add to the judges, {kind.share:.0%} of them asked about",
        ["", "dollars"],
        [[name, f"{usd:.4f}"] for name, usd in rows],
    )


def tiers(
    kind: Kind, tokens: float, reply: int, prices: Mapping[str, Price], flex: Mapping[str, float]
) -> str:
    """Return what flex saves where the sheet has a price for it, and how much waiting eats that up."""
    second = invocations(SAMPLES / ROWS, 1.0, MEMORY, "arm64") - SAMPLES / ROWS * REQUEST
    rows = []
    for model, times in flex.items():
        usd = kind.share * SAMPLES * prices[model].usd(round(tokens), reply)
        rows.append([model, f"{usd:.2f}", f"{usd * times:.2f}", f"{usd * (1 - times) / second:,.0f} s"])
    return _table(
        f"Judges' dollars for {SAMPLES:,} samples, {kind.share:.0%} asked about, by service tier",
        ["", "default", "flex", "flex pays until a batch waits"],
        rows,
    )


def _table(heading: str, heads: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    aligned = ("left", *["right"] * (len(heads) - 1))
    return f"{heading}\n{tabulate(rows, heads, disable_numparse=True, colalign=aligned)}"
