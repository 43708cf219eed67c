"""Replies: one result a row in the envelope that the trainer wants, and nothing that it stumbles over."""

import json
import math
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from router.errors import EventRefused, ReplyBroken
from router.types import Abstain, Call, Entry, Reward, Silence, Unscorable, Verdict
from router.wire import write

CALL = Call("nova-lite", input_tokens=120, output_tokens=30, usd=0.00002)


def reward(id: str | int = "a", value: float = 0.75, **others: Any) -> Reward:
    fields: dict[str, Any] = {
        "confidence": 0.9,
        "decided_by": "verifiers",
        "rule": "sums",
        "parts": {"reward": value},
        "trail": (Entry("reward", "number", Verdict(0.75, 0.9, "equal"), 0.001),),
    }
    return Reward(id=id, value=value, **(fields | others))


def rows(*ids: str | int) -> list[Unscorable]:
    return [Unscorable(one, "", ()) for one in ids]


def only(given: Reward, *, trail: bool = False) -> dict[str, Any]:
    [result] = results(write(rows(given.id), [given], "list", trail=trail))
    return result


def results(reply: object) -> list[dict[str, Any]]:
    assert isinstance(reply, list)
    return reply


def metrics(given: Reward) -> dict[str, tuple[float, str]]:
    listed = only(given)["metrics_list"]
    named = {one["name"]: (one["value"], one["type"]) for one in listed}
    assert len(named) == len(listed), "a name stands twice"
    return named


# --- envelopes ---------------------------------------------------------------------------------------


def test_a_list_is_a_bare_list() -> None:
    reply = write(rows("a", 5), [reward("a"), reward(5, 0.25)], "list")
    assert [(one["id"], one["aggregate_reward_score"]) for one in results(reply)] == [("a", 0.75), (5, 0.25)]


def test_a_body_string_holds_the_same_list_as_text() -> None:
    reply: Any = write(rows("a"), [reward()], "body_string")
    assert reply.keys() == {"statusCode", "headers", "body"}
    assert (reply["statusCode"], reply["headers"]) == (200, {"Content-Type": "application/json"})
    assert json.loads(reply["body"]) == write(rows("a"), [reward()], "list")


def test_a_body_object_holds_the_list_itself() -> None:
    reply: Any = write(rows("a"), [reward()], "body_object")
    assert reply["body"] == write(rows("a"), [reward()], "list")


def test_what_a_caller_does_to_one_reply_is_not_seen_in_the_next() -> None:
    first: Any = write(rows("a"), [reward()], "body_object")
    first["headers"]["X-Mine"] = "1"
    second: Any = write(rows("a"), [reward()], "body_object")
    assert second["headers"] == {"Content-Type": "application/json"}


def test_nothing_in_nothing_out() -> None:
    assert write([], [], "list") == []
    assert write([], [], "body_string") == {
        "statusCode": 200,
        "headers": {"Content-Type": "application/json"},
        "body": "[]",
    }


# --- metrics -----------------------------------------------------------------------------------------


def test_a_result_has_these_keys_and_no_others() -> None:
    assert list(only(reward())) == ["id", "aggregate_reward_score", "metrics_list"]


def test_four_metrics_are_always_present_then_parts_and_findings() -> None:
    assert metrics(reward()) == {
        "confidence": (0.9, "Metric"),
        "escalated": (0, "Metric"),
        "judge_error": (0, "Metric"),
        "fallback": (0, "Metric"),
        "reward": (0.75, "Reward"),
        "reward.number": (0.75, "Metric"),
    }


def test_an_unscorable_row_has_the_four_metrics_and_its_flags() -> None:
    refusal = Entry("row", "wire", Abstain("`messages` is empty"), 0.0)
    broken = reward(parts={}, trail=(refusal,), rule=None, flags=("malformed", "duplicate_id"))
    assert metrics(broken).keys() == {
        "confidence",
        "escalated",
        "judge_error",
        "fallback",
        "malformed",
        "duplicate_id",
    }
    assert metrics(broken)["malformed"] == (1, "Metric")


def test_parts_are_in_units_of_the_range_and_findings_from_0_to_1() -> None:
    trail = (Entry("tone", "rubric", Verdict(0.25, 0.7, "curt"), 0.5, CALL),)
    said = metrics(reward(value=-0.5, parts={"tone": -0.5}, trail=trail))
    assert (said["tone"], said["tone.rubric"]) == ((-0.5, "Reward"), (0.25, "Metric"))


def test_an_abstention_is_no_metric() -> None:
    trail = (Entry("reward", "exact", Abstain("no reference"), 0.0), *reward().trail)
    assert "reward.exact" not in metrics(reward(trail=trail))


def test_a_judge_that_was_asked_shows_as_escalated() -> None:
    trail = (Entry("reward", "reference", Verdict(1.0, 0.85, "same"), 0.5, CALL),)
    said = metrics(reward(trail=trail, decided_by="judge"))
    assert (said["escalated"], said["judge_error"], said["fallback"]) == (
        (1, "Metric"),
        (0, "Metric"),
        (0, "Metric"),
    )


def test_a_silent_judge_shows_as_escalated_judge_error_and_fallback_and_has_no_score() -> None:
    trail = (Entry("reward", "reference", Silence("JudgeLate", "too late"), 20.0, CALL),)
    said = metrics(reward(trail=trail, decided_by="fallback", parts={}))
    assert [said[name][0] for name in ("escalated", "judge_error", "fallback")] == [1, 1, 1]
    assert "reward.reference" not in said


def test_no_text_of_the_trail_is_in_the_reply() -> None:
    trail = (Entry("reward", "number", Verdict(0.75, 0.9, "CANARY"), 0.001),)
    assert "CANARY" not in json.dumps(only(reward(trail=trail)))


# --- the trail, for the command line -----------------------------------------------------------------


def test_the_trail_adds_the_rule_who_decided_and_every_finding_in_order() -> None:
    trail = (
        Entry("reward", "exact", Abstain("no reference"), 0.001),
        Entry("reward", "number", Verdict(1.0, 0.8, "equal"), 0.002),
        Entry("reward", "reference", Silence("JudgeLate", "too late"), 20.0, CALL),
        Entry("reward", "rubric", Verdict(0.5, 0.7, "so-so"), 0.5, CALL),
    )
    asked = {
        "model": "nova-lite",
        "input_tokens": 120,
        "output_tokens": 30,
        "usd": 0.00002,
        "cached": False,
    }
    told = only(reward(trail=trail, decided_by="judge"), trail=True)
    assert (told["rule"], told["decided_by"]) == ("sums", "judge")
    assert told["trail"] == [
        {"part": "reward", "by": "exact", "abstain": True, "reason": "no reference", "seconds": 0.001},
        {
            "part": "reward",
            "by": "number",
            "score": 1.0,
            "confidence": 0.8,
            "reason": "equal",
            "seconds": 0.002,
        },
        {"part": "reward", "by": "reference", "error": "JudgeLate", "reason": "too late", "seconds": 20.0}
        | asked,
        {
            "part": "reward",
            "by": "rubric",
            "score": 0.5,
            "confidence": 0.7,
            "reason": "so-so",
            "seconds": 0.5,
        }
        | asked,
    ]


# --- our own last check ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "given", [["b", "a"], ["a"], ["a", "b", "c"], ["a", "a"], []], ids=lambda given: "-".join(given) or "none"
)
def test_results_that_do_not_stand_for_the_rows_are_broken(given: list[str]) -> None:
    with pytest.raises(ReplyBroken, match="do not stand for the 2 rows"):
        write(rows("a", "b"), [reward(one) for one in given], "list")


@pytest.mark.parametrize("value", [math.nan, math.inf, -math.inf, None, "0.5", True, 1, 10**400])
def test_a_reward_that_is_no_finite_float_is_broken(value: Any) -> None:
    with pytest.raises(ReplyBroken):
        write(rows("a"), [reward(value=value, parts={})], "list")


@pytest.mark.parametrize("value", [math.nan, math.inf, None, "0.5", True, object()])
@pytest.mark.parametrize("place", ["confidence", "parts"])
def test_a_metric_that_is_no_finite_number_is_broken(place: str, value: Any) -> None:
    bad = {"confidence": value, "parts": {"x": value}}
    with pytest.raises(ReplyBroken):
        write(rows("a"), [reward(**{place: bad[place]})], "list")


def test_a_reply_that_utf_8_has_no_bytes_for_is_broken() -> None:
    with pytest.raises(ReplyBroken, match="does not encode"):
        write(rows("\ud800"), [reward("\ud800")], "list")


# --- size --------------------------------------------------------------------------------------------

ENVELOPES = pytest.mark.parametrize("envelope", ["list", "body_string", "body_object"])
ALWAYS = ["confidence", "escalated", "judge_error", "fallback"]
FORMS = [
    [*ALWAYS, "reward", "reward.number", "truncated"],
    [*ALWAYS, "reward", "truncated", "metrics_shed"],
    [*ALWAYS, "metrics_shed"],
    ALWAYS,
    ["metrics_shed"],
    [],
]
"""The names in `metrics_list`, from all to none."""


def marshalled(reply: object, monkeypatch: pytest.MonkeyPatch) -> bytes:
    """What AWS's runtime client sends of a reply."""
    monkeypatch.setenv("AWS_EXECUTION_ENV", "AWS_Lambda_python3.13")
    runtime = pytest.importorskip("awslambdaric.lambda_runtime_marshaller", reason="for Linux only")
    text, _ = runtime.LambdaMarshaller().marshal_response(reply)
    return bytes(text.encode())


def written(envelope: Any, given: list[Reward]) -> tuple[object, list[list[str]]]:
    """A reply, and the names of each result's metrics."""
    reply: Any = write(rows(*[one.id for one in given]), given, envelope)
    body = reply if envelope == "list" else reply["body"]
    listed = json.loads(body) if envelope == "body_string" else body
    return reply, [[metric["name"] for metric in one["metrics_list"]] for one in listed]


@ENVELOPES
@pytest.mark.parametrize("id", ["a", 'quotes " and \\ and \n, : or \u2028', "行"])
def test_metrics_are_shed_by_the_byte_that_lambda_would_not_take(
    envelope: Any, id: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    given = [reward(f"{id}{n}", flags=("truncated",)) for n in range(3)]
    sizes = []
    for form, less in pairwise([*FORMS, ["nothing"]]):
        reply, names = written(envelope, given)
        assert names == [form] * 3
        sizes.append(len(marshalled(reply, monkeypatch)))
        monkeypatch.setattr("router.wire.size.MAX_REPLY", sizes[-1])
        assert written(envelope, given)[1] == [form] * 3
        monkeypatch.setattr("router.wire.size.MAX_REPLY", sizes[-1] - 1)
        if less == ["nothing"]:
            with pytest.raises(EventRefused, match="the reply holds"):
                written(envelope, given)
        else:
            assert written(envelope, given)[1] == [less] * 3
    assert sizes == sorted(sizes, reverse=True)


@ENVELOPES
def test_a_large_batch_keeps_every_reward_and_says_that_metrics_are_missing(
    envelope: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    entries = tuple(Entry("reward", f"verifier_{n}", Verdict(0.75, 0.9, "equal"), 0.0) for n in range(9))
    reply, names = written(envelope, [reward(n, trail=entries) for n in range(8_000)])
    assert names == [[*ALWAYS, "reward", "metrics_shed"]] * 8_000
    assert len(marshalled(reply, monkeypatch)) <= 6 * 2**20


def test_an_ordinary_batch_is_written_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delattr("router.wire.size.RUNTIME")
    assert written("list", [reward(n) for n in range(2_000)])[1][0] == FORMS[0][:-1]


@ENVELOPES
def test_a_reply_that_lambda_would_not_take_without_metrics_is_refused_before_it_leaves(
    envelope: Any,
) -> None:
    many = [f"{n}-{'i' * 1000}" for n in range(8_000)]
    with pytest.raises(EventRefused, match=r"the reply holds \d\.\d MB .* send fewer rows"):
        write(rows(*many), [reward(one) for one in many], envelope)


def test_the_command_lines_trail_is_never_cut() -> None:
    many = list(range(1_000_000, 1_012_000))
    listed = results(write(rows(*many), [reward(one) for one in many], "list", trail=True))
    assert len(json.dumps(listed)) > 6 * 2**20
    assert len(listed[-1]["metrics_list"]) == 6


numbers = st.floats(0, 1)
findings = st.builds(Verdict, numbers, numbers, st.text()) | st.builds(Abstain, st.text())
entries = st.builds(Entry, st.just("reward"), st.just("number"), findings, numbers)
rewards = st.builds(
    Reward,
    id=st.text(st.characters(exclude_categories=["Cs"])) | st.integers(),
    value=st.floats(-1, 1),
    confidence=numbers,
    decided_by=st.sampled_from(["gate", "verifiers", "judge", "fallback"]),
    rule=st.none() | st.just("sums"),
    parts=st.dictionaries(st.sampled_from(["reward", "tone"]), st.floats(-1, 1)),
    trail=st.lists(entries, max_size=3).map(tuple),
    flags=st.lists(st.sampled_from(["malformed", "truncated"]), unique=True).map(tuple),
)


@given(st.lists(rewards, max_size=5), st.sampled_from(["list", "body_string", "body_object"]))
def test_every_reply_is_json_of_plain_numbers_with_metric_types_spelt_exactly(
    given: list[Reward], envelope: Any
) -> None:
    reply: Any = write(rows(*[one.id for one in given]), given, envelope)
    sent = json.loads(json.dumps(reply, allow_nan=False, ensure_ascii=False).encode())
    body = sent if envelope == "list" else sent["body"]
    listed = json.loads(body) if envelope == "body_string" else body
    assert [one["id"] for one in listed] == [one.id for one in given]
    for one in listed:
        assert type(one["aggregate_reward_score"]) is float
        assert {metric["type"] for metric in one["metrics_list"]} <= {"Metric", "Reward"}
        assert {type(metric["value"]) for metric in one["metrics_list"]} <= {int, float}
