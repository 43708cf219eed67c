"""
A function as Lambda starts it, in a process of its own: everything that it writes is what it tells.

    python -m tests.functions.told POLICY < events

Each line of the input is an event; the environment says the rest, as `router/settings.py` reads it. Where the
variable BUG is set, a verifier with a bug, whose message quotes the student, comes first.
"""

import json
import os
import sys
from dataclasses import dataclass, replace
from pathlib import Path
from typing import ClassVar

from router.batch import BatchHandler
from router.errors import RouterError
from router.policy import Policy, load_policy
from router.settings import Settings
from router.telemetry import Telemetry
from router.types import Finding, Sample
from verifiers.base import Verifier


@dataclass(frozen=True, slots=True)
class Quoting(Verifier):
    """A verifier with a bug, whose message quotes the student."""

    name: ClassVar[str] = "quoting"
    cost: ClassVar[int] = 1

    def verify(self, sample: Sample) -> Finding:
        raise ValueError(f"cannot read {sample.response!r} against {sample.reference!r}")


def with_a_bug(policy: Policy) -> Policy:
    """The policy, with a verifier that fails before every other."""
    rules = [
        replace(
            rule,
            parts=tuple(replace(part, verify=(("quoting", Quoting()), *part.verify)) for part in rule.parts),
        )
        for rule in policy.rules
    ]
    return replace(policy, rules=tuple(rules))


def main() -> int:
    """Reward every event; what fails as a whole is Lambda's to report, and is passed over here."""
    settings = Settings.read(os.environ)
    policy = load_policy(Path(sys.argv[1]))
    policy = with_a_bug(policy) if "BUG" in os.environ else policy
    telemetry = Telemetry(print, settings.telling)
    handler = BatchHandler(policy, settings.judge, table="", trail=False, telemetry=telemetry)
    for line in sys.stdin:
        try:
            handler(json.loads(line), None)
        except RouterError:
            continue
    handler.close()
    return 0


if __name__ == "__main__":
    sys.exit(main())
