"""
Does the function answer as AWS's own reward check and the contract want it?

sagemaker-train's `verify_reward_function` sends a job's first rows, which have neither response nor id, and
the job does not start where a row is missing, or an id, or a number. What it does not look at is looked at
here as well: order, the ids themselves, NaN, numbers as text, true for 1, more rows than were sent.
"""

import json
import math
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, TypeGuard

from router.commands.checks.invoke import SLOW, Answer, Send
from router.commands.checks.remarks import Remark, fine, fix
from router.commands.checks.samples import RAW, batch
from router.policy import Policy

ABOUT = "reward check"

FORMS = {
    list: "a bare list, as Bedrock and Nova's training want it",
    str: "a list as JSON in `body`, as open-weight models on SageMaker serverless want it",
    dict: "a list in `body`, as Nova's evaluation wants it",
}
TYPES = ("Metric", "Reward")
MOST_SHOWN = 3
"""Faults that are told; what is wrong with one row is mostly wrong with all."""


class Refused(ValueError):
    """A reply that no trainer could read; says why."""


def look(invoke: Send, policy: Policy) -> Iterator[Remark]:
    """Send a small batch, once more unless that took long, and look at what comes back."""
    rows = [*batch(policy, max(4, len(policy.rules))), *RAW]
    first = invoke(rows)
    second = invoke(rows) if first.seconds < SLOW else first
    found = (
        faults(rows, first, policy.low, policy.high)
        or [f"sent again: {each}" for each in faults(rows, second, policy.low, policy.high)]
        or differences(first, second)
    )
    yield from (fix(ABOUT, each) for each in found[:MOST_SHOWN])
    if len(found) > MOST_SHOWN:
        yield fix(ABOUT, f"and {len(found) - MOST_SHOWN} more of the kind")
    if not found:
        form, _ = unwrapped(first.payload)
        yield fine(ABOUT, f"{len(rows)} rows, {len(RAW)} of them raw, came back in order; {form}")


def faults(rows: Sequence[Mapping[str, Any]], answer: Answer, low: float, high: float) -> list[str]:
    """Return what is wrong with an answer to these rows; rewards belong between `low` and `high`."""
    if answer.error:
        return [f"the function fails: {answer.failure}"]
    try:
        _, results = unwrapped(answer.payload)
    except Refused as refused:
        return [str(refused)]
    if len(results) != len(rows):
        return [f"{len(rows)} rows were sent, {len(results)} came back"]
    found = [
        f"row {place}: {fault}"
        for place, (row, result) in enumerate(zip(rows, results, strict=True))
        for fault in _faults_of(row, result, low, high)
    ]
    ids = [json.dumps(result.get("id")) for result in results if isinstance(result, dict)]
    return [*found, *(["two rows came back under the same id"] if len(set(ids)) < len(ids) else [])]


def _faults_of(row: Mapping[str, Any], result: object, low: float, high: float) -> Iterator[str]:
    if not isinstance(result, dict):
        yield f"a {type(result).__name__} came back, not an object"
        return
    if result.get("id") is None:
        yield "it came back without an id"
    elif "id" in row and result["id"] != row["id"]:
        yield f"sent as {row['id']!r}, it came back as {result['id']!r}: ids or order are lost"
    score = result.get("aggregate_reward_score")
    if not _is_number(score):
        yield f"its aggregate_reward_score is {score!r}, not a finite number"
    elif not low <= score <= high:
        yield f"its aggregate_reward_score {score!r} is not within the policy's {low:g} to {high:g}"
    for metric in result.get("metrics_list") or ():
        if not _is_metric(metric):
            yield f"a metric is {json.dumps(metric)}: it needs a name, a number and a type, Metric or Reward"


def _is_metric(metric: object) -> bool:
    return (
        isinstance(metric, dict)
        and isinstance(metric.get("name"), str)
        and _is_number(metric.get("value"))
        and metric.get("type") in TYPES
    )


def _is_number(value: object) -> TypeGuard[float]:
    return isinstance(value, int | float) and not isinstance(value, bool) and math.isfinite(value)


def unwrapped(payload: bytes) -> tuple[str, list[Any]]:
    """Return in which form a reply came, and its results; raise Refused where it is none."""
    reply = parsed(payload)
    if isinstance(reply, list):
        return FORMS[list], reply
    if not isinstance(reply, dict) or "body" not in reply:
        raise Refused("the reply is neither a list of results nor an object with such a list in `body`")
    if reply.get("statusCode") != 200:
        raise Refused(f"the reply says statusCode {reply.get('statusCode')!r}, not 200")
    body, form = reply["body"], FORMS[dict]
    if isinstance(body, str):
        body, form = parsed(body.encode()), FORMS[str]
    if not isinstance(body, list):
        raise Refused("the reply's `body` is no list of results")
    return form, body


def parsed(text: bytes) -> Any:
    """Return the JSON of a reply; raise Refused where it is none, or only Python's."""
    try:
        return json.loads(text.decode(), parse_constant=_no_constant)
    except UnicodeDecodeError:
        raise Refused("the reply is not UTF-8 text") from None
    except json.JSONDecodeError as error:
        raise Refused(f"the reply is not JSON: {error}") from None


def _no_constant(name: str) -> None:
    raise Refused(f"the reply holds {name}, which JSON has not")


def differences(first: Answer, second: Answer) -> list[str]:
    """Return what differs between two sound answers to one event; only a judge, asked anew, may differ."""
    pairs = zip(unwrapped(first.payload)[1], unwrapped(second.payload)[1], strict=False)
    differing = [one["id"] for one, other in pairs if one != other and not (judged(one) or judged(other))]
    same = first.payload == second.payload or any(judged(one) for one in unwrapped(first.payload)[1])
    if differing or not same:
        return [f"the same event twice gives different replies (ids {differing}), and no judge was asked"]
    return []


def judged(result: Mapping[str, Any]) -> bool:
    """Say whether a judge had a part in a result, or its group's mean."""
    return bool(metric(result, "escalated") or metric(result, "fallback"))


def metric(result: Mapping[str, Any], name: str) -> float:
    """Return the value of a metric; 0 where it is not there."""
    return next((each["value"] for each in result.get("metrics_list") or () if each["name"] == name), 0)
