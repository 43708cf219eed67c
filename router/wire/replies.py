"""Rewards -> the reply that a trainer wants, checked by ourselves before it leaves."""

from collections.abc import Mapping, Sequence
from typing import Any

from router.errors import EventRefused, ReplyBroken
from router.types import Abstain, Entry, Reward, Row, Verdict
from router.wire.events import ENCODER, Envelope, too_large
from router.wire.metrics import FORMS, Form
from router.wire.size import excess

NUMBERS = (int, float)


def write(
    rows: Sequence[Row], rewards: Sequence[Reward], envelope: Envelope, *, trail: bool = False
) -> object:
    """
    Return the reply for these rows' rewards in this envelope, with as many metrics as Lambda takes.

    `trail` adds `rule`, `decided_by` and `trail` to each result, for the command line, whatever its size.
    Raises ReplyBroken where the ids, their order, the length, a number or the encoding is off:
    the runtime would let most of that pass, and fail on the rest after we have returned.
    Raises EventRefused where so many rows make a reply that Lambda does not take, even without metrics.
    """
    size = 0
    for form in FORMS:
        results = [_result(reward, form) | (_explained(reward) if trail else {}) for reward in rewards]
        encoded = _checked(rows, results)
        reply = _enveloped(results, encoded, envelope)
        if trail or not (size := excess(reply, encoded)):
            return reply
    raise EventRefused(too_large("the reply", size))


def _enveloped(results: Sequence[Mapping[str, Any]], encoded: str, envelope: Envelope) -> object:
    if envelope == "list":
        return results
    body = encoded if envelope == "body_string" else results
    return {"statusCode": 200, "headers": {"Content-Type": "application/json"}, "body": body}


def _result(reward: Reward, form: Form) -> dict[str, object]:
    return {
        "id": reward.id,
        "aggregate_reward_score": reward.value,
        "metrics_list": form(reward),
    }


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
