"""
Labelled rollouts, and what a policy says of each.

They lie in the folder that ROLLOUTS names, else in `../shared/data`: one `NAME.jsonl.gz` a set. Labels
are seen here and nowhere else: the handler gets a row as a training job would send it.
"""

import gzip
import json
import os
from argparse import ArgumentParser
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tqdm import tqdm

from benchmarks.reworded import REWORDINGS, reworded
from router.batch import make_handler
from router.policy import DEFAULT_POLICY, load_policy

BATCH = 128
SETTLED_BY = ("gate", "verifiers")
MADE_UP = ("attacks",)
"""Sets that no model wrote: every response is wrong by construction, so that refusing them proves nothing."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """One labelled rollout and what became of it."""

    row: Mapping[str, Any]
    result: Mapping[str, Any]

    @property
    def right(self) -> bool:
        """Whether the response is right, by its label."""
        return bool(self.row["label"] >= 0.5)

    @property
    def settled(self) -> bool:
        """Whether verifiers decided."""
        return self.result["decided_by"] in SETTLED_BY

    @property
    def verdicts(self) -> list[Mapping[str, Any]]:
        """The entries of the trail that give a score."""
        return [entry for entry in self.result["trail"] if "score" in entry]

    @property
    def failures(self) -> list[str]:
        """What a bug, or a library that is missing, kept a verifier from judging."""
        return [
            f"{entry['by']}: {entry['reason']}"
            for entry in self.result["trail"]
            if entry.get("abstain") and entry["reason"].startswith("the verifier failed")
        ]

    @property
    def surest(self) -> Mapping[str, Any] | None:
        """The verdict held with the most confidence, the first of several."""
        return max(self.verdicts, key=lambda verdict: verdict["confidence"], default=None)

    def agrees(self, score: float) -> bool:
        """Say whether a score is right about the response."""
        return (score >= 0.5) == self.right


def arguments(description: str) -> ArgumentParser:
    """Return a parser for what every command here takes: the sets, and the policy."""
    parser = ArgumentParser(description=description)
    parser.add_argument("names", nargs="*", metavar="NAME", help="sets to read (default: all)")
    parser.add_argument("--policy", type=Path, default=DEFAULT_POLICY)
    return parser


def data_folder() -> Path:
    """Return where the labelled rollouts lie."""
    return Path(os.environ.get("ROLLOUTS") or Path(__file__).parents[2] / "shared" / "data")


def sets(names: Iterable[str] = ()) -> list[str]:
    """Return the names of these sets, or of all; raise SystemExit where one is not there."""
    recorded = {path.name.removesuffix(".jsonl.gz") for path in data_folder().glob("*.jsonl.gz")}
    there = recorded | {name for name, (of, _) in REWORDINGS.items() if of in recorded}
    chosen = list(names) or sorted(there)
    missing = [name for name in chosen if name not in there]
    if missing or not chosen:
        what = ", ".join(missing) or "labelled rollouts"
        raise SystemExit(f"no {what} in {data_folder()}: name their folder in ROLLOUTS")
    return chosen


def outcomes(name: str, policy: Path = DEFAULT_POLICY) -> Iterator[Outcome]:
    """Score one set through the handler; nobody asks a judge."""
    handler = make_handler(load_policy(policy), "none", trail=True, emit=lambda line: None)
    for batch in tqdm(list(labelled(name)), desc=name, leave=False, disable=None):
        results: Any = handler([unlabelled(row) for row in batch], None)
        yield from map(Outcome, batch, results)


def labelled(name: str) -> Iterator[list[dict[str, Any]]]:
    """Return batches of the rows that somebody could label, less those that the set itself sets aside."""
    recorded, rewording = REWORDINGS.get(name, (name, None))
    with gzip.open(data_folder() / f"{recorded}.jsonl.gz", "rt", encoding="utf-8") as file:
        rows = [row for row in map(json.loads, file) if row["label"] is not None and not _set_aside(row)]
    if rewording:
        rows = [told for row in rows if (told := reworded(row, rewording))]
    return (rows[start : start + BATCH] for start in range(0, len(rows), BATCH))


def unlabelled(row: Mapping[str, Any]) -> dict[str, Any]:
    """Return the row as a training job would send it."""
    return {key: value for key, value in row.items() if key not in ("label", "label_detail")}


def _set_aside(row: Mapping[str, Any]) -> bool:
    """Say whether a set itself marks a row as doubtful, or as one that it does not require."""
    detail = row.get("label_detail") or {}
    return any(detail.get(mark) for mark in ("suspect_label", "optional", "remote"))
