"""`forecast`: from recorded rollouts, what a job will cost and how long its reward calls take."""

import argparse
from pathlib import Path

from tqdm import tqdm

from router.commands.forecasting.advice import advice, megabytes_of_this_process
from router.commands.forecasting.figures import as_json
from router.commands.forecasting.job import Job
from router.commands.forecasting.outlook import outlook
from router.commands.forecasting.prices import GB_SECOND
from router.commands.forecasting.report import report
from router.commands.forecasting.survey import shares, survey
from router.commands.options import add_policy, count
from router.commands.rollouts import rollouts
from router.policy.build import build
from router.policy.check import check

HELP = "say what a job will cost and how long its reward calls take, from recorded rollouts"

RECIPE_CONCURRENCY = 12
"""`lambda_concurrency_limit` of the training jobs' recipes."""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the file and what the job is like."""
    parser.add_argument(
        "file", type=Path, metavar="FILE", help="rollouts as `score` takes them; - for standard input"
    )
    add_policy(parser)
    parser.add_argument(
        "--samples", type=count, metavar="N", help="samples of the job (default: as many as the file has)"
    )
    parser.add_argument(
        "--batch", type=count, default=128, metavar="N", help="rows an invocation (default 128)"
    )
    parser.add_argument(
        "--concurrency",
        type=count,
        metavar="N",
        help=f"invocations at once (default: `shared_by` of the policy's quota, else {RECIPE_CONCURRENCY})",
    )
    parser.add_argument(
        "--memory", type=count, default=1769, metavar="MB", help="of the function (default 1769)"
    )
    parser.add_argument("--arch", choices=GB_SECOND, default="arm64", help="of the function (default arm64)")
    parser.add_argument(
        "--latency",
        type=_seconds,
        default=0.8,
        metavar="SECONDS",
        help="median of a judge's reply (default 0.8); trails in the file know better",
    )
    parser.add_argument("--json", action="store_true", help="print every figure as JSON instead")


def run(arguments: argparse.Namespace) -> int:
    """Print the outlook and return 0."""
    checked = check(arguments.policy)
    policy = build(checked)
    with rollouts(arguments.file) as rows:
        found = survey(policy, iter(tqdm(rows, unit=" rows", disable=None, leave=False)), arguments.batch)
    expected = outlook(found, _job(arguments, found.rows, shares(policy, checked)))
    advised = advice(expected, policy, megabytes_of_this_process())
    print(as_json(expected, advised) if arguments.json else report(expected, advised, str(arguments.policy)))
    return 0


def _job(arguments: argparse.Namespace, rows: int, shared_by: dict[tuple[str, str], int]) -> Job:
    return Job(
        samples=arguments.samples or rows,
        batch=arguments.batch,
        concurrency=arguments.concurrency or max(shared_by.values(), default=RECIPE_CONCURRENCY),
        memory=arguments.memory,
        arch=arguments.arch,
        latency=arguments.latency,
        shared_by=shared_by,
    )


def _seconds(text: str) -> float:
    try:
        seconds = float(text)
    except ValueError:
        seconds = 0.0
    if not 0 < seconds <= 900:
        raise argparse.ArgumentTypeError(f"{text!r} is no number of seconds above 0 and up to 900")
    return seconds
