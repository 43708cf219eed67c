"""`score`: reward a file of rollouts through the same handler as production."""

import argparse
import json
import sys
from collections.abc import Mapping
from contextlib import AbstractContextManager, closing, nullcontext
from pathlib import Path
from typing import TextIO

from tqdm import tqdm

from router.batch import make_handler
from router.commands.invocations import rewarded
from router.commands.options import add_policy_and_judge, count
from router.commands.rollouts import rollouts
from router.commands.summary import Summary
from router.errors import RouterError
from router.policy import load_policy

HELP = "reward a file of rollouts: one reward a line, in the same order"

EXPLANATION = ("rule", "decided_by", "trail")


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the file and what to print of it."""
    parser.add_argument(
        "file", type=Path, metavar="FILE", help="JSON lines or one JSON list, .gz too; - for standard input"
    )
    add_policy_and_judge(parser)
    parser.add_argument(
        "--trail",
        action="store_true",
        help="add the rule, who decided, and every finding to each reward; a row that no rule can look at has"
        " the rule null, counts as decided by a gate, and says why",
    )
    parser.add_argument(
        "--summary",
        action="store_true",
        help="print a table per rule and some rewards with their reasons instead",
    )
    parser.add_argument(
        "--batch", type=count, default=128, metavar="N", help="rows an invocation (default 128)"
    )
    parser.add_argument(
        "--out", type=Path, metavar="FILE", help="write the rewards there instead of to standard output"
    )


def run(arguments: argparse.Namespace) -> int:
    """Print or write the rewards and return 0; return 1 where judges were asked and none gave a verdict."""
    policy = load_policy(arguments.policy)
    summary = Summary()
    with (
        closing(make_handler(policy, arguments.judge, trail=True, emit=lambda line: None)) as handler,
        rollouts(arguments.file) as rows,
        _destination(arguments.out, arguments.file) as out,
    ):
        results = rewarded(handler, rows, arguments.batch)
        for result in tqdm(results, unit=" rows", disable=None, leave=False):
            summary.add(result)
            if arguments.out or not arguments.summary:
                print(_line(result, arguments.trail), file=out)
    if arguments.summary:
        print(summary.text())
    else:
        sys.stderr.writelines(f"{warning}\n" for warning in summary.warnings())
    if summary.unheard:
        print(f"score: {summary.unheard}.", file=sys.stderr)
        return 1
    return 0


def _destination(out: Path | None, source: Path) -> AbstractContextManager[TextIO]:
    if out is None:
        return nullcontext(sys.stdout)
    if out.exists() and source.exists() and out.samefile(source):
        raise RouterError(f"--out {out} is the file that is read: name another")
    return out.open("w", encoding="utf-8")


def _line(result: Mapping[str, object], trail: bool) -> str:
    if not trail:
        result = {key: value for key, value in result.items() if key not in EXPLANATION}
    return json.dumps(result, ensure_ascii=False)
