"""What several commands ask for: the policy, and the way to the models."""

import argparse
from pathlib import Path

from router.batch import JUDGES
from router.policy import DEFAULT_POLICY

STAND_IN = (
    "The judge is the embedded offline stand-in: it counts shared words and judges nothing. "
    "Use --judge bedrock for verdicts."
)


def add_policy(parser: argparse.ArgumentParser) -> None:
    """Add --policy."""
    parser.add_argument(
        "--policy",
        type=Path,
        default=DEFAULT_POLICY,
        metavar="FILE",
        help="the routing policy (default: the packaged one)",
    )


def add_policy_and_judge(parser: argparse.ArgumentParser) -> None:
    """Add --policy and --judge."""
    add_policy(parser)
    parser.add_argument(
        "--judge",
        choices=JUDGES,
        default="offline",
        help="who is asked about the rest: Bedrock, the offline stand-in (default), or nobody",
    )


def count(text: str) -> int:
    """Read an option that counts something."""
    if not text.isdecimal() or int(text) < 1:
        raise argparse.ArgumentTypeError(f"{text!r} is not a whole number above 0")
    return int(text)
