"""
What 100,000 samples cost: some of them asked about, against all of them, for each model with a price.

    python -m benchmarks.cost

Measured here: the prompts that the example rollouts make under the shipped policy (tokens as `forecast`
estimates them), the time to verify a row, and, in virtual time, how long a batch waits for a judge whose
latency is lognormal with a median of 0.8 s and whose quota is never reached. Assumed: 128 rows a batch, a
reply of 100 tokens, and Lambda on arm64 with the memory of the template. `at most` has every reply as long
as the policy lets it be. Not counted: what a cache and repeated answers save, and what thinking models think.

Below it: what else is on the bill, what a host or provisioned concurrency would cost, what the tiers do, and
what is said elsewhere. `python -m router forecast FILE` says it for your own rollouts.
"""

import json
import re
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from random import Random
from statistics import fmean, median

import yaml
from tabulate import tabulate

from benchmarks.bills import MEMORY, ROWS, SAMPLES, Kind, beside, break_even, hosts, tiers
from benchmarks.hearsay import sayings, table
from judges.base import Price
from router.batch import make_handler
from router.case import Question
from router.commands.forecasting.calls import reads
from router.policy import load_policy
from router.query import Query
from router.route import examine
from router.types import Sample
from router.wire import read
from tests.simulated.batch import judge, put, question
from tests.simulated.model import SimulatedModel

ROOT = Path(__file__).parents[1]
SHARES = (0.05, 0.20, 0.50, 1.00)
SHARE = 0.2
REPLY = 100
SEEDS = 20


def main() -> int:
    """Print the tables."""
    assert memory() == MEMORY, "the template gives another memory: say it in benchmarks/bills.py"
    rows = [json.loads(line) for line in (ROOT / "examples/rollouts.jsonl").read_text().splitlines()]
    prompts, longest = zip(*asked(rows), strict=True)
    tokens, most = fmean(prompts), max(longest)
    kinds = {share: Kind(share, batch_seconds(rows, round(share * ROWS))) for share in SHARES}
    print(f"Dollars for {SAMPLES:,} samples, Lambda included")
    print(f"A prompt has {tokens:.0f} tokens on average, a reply {REPLY} and at most {most}")
    for kind in kinds.values():
        asked_about = f"{ROWS} rows with {round(kind.share * ROWS)} asked about"
        print(f"{asked_about} take {kind.seconds:.1f} s: ${kind.on_lambda:.2f} for Lambda")
    print(f"\n{judges_and_lambda(tokens, most, kinds)}\n")
    usual = kinds[SHARE]
    print(f"{beside(usual)}\n\n{hosts()}\n\n{break_even(usual)}\n")
    print(f"{tiers(usual, tokens, REPLY, prices(), flex())}\n")
    print(table(sayings(tokens, REPLY, kinds[1.0], prices())))
    return 0


def judges_and_lambda(tokens: float, most: int, kinds: dict[float, Kind]) -> str:
    """Return the table of all models: each share asked about, and a share with the longest replies."""
    lines = []
    for model, price in prices().items():
        usual, longer = (price.usd(round(tokens), reply) * SAMPLES for reply in (REPLY, most))
        figures = [share * usual + kind.on_lambda for share, kind in kinds.items()]
        at_most = SHARE * longer + kinds[SHARE].on_lambda
        saves = figures[-1] / figures[SHARES.index(SHARE)]
        lines.append([model, *(f"{one:.2f}" for one in (*figures, at_most)), f"{saves:.1f}x"])
    heads = ["", *(f"{share:.0%} asked" for share in SHARES), f"{SHARE:.0%} at most", f"{SHARE:.0%} saves"]
    return tabulate(lines, heads, disable_numparse=True, colalign=("left", *["right"] * (len(heads) - 1)))


def asked(rows: list[object]) -> Iterator[tuple[float, int]]:
    """Yield the estimated tokens of each row's prompt under the shipped policy, and of its longest reply."""
    policy = load_policy()
    for row in read(rows).rows:
        if isinstance(row, Sample):
            case = examine(policy, row)
            for part in case.rule.parts:
                if part.judge:
                    query = Query.of(Question(case, part.name, part.judge))
                    settings = query.seats[0].settings
                    yield reads(query.first, settings)[1], settings.max_tokens


def batch_seconds(rows: list[object], questions: int) -> float:
    """Return the seconds of a batch: verified here, judged in virtual time."""
    handler = make_handler(load_policy(), "none", emit=lambda line: None)
    verified = []
    for _ in range(SEEDS):
        started = time.perf_counter()
        handler(rows, None)
        verified.append((time.perf_counter() - started) / len(rows) * ROWS)
    texts = [f"answer {number}" for number in range(questions)]
    judged = [
        put(SimulatedModel(Random(seed)), [question(text, judge()) for text in texts], seed=seed).seconds
        for seed in range(SEEDS)
    ]
    return median(verified) + fmean(judged)


def memory() -> int:
    """Return the megabytes that the template gives the function."""
    found = re.search(r"MemorySize:\n +Type: Number\n +Default: (\d+)", (ROOT / "template.yaml").read_text())
    assert found
    return int(found[1])


def prices() -> dict[str, Price]:
    """Return the price of each model in the sheet."""
    return {model: Price(price["input"], price["output"]) for model, price in sheet().items()}


def flex() -> dict[str, float]:
    """Return how many times as much the models cost in the flex tier that have a price there."""
    return {model: price["flex"] for model, price in sheet().items() if "flex" in price}


def sheet() -> dict[str, dict[str, float]]:
    """Return config/prices.yaml."""
    found: dict[str, dict[str, float]] = yaml.safe_load((ROOT / "config/prices.yaml").read_text())
    return found


if __name__ == "__main__":
    sys.exit(main())
