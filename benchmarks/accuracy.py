"""
How right the verifiers are on labelled rollouts, through the handler, under a policy.

    python -m benchmarks.accuracy [--policy FILE] [--situations] [NAME ...]

"Settled" means decided by verifiers. "Forced" takes the surest verdict in the trail whatever its
confidence, and no verdict for a 0. Nobody asks a judge.
"""

import sys
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from tabulate import tabulate

from benchmarks.evidence import counted, evidence_table
from benchmarks.rollouts import Outcome, arguments, outcomes, sets


@dataclass(slots=True)
class Tally:
    """What is counted of one set."""

    rows: int = 0
    settled: int = 0
    settled_wrong: int = 0
    forced_right: int = 0

    def add(self, outcome: Outcome) -> None:
        """Count one labelled rollout."""
        self.rows += 1
        if outcome.settled:
            self.settled += 1
            self.settled_wrong += not outcome.agrees(outcome.result["aggregate_reward_score"])
        surest = outcome.surest
        self.forced_right += outcome.agrees(surest["score"] if surest else 0.0)

    def cells(self, name: str) -> list[str]:
        """Return the set's line of the table."""
        wrong = self.settled_wrong / self.settled if self.settled else 0.0
        shares = [self.settled / self.rows, wrong, self.forced_right / self.rows]
        return [name, str(self.rows), *(f"{share:.2%}" for share in shares)]


def main() -> int:
    """Print the tables."""
    parser = arguments("Measure the verifiers on labelled rollouts.")
    parser.add_argument(
        "--situations", action="store_true", help="also print how right each kind of verdict is"
    )
    chosen = parser.parse_args()
    seen = {name: list(outcomes(name, chosen.policy)) for name in sets(chosen.names)}
    lines = [tally(each).cells(name) for name, each in seen.items()]
    headers = ["set", "rollouts", "settled", "wrong among settled", "forced accuracy"]
    print(tabulate(lines, headers, colalign=("left", *["right"] * 4), disable_numparse=True))
    if chosen.situations:
        print()
        print(evidence_table(counted(seen)))
    return 0


def measure(name: str, policy: Path) -> Tally:
    """Score one set through the handler and count."""
    return tally(outcomes(name, policy))


def tally(seen: Iterable[Outcome]) -> Tally:
    """Count labelled rollouts."""
    counts = Tally()
    for outcome in seen:
        counts.add(outcome)
    return counts


if __name__ == "__main__":
    sys.exit(main())
