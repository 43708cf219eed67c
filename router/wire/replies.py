"""Rewards -> the reply that a trainer wants, checked by ourselves before it leaves."""

from collections.abc import Mapping, Sequence
from typing import Any

from router.errors import EventRefused, ReplyBroken
from router.types import Abstain, Entry, Reward, Row, Verdict
from router.wire.events import ENCODER, MAX_BYTES, Envelope, too_large

NUMBERS = (int, float)


def write(
    rows: Sequence[Row], rewards: Sequence[Reward], envelope: Envelope, *, trail: bool = False
) -> object:
    """
    Return the reply for these rows' rewards in this envelope.

    `trail` adds `rule`, `decided_by` and `trail` to each result, for the command line.
    Raises ReplyBroken where the ids, their order, the length, a number or the encoding is off:
    the runtime would let most of that pass, and fail on the rest after we have returned.
    Raises EventRefused where so many rows make a reply that Lambda does not take.
    """
    results = [_result(reward) | (_explained(reward) if trail else {}) for reward in rewards]
    encoded = _checked(rows, results)
    if not trail:
        _refuse_too_large(encoded, envelope)
    if envelope == "list":
        return results
    body = encoded if envelope == "body_string" else results
    return {"statusCode": 200, "headers": {"Content-Type": "application/json"}, "body": body}


def _result(reward: Reward) -> dict[str, object]:
    return {
        "id": reward.id,
        "aggregate_reward_score": reward.value,
        "metrics_list": [
            _metric("confidence", reward.confidence),
            _metric("escalated", int(reward.escalated)),
            _metric("judge_error", int(reward.judge_error)),
            _metric("fallback", int(reward.decided_by == "fallback")),
            *[{"name": part, "value": value, "type": "Reward"} for part, value in reward.parts.items()],
            *[
                _metric(f"{entry.part}.{'audit' if entry.audits else entry.by}", entry.finding.score)
                for entry in reward.trail
                if isinstance(entry.finding, Verdict)
            ],
            *[_metric(flag, 1) for flag in reward.flags],
        ],
    }


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
    if entry.audits:
        line |= {"audit": True, "parted": entry.parts_ways}
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


def _checked(rows: Sequence[Row], results: Sequence[Mapping[str, Any]]) -> str:
    """Return the results as JSON; raise ReplyBroken where a trainer would stumble over them."""
    if [result["id"] for result in results] != [row.id for row in rows]:
        raise ReplyBroken(f"{len(results)} results do not stand for the {len(rows)} rows, in order")
    for result in results:
        if type(score := result["aggregate_reward_score"]) is not float:
            raise ReplyBroken(f"a reward is {score!r}, not a number with a point")
        for metric in result["metrics_list"]:
            if type(metric["value"]) not in NUMBERS:
                raise ReplyBroken(f"the metric {metric['name']} is {metric['value']!r}, not a number")
    try:
        encoded = ENCODER.encode(results)
        encoded.encode()
    except (ValueError, TypeError) as error:
        raise ReplyBroken(f"the reply does not encode: {error}") from error
    return encoded


def _refuse_too_large(encoded: str, envelope: Envelope) -> None:
    """Say so ourselves: Lambda would fail the batch after we have returned."""
    as_text = encoded.count('"') if envelope == "body_string" else 0
    if (size := len(encoded.encode()) + as_text) > MAX_BYTES:
        raise EventRefused(too_large("the reply", size))
