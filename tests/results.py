"""A function's reply, as `preflight` is shown it: its results, and what the invocation took."""

import json
from typing import Any

from router.commands.checks.invoke import Answer

ROWS: list[dict[str, Any]] = [{"id": "a"}, {"id": 7}, {"messages": []}]


def result(id: object = "a", score: object = 1.0, **other: Any) -> dict[str, Any]:
    return {"id": id, "aggregate_reward_score": score, "metrics_list": [], **other}


GOOD = [result("a"), result(7), result("row-2", 0.5)]


def answer(reply: object, *, seconds: float = 0.1, error: str = "", megabytes: int | None = None) -> Answer:
    payload = reply if isinstance(reply, bytes) else json.dumps(reply).encode()
    return Answer(payload, error, seconds, megabytes)


def metric(name: str, value: object = 1, type: str = "Metric") -> dict[str, object]:
    return {"name": name, "value": value, "type": type}
