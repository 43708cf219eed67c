"""What is said in public about what judges and Lambda cost, beside what comes out here."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from tabulate import tabulate

from benchmarks.bills import IDLE, MONTH, SAMPLES, Kind
from judges.base import Price
from router.commands.forecasting.prices import GB_SECOND, REQUEST

LARGE, SMALL = "anthropic.claude-sonnet-4-6", "amazon.nova-lite-v1:0"
"""The dearest judge of the price sheet, and the one of the shipped policy."""


@dataclass(frozen=True, slots=True)
class Saying:
    """A figure that somebody published, and ours for the same thing, in dollars."""

    who: str
    what: str
    theirs: tuple[float, float]
    ours: tuple[float, float]

    @property
    def factors(self) -> str:
        """How many times ours theirs is; below 1 it is less."""
        least, most = self.theirs[0] / max(self.ours), self.theirs[1] / min(self.ours)
        if f"{least:.2g}" == f"{most:.2g}":
            return f"{least:,.2g}x"
        return f"{least:,.2g}x to {float(f'{most:.2g}'):,.0f}x"


def sayings(tokens: float, reply: int, all_asked: Kind, prices: Mapping[str, Price]) -> Sequence[Saying]:
    """Return what was found, each with its source; the quotes stand in docs/cost.md."""
    one = [prices[model].usd(round(tokens), reply) for model in (SMALL, LARGE)]

    def judged(samples: int) -> tuple[float, float]:
        return one[0] * samples, one[1] * samples

    waiting = all_asked.on_lambda / SAMPLES
    told = 4.8 * 0.5 * GB_SECOND["x86_64"] + REQUEST
    gigabytes = MONTH * IDLE["x86_64"]
    return (
        Saying("theneuralbase.com", "1,000 samples, 3 judgements each", (100, 500), judged(3000)),
        Saying("promptz2h.com", "10,000 judgements", (100, 500), judged(10_000)),
        Saying("mmntm.net", "1,000 judgements", (10, 10), judged(1000)),
        Saying("mohithg.com", 'a judgement: "a few cents"', (0.03, 0.03), judged(1)),
        Saying("dbos.dev", "Lambda's wait for one reply", (told, told), (waiting, waiting)),
        Saying("emnode.com", "50 GB provisioned for a month", (450, 450), (50 * gigabytes,) * 2),
        Saying("git.mcrn.ar", "5 GB provisioned for a month", (126, 126), (5 * gigabytes,) * 2),
    )


def table(found: Sequence[Saying]) -> str:
    """Return them as a table."""
    rows = [[one.who, one.what, _span(one.theirs), _span(one.ours), one.factors] for one in found]
    heads = ["said by", "of", "theirs, $", "here, $", "theirs / here"]
    heading = f"What is said, beside what comes out here; judges from {SMALL} to {LARGE}"
    aligned = ("left", "left", *["right"] * 3)
    return f"{heading}\n{tabulate(rows, heads, disable_numparse=True, colalign=aligned)}"


def _span(usd: tuple[float, float]) -> str:
    low, high = (f"{one:,.3g}" if one >= 1 else f"{one:.2g}" for one in usd)
    return low if low == high else f"{low} to {high}"
