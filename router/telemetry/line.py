"""One line a batch, for the command line: how it was decided, what the judges took, what it was rewarded."""

import json
from collections import Counter
from collections.abc import Callable

from router.policy.model import Policy
from router.telemetry.outcome import Outcome
from router.types import Silence, Spending, Spent


class Lines:
    """Says one line of each batch."""

    def __init__(self, emit: Callable[[str], None]) -> None:
        self._emit = emit

    def add(self, outcome: Outcome) -> None:
        """Say it."""
        self._emit(failed_line(outcome) if outcome.failed else batch_line(outcome))

    def policy_rejected(self, policy: Policy) -> None:
        """Say that a newer policy does not check out, and this one goes on."""
        line = {"event": "policy_rejected", "policy": policy.fingerprint, "policy_rejected": 1}
        self._emit(json.dumps(line))


def batch_line(outcome: Outcome) -> str:
    """Return the line of one batch."""
    rewards = outcome.rewards
    entries = [entry for reward in rewards for entry in reward.trail]
    line = {
        "event": "batch",
        "policy": outcome.policy.fingerprint,
        "rows": outcome.rows,
        "seconds": round(outcome.seconds, 4),
        "decided_by": Counter(reward.decided_by for reward in rewards),
        "rules": Counter(reward.rule for reward in rewards if reward.rule),
        "flags": Counter(flag for reward in rewards for flag in reward.flags),
        "escalated": sum(reward.escalated for reward in rewards),
        "judge_errors": Counter(
            one.finding.error for one in entries if isinstance(one.finding, Silence) and one.audits is None
        ),
        "audited": sum(reward.audited for reward in rewards),
        "parted": sum(reward.parted for reward in rewards),
        "cached": sum(entry.call.cached for entry in entries if entry.call),
        "judges": _judges(outcome.spending),
        "bugs": outcome.bugs,
        "reward_mean": round(sum(reward.value for reward in rewards) / len(rewards), 6) if rewards else None,
    }
    return json.dumps(line)


def failed_line(outcome: Outcome) -> str:
    """Return the line of a batch that failed as a whole."""
    line = {
        "event": "failed",
        "error": outcome.failed,
        "policy": outcome.policy.fingerprint,
        "rows": outcome.rows,
        "seconds": round(outcome.seconds, 4),
        "judges": _judges(outcome.spending),
        "bugs": outcome.bugs,
    }
    return json.dumps(line)


def _judges(spending: Spending) -> list[dict[str, str | float]]:
    return [{"model": model, "rule": rule, **_rounded(spent)} for (model, rule), spent in spending.items()]


def _rounded(spent: Spent) -> dict[str, float]:
    figures = {name: getattr(spent, name) for name in Spent.__slots__}
    return {name: round(figure, 8) for name, figure in figures.items() if figure}
