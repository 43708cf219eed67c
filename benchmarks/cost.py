"""
What 100,000 samples cost: a fifth of them asked about, against all of them, for each model with a price.

    python -m benchmarks.cost

Measured here: the prompts that the example rollouts make under the shipped policy (an estimate of tokens:
characters / 4), the time to verify a row, and, in virtual time, how long a batch waits for a judge whose
latency is lognormal with a median of 0.8 s. Assumed: 128 rows a batch, a reply of 100 tokens, and Lambda on
arm64 with the memory of the template. `at most` has every reply as long as the policy lets it be.
Not counted: what a cache and repeated answers save, logs, and what thinking models think.
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

from judges.base import Price, Prompt
from router.batch import make_handler
from router.case import Question
from router.policy import load_policy
from router.query import Query
from router.route import examine
from router.types import Sample
from router.wire import read
from tests.simulated_batch import judge, put, question
from tests.simulated_model import SimulatedModel

ROOT = Path(__file__).parents[1]
SAMPLES = 100_000
SHARE = 0.2
ROWS = 128
REPLY = 100
GB_SECOND, REQUEST = 0.0000133334, 0.20 / 1e6
"""Lambda's prices on arm64, in dollars."""
SEEDS = 20


def main() -> int:
    """Print the table."""
    rows = [json.loads(line) for line in (ROOT / "examples/rollouts.jsonl").read_text().splitlines()]
    prompts, longest = zip(*asked(rows), strict=True)
    tokens, most = fmean(prompts), max(longest)
    some, everything = (batch_seconds(rows, round(share * ROWS)) for share in (SHARE, 1.0))
    print(f"Dollars for {SAMPLES:,} samples, Lambda included")
    print(f"A prompt has {tokens:.0f} tokens on average, a reply {REPLY} and at most {most}")
    print(
        f"{ROWS} rows with {round(SHARE * ROWS)} asked about take {some:.1f} s: ${on_lambda(some):.2f} for"
        f" Lambda; {everything:.1f} s with all: ${on_lambda(everything):.2f}\n"
    )
    lines = []
    for model, price in prices().items():
        usual, longer = (price.usd(round(tokens), reply) * SAMPLES for reply in (REPLY, most))
        figures = [
            SHARE * usual + on_lambda(some),
            SHARE * longer + on_lambda(some),
            usual + on_lambda(everything),
        ]
        lines.append([model, *(f"{one:.2f}" for one in figures), f"{figures[2] / figures[0]:.1f}x"])
    heads = ["", f"{SHARE:.0%} asked", "at most", "all asked", "saves"]
    print(tabulate(lines, heads, disable_numparse=True, colalign=("left", *["right"] * 4)))
    return 0


def asked(rows: list[object]) -> Iterator[tuple[float, int]]:
    """Yield the estimated tokens of each row's prompt under the shipped policy, and of its longest reply."""
    policy = load_policy()
    for row in read(rows).rows:
        if isinstance(row, Sample):
            case = examine(policy, row)
            for part in case.rule.parts:
                if part.judge:
                    query = Query.of(Question(case, part.name, part.judge))
                    yield size(query.first) / 4, query.seats[0].settings.max_tokens


def size(prompt: Prompt) -> int:
    """Return the characters that a model reads: the texts, and the form of the verdict."""
    return len(prompt.system) + len(prompt.text) + len(json.dumps(prompt.schema, default=dict))


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


def on_lambda(seconds: float) -> float:
    """Return the dollars that Lambda takes for the samples, in batches of so many seconds."""
    return SAMPLES / ROWS * (seconds * memory() / 1024 * GB_SECOND + REQUEST)


def memory() -> int:
    """Return the megabytes that the template gives the function."""
    found = re.search(r"MemorySize:\n +Type: Number\n +Default: (\d+)", (ROOT / "template.yaml").read_text())
    assert found
    return int(found[1])


def prices() -> dict[str, Price]:
    """Return the price of each model in the sheet."""
    sheet = yaml.safe_load((ROOT / "config/prices.yaml").read_text())
    return {model: Price(price["input"], price["output"]) for model, price in sheet.items()}


if __name__ == "__main__":
    sys.exit(main())
