"""`score`: reward a file of rollouts through the same handler as production."""

import argparse
import json
import sys
from contextlib import nullcontext
from pathlib import Path
from typing import Any

from tqdm import tqdm

from router.commands.options import STAND_IN, add_policy_and_judge
from router.commands.rollouts import batches, rows_in
from router.commands.summary import Summary
from router.handler import make_handler
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
        "--trail", action="store_true", help="add the rule, who decided, and every finding to each reward"
    )
    parser.add_argument(
        "--summary",
        action="store_true",
        help="print a table per rule and some rewards with their reasons instead",
    )
    parser.add_argument(
        "--batch", type=_count, default=128, metavar="N", help="rows an invocation (default 128)"
    )
    parser.add_argument(
        "--out", type=Path, metavar="FILE", help="write the rewards there instead of to standard output"
    )


def run(arguments: argparse.Namespace) -> int:
    """Print or write the rewards, and return 0."""
    handler = make_handler(
        load_policy(arguments.policy),
        arguments.judge,
        trail=arguments.trail or arguments.summary,
        emit=lambda line: None,
    )
    summary = Summary()
    if arguments.judge == "offline" and not arguments.summary:
        print(STAND_IN, file=sys.stderr)
    progress = tqdm(unit=" rows", disable=None, leave=False)
    with (
        arguments.out.open("w", encoding="utf-8") if arguments.out else nullcontext(sys.stdout) as out,
        progress,
    ):
        for batch in batches(rows_in(arguments.file), arguments.batch):
            results = results_of(handler(batch, None))
            for result in results:
                if arguments.summary:
                    summary.add(result)
                if arguments.out or not arguments.summary:
                    print(_line(result, arguments.trail), file=out)
            progress.update(len(batch))
    if arguments.summary:
        print(summary.text(arguments.judge))
    return 0


def results_of(reply: object) -> list[dict[str, Any]]:
    """Return the results of a reply, out of whatever envelope the policy sets."""
    body: Any = reply["body"] if isinstance(reply, dict) else reply
    results: list[dict[str, Any]] = json.loads(body) if isinstance(body, str) else body
    return results


def _line(result: dict[str, Any], trail: bool) -> str:
    if not trail:
        result = {key: value for key, value in result.items() if key not in EXPLANATION}
    return json.dumps(result, ensure_ascii=False)


def _count(text: str) -> int:
    if not text.isdecimal() or int(text) < 1:
        raise argparse.ArgumentTypeError(f"{text!r} is not a whole number of rows above 0")
    return int(text)
