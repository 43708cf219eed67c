"""
What the function says of itself, in bytes, custom metrics and dollars, and the time that saying it takes.

    python -m benchmarks.logs
    python -m benchmarks.logs --peers PYTHON     # beside the libraries that this interpreter has installed

Batches are rewarded under the shipped policy and told to a meter, as in Lambda; the clock is the benchmark's.
A batch is 16 prompts with 8 rollouts each. Of a judged one a fifth goes to a judge, whose replies have 1,000
and 100 tokens. A meter sums over a minute: the fewer batches one instance of the function gets in that time,
the more bytes each of them takes. Not counted: what Lambda itself logs for each invocation.
"""

import argparse
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from random import Random

from tabulate import tabulate

from benchmarks.speed import interleaved, table
from benchmarks.told import EVENT, NAME, ROWS, batch, lines, outcomes, singles, size
from router.policy import Policy, load_policy
from router.policy.model import ModelSpec
from router.route import route
from router.telemetry import Outcome
from router.telemetry.meter import EVERY, Meter
from router.telemetry.metrics import METRICS, MODEL, RULE
from router.wire import read
from tests.local.cloudwatch import read as read_points

SHARE = 0.2
RATES = (1, 4, 20, 60)
"""Batches a minute, of one instance."""
PER_GB, PER_METRIC = 0.50, 0.30
"""Dollars for a gigabyte of logs taken in and for a custom metric a month (of the first 10,000), US East
(N. Virginia), February 2026, as https://cloudburn.io/blog/amazon-cloudwatch-pricing quotes AWS's list."""
ROUNDS, STARTS = 60, 15

PEERS = {
    "by hand": "import json; print(json.dumps({'_aws': {}, 'samples': 1}))",
    "aws-lambda-powertools": (
        "from aws_lambda_powertools import Metrics;"
        "m = Metrics(namespace='RewardRouter', service='f');"
        "m.add_metric(name='samples', unit='Count', value=1); m.flush_metrics()"
    ),
    "aws-embedded-metrics": (
        "import asyncio;"
        "from aws_embedded_metrics.logger.metrics_logger_factory import create_metrics_logger;"
        "m = create_metrics_logger(); m.put_metric('samples', 1, 'Count'); asyncio.run(m.flush())"
    ),
    "python alone": "pass",
}


def main(argv: Sequence[str] | None = None) -> int:
    """Print the tables."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.logs")
    parser.add_argument("--peers", metavar="PYTHON", help="an interpreter that has the libraries installed")
    arguments = parser.parse_args(argv)
    policy = load_policy()
    verified, judged = [outcomes(policy, share) for share in (0.0, SHARE)]
    print(f"Bytes of log per 1,000 samples, {EVENT} an event included; batches a minute for one instance\n")
    print(bytes_table(verified, judged))
    print(f"\nCustom metrics, ${PER_METRIC:.2f} each a month, and ${PER_GB:.2f} for a GB of log\n")
    print(metrics_table(policy, verified, judged))
    print(f"\nTelling a batch of {ROWS}, {ROUNDS} rounds, microseconds of processor time a row\n")
    print(table(telling(policy, verified[0]), "rewarding it"))
    if arguments.peers:
        print(f"\nA fresh interpreter until one metric is written, {STARTS} starts, milliseconds\n")
        print(table(starts(arguments.peers), "by hand"))
    return 0


def bytes_table(verified: Sequence[Outcome], judged: Sequence[Outcome]) -> str:
    """Return bytes per 1,000 samples by rate."""
    rows = [
        [f"verify-only, {ROWS} a batch", *(f"{size(verified, rate):,.0f}" for rate in RATES)],
        [f"{SHARE:.0%} escalated, {ROWS} a batch", *(f"{size(judged, rate):,.0f}" for rate in RATES)],
        [
            "verify-only, one a batch",
            *(f"{size(singles(verified), rate * ROWS):,.0f}" for rate in RATES),
        ],
    ]
    heads = ["", *(f"{rate} ({rate * ROWS:,} samples)" for rate in RATES)]
    return tabulate(rows, heads, disable_numparse=True, colalign=("left", *["right"] * len(RATES)))


def metrics_table(policy: Policy, verified: Sequence[Outcome], judged: Sequence[Outcome]) -> str:
    """Return how many custom metrics there are, and what a million samples cost at one batch a second."""
    rows = []
    for name, batches in (("verify-only", verified), (f"{SHARE:.0%} escalated", judged)):
        points = read_points(lines(batches, 60))
        count = len({(point.name, point.dimensions) for point in points})
        dollars = size(batches, 60) * 1000 / 1e9 * PER_GB
        worst = size(batches, 1) * 1000 / 1e9 * PER_GB
        rows.append([name, count, f"{count * PER_METRIC:.2f}", f"{dollars:.4f}", f"{worst:.4f}"])
    models = {model.settings["model"] for model in asked(policy)}
    most = most_metrics(len(policy.rules), len(models))
    at_most = f"at most, {len(policy.rules)} rules and {len(models)} models"
    rows.append([at_most, most, f"{most * PER_METRIC:.2f}", "", ""])
    heads = ["one rule", "metrics", "$ a month", "$ of log per 1M samples, 60 a minute", "1 a minute"]
    return tabulate(rows, heads, disable_numparse=True, colalign=("left", *["right"] * 4))


def asked(policy: Policy) -> Iterator[ModelSpec]:
    """Yield every model that the policy may ask."""
    for rule in policy.rules:
        for part in rule.parts:
            if part.judge:
                yield from (*part.judge.models, *part.judge.backups)


def most_metrics(rules: int, models: int) -> int:
    """Return how many custom metrics so many rules and models can make."""
    each = {RULE: rules, MODEL: models}
    return sum(each.get(keys, 1) for metric in METRICS.values() for keys in metric.by)


def telling(policy: Policy, outcome: Outcome) -> dict[str, list[float]]:
    """Return microseconds a row, beside those that rewarding takes."""
    rows = read(batch(Random(0), 0.0)).rows
    meter = Meter(lambda line: None, NAME, every=EVERY)
    contestants: dict[str, Callable[[], object]] = {
        "rewarding it": lambda: route(policy, rows, None),
        "telling it": lambda: meter.add(outcome),
    }
    taken = interleaved(contestants, ROUNDS, time.process_time)
    return {name: [seconds / ROWS * 1e6 for seconds in each] for name, each in taken.items()}


def starts(python: str) -> dict[str, list[float]]:
    """Return milliseconds of a whole process for each library."""
    environment = {"AWS_LAMBDA_FUNCTION_NAME": NAME, "AWS_EMF_ENVIRONMENT": "Lambda"}

    def run(code: str) -> None:
        command = [python, "-c", code]
        subprocess.run(command, check=True, env=environment, stdout=subprocess.DEVNULL)

    taken = interleaved({name: partial(run, code) for name, code in PEERS.items()}, STARTS)
    return {name: [seconds * 1e3 for seconds in each] for name, each in taken.items()}


if __name__ == "__main__":
    sys.exit(main())
