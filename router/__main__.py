"""
The command line: `python -m router COMMAND`, or `reward-router COMMAND` where installed.

Exit status: 0 fine, 1 the work found a problem, 2 wrong usage or bad input, said in one line.
"""

import argparse
import os
import sys
from collections.abc import Sequence
from typing import Protocol

from router.commands import check, explain, score, serve
from router.errors import RouterError


class Command(Protocol):
    """What a module in `router/commands` offers."""

    HELP: str

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        """Say what the command takes."""

    def run(self, arguments: argparse.Namespace) -> int:
        """Do it, and return the exit status."""


COMMANDS: dict[str, Command] = {"check": check, "explain": explain, "score": score, "serve": serve}


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command and return its exit status."""
    arguments = _parser().parse_args(argv)
    try:
        return COMMANDS[arguments.command].run(arguments)
    except RouterError as problem:
        print(f"{arguments.command}: {problem}", file=sys.stderr)
        return 2
    except BrokenPipeError:
        os.dup2(
            os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno()
        )  # the reader has gone: nothing left to flush
        return 0
    except OSError as problem:
        print(f"{arguments.command}: {problem.filename}: {problem.strerror}", file=sys.stderr)
        return 2
    except KeyboardInterrupt:
        return 130


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="reward-router", description="Reward rollouts: verifiers first, a judge for the rest."
    )
    commands = parser.add_subparsers(dest="command", required=True, metavar="COMMAND")
    for name, module in COMMANDS.items():
        command = commands.add_parser(name, help=module.HELP, description=module.HELP)
        module.add_arguments(command)
    return parser


if __name__ == "__main__":
    sys.exit(main())
