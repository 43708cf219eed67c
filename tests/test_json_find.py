"""The one JSON value that a response commits to: which it is, or that there is none."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from router.types import Abstain, Verdict
from tests.test_json import found
from verifiers.values.json_find import LONGEST, find
from verifiers.values.json_text import DEEPEST, Refused, frozen

VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=5), inner, max_size=4),
    max_leaves=12,
)


@pytest.mark.parametrize(
    ("text", "values"),
    [
        ('{"a": 1}', [{"a": 1}]),
        ("  null\n", [None]),
        ('Here it is: {"a": {"b": [1]}}. Enjoy.', [{"a": {"b": [1]}}]),
        ('```json\n{"a": 1}\n```', [{"a": 1}]),
        ('```\n"text"\n```', ["text"]),
        ("~~~json\n12\n~~~", [12]),
        ('{"a": 1} and once more {"a": 1.0}', [{"a": 1}]),
        ('{"a": 1} or {"a": 2}', [{"a": 1}, {"a": 2}]),
        ('{"a": 1} or {"a": true}', [{"a": 1}, {"a": True}]),
        (r"\boxed{{} or so", [{}]),
        ('{see here {"a": 1}}', [{"a": 1}]),
        ('<answer>{"a": "}"}</answer>', [{"a": "}"}]),
        ("a {set} of words, f(x) = {x}, [link](url)", []),
        ("12 apples", []),
    ],
)
def test_values_are_found_alone_in_prose_and_in_fences(text: str, values: list[object]) -> None:
    assert list(find(text).values) == values
    assert not find(text).broken


@pytest.mark.parametrize(
    "text",
    [
        '{"a": 1,}',
        "{'a': 1}",
        "{a: 1}",
        '{"a": 1 // one\n}',
        '{"a": NaN}',
        "[1, 2",
        '{"a": {"b": 1},}',
        'So: {"a": "b',
        "```json\nnothing\n```",
        '{"a": [1, 2}]',
    ],
)
def test_what_only_looks_like_json_is_broken_and_nothing_inside_it_counts(text: str) -> None:
    assert find(text).broken
    assert find(text).values == ()


@pytest.mark.parametrize(
    "text",
    [
        "[" * 100_000,
        "[" * (DEEPEST + 1) + "]" * (DEEPEST + 1),
        '{"a":' * 100_000,
        " " * 3 + "1" * (LONGEST + 1),
        "1" * 5000,
        "1e999",
        '{"a": 1, "a": 2}',
        "[0] " * 30,
    ],
)
def test_what_is_too_much_or_says_two_things_is_refused(text: str) -> None:
    with pytest.raises(Refused):
        find(text)


@pytest.mark.parametrize(
    "text",
    [
        "not [1]",
        "It isn't [1].",
        "This is not the answer:\n```json\n[1]\n```",
        "[1] is wrong",
        "`[1]` is not it",
    ],
)
def test_a_value_that_is_denied_is_refused(text: str) -> None:
    with pytest.raises(Refused):
        find(text)


@pytest.mark.parametrize(
    "text",
    [
        "I do not guess. [1]",
        "Not much to say!\n[1]",
        "[1]\nThe rest is notes.",
        "nothing: [1]",
        "[1] is right",
    ],
)
def test_a_denial_of_something_else_denies_nothing(text: str) -> None:
    assert find(text).values == ([1],)


def test_a_key_given_twice_with_one_value_says_one_thing() -> None:
    assert find('{"a": 1, "a": 1.0}').values == ({"a": 1},)


@pytest.mark.parametrize(
    "hostile",
    [
        "{" * 10_000_000,
        "[" * 99_000,
        '{"' + '\\"' * 49_000,
        '{"a' * 30_000,
        "{ " * 49_000,
        "{" + " " * 99_000,
        "```\n1\n" * 15_000,
        '{"a": ' + '"\\' * 40_000,
        "{word" * 19_000,
        '"' * 100_000,
        "\\" * 100_000,
        "<" * 100_000,
    ],
    ids=range(12),
)
@pytest.mark.parametrize("check", ["fields", "schema"])
def test_a_hostile_response_returns_and_is_not_paid(hostile: str, check: str) -> None:
    finding = found(hostile, {"type": "object"}, check=check)
    assert isinstance(finding, Abstain) or finding.score == 0


@given(VALUES, st.sampled_from(["{}", "So:\n```json\n{}\n```\nDone.", "<think>hm [1</think>{}"]))
def test_a_value_agrees_with_itself_wherever_it_stands(value: object, around: str) -> None:
    finding = found(around.replace("{}", json.dumps([value])), [value])
    assert isinstance(finding, Verdict)
    assert finding.score == 1
    assert finding.confidence >= 0.95


@given(VALUES, VALUES)
def test_only_a_value_that_json_calls_equal_agrees_in_every_field(one: object, other: object) -> None:
    finding = found(json.dumps(one), other)
    if isinstance(finding, Verdict) and not isinstance(other, str):  # a text may hold an object itself
        assert (finding.score == 1) == (frozen(one) == frozen(other))


@given(st.text(max_size=300))
def test_no_text_makes_it_fail(text: str) -> None:
    assert isinstance(found(text, {"a": 1}), Verdict | Abstain)
    assert isinstance(found(text, {"pattern": "^a+$"}, check="schema"), Verdict | Abstain)
