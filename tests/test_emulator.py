"""The handler behind AWS's runtime client: each request shape of the trainers as bytes in and bytes out."""

import json
import math
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.local.emulator import Emulated, emulated

EVENTS = sorted((Path(__file__).parent / "events").glob("*.json"))


@pytest.fixture(scope="module")
def function() -> Iterator[Emulated]:
    with emulated("router.handler.lambda_handler", env={"JUDGE": "offline"}) as up:
        yield up


def rows_of(event: Any) -> list[Any]:
    """The rows of a request in any of the shapes."""
    if isinstance(event, list):
        return event
    rows = next((event[key] for key in ("body", "input", "batch", "trajectories") if key in event), [event])
    return json.loads(rows) if isinstance(rows, str) else rows


def results_of(event: Any, reply: Any) -> list[Any]:
    """The results in the envelope that the request asks for: its own."""
    body = event.get("body") if isinstance(event, dict) else None
    if body is None:
        assert isinstance(reply, list)
        return reply
    assert reply["statusCode"] == 200
    assert type(reply["body"]) is type(body)
    return json.loads(reply["body"]) if isinstance(body, str) else reply["body"]  # type: ignore[no-any-return]


@pytest.mark.parametrize("path", EVENTS, ids=lambda path: path.stem)
def test_every_row_of_every_shape_gets_one_finite_reward_under_its_id(function: Emulated, path: Path) -> None:
    event = json.loads(path.read_text())
    reply, error = function.invoke(event)
    assert error is None
    rows, results = rows_of(event), results_of(event, reply)
    assert len(results) == len(rows)
    for row, result in zip(rows, results, strict=True):
        assert result["id"] == row.get("id", result["id"])
        assert isinstance(result["aggregate_reward_score"], float)
        assert math.isfinite(result["aggregate_reward_score"])
        assert {metric["type"] for metric in result["metrics_list"]} <= {"Metric", "Reward"}
        assert all(isinstance(metric["value"], int | float) for metric in result["metrics_list"])
    assert len({result["id"] for result in results}) == len(rows)


@pytest.mark.parametrize("event", [None, 42, "hello", {"detail": "a scheduled event"}])
def test_an_event_that_is_no_batch_is_an_error_to_the_caller(function: Emulated, event: object) -> None:
    reply, error = function.invoke(event)
    assert error == "EventRefused"
    assert reply["errorMessage"]


def test_a_warm_function_says_the_same_again(function: Emulated) -> None:
    event = json.loads(EVENTS[0].read_text())
    assert function.invoke(event) == function.invoke(event)


def test_text_of_all_the_world_and_a_lone_surrogate_come_through(function: Emulated) -> None:
    messages = [
        {"role": "user", "content": "2+2?"},
        {"role": "assistant", "content": "😀 \ud800 \x00 #### 4"},
    ]
    event = [{"id": f"行-{n}", "messages": messages, "reference_answer": "4"} for n in range(2)]
    reply, error = function.invoke(event)
    assert error is None
    assert [result["id"] for result in reply] == ["行-0", "行-1"]
