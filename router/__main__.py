"""
The command line: `python -m router COMMAND`, or `reward-router COMMAND` where installed.

Exit status: 0 fine, 1 the work found a problem, 2 wrong usage or bad input, said in one line.
"""

import argparse
import os
import sys
from collections.abc import Sequence
from io import TextIOWrapper
from typing import NoReturn, Protocol

from router.errors import PolicyError, RouterError, Unsettled

try:
    from router.commands import attach, check, explain, forecast, preflight, publish, score, serve
except ModuleNotFoundError as missing:
    way = "run `make venv` in the clone, then `.venv/bin/python -m router`"
    print(f"reward-router: no {missing.name} here: {way}", file=sys.stderr)
    sys.exit(2)


class Command(Protocol):
    """What a module in `router/commands` offers."""

    HELP: str

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        """Say what the command takes."""

    def run(self, arguments: argparse.Namespace) -> int:
        """Do it, and return the exit status."""


COMMANDS: dict[str, Command] = {
    "attach": attach,
    "check": check,
    "explain": explain,
    "forecast": forecast,
    "preflight": preflight,
    "publish": publish,
    "score": score,
    "serve": serve,
}


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command and return its exit status."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, TextIOWrapper):
            stream.reconfigure(
                encoding="utf-8", errors="backslashreplace"
            )  # whatever the terminal's language
    arguments = _parser().parse_args(argv)
    try:
        status = COMMANDS[arguments.command].run(arguments)
        sys.stdout.flush()
    except BrokenPipeError:
        # The reader has gone. Python would try to flush once more at exit, and complain.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    except (RouterError, OSError) as problem:
        print(f"{arguments.command}: {_in_one_line(problem)}", file=sys.stderr)
        return 1 if isinstance(problem, Unsettled) else 2
    except KeyboardInterrupt:
        return 130
    return status


def _in_one_line(problem: RouterError | OSError) -> str:
    if isinstance(problem, PolicyError):
        first, *others = problem.mistakes
        return f"{first} (and {len(others)} more: see `check`)" if others else first
    if isinstance(problem, OSError) and problem.filename:
        return f"{problem.filename}: {problem.strerror}"
    return str(problem)


class _Parser(argparse.ArgumentParser):
    """A parser that says in one line what is wrong."""

    def error(self, message: str) -> NoReturn:
        self.exit(2, f"{self.prog}: {message}; see {self.prog} --help\n")


def _parser() -> argparse.ArgumentParser:
    parser = _Parser(
        prog="reward-router", description="Reward rollouts: verifiers first, a judge for the rest."
    )
    commands = parser.add_subparsers(dest="command", required=True, metavar="COMMAND")
    for name, module in COMMANDS.items():
        command = commands.add_parser(name, help=module.HELP, description=module.HELP)
        module.add_arguments(command)
    return parser


if __name__ == "__main__":
    sys.exit(main())
