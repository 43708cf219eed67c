"""A JSON value field by field against a reference answer."""

import itertools
import json
import random
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from router.types import Abstain, Verdict
from tests.test_json import found, score
from verifiers.values.pairing import best_pairs


@pytest.mark.parametrize(
    ("answer", "reference", "expected"),
    [
        ({"a": 1, "b": 2}, {"a": 1, "b": 2}, 1),
        ({"a": 1}, {"a": 1, "b": {"c": 1, "d": 2}}, 1 / 3),
        ({"a": "1"}, {"a": 1}, 0),
        ({"a": False}, {"a": 0}, 0),
        ({"a": None}, {"a": 0}, 0),
        ({}, {"a": None}, 0),
        ([1, 2, 3], [1, 2], 2 / 3),
        ([1], [1, 2], 1 / 2),
        ([], [], 1),
        ({}, {}, 1),
        ([], {}, 0),
        ({"a": 1}, {}, 0),
        ("text", "text", 1),
        ({"a": 1}, '{"a": 1}', 1),
        ({"answer": 5}, {"answer": 5}, 1),
        (5, {"answer": 5}, 0),
        (9007199254740993, 9007199254740992, 0),
    ],
)
def test_the_score_is_the_share_of_typed_fields_that_agree(
    answer: object, reference: object, expected: float
) -> None:
    assert score(answer, reference) == pytest.approx(expected)


@pytest.mark.parametrize(
    ("answer", "options", "expected"),
    [
        ({"id": 1, "items": [{"n": 1, "p": 2.0}, {"n": 2, "p": 3.0}]}, {}, 1),
        ({"id": 1, "items": [{"n": 2, "p": 3.0}, {"n": 1, "p": 2.0}]}, {}, 1 / 5),
        ({"id": 1, "items": [{"n": 2, "p": 3.0}, {"n": 1, "p": 2.0}]}, {"unordered": ["$.items"]}, 1),
        ({"id": 1, "items": [{"n": 2, "p": 9}, {"n": 1, "p": 2}]}, {"unordered": ["items"]}, 4 / 5),
        ({"id": 1, "items": [{"n": 2, "p": 3}]}, {"unordered": ["items"]}, 3 / 5),
        ({"id": 1, "items": [{"n": 1, "p": 9}, {"n": 2, "p": 9}]}, {"ignore": ["items[*].p"]}, 1),
        ({"id": 1, "items": [{"n": 1, "p": 9}, {"n": 2, "p": 9}]}, {"weights": {"items.*.p": 0}}, 1),
        ({"id": 1, "items": []}, {"weights": {"items": 0.5, "items.0.n": 2.5}}, 1 / 5),
        ({"id": 1, "items": [{"n": 1, "p": 2.1}, {"n": 2, "p": 3}]}, {"relative_tolerance": 0.1}, 1),
        ({"id": True, "items": [{"n": 1, "p": 2}, {"n": 2, "p": 3}]}, {"relative_tolerance": 1.0}, 4 / 5),
        ({"id": 1, "items": [{"n": 1, "p": 2, "q": 0}, {"n": 2, "p": 3}]}, {}, 5 / 6),
        ({"id": 1, "items": [{"n": 1, "p": 2, "q": 0}, {"n": 2, "p": 3}]}, {"extra_keys": "ignored"}, 1),
        ({"id": 1, "items": [{"n": 1, "p": 2, "q": 0}, {"n": 2, "p": 3}]}, {"ignore": ["items.*.q"]}, 1),
        ({"id": 2, "items": [{"n": 1, "p": 2}, {"n": 2, "p": 3}]}, {"partial_credit": False}, 0),
    ],
)
def test_options_say_what_counts(answer: object, options: dict[str, Any], expected: float) -> None:
    reference = {"id": 1, "items": [{"n": 1, "p": 2.0}, {"n": 2, "p": 3.0}]}
    assert score(answer, reference, **options) == pytest.approx(expected)


def test_a_text_in_other_words_settles_only_where_the_texts_are_closed() -> None:
    held = found('{"a": 1, "b": "Lisboa"}', {"a": 1, "b": "Lisbon"}, partial_credit=False)
    closed = found('{"a": 1, "b": "Lisboa"}', {"a": 1, "b": "Lisbon"}, partial_credit=False, closed=True)
    typed = found('{"a": 2, "b": "Lisbon"}', {"a": 1, "b": "Lisbon"}, partial_credit=False)
    assert [f.confidence >= 0.95 for f in (held, closed, typed) if isinstance(f, Verdict)] == [
        False,
        True,
        True,
    ]


def test_it_abstains_where_nothing_counts_and_where_there_is_too_much_to_match() -> None:
    assert isinstance(found("1", 1, ignore=["$"]), Abstain)
    many = [list(range(40)), list(range(100, 140))]
    assert isinstance(found(json.dumps(many[0]), many[1], unordered=["$"]), Abstain)
    assert score(many[0][::-1], many[0], unordered=["$"]) == 1


@given(st.lists(st.lists(st.integers(0, 9), min_size=3, max_size=3), min_size=1, max_size=5))
def test_the_best_pairs_gain_the_most(gains: list[list[int]]) -> None:
    pairs = best_pairs(gains)
    gained = sum(gains[row][column] for row, column in enumerate(pairs) if column >= 0)
    size = max(len(gains), 3)
    table = [[gains[r][c] if r < len(gains) and c < 3 else 0 for c in range(size)] for r in range(size)]
    every = itertools.permutations(range(size))
    assert gained == max(sum(table[row][column] for row, column in enumerate(one)) for one in every)
    chosen = [column for column in pairs if column >= 0]
    assert len(chosen) == len(set(chosen))


def test_the_order_of_an_unordered_list_never_counts() -> None:
    shuffled = [{"a": number % 3, "b": [number]} for number in range(20)]
    random.Random(1).shuffle(shuffled)
    assert score(shuffled, sorted(shuffled, key=lambda one: str(one["b"])), unordered=["$"]) == 1
