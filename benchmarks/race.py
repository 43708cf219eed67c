"""
The verifiers beside their peers: who is right how often, and in what time, in one interleaved run.

    python -m benchmarks.race [--policy FILE] [NAME ...]

Every grader in turn gets the same sixteen rollouts before any gets the next: the machine's speed drifts,
and the ratios hold. Ours is timed from the row as it is sent to its reward, and accepts what its surest
verdict gives at least one half, whatever the confidence. Then come answers that never end for whoever
works them out. Sets whose kind of task has no peer here are left out.
"""

import sys
import time
from collections import defaultdict
from collections.abc import Iterable, Mapping
from itertools import chain, islice
from pathlib import Path

from tqdm import tqdm

from benchmarks.bombs import bomb_rows
from benchmarks.peers import MATH_VERIFY, PEERS, Grader, Row
from benchmarks.rollouts import arguments, labelled, sets, unlabelled
from benchmarks.standings import OURS, Run, Runs, bomb_table, comparison, slowest, speed
from router.policy import load_policy
from router.route import route
from router.types import Verdict
from router.wire import read

TURN = 16
"""Rollouts that a grader gets at once, as a trainer sends them; alone, each would find cold caches."""
TIMED = "sky_math"
"""The set whose times are held against math-verify's."""


def main() -> int:
    """Print the tables."""
    chosen = arguments("Run the verifiers beside their peers.").parse_args()
    ours = our_grader(chosen.policy)
    warm(ours)
    raced: dict[str, Runs] = {}
    for one in sets(chosen.names):
        for name, rows in by_task(one).items():
            peers = PEERS[rows[0]["metadata"]["task"]]
            raced[name] = race(tqdm(rows, desc=name, disable=None), ours, peers)
    print(comparison(raced))
    bombs = bomb_rows()
    peers = {MATH_VERIFY: PEERS["math"][MATH_VERIFY]}
    struck = [race([row], ours, peers) for row in tqdm(bombs, desc="bombs", disable=None)]
    print()
    print(bomb_table([str(row["id"]) for row in bombs], struck, MATH_VERIFY))
    print()
    if TIMED in raced:
        print(f"{TIMED}: {speed(raced[TIMED], MATH_VERIFY)}")
    print(slowest([*raced.values(), *struck]))
    return 0


def our_grader(policy: Path) -> Grader:
    """Return the router as a grader that asks no judge."""
    rules = load_policy(policy)

    def grade(row: Row) -> bool:
        [reward] = route(rules, read([unlabelled(row)]).rows, None)
        verdicts = [entry.finding for entry in reward.trail if isinstance(entry.finding, Verdict)]
        return bool(verdicts) and max(verdicts, key=lambda verdict: verdict.confidence).score >= 0.5

    return grade


def warm(ours: Grader) -> None:
    """Ask what only the symbolic worker can answer, so that it has started."""
    question = [{"role": "user", "content": "?"}, {"role": "assistant", "content": r"\boxed{(x+1)^2}"}]
    row = {"id": "0", "messages": question, "reference_answer": "x^2+2x+1", "metadata": {"task": "math"}}
    if not ours(row):
        print("the symbolic worker does not answer: times of mathematics mean nothing", file=sys.stderr)


def by_task(name: str) -> dict[str, list[Row]]:
    """Return a set's rows whose kind has a peer, apart by kind where the set holds several."""
    rows: dict[str, list[Row]] = defaultdict(list)
    for row in chain.from_iterable(labelled(name)):
        if row["metadata"]["task"] in PEERS:
            rows[row["metadata"]["task"]].append(row)
    return {name if len(rows) == 1 else f"{name}, {task}": each for task, each in rows.items()}


def race(rows: Iterable[Row], ours: Grader, peers: Mapping[str, Grader]) -> Runs:
    """Let every grader grade every row, some rows at a turn."""
    runs: Runs = defaultdict(list)
    waiting = iter(rows)
    while some := list(islice(waiting, TURN)):
        for name, grader in {OURS: ours, **peers}.items():
            runs[name] += [_run(grader, row) for row in some]
    return runs


def _run(grader: Grader, row: Row) -> Run:
    started = time.perf_counter()
    accepted = _accepts(grader, row)
    return Run(accepted, row.get("label", 0) >= 0.5, time.perf_counter() - started)


def _accepts(grader: Grader, row: Row) -> bool:
    try:
        return grader(row)
    except Exception:  # a grader that fails refuses
        return False


if __name__ == "__main__":
    sys.exit(main())
