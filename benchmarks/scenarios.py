"""
The batches of benchmarks.escalation: what is asked of which model, what goes wrong, what must come of it.

Ideal are one call for each question, as many more as chance fails of them, and N / quota seconds. What
must be reached holds for each seed, except what chance alone decides, which holds for the mean: how many
calls fail where some do at random, and the time of the last reply, which in one of some hundred seeds
takes seconds longer than all others.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import partial
from random import Random
from statistics import fmean

from tests.simulated.model import Faults, SimulatedModel

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
    yield from _at_a_quota()
    yield from _by_chance()
    yield from _down_for_good()
    yield Scenario("8 identical, cold cache", "one call", 8, once, distinct=1)


def _at_a_quota() -> Iterator[Scenario]:
    must, reaches = "all, calls 1.05x, mean time 1.10x", partial(paced, 1.05, 1.10)
    at_ten = Scenario("400 calls, quota 10/s declared", must, 400, reaches, per_second=10.0, declared=True)
    yield at_ten
    must, reaches = "all, calls 1.50x, mean time 1.25x", partial(paced, 1.50, 1.25)
    yield replace(at_ten, name="the same, not declared", must=must, reaches=reaches, declared=False)


def _by_chance() -> Iterator[Scenario]:
    luck = Faults(throttled=THROTTLED, hangs=HANGS)
    must = "99.9 %, mean calls 1.10x"
    by_chance = Scenario("103, 30 % throttled, 5 % hang, 60 s", must, 103, chance, faults=luck, deadline=60.0)
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


def _down_for_good() -> Iterator[Scenario]:
    down = Faults(brown_outs=((0.0, 1e9),))
    must, reaches = "all back, calls 1.2x", partial(outage, 1.2)
    full = Scenario("103, down for good (503), 60 s", must, 103, reaches, faults=down)
    yield replace(full, deadline=60.0)
    yield replace(full, name="the same, 300 s")
    yield replace(full, name="the same, 300 s, 429", faults=replace(down, brown_out_throttles=True))
    must, reaches = "all back, calls 1.5x", partial(outage, 1.5)
    yield Scenario("103, every call hangs, 300 s", must, 103, reaches, faults=Faults(hangs=1.0))
