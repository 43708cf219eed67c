"""
Sums -> lines of CloudWatch's embedded metric format, as few of them as there can be.

A line names at most one rule and one model. Each of its metrics appears under those of its sets of dimensions
whose names the line has; what adds up is written once, and CloudWatch adds the lines up to what the function
came to. So a batch under one rule, with one judge model, is one line.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field

from router.telemetry.figures import Figure
from router.telemetry.metrics import METRICS, NAMESPACE
from router.telemetry.sums import Cell, Sums


@dataclass(slots=True)
class Line:
    """One line in the making."""

    cell: Cell
    figures: dict[str, Figure] = field(default_factory=dict)

    def takes(self, cell: Cell, figures: Mapping[str, Figure]) -> bool:
        """Say whether figures of another cell may stand here, and none of either changes its dimensions."""
        joined = _joined(self.cell, cell)
        return (
            joined is not None
            and self.figures.keys().isdisjoint(figures)
            and all(_sets(name, cell) == _sets(name, joined) for name in figures)
            and all(_sets(name, self.cell) == _sets(name, joined) for name in self.figures)
        )

    def take(self, cell: Cell, figures: Mapping[str, Figure]) -> None:
        """Take them."""
        self.cell = _joined(self.cell, cell) or self.cell
        self.figures |= figures


def lines(sums: Sums, function: str, at: float) -> list[str]:
    """Return what is written of these sums, at so many seconds since the epoch."""
    made: list[Line] = []
    for cell, figures in sorted(sums.cells.items(), key=lambda one: one[0][0] is None):
        home = next((line for line in made if line.takes(cell, figures)), None)
        if home is None:
            made.append(home := Line(cell))
        home.take(cell, figures)
    said = {"policy": sums.policy.fingerprint, "decided_by": sums.decided_by, "flags": sums.flags}
    first = {name: one for name, one in said.items() if one}
    return [
        _written(line, function, at, first if line is made[0] else {"policy": said["policy"]})
        for line in made
    ]


def _written(line: Line, function: str, at: float, said: Mapping[str, object]) -> str:
    names = dict(zip(("rule", "model"), line.cell, strict=True))
    members = {
        "_aws": {"Timestamp": int(at * 1000), "CloudWatchMetrics": _directives(line)},
        "function": function,
        **{key: _in_ascii(name) for key, name in names.items() if name is not None},
        **said,
        **{name: figure.told() for name, figure in line.figures.items()},
    }
    return json.dumps(members, separators=(",", ":"))


def _in_ascii(name: str) -> str:
    """Return a name as CloudWatch takes it for a dimension: of printable ASCII; the rest is escaped."""
    return name.encode("unicode_escape").decode("ascii")


def _directives(line: Line) -> list[dict[str, object]]:
    """Return a directive for each way in which metrics of the line have their dimensions."""
    by: dict[tuple[tuple[str, ...], ...], list[dict[str, str]]] = {}
    for name in line.figures:
        by.setdefault(_sets(name, line.cell), []).append(_definition(name))
    return [{"Namespace": NAMESPACE, "Dimensions": sets, "Metrics": metrics} for sets, metrics in by.items()]


def _definition(name: str) -> dict[str, str]:
    unit = METRICS[name].unit
    return {"Name": name} if unit == "None" else {"Name": name, "Unit": unit}


def _sets(name: str, cell: Cell) -> tuple[tuple[str, ...], ...]:
    rule, model = cell
    missing = {key for key, value in (("rule", rule), ("model", model)) if value is None}
    return tuple(one for one in METRICS[name].by if missing.isdisjoint(one))


def _joined(one: Cell, other: Cell) -> Cell | None:
    """Return the names of both cells; None where they differ."""
    if any(a is not None and b is not None and a != b for a, b in zip(one, other, strict=True)):
        return None
    return (one[0] or other[0], one[1] or other[1])
