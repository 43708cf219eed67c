"""What the function says of itself: one structured line a batch, and bugs; never a word of a sample."""

import json
import logging
import os
import time
import traceback
from collections import Counter
from collections.abc import Sequence

from router.policy.model import Policy
from router.types import Reward, Silence, Spending, Spent

log = logging.getLogger("router")


def batch_line(policy: Policy, rewards: Sequence[Reward], spending: Spending, seconds: float) -> str:
    """Return the line of one batch: how it was decided, what the judges took, what it was rewarded."""
    entries = [entry for reward in rewards for entry in reward.trail]
    silences = [
        one.finding.error for one in entries if isinstance(one.finding, Silence) and one.audits is None
    ]
    line = {
        "event": "batch",
        "policy": policy.fingerprint,
        "rows": len(rewards),
        "seconds": round(seconds, 4),
        "decided_by": Counter(reward.decided_by for reward in rewards),
        "rules": Counter(reward.rule for reward in rewards if reward.rule),
        "flags": Counter(flag for reward in rewards for flag in reward.flags),
        "escalated": sum(reward.escalated for reward in rewards),
        "judge_errors": Counter(silences),
        "audited": sum(reward.audited for reward in rewards),
        "parted": sum(reward.parted for reward in rewards),
        "cached": sum(entry.call.cached for entry in entries if entry.call),
        "judges": _judges(spending),
        "reward_mean": round(sum(reward.value for reward in rewards) / len(rewards), 6) if rewards else None,
    }
    return json.dumps(line)


def failed_line(policy: Policy, rows: int, spending: Spending, seconds: float) -> str:
    """Return the line of a batch that failed as a whole, because a rule would rather fail than price it."""
    line = {"event": "failed", "policy": policy.fingerprint, "rows": rows, "seconds": round(seconds, 4)}
    return json.dumps(line | {"judges": _judges(spending)})


def rejected_line(policy: Policy) -> str:
    """Return the metric, in CloudWatch's embedded format, that a newer policy could not be taken."""
    metric = {"Name": "policy_rejected", "Unit": "Count"}
    directive = {"Namespace": "RewardRouter", "Dimensions": [["function"]], "Metrics": [metric]}
    metadata = {"Timestamp": int(time.time() * 1000), "CloudWatchMetrics": [directive]}
    function = os.environ.get("AWS_LAMBDA_FUNCTION_NAME", "")
    line = {"function": function, "policy": policy.fingerprint, "policy_rejected": 1}
    return json.dumps({"_aws": metadata} | line)


def _judges(spending: Spending) -> list[dict[str, str | float]]:
    return [{"model": model, "rule": rule, **_rounded(spent)} for (model, rule), spent in spending.items()]


def _rounded(spent: Spent) -> dict[str, float]:
    figures = {name: getattr(spent, name) for name in Spent.__slots__}
    return {name: round(figure, 8) for name, figure in figures.items() if figure}


def log_bug(where: str, bug: BaseException) -> None:
    """Log where a bug struck, and its notes, without its message, which may quote a sample."""
    frames = "".join([*traceback.format_tb(bug.__traceback__), *getattr(bug, "__notes__", ())])
    log.error("bug in %s: %s\n%s", where, type(bug).__name__, frames)
