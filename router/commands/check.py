"""`check`: say what is wrong with a policy, or what each rule will do, in words."""

import argparse
import sys
from pathlib import Path

from router.errors import PolicyError
from router.policy import DEFAULT_POLICY
from router.policy.check import check
from router.policy.words import in_words

HELP = "say what is wrong with a policy, or what each rule will do, in words"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the policy's path."""
    parser.add_argument(
        "policy",
        nargs="?",
        type=Path,
        default=DEFAULT_POLICY,
        metavar="POLICY",
        help="default: the packaged one",
    )


def run(arguments: argparse.Namespace) -> int:
    """Print the policy in words and return 0; print every mistake and return 1."""
    arguments.policy.open().close()  # a file that is not there is bad input, not a failed check
    try:
        checked = check(arguments.policy)
    except PolicyError as error:
        return refused(error)
    print(in_words(str(arguments.policy), checked))
    return 0


def refused(error: PolicyError) -> int:
    """Print every mistake, and return 1."""
    print("\n".join(error.mistakes), flush=True)
    count = len(error.mistakes)
    print(f"{count} mistake{'s' * (count > 1)}; nothing starts on this policy.", file=sys.stderr)
    return 1
