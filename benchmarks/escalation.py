"""
What becomes of a batch's questions when models throttle, hang and go down: our path beside two loops.

    python -m benchmarks.escalation
    python -m benchmarks.escalation --ours --seeds 10000     without the loops; takes an hour or two

Everything runs in virtual time against a simulated model: errors after 30 ms, replies after a lognormal
latency with a median of 0.8 s, a quota that is filled steadily and holds a second's worth. Ours is the
whole path below the handler (router.consult and the switchboard); the loops are those of benchmarks.loops.

`calls` and `seconds` are the mean and the worst of the seeds, against the ideal. What must be reached is in
benchmarks.scenarios.

Ends with status 1 where ours does not reach what it must.
"""

import argparse
import sys
from collections.abc import Callable, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import replace
from functools import partial
from statistics import fmean

from tabulate import tabulate
from tqdm import tqdm

from benchmarks.loops import BOTO3, TENACITY, Loop
from benchmarks.scenarios import Run, Scenario, scenarios
from tests.simulated.batch import NOVA, judge, put, question
from tests.simulated.model import ROUND_TRIP, SimulatedModel


def ours(scenario: Scenario, seed: int) -> Run:
    """Put the batch as the handler does."""
    model = scenario.model(seed)
    assert scenario.per_second or not scenario.declared
    quota = (60 * (scenario.per_second or 0.0), None) if scenario.declared else (None, None)
    asked = judge(replace(NOVA, quota=quota))
    questions = [question(text, asked) for text in scenario.texts()]
    outcome = put(model, questions, deadline=scenario.deadline, seed=seed + 1)
    back = len(outcome.judged) if outcome.ended <= scenario.deadline else 0
    return Run(outcome.answered, len(model.calls), outcome.seconds, back, surprised(scenario, model))


def theirs(loop: Loop, scenario: Scenario, seed: int) -> Run:
    """Put the batch as one of the loops does."""
    model = scenario.model(seed)
    came = loop.put(model, scenario.texts(), deadline=scenario.deadline, seed=seed + 1)
    return Run(len(came), len(model.calls), max(came, default=0.0), len(came), surprised(scenario, model))


def surprised(scenario: Scenario, model: SimulatedModel) -> int:
    """Count the calls that met a brown-out before the failure of its first one was back."""
    met = [
        call.at for start, end in scenario.faults.brown_outs for call in model.calls if start <= call.at < end
    ]
    return sum(at <= min(met) + ROUND_TRIP for at in met)


ARMS: dict[str, Callable[[Scenario, int], Run]] = {
    "ours": ours,
    "boto3 and 64 threads": partial(theirs, BOTO3),
    "tenacity loop, 64 wide": partial(theirs, TENACITY),
}


def main() -> int:
    """Print the table; say in the exit status whether ours reaches what it must."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.escalation")
    parser.add_argument("--seeds", type=int, default=20)
    parser.add_argument("--ours", action="store_true", help="leave the loops out")
    options = parser.parse_args()
    seeds = options.seeds
    arms = {"ours": ours} if options.ours else ARMS
    lines, reached = [], []
    with ProcessPoolExecutor() as workers:
        for scenario in tqdm(list(scenarios()), unit=" scenarios", disable=None, leave=False):
            runs = {
                arm: list(workers.map(partial(run, scenario), range(seeds), chunksize=5))
                for arm, run in arms.items()
            }
            reached.append(scenario.reaches(scenario, runs["ours"]))
            for arm, each in runs.items():
                heads = [scenario.name, scenario.must, "yes" if reached[-1] else "NO"]
                lines.append([*(heads if arm == "ours" else [""] * 3), arm, *figures(scenario, each)])
    print(f"Batches of questions in virtual time, {seeds} seeds; mean and worst seed, against the ideal\n")
    heads = ["scenario", "must reach", "does", "", "answered", "worst", "calls", "worst", "time", "worst"]
    print(tabulate(lines, heads, disable_numparse=True, colalign=(*["left"] * 4, *["right"] * 6)))
    return 0 if all(reached) else 1


def figures(scenario: Scenario, runs: Sequence[Run]) -> list[str]:
    """Return an arm's part of a line: answered, calls and time, the mean and the worst seed of each."""
    answered = [run.answered / scenario.questions for run in runs]
    calls = [run.calls / scenario.ideal_calls for run in runs]
    seconds = [run.seconds / (scenario.ideal_seconds or 1.0) for run in runs]
    unit = "x" if scenario.ideal_seconds else " s"
    return [
        f"{fmean(answered):.2%}",
        f"{min(answered):.1%}",
        f"{fmean(calls):.3f}x",
        f"{max(calls):.3f}x",
        f"{fmean(seconds):.2f}{unit}",
        f"{max(seconds):.2f}{unit}",
    ]


if __name__ == "__main__":
    sys.exit(main())
