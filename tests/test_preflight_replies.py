"""What `preflight` makes of a reply: its faults, and what must be the same in the next."""

import json
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from router.batch import make_handler
from router.commands.checks import replies
from router.commands.checks.remarks import fix
from router.commands.checks.replies import Refused, differences, faults, unwrapped
from tests.fakes import policy_from
from tests.results import GOOD, ROWS, answer, metric, result
from tests.test_aws_reward_check import broken, one_short, with_no_score, without_an_id

ENVELOPES = {
    "a list": GOOD,
    "a body": {"statusCode": 200, "headers": {}, "body": GOOD},
    "a body string": {"statusCode": 200, "headers": {}, "body": json.dumps(GOOD)},
}


@pytest.mark.parametrize("reply", ENVELOPES.values(), ids=ENVELOPES)
def test_a_good_reply_has_no_fault_in_any_envelope(reply: object) -> None:
    assert faults(ROWS, answer(reply), 0, 1) == []


BAD: dict[str, tuple[object, str]] = {
    "too few": (GOOD[:2], "3 rows were sent, 2 came back"),
    "too many": ([*GOOD, result("d")], "3 rows were sent, 4 came back"),
    "another order": ([GOOD[1], GOOD[0], GOOD[2]], "row 0: sent as 'a', it came back as 7: ids or order"),
    "another id": ([result("b"), *GOOD[1:]], "row 0: sent as 'a', it came back as 'b'"),
    "an id as text": ([GOOD[0], result("7"), GOOD[2]], "row 1: sent as 7, it came back as '7'"),
    "no id": ([*GOOD[:2], {"aggregate_reward_score": 1.0}], "row 2: it came back without an id"),
    "one id twice": ([*GOOD[:2], result("a")], "two rows came back under the same id"),
    "no score": ([result("a", None), *GOOD[1:]], "row 0: its aggregate_reward_score is None"),
    "a score as text": ([result("a", "0.5"), *GOOD[1:]], "its aggregate_reward_score is '0.5'"),
    "a score of true": ([result("a", True), *GOOD[1:]], "its aggregate_reward_score is True"),
    "a score too high": ([result("a", 1e9), *GOOD[1:]], "is not within the policy's 0 to 1"),
    "NaN": (b'[{"id": "a", "aggregate_reward_score": NaN}]', "the reply holds NaN"),
    "a huge number": (
        b'[{"id":"a","aggregate_reward_score":1e999},{"id":7},{"id":1}]',
        "is inf, not a finite",
    ),
    "a metric of another type": (
        [result("a", metrics_list=[metric("x", type="metric")]), *GOOD[1:]],
        "a metric is",
    ),
    "a metric that is text": ([result("a", metrics_list=[metric("x", "1")]), *GOOD[1:]], "a metric is"),
    "no object": (["a", *GOOD[1:]], "row 0: a str came back, not an object"),
    "a status of 500": ({"statusCode": 500, "body": "[]"}, "statusCode 500"),
    "a body that is no list": ({"statusCode": 200, "body": "{}"}, "`body` is no list"),
    "one object": (GOOD[0], "neither a list of results nor an object"),
    "no JSON": (b"<html>", "the reply is not JSON"),
    "no UTF-8": (b"\xff\xfe[]", "the reply is not UTF-8"),
}


@pytest.mark.parametrize(("reply", "fault"), BAD.values(), ids=BAD)
def test_a_bad_reply_is_told_with_its_fault(reply: object, fault: str) -> None:
    assert fault in "\n".join(faults(ROWS, answer(reply), 0, 1))


@pytest.mark.parametrize("handler", [without_an_id, with_no_score, one_short, broken])
def test_what_awss_own_check_fails_fails_here(handler: Callable[[Any, Any], Any]) -> None:
    try:
        given = answer(handler(ROWS, None))
    except ValueError as error:
        given = answer({"errorType": "ValueError", "errorMessage": str(error)}, error="Unhandled")
    assert faults(ROWS, given, 0, 1)


def test_the_same_event_must_give_the_same_bytes() -> None:
    assert differences(answer(GOOD), answer(GOOD)) == []
    [said] = differences(answer(GOOD), answer([GOOD[0], result(7, 0.25), GOOD[2]]))
    assert "ids [7]" in said


def test_bytes_may_not_differ_even_where_the_values_are_equal() -> None:
    assert differences(answer(GOOD), answer(json.dumps(GOOD, indent=1).encode()))


def test_what_a_judge_said_may_be_said_differently_the_second_time() -> None:
    first, second = (
        [result("a", score, metrics_list=[metric("escalated")]), *GOOD[1:]] for score in (1.0, 0.0)
    )
    assert differences(answer(first), answer(second)) == []
    assert differences(answer(first), answer([second[0], result(7, 0.25), GOOD[2]]))


def test_a_function_that_is_sound_once_only_is_found(tmp_path: Path) -> None:
    policy = policy_from("rules: [{name: math, verify: [math]}]", tmp_path)
    with closing(make_handler(policy, "none", emit=lambda line: None)) as handler:
        turn = iter((True, False))
        [remark] = replies.look(lambda rows: answer(handler(rows, None) if next(turn) else b"<html>"), policy)
    assert remark == fix(
        "reward check", "sent again: the reply is not JSON: Expecting value: line 1 column 1 (char 0)"
    )


def test_what_is_wrong_with_every_row_is_not_told_of_each(tmp_path: Path) -> None:
    policy = policy_from("rules: [{name: math, verify: [math]}]", tmp_path)
    remarks = list(replies.look(lambda rows: answer(without_an_id(rows, None)), policy))
    assert [one.said for one in remarks] == [
        *(f"row {place}: it came back without an id" for place in range(3)),
        "and 4 more of the kind",
    ]


def test_a_reply_that_cannot_be_read_says_why() -> None:
    with pytest.raises(Refused, match="statusCode None"):
        unwrapped(b'{"body": []}')
