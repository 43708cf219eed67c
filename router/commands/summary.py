"""A run in one table, and some of its rewards with their reasons."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from tabulate import tabulate

from judges.offline import STAND_IN as STAND_IN_MODEL
from router.commands.options import STAND_IN
from router.commands.text import one_line

REASON_CHARACTERS = 88
SILENCE_CHARACTERS = 600
"""A judge's silence says at its end what to do."""
ID_CHARACTERS = 40
NO_RULE = "(no rule: malformed, or no response)"


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
        self.settled += result["rule"] is not None and result["decided_by"] in ("gate", "verifiers")
        self.escalated += any("audit" not in entry for entry in calls)
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
    silences: list[str] = field(default_factory=list)
    """Why judges gave no verdict."""
    answered: int = 0
    """Questions on which they gave one."""
    stand_in: bool = False
    """Whether the offline stand-in was asked."""
    unscorable: list[str] = field(default_factory=list)
    """What is wrong with rows that no rule could look at."""
    audited: int = 0
    """Settled parts that a judge gave a verdict on as well."""
    parted: list[str] = field(default_factory=list)
    """The ids of those whose verifiers it disagrees with."""

    def add(self, result: Mapping[str, Any]) -> None:
        """Count one result of the handler, trail included."""
        rule = result["rule"] or NO_RULE
        self.lines.setdefault(rule, Line()).add(result)
        self.shown.setdefault((rule, result["decided_by"]), _told(result))
        if result["rule"] is None:
            self.unscorable.append(f"{result['id']}: {result['trail'][0]['reason']}")
        for entry in result["trail"]:
            self.stand_in |= entry.get("model") == STAND_IN_MODEL
            if "audit" in entry:
                self.audited += "score" in entry
                self.parted += [str(result["id"])] * entry["parted"]
            elif "error" in entry:
                self.silences.append(f"{entry['error']}: {entry['reason']}")
            else:
                self.answered += "model" in entry

    def text(self) -> str:
        """Return the warnings, the table per rule, then some rewards with their reasons."""
        total = Line()
        for line in self.lines.values():
            total = total.plus(line)
        rows = [line.cells(rule) for rule, line in self.lines.items()] + [total.cells("all")]
        table = tabulate(rows, HEADERS, colalign=("left", *["right"] * 7), disable_numparse=True)
        told = [*self._audits(), "Some rewards and why:", *self.shown.values()]
        return "\n".join([*[f"{warning}\n" for warning in self.warnings()], table, "", *told])

    def _audits(self) -> list[str]:
        if not self.audited:
            return []
        ids = f": {one_line(', '.join(self.parted), REASON_CHARACTERS)}" if self.parted else ""
        parts = f"{self.audited} settled part{'s' * (self.audited > 1)}"
        return [
            f"The judge looked at {parts} as well, and disagrees on {len(self.parted)}{ids}",
            "",
        ]

    def warnings(self) -> list[str]:
        """Return what a reader of the rewards must know, a line each."""
        warnings = [STAND_IN] if self.stand_in else []
        if self.unscorable:
            first = one_line(self.unscorable[0], 2 * REASON_CHARACTERS)
            many = f"{len(self.unscorable)} row{'s' * (len(self.unscorable) > 1)}"
            warnings.append(f"{many} that no rule can look at, at the bottom of the range; first {first}")
        if self.silences and self.answered:
            said = f"The judge gave no verdict on {len(self.silences)} of {self._questions}"
            warnings.append(f"{said}, which are priced by `if_unsettled`; first because of {self._silence}")
        return warnings

    @property
    def unheard(self) -> str:
        """What is wrong and what to do where judges were asked and none gave a verdict; empty otherwise."""
        if self.answered or not self.silences:
            return ""
        return (
            f"the judge gave a verdict on 0 of {self._questions}: {self._silence}. Their rewards are what"
            " `if_unsettled` says, and mean nothing about the rollouts: mend that and score again, or use"
            " --judge none"
        )

    @property
    def _questions(self) -> str:
        count = self.answered + len(self.silences)
        return f"{count} question{'s' * (count > 1)}"

    @property
    def _silence(self) -> str:
        return one_line(self.silences[0], SILENCE_CHARACTERS)


def _told(result: Mapping[str, Any]) -> str:
    by, why = result["decided_by"], "nobody was asked"
    if findings := [entry for entry in result["trail"] if "audit" not in entry]:
        last = findings[-1]
        by = f"{by}: {last['by']}" if result["rule"] else "no rule"
        why = one_line(last["reason"], REASON_CHARACTERS)
    name = one_line(str(result["id"]), ID_CHARACTERS)
    return f"  {name:<12} {result['aggregate_reward_score']:.2f}  {by}: {why}"
