"""
Outcomes of batches, added up.

A figure belongs to a cell: to the function, to a rule, or to a rule and a model. Rules and models are those
of one policy, so there are few cells, and none of them holds more than the table of metrics.
"""

import math
from collections import Counter, defaultdict
from collections.abc import Sequence

from router.policy.model import Policy
from router.telemetry.figures import Figure, Highest, Histogram, Mean, Sum, ratio, step
from router.telemetry.metrics import ERROR_KINDS, METRICS
from router.telemetry.outcome import Outcome
from router.types import Entry, Group, Reward, Silence, Spent

Cell = tuple[str | None, str | None]
"""(rule, model)."""

NOBODY: Cell = (None, None)
STEPS = 20
"""Of the range of rewards, each a bucket."""


class Sums:
    """What the batches under one policy came to."""

    def __init__(self, policy: Policy) -> None:
        self.policy = policy
        self.cells: dict[Cell, dict[str, Figure]] = {}
        self.decided_by: Counter[str] = Counter()
        self.flags: Counter[str] = Counter()

    def add(self, outcome: Outcome) -> None:
        """Add a batch."""
        self.note("batches", 1)
        self.note("failed", bool(outcome.failed))
        self.note("bugs", outcome.bugs)
        self.note("seconds", outcome.seconds)
        self._add_rewards(outcome.rewards)
        self._add_spread(outcome.rewards)
        self._add_flags(outcome.rewards)
        self._add_trails(outcome.rewards)
        for (model, rule), spent in outcome.spending.items():
            self._add_spent((rule, model), spent)
        self._add_budgets(outcome)

    def note(self, name: str, value: float, cell: Cell = NOBODY, count: int = 1) -> None:
        """Note a figure, so many times. What adds up and is 0 is left out."""
        if METRICS[name].kind == "sum" and not value:
            return
        figures = self.cells.setdefault(cell, {})
        if name not in figures:
            figures[name] = self._figure(name)
        figures[name].add(value, count)

    def _figure(self, name: str) -> Figure:
        match METRICS[name].kind:
            case "sum":
                return Sum()
            case "highest":
                return Highest()
            case "mean":
                return Mean()
        return Histogram(ratio if name == "seconds" else step(self.policy.low, self.policy.high, STEPS))

    def _add_rewards(self, rewards: Sequence[Reward]) -> None:
        """Count equal rewards together: most of a batch are at one of the ends of the range."""
        alike = Counter([(reward.rule, reward.decided_by, reward.value) for reward in rewards])
        for (rule, decided_by, value), count in alike.items():
            self.decided_by[decided_by] += count
            self.note("samples", 1, (rule, None), count)
            if rule is not None:
                self.note("settled", decided_by in ("gate", "verifiers"), (rule, None), count)
                self.note("fallbacks", decided_by == "fallback", (rule, None), count)
                self.note("reward", value, (rule, None), count)
                self.note("at_ceiling", 100 * (value >= self.policy.high), (rule, None), count)

    def _add_spread(self, rewards: Sequence[Reward]) -> None:
        """Note how far apart the rewards of each rollout group lie: where they do not, nothing is learnt."""
        groups: defaultdict[tuple[str | None, Group], list[float]] = defaultdict(list)
        for reward in rewards:
            if reward.group:
                groups[reward.rule, reward.group].append(reward.value)
        for (rule, _), values in groups.items():
            if len(values) > 1:
                spread = _deviation(values) / (self.policy.high - self.policy.low)
                self.note("reward_spread", spread, (rule, None))

    def _add_flags(self, rewards: Sequence[Reward]) -> None:
        flags = Counter([flag for reward in rewards for flag in reward.flags])
        self.flags += flags
        self.note("malformed", flags["malformed"])
        self.note("backups", flags["judged_by_backup"])

    def _add_trails(self, rewards: Sequence[Reward]) -> None:
        """Count what judges did; most rewards of most batches never met one."""
        met: dict[int, Reward] = {}
        for place, reward in enumerate(rewards):
            for entry in reward.trail:
                if entry.call is not None or isinstance(entry.finding, Silence):
                    met[place] = reward
                    self._add_entry(entry)
        for reward in met.values():
            self.note("escalated", reward.escalated, (reward.rule, None))
            self.note("audited", reward.audited, (reward.rule, None))
            self.note("parted", reward.parted, (reward.rule, None))

    def _add_entry(self, entry: Entry) -> None:
        self.note("cached", entry.call is not None and entry.call.cached)
        if isinstance(entry.finding, Silence) and entry.audits is None:
            self.note("judge_errors", 1)
            self.note(ERROR_KINDS[entry.finding.error], 1)

    def _add_spent(self, cell: Cell, spent: Spent) -> None:
        self.note("judge_calls", spent.calls, cell)
        self.note("judge_lost", spent.lost, cell)
        self.note("throttled", spent.throttled, cell)
        self.note("input_tokens", spent.input_tokens, cell)
        self.note("output_tokens", spent.output_tokens, cell)
        self.note("dollars", spent.usd, cell)

    def _add_budgets(self, outcome: Outcome) -> None:
        cap = outcome.policy.usd_per_invocation
        if outcome.spending and cap < math.inf:
            spent = math.fsum(one.usd + one.lost_usd for one in outcome.spending.values())
            self.note("batch_budget", 100 * spent / cap)
        if outcome.day_spent is not None:
            self.note("day_budget", 100 * outcome.day_spent)


def _deviation(values: Sequence[float]) -> float:
    """Return the standard deviation of all values; `statistics` takes forty times as long to be exact."""
    mean = math.fsum(values) / len(values)
    return math.sqrt(math.fsum([(value - mean) ** 2 for value in values]) / len(values))
