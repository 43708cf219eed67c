"""`explain`: walk one sample through the policy and print every step."""

import argparse
import sys
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

from judges.offline import STAND_IN as STAND_IN_MODEL
from router.batch import make_handler
from router.commands.invocations import has_id, results_of
from router.commands.options import STAND_IN, add_policy_and_judge
from router.commands.rollouts import rollouts
from router.commands.text import indented, one_line
from router.policy import Policy, load_policy
from router.policy.words import samples_in_words
from router.types import Sample, Unscorable
from router.wire import read

HELP = "walk one sample through the policy and print every step"

SHOWN_CHARACTERS = 600
ROLE_CHARACTERS = 40


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the file and the sample's id."""
    parser.add_argument(
        "file", type=Path, metavar="FILE", help="JSON lines or one JSON list, .gz too; - for standard input"
    )
    parser.add_argument("--id", required=True, help="the sample's id, or row-N for the N-th row (from 0)")
    add_policy_and_judge(parser)


def run(arguments: argparse.Namespace) -> int:
    """Print the steps and return 0; return 2 where no row has this id."""
    policy = load_policy(arguments.policy)
    found = _find(arguments.file, arguments.id)
    if not found:
        print(f"explain: no row in {arguments.file} has the id {arguments.id!r}", file=sys.stderr)
        return 2
    first, *others = found
    batch = [found[first]]
    with closing(make_handler(policy, arguments.judge, trail=True, emit=lambda line: None)) as handler:
        [result] = results_of(handler(batch, None))
    [row] = read(batch).rows
    if others:
        print(
            f"{len(found)} rows have this id. This is {first}; look at {_short(' or '.join(others))} as well."
        )
    print("\n".join(_steps(policy, row, result)))
    return 0


def _find(path: Path, wanted: str) -> dict[str, object]:
    """Return the rows of that id, or else the one at that place, by their places, row-N."""
    named: dict[str, object] = {}
    placed: dict[str, object] = {}
    with rollouts(path) as rows:
        for number, row in enumerate(rows):
            if has_id(row) and wanted == str(row["id"]):
                named[f"row-{number}"] = row
            elif wanted == f"row-{number}":
                placed[wanted] = row
    return named or placed


def _steps(policy: Policy, row: Sample | Unscorable, result: dict[str, Any]) -> Iterator[str]:
    if isinstance(row, Unscorable):
        yield f"No rule looks at this row: {row.reason}."
    else:
        yield from _received(row)
        yield from _rules(policy, row)
        yield from _findings(result["trail"])
        if result["decided_by"] == "fallback":
            yield from _price(policy, row)
    if any(entry.get("model") == STAND_IN_MODEL for entry in result["trail"]):
        yield STAND_IN
    by = f"decided by {result['decided_by']}" if result["rule"] else "the bottom of the range"
    yield f"Reward: {result['aggregate_reward_score']:g}, {by}."
    yield "Metrics: " + ", ".join(f"{one['name']} {one['value']:g}" for one in result["metrics_list"])


def _received(sample: Sample) -> Iterator[str]:
    for message in sample.prompt:
        yield f"[{one_line(message.role, ROLE_CHARACTERS)}] {_short(message.text)}"
    yield f"[response] {_short(sample.response)}"
    if sample.calls:
        yield f"[tool calls] {_short(repr(sample.calls))}"
    if sample.unread:
        yield f"[not read] {one_line(', '.join(sample.unread), SHOWN_CHARACTERS)}"
    yield f"[reference answer] {_short(repr(sample.reference)) if sample.reference is not None else 'none'}"
    yield f"[fields that rules see] {_short(repr(sample.fields))}"
    yield ""


def _rules(policy: Policy, sample: Sample) -> Iterator[str]:
    rule, seen = policy.rule_for(sample)
    for other in policy.rules:
        if other is rule:
            break
        yield f"Rule {other.name!r} does not fit: it takes {samples_in_words(other)}"
    yield f"Rule {rule.name!r} fits: it takes {samples_in_words(rule)}"
    if rule.reference:
        yield f"It reads the reference answer from the row: {_short(repr(seen.reference))}"


def _price(policy: Policy, sample: Sample) -> Iterator[str]:
    rule, _ = policy.rule_for(sample)
    yield f"Nobody settled it: it is priced by `if_unsettled: {rule.if_unsettled}`."
    if rule.if_unsettled == "group_mean":
        yield "Here it stands alone; in a batch it gets the mean of its group."


def _findings(trail: list[dict[str, Any]]) -> Iterator[str]:
    for entry in trail:
        who = f"  {entry['part']}: `{entry['by']}`{', an audit,' if 'audit' in entry else ''}"
        if "abstain" in entry:
            said = f"abstains: {_short(entry['reason'])}"
        elif "error" in entry:
            said = f"gives no verdict: {entry['error']}: {_short(entry['reason'])}"
        else:
            verdict = f"says {entry['score']:g} with confidence {entry['confidence']:g}"
            said = f"{verdict}: {_short(entry['reason'])}"
        asked = ""
        if "model" in entry:
            tokens = f"{entry['input_tokens']} + {entry['output_tokens']} tokens"
            asked = f" [{entry['model']}, {tokens}, ${entry['usd']:.6f}]"
        yield f"{who} {said}{asked} ({entry['seconds'] * 1e3:.2f} ms)"


def _short(text: str) -> str:
    return indented(text, SHOWN_CHARACTERS)
