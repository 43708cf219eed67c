"""
How right each situation of each verifier is, measured: writes `benchmarks/evidence.json`.

    python -m benchmarks.evidence

A situation is a verdict's reason up to ` (`; the author's confidence for it stands in the verifier's
`CONFIDENCE`. The file holds counts and no word of a rollout. It lies here, and not beside the verifiers,
since nothing that runs reads it. Where a verifier hands on another's verdict, `source` names the other.
A right verdict on a made-up attack counts nothing, as it is right by construction; a wrong one counts.
"""

import json
import sys
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from importlib import import_module
from pathlib import Path

from tabulate import tabulate

from benchmarks.reliability import wilson
from benchmarks.rollouts import MADE_UP, Outcome, outcomes, sets

TABLE = Path(__file__).with_name("evidence.json")
HANDS_ON = {"math": ("number",)}
"""Whose verdicts a verifier may hand on as its own."""


@dataclass(slots=True)
class Seen:
    """How often one verifier's verdicts in one situation were right."""

    by: str
    source: str
    situation: str
    sets: dict[str, tuple[int, int]] = field(default_factory=dict)
    """Right verdicts and all verdicts, for each set."""

    @property
    def right(self) -> int:
        """Right verdicts on rollouts of models."""
        return sum(right for name, (right, _) in self.sets.items() if name not in MADE_UP)

    @property
    def verdicts(self) -> int:
        """Verdicts that count."""
        return self.right + sum(verdicts - right for right, verdicts in self.sets.values())

    def add(self, name: str, right: bool) -> None:
        """Count one verdict on a rollout of this set."""
        before = self.sets.get(name, (0, 0))
        self.sets[name] = before[0] + right, before[1] + 1


Rows = list[Seen]


def main() -> int:
    """Measure, write the table, print it and what has to change; return 1 where something has to."""
    from benchmarks.claims import refusals, unmeasured_table  # noqa: PLC0415 - it reads what is written here

    rows = counted({name: outcomes(name) for name in sets()})
    TABLE.write_text(written(rows), encoding="utf-8")
    print(evidence_table(rows))
    print()
    print(unmeasured_table(rows))
    refused = refusals(rows)
    print(
        "\n".join(["", *refused])
        if refused
        else f"\nNo confidence above its evidence; benchmarks/{TABLE.name} is written."
    )
    return 1 if refused else 0


def counted(seen: Mapping[str, Iterable[Outcome]]) -> Rows:
    """Count every verdict in the trails, by situation and set; raise RuntimeError where a verifier failed."""
    rows: dict[tuple[str, str, str], Seen] = {}
    for name, each in seen.items():
        for outcome in each:
            if outcome.failures:
                raise RuntimeError(f"{name}: {outcome.failures[0]}; what fails cannot be measured")
            for verdict in outcome.verdicts:
                by: str = verdict["by"]
                situation: str = verdict["reason"].partition(" (")[0]
                source = source_of(by, situation, verdict["confidence"])
                row = rows.setdefault((by, source, situation), Seen(by, source, situation))
                row.add(name, outcome.agrees(verdict["score"]))
    return [rows[key] for key in sorted(rows)]


def source_of(by: str, situation: str, confidence: float) -> str:
    """Return whose verdict this is: who knows the situation and claims this confidence, else who knows it."""
    known: list[str] = [name for name in (by, *HANDS_ON.get(by, ())) if situation in confidences(name)]
    if not known:
        raise LookupError(f"{by}: no CONFIDENCE names the situation {situation!r}")
    for name in known:
        if confidences(name)[situation] == confidence:
            return name
    return known[0]


def confidences(verifier: str) -> Mapping[str, float]:
    """Return what a verifier claims in each of its situations."""
    claimed: Mapping[str, float] = import_module(f"verifiers.{verifier}").CONFIDENCE
    return claimed


def written(rows: Rows) -> str:
    """Return the table as JSON, a situation a line."""
    return "[\n" + ",\n".join(json.dumps(_line(row)) for row in rows) + "\n]\n"


def _line(row: Seen) -> dict[str, object]:
    low, high = wilson(row.right, row.verdicts)
    return {
        "by": row.by,
        "source": row.source,
        "situation": row.situation,
        "right": row.right,
        "verdicts": row.verdicts,
        "interval": [round(low, 3), round(high, 3)],
        "sets": {name: list(counts) for name, counts in sorted(row.sets.items())},
    }


def recorded() -> Rows:
    """Return the table as it was last written."""
    lines = json.loads(TABLE.read_text(encoding="utf-8"))
    return [
        Seen(
            line["by"],
            line["source"],
            line["situation"],
            {name: (right, verdicts) for name, (right, verdicts) in line["sets"].items()},
        )
        for line in lines
    ]


def evidence_table(rows: Rows) -> str:
    """Return the rows for reading, each with what is claimed and the set in which it holds least."""
    headers = ["verifier", "situation", "claimed", "verdicts", "right", "interval", "least in"]
    align = ("left", "left", *["right"] * 4, "left")
    return tabulate(map(_cells, rows), headers, colalign=align, disable_numparse=True)


def _cells(row: Seen) -> list[str]:
    low, high = wilson(row.right, row.verdicts)
    share = f"{row.right / row.verdicts:.3f}" if row.verdicts else "-"
    name, (right, verdicts) = min(row.sets.items(), key=lambda one: one[1][0] / one[1][1])
    least = f"{name} {right}/{verdicts}" if right < verdicts else ""
    by = row.by if row.by == row.source else f"{row.by}, as {row.source}"
    claimed = f"{confidences(row.source)[row.situation]:g}"
    return [by, row.situation, claimed, str(row.verdicts), share, f"{low:.3f} to {high:.3f}", least]


if __name__ == "__main__":
    sys.exit(main())
