"""
How right the verifiers are, and how sure: labelled rollouts through the handler, under a policy.

    python -m benchmarks.accuracy [--policy FILE] [--situations] [NAME ...]

Reads `NAME.jsonl.gz` from the folder that ROLLOUTS names, else from `../shared/data`. "Settled" means
decided by verifiers. "Forced" takes the surest verdict in the trail whatever its confidence, and no
verdict for a 0. Nobody asks a judge.
"""

import argparse
import gzip
import json
import os
import sys
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from math import sqrt
from pathlib import Path
from typing import Any

from tabulate import tabulate

from router.handler import make_handler
from router.policy import DEFAULT_POLICY, load_policy

BATCH = 128
SETTLED_BY = ("gate", "verifiers")


@dataclass(slots=True)
class Tally:
    """What is counted of one set."""

    rows: int = 0
    settled: int = 0
    settled_wrong: int = 0
    forced_right: int = 0

    def add(self, right: bool, result: Mapping[str, Any]) -> None:
        """Count one labelled rollout."""
        self.rows += 1
        if result["decided_by"] in SETTLED_BY:
            self.settled += 1
            self.settled_wrong += (result["aggregate_reward_score"] >= 0.5) != right
        self.forced_right += (_surest(result["trail"]) >= 0.5) == right

    def cells(self, name: str) -> list[str]:
        """Return the set's line of the table."""
        wrong = self.settled_wrong / self.settled if self.settled else 0.0
        shares = [self.settled / self.rows, wrong, self.forced_right / self.rows]
        return [name, str(self.rows), *(f"{share:.2%}" for share in shares)]


@dataclass(slots=True)
class Situation:
    """How often one verifier's verdicts of one kind are right."""

    verdicts: int = 0
    right: int = 0
    confidences: set[float] = field(default_factory=set)


Situations = defaultdict[tuple[str, str, float], Situation]


def main() -> int:
    """Print the tables; return 1 where there is no data."""
    parser = argparse.ArgumentParser(description="Measure the verifiers on labelled rollouts.")
    parser.add_argument("names", nargs="*", metavar="NAME", help="sets to read (default: all)")
    parser.add_argument("--policy", type=Path, default=DEFAULT_POLICY)
    parser.add_argument(
        "--situations", action="store_true", help="also print how right each kind of verdict is"
    )
    arguments = parser.parse_args()
    folder = data_folder()
    names = arguments.names or sorted(
        path.name.removesuffix(".jsonl.gz") for path in folder.glob("*.jsonl.gz")
    )
    if not names:
        print(f"no labelled rollouts in {folder}: name their folder in ROLLOUTS", file=sys.stderr)
        return 1
    situations: Situations = defaultdict(Situation)
    lines = [measure(folder / f"{name}.jsonl.gz", arguments.policy, situations).cells(name) for name in names]
    headers = ["set", "rollouts", "settled", "wrong among settled", "forced accuracy"]
    print(tabulate(lines, headers, colalign=("left", *["right"] * 4), disable_numparse=True))
    if arguments.situations:
        print()
        print(situations_table(situations))
    return 0


def data_folder() -> Path:
    """Return where the labelled rollouts lie."""
    return Path(os.environ.get("ROLLOUTS") or Path(__file__).parents[2] / "shared" / "data")


def measure(path: Path, policy: Path, situations: Situations | None = None) -> Tally:
    """Score one set through the handler and count."""
    handler = make_handler(load_policy(policy), "none", trail=True, emit=lambda line: None)
    tally = Tally()
    for batch in labelled(path):
        results: Any = handler([unlabelled(row) for row in batch], None)
        for row, result in zip(batch, results, strict=True):
            right = row["label"] >= 0.5
            tally.add(right, result)
            if situations is not None:
                _note(situations, right, result["trail"])
    return tally


def labelled(path: Path) -> Iterable[list[dict[str, Any]]]:
    """Return batches of the rows that somebody could label, less those that the set itself sets aside."""
    with gzip.open(path, "rt", encoding="utf-8") as file:
        rows = [row for row in map(json.loads, file) if row["label"] is not None and not _set_aside(row)]
    return (rows[start : start + BATCH] for start in range(0, len(rows), BATCH))


def _set_aside(row: Mapping[str, Any]) -> bool:
    """Say whether a set itself marks a row as doubtful, or as one that it does not require."""
    detail = row.get("label_detail") or {}
    return any(detail.get(mark) for mark in ("suspect_label", "optional", "remote"))


def unlabelled(row: Mapping[str, Any]) -> dict[str, Any]:
    """Return the row as a training job would send it."""
    return {key: value for key, value in row.items() if key not in ("label", "label_detail")}


def situations_table(situations: Situations) -> str:
    """Return how right each kind of verdict is, with the interval that the evidence leaves (Wilson, 95 %)."""
    lines = []
    for (by, situation, score), seen in sorted(situations.items()):
        low, high = wilson(seen.right, seen.verdicts)
        said = " ".join(f"{confidence:g}" for confidence in sorted(seen.confidences))
        share = f"{seen.right / seen.verdicts:.3f}"
        lines.append(
            [by, situation, f"{score:g}", said, str(seen.verdicts), share, f"{low:.3f} to {high:.3f}"]
        )
    headers = ["verifier", "situation", "score", "confidence", "verdicts", "right", "interval"]
    align = ("left", "left", *["right"] * 5)
    return tabulate(lines, headers, colalign=align, disable_numparse=True)


def wilson(right: int, verdicts: int, z: float = 1.96) -> tuple[float, float]:
    """Return the 95 % score interval of a share (E. B. Wilson, 1927)."""
    share = right / verdicts
    spread = z * sqrt(share * (1 - share) / verdicts + z * z / (4 * verdicts * verdicts))
    centre, scale = share + z * z / (2 * verdicts), 1 + z * z / verdicts
    return (centre - spread) / scale, (centre + spread) / scale


def _note(situations: Situations, right: bool, trail: Iterable[Mapping[str, Any]]) -> None:
    for entry in trail:
        if "score" in entry:
            situation = entry["reason"].partition(" (")[0]
            seen = situations[entry["by"], situation, entry["score"]]
            seen.verdicts += 1
            seen.right += (entry["score"] >= 0.5) == right
            seen.confidences.add(entry["confidence"])


def _surest(trail: Iterable[Mapping[str, Any]]) -> float:
    verdicts = [entry for entry in trail if "score" in entry]
    return float(max(verdicts, key=lambda entry: entry["confidence"])["score"]) if verdicts else 0.0


if __name__ == "__main__":
    sys.exit(main())
