"""A run in one table, and some of its rewards with their reasons."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from tabulate import tabulate

from router.commands.options import STAND_IN

REASON_CHARACTERS = 88


@dataclass(slots=True)
class Line:
    """What is counted for one rule."""

    samples: int = 0
    settled: int = 0
    """Decided by a gate or by verifiers."""
    escalated: int = 0
    fallback: int = 0
    rewards: float = 0.0
    judge_calls: int = 0
    usd: float = 0.0

    def add(self, result: Mapping[str, Any]) -> None:
        """Count one result of the handler, trail included."""
        calls = [entry for entry in result["trail"] if "model" in entry]
        self.samples += 1
        self.settled += result["decided_by"] in ("gate", "verifiers")
        self.escalated += bool(calls)
        self.fallback += result["decided_by"] == "fallback"
        self.rewards += result["aggregate_reward_score"]
        self.judge_calls += len(calls)
        self.usd += sum(entry["usd"] for entry in calls)

    def plus(self, other: "Line") -> "Line":
        """Return the sum of two lines."""
        return Line(*(getattr(self, name) + getattr(other, name) for name in self.__slots__))

    def cells(self, rule: str) -> list[object]:
        """Return the line as the table shows it."""
        mean = self.rewards / self.samples if self.samples else 0.0
        counts = [self.samples, self.settled, self.escalated, self.fallback]
        return [rule, *counts, f"{mean:.3f}", self.judge_calls, f"{self.usd:.4f}"]


HEADERS = [
    "rule",
    "samples",
    "settled by verifiers",
    "escalated",
    "fallback",
    "mean reward",
    "judge calls",
    "dollars",
]


@dataclass(slots=True)
class Summary:
    """Collects results and tells what came of them."""

    lines: dict[str, Line] = field(default_factory=dict)
    shown: dict[tuple[str, str], str] = field(default_factory=dict)
    """One reward with its reason for each rule and way to decide."""

    def add(self, result: Mapping[str, Any]) -> None:
        """Count one result of the handler, trail included."""
        rule = result["rule"] or "(no rule: malformed, or no response)"
        self.lines.setdefault(rule, Line()).add(result)
        self.shown.setdefault((rule, result["decided_by"]), _told(result))

    def text(self, judge: str) -> str:
        """Return the table per rule, then some rewards with their reasons."""
        total = Line()
        for line in self.lines.values():
            total = total.plus(line)
        rows = [line.cells(rule) for rule, line in self.lines.items()] + [total.cells("all")]
        table = tabulate(rows, HEADERS, colalign=("left", *["right"] * 7), disable_numparse=True)
        note = [STAND_IN, ""] if judge == "offline" else []
        return "\n".join([*note, table, "", "Some rewards and why:", *self.shown.values()])


def _told(result: Mapping[str, Any]) -> str:
    last = result["trail"][-1]
    reason = " ".join(last["reason"].split())
    if len(reason) > REASON_CHARACTERS:
        reason = reason[: REASON_CHARACTERS - 3] + "..."
    by = f"{result['decided_by']}: {last['by']}"
    return f"  {result['id']:<12} {result['aggregate_reward_score']:.2f}  {by}: {reason}"
