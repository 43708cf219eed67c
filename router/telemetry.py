"""What the function says of itself: one structured line a batch, and bugs; never a word of a sample."""

import json
import logging
import traceback
from collections import Counter
from collections.abc import Sequence

from router.policy.model import Policy
from router.types import Reward, Silence

log = logging.getLogger("router")


def batch_line(policy: Policy, rewards: Sequence[Reward], seconds: float) -> str:
    """Return the line of one batch: how it was decided, what the judges took, what it was rewarded."""
    entries = [
        entry
        for reward in rewards
        for entry in reward.trail
        if entry.call or isinstance(entry.finding, Silence)
    ]
    calls = [entry.call for entry in entries if entry.call]
    line = {
        "event": "batch",
        "policy": policy.fingerprint,
        "rows": len(rewards),
        "seconds": round(seconds, 4),
        "decided_by": Counter(reward.decided_by for reward in rewards),
        "rules": Counter(reward.rule for reward in rewards if reward.rule),
        "flags": Counter(flag for reward in rewards for flag in reward.flags),
        "escalated": sum(reward.escalated for reward in rewards),
        "judge_errors": Counter(
            entry.finding.error for entry in entries if isinstance(entry.finding, Silence)
        ),
        "judge_calls": len(calls),
        "input_tokens": sum(call.input_tokens for call in calls),
        "output_tokens": sum(call.output_tokens for call in calls),
        "usd": round(sum(call.usd for call in calls), 8),
        "reward_mean": round(sum(reward.value for reward in rewards) / len(rewards), 6) if rewards else None,
    }
    return json.dumps(line)


def log_bug(where: str, bug: BaseException) -> None:
    """Log where a bug struck, and its notes, without its message, which may quote a sample."""
    frames = "".join([*traceback.format_tb(bug.__traceback__), *getattr(bug, "__notes__", ())])
    log.error("bug in %s: %s\n%s", where, type(bug).__name__, frames)
