"""`preflight`: with credentials, check what usually goes wrong before a job; one line each."""

import argparse
from itertools import islice
from pathlib import Path

from router.commands.functions import Function
from router.commands.options import count
from router.commands.rollouts import rollouts
from router.errors import RouterError
from router.policy import DEFAULT_POLICY
from router.policy.check import check

HELP = "with credentials: check what usually goes wrong before a job, one line each"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the function, and what the job will ask of it."""
    parser.add_argument("function", metavar="FUNCTION", help="the function's name or its ARN, unqualified")
    parser.add_argument(
        "--policy",
        type=Path,
        default=DEFAULT_POLICY,
        metavar="FILE",
        help="the policy that the function should serve (default: the packaged one)",
    )
    parser.add_argument(
        "--batch", type=count, default=128, metavar="N", help="rows that the job sends at once (default 128)"
    )
    parser.add_argument(
        "--concurrency",
        type=count,
        default=12,
        metavar="N",
        help="the recipe's lambda_concurrency_limit (default 12); on HyperPod rollout_worker_replicas x 64",
    )
    parser.add_argument("--region", default="", metavar="R", help="default: the ARN's, or else the SDK's")
    parser.add_argument(
        "--rollouts", type=Path, metavar="FILE", help="rows to measure with (default: harmless ones)"
    )


def run(arguments: argparse.Namespace) -> int:
    """Print what each check has to say; return 1 where something is to be fixed."""
    from router.commands.checks.examine import Job, examine  # noqa: PLC0415 - boto3, which only this command wants

    job = Job(
        policy=str(arguments.policy),
        checked=check(arguments.policy),
        batch=arguments.batch,
        at_once=arguments.concurrency,
        rows=_recorded(arguments.rollouts, arguments.batch) if arguments.rollouts else (),
    )
    counted = {"fine": 0, "fix": 0, "note": 0}
    for remark in examine(Function.read(arguments.function), arguments.region, job):
        counted[remark.mark] += 1
        print(remark, flush=True)
    print(f"{counted['fine']} fine, {counted['fix']} to fix, {counted['note']} to note.")
    return 1 if counted["fix"] else 0


def _recorded(path: Path, most: int) -> list[object]:
    """Return a batch of a file's rows, from its beginning again where they are too few."""
    with rollouts(path) as rows:
        found = list(islice(rows, most))
    if not found:
        raise RouterError(f"{path} holds no rows")
    return [found[place % len(found)] for place in range(most)]
