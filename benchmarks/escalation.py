"""
What becomes of a batch's questions when models throttle, hang and go down: our path beside two loops.

    python -m benchmarks.escalation
    python -m benchmarks.escalation --ours --seeds 10000     without the loops; takes a night

Everything runs in virtual time against a simulated model: errors after 30 ms, replies after a lognormal
latency with a median of 0.8 s, a quota that is filled steadily and holds a second's worth. Ours is the
whole path below the handler (router.consult and the switchboard); the loops are those of benchmarks.loops.

`calls` and `seconds` are the mean and the worst of the seeds. Ideal are one call for each question, as
many more as chance fails of them, and N / quota seconds. What must be reached holds for each seed, except
what chance alone decides, which holds for the mean: how many calls fail where some do at random, and the
time of the last reply, which in one of some hundred seeds takes seconds longer than all others.

Ends with status 1 where ours does not reach what it must.
"""

import argparse
import sys
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, replace
from functools import partial
from random import Random
from statistics import fmean

from tabulate import tabulate
from tqdm import tqdm

from benchmarks.loops import BOTO3, TENACITY, Loop
from tests.simulated.batch import NOVA, judge, put, question
from tests.simulated.model import ROUND_TRIP, Faults, SimulatedModel

SECONDS = 300.0
"""Until the deadline, where the scenario names none: what the template gives a batch."""
THROTTLED, HANGS = 0.30, 0.05
CHANCE = 1 / (1 - THROTTLED - HANGS)
"""Calls for each answer that chance alone makes necessary."""


HEALTHY = Faults()


@dataclass(frozen=True, slots=True)
class Scenario:
    """A batch, a model, and what must come of it."""

    name: str
    must: str
    questions: int
    reaches: Callable[["Scenario", Sequence["Run"]], bool]
    distinct: int = 0
    """How many of them differ; 0: all."""
    per_second: float | None = None
    declared: bool = False
    faults: Faults = HEALTHY
    deadline: float = SECONDS

    @property
    def ideal_calls(self) -> float:
        """The calls that nobody can save."""
        by_chance = CHANCE if self.faults.throttled else 1.0
        return (self.distinct or self.questions) * by_chance

    @property
    def ideal_seconds(self) -> float | None:
        """The seconds that nobody can save; None where only latencies count."""
        return self.questions / self.per_second if self.per_second else None

    def model(self, seed: int) -> SimulatedModel:
        """A model as this scenario has it."""
        return SimulatedModel(Random(seed), self.per_second, faults=self.faults)

    def texts(self) -> list[str]:
        """The responses that are asked about."""
        return [f"answer {n % (self.distinct or self.questions)}" for n in range(self.questions)]


@dataclass(frozen=True, slots=True)
class Run:
    """One seed's batch."""

    answered: int
    calls: int
    seconds: float
    """Until the last answer."""
    back: int
    """Rows that came back, answered or flagged, before the deadline."""
    surprised: int
    """Calls under way when the first failure of a brown-out could be known."""


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


def all_answered(scenario: Scenario, runs: Sequence[Run]) -> bool:
    """Say whether no seed left a question unanswered."""
    return all(run.answered == scenario.questions for run in runs)


def paced(most_calls: float, most_time: float, scenario: Scenario, runs: Sequence[Run]) -> bool:
    """Say whether all is answered with no more than so many times the ideal calls and, in the mean, time."""
    assert scenario.ideal_seconds
    calls = max(run.calls for run in runs) / scenario.ideal_calls
    seconds = fmean(run.seconds for run in runs) / scenario.ideal_seconds
    return all_answered(scenario, runs) and calls <= most_calls and seconds <= most_time


def chance(scenario: Scenario, runs: Sequence[Run]) -> bool:
    """Say whether 99.9 % are answered with 1.10 times the calls that chance makes necessary."""
    answered = sum(run.answered for run in runs) / scenario.questions / len(runs)
    return answered >= 0.999 and fmean(run.calls for run in runs) <= 1.10 * scenario.ideal_calls


def brown_out(scenario: Scenario, runs: Sequence[Run]) -> bool:
    """Say whether all is answered with those calls, those it surprised, and two for each of its seconds."""
    [(start, end)] = scenario.faults.brown_outs
    most = 1.10 * scenario.ideal_calls + fmean(run.surprised for run in runs) + 2 * (end - start)
    return all_answered(scenario, runs) and fmean(run.calls for run in runs) <= most


def outage(most_calls: float, scenario: Scenario, runs: Sequence[Run]) -> bool:
    """Say whether every row comes back in time, after no more than so many times the ideal calls."""
    most = most_calls * scenario.ideal_calls
    return all(run.back == scenario.questions and run.calls <= most for run in runs)


def once(scenario: Scenario, runs: Sequence[Run]) -> bool:
    """Say whether what is asked twice is paid once."""
    return all_answered(scenario, runs) and all(run.calls == scenario.distinct for run in runs)


def scenarios() -> Iterator[Scenario]:
    """The batches."""
    at_ten = Scenario(
        "400 calls, quota 10/s declared", "all, calls 1.05x, mean time 1.10x", 400, partial(paced, 1.05, 1.10)
    )
    at_ten = replace(at_ten, per_second=10.0, declared=True)
    yield at_ten
    yield replace(
        at_ten,
        name="the same, not declared",
        must="all, calls 1.50x, mean time 1.25x",
        reaches=partial(paced, 1.50, 1.25),
        declared=False,
    )
    luck = Faults(throttled=THROTTLED, hangs=HANGS)
    by_chance = Scenario("103, 30 % throttled, 5 % hang, 60 s", "99.9 %, mean calls 1.10x", 103, chance)
    by_chance = replace(by_chance, faults=luck, deadline=60.0)
    yield by_chance
    for start in (0, 1, 3, 10):
        for status in (503, 429):
            yield replace(
                by_chance,
                name=f"and a brown-out at {start} s for 20 s, {status}",
                must="all, those + in flight + 2/s",
                reaches=brown_out,
                faults=replace(luck, brown_outs=((start, start + 20),), brown_out_throttles=status == 429),
            )
    down = Faults(brown_outs=((0.0, 1e9),))
    full = Scenario(
        "103, down for good (503), 60 s", "all back, calls 1.2x", 103, partial(outage, 1.2), faults=down
    )
    yield replace(full, deadline=60.0)
    yield replace(full, name="the same, 300 s")
    throttles = replace(down, brown_out_throttles=True)
    yield replace(full, name="the same, 300 s, 429", faults=throttles)
    yield replace(
        full,
        name="103, every call hangs, 300 s",
        must="all back, calls 1.5x",
        reaches=partial(outage, 1.5),
        faults=Faults(hangs=1.0),
    )
    yield Scenario("8 identical, cold cache", "one call", 8, once, distinct=1)


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
