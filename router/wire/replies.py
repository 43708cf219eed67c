"""Rewards -> the reply that a trainer wants, checked by ourselves before it leaves."""

import json
import math
from collections.abc import Mapping, Sequence

from router.errors import ReplyBroken
from router.types import Abstain, Entry, Reward, Row, Verdict
from router.wire.events import Envelope

HEADERS = {"Content-Type": "application/json"}


def write(
    rows: Sequence[Row], rewards: Sequence[Reward], envelope: Envelope, *, trail: bool = False
) -> object:
    """
    Return the reply for these rows' rewards in this envelope.

    `trail` adds `rule`, `decided_by` and `trail` to each result, for the command line.
    Raises ReplyBroken where the ids, their order, the length, a number or the encoding is off:
    the runtime would let most of that pass, and fail on the rest after we have returned.
    """
    results = [_result(reward) | (_explained(reward) if trail else {}) for reward in rewards]
    encoded = _checked(rows, results)
    if envelope == "list":
        return results
    return {"statusCode": 200, "headers": HEADERS, "body": encoded if envelope == "body_string" else results}


def _result(reward: Reward) -> dict[str, object]:
    metrics = [
        _metric("confidence", reward.confidence),
        _metric("escalated", int(reward.escalated)),
        _metric("judge_error", int(reward.judge_error)),
        _metric("fallback", int(reward.decided_by == "fallback")),
    ]
    metrics += [{"name": part, "value": value, "type": "Reward"} for part, value in reward.parts.items()]
    metrics += [
        _metric(f"{entry.part}.{entry.by}", entry.finding.score)
        for entry in reward.trail
        if isinstance(entry.finding, Verdict)
    ]
    metrics += [_metric(flag, 1) for flag in reward.flags]
    return {"id": reward.id, "aggregate_reward_score": reward.value, "metrics_list": metrics}


def _metric(name: str, value: float) -> dict[str, object]:
    return {"name": name, "value": value, "type": "Metric"}


def _explained(reward: Reward) -> dict[str, object]:
    return {
        "rule": reward.rule,
        "decided_by": reward.decided_by,
        "trail": [_line(entry) for entry in reward.trail],
    }


def _line(entry: Entry) -> dict[str, object]:
    line: dict[str, object] = {"part": entry.part, "by": entry.by}
    finding = entry.finding
    if isinstance(finding, Verdict):
        line |= {"score": finding.score, "confidence": finding.confidence}
    elif isinstance(finding, Abstain):
        line |= {"abstain": True}
    else:
        line |= {"error": finding.error}
    line |= {"reason": finding.reason, "seconds": entry.seconds}
    if (call := entry.call) is not None:
        line |= {
            "model": call.model,
            "input_tokens": call.input_tokens,
            "output_tokens": call.output_tokens,
            "usd": call.usd,
            "cached": call.cached,
        }
    return line


def _checked(rows: Sequence[Row], results: Sequence[Mapping[str, object]]) -> str:
    if [result["id"] for result in results] != [row.id for row in rows]:
        raise ReplyBroken(f"{len(results)} results do not stand for the {len(rows)} rows, in order")
    for result in results:
        value = result["aggregate_reward_score"]
        if type(value) is not float or not math.isfinite(value):
            raise ReplyBroken(f"the reward of one row is {value!r}, not a finite number")
    try:
        encoded = json.dumps(results, allow_nan=False, ensure_ascii=False)
        encoded.encode()
    except (ValueError, TypeError) as error:
        raise ReplyBroken(f"the reply does not encode: {error}") from error
    return encoded
