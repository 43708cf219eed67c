"""The JSON that a response commits to, against a schema or field by field; what is special to `json`."""

import itertools
import json
import random
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

import verifiers.json as module
from router.types import Abstain, Finding, Sample, Verdict
from tests.manuals import Example, examples
from verifiers.json import CONFIDENCE, Json
from verifiers.values.json_find import LONGEST, find
from verifiers.values.json_pattern import PatternRefused, matches
from verifiers.values.json_text import DEEPEST, Refused, frozen
from verifiers.values.pairing import best_pairs

MANUAL = examples(module.__doc__ or "")

VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=5), inner, max_size=4),
    max_leaves=12,
)


def found(
    response: str, reference: object, fields: dict[str, object] | None = None, **options: Any
) -> Finding:
    return Json(**options).verify(Sample("a", (), response, reference, fields or {}))


def fits(value: object, schema: object, draft: str = "draft2020-12") -> bool | str:
    """Say whether a value is valid, or why nobody can say."""
    finding = found(json.dumps(value), schema, {"draft": draft}, check="schema")
    return finding.reason if isinstance(finding, Abstain) else finding.score == 1


def score(answer: object, reference: object, **options: Any) -> float:
    finding = found(json.dumps(answer), reference, **options)
    assert isinstance(finding, Verdict)
    return finding.score


@pytest.mark.parametrize("example", MANUAL, ids=lambda example: example.line)
def test_an_example_in_the_manual_holds(example: Example) -> None:
    assert example.holds(Json)


def test_the_file_does_not_hide_the_standard_library() -> None:
    code = "import verifiers.json, json; print(json.dumps({'a': 1}), verifiers.values.json_text.json is json)"
    run = subprocess.run(
        [sys.executable, "-c", code],
        capture_output=True,
        text=True,
        check=True,
        cwd=Path(__file__).parents[1],
    )
    assert run.stdout.split() == ['{"a":', "1}", "True"]
    as_main = [sys.executable, "-m", "verifiers.json"]
    assert subprocess.run(as_main, check=True, cwd=Path(__file__).parents[1]).returncode == 0


def test_importing_it_loads_no_library() -> None:
    code = (
        "import verifiers.json, sys; print({'jsonschema', 'referencing', 're2', 'attrs'} & set(sys.modules))"
    )
    run = subprocess.run(
        [sys.executable, "-c", code],
        capture_output=True,
        text=True,
        check=True,
        cwd=Path(__file__).parents[1],
    )
    assert run.stdout.strip() == "set()"


# --- finding the one value -----------------------------------------------------------------------------


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


# --- field by field ------------------------------------------------------------------------------------


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


# --- against a schema ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("value", "schema", "draft", "expected"),
    [
        (1.0, {"type": "integer"}, "draft6", True),
        (1.0, {"type": "integer"}, "draft4", False),
        (True, {"type": "integer"}, "draft7", False),
        (1, {"const": True}, "draft7", False),
        ([1, True], {"uniqueItems": True}, "draft2020-12", True),
        ([{"a": 1}, {"a": 1.0}], {"uniqueItems": True}, "draft2020-12", False),
        ([1, "a"], {"items": [{"type": "integer"}, {"type": "string"}]}, "draft7", True),
        ([1, "a"], {"prefixItems": [{"type": "string"}]}, "draft7", True),
        ([1, "a"], {"prefixItems": [{"type": "string"}]}, "draft2020-12", False),
        (5, {"minimum": 5, "exclusiveMinimum": True}, "draft4", False),
        (
            {"a": 1, "b": 2},
            {"properties": {"a": True}, "unevaluatedProperties": False},
            "draft2019-09",
            False,
        ),
        (
            {"x-a": 1},
            {"patternProperties": {"^x-": {}}, "unevaluatedProperties": False},
            "draft2020-12",
            True,
        ),
        (
            {"xa": 1},
            {"patternProperties": {"^x-": {}}, "unevaluatedProperties": False},
            "draft2020-12",
            False,
        ),
        ({"bb": 1}, {"patternProperties": {"^b+$": {}}, "additionalProperties": False}, "draft7", True),
        ({"bc": 1}, {"patternProperties": {"^b+$": {}}, "additionalProperties": False}, "draft7", False),
        ({"a": {"a": 1}}, {"additionalProperties": {"type": ["object", "integer"]}}, "draft7", True),
        (0.0075, {"multipleOf": 0.0001}, "draft7", True),
        (0.00751, {"multipleOf": 0.0001}, "draft7", False),
        (10**399, {"multipleOf": 0.5}, "draft7", True),
        ("not a date", {"format": "date"}, "draft2020-12", True),
        ({"a": 1}, {"$ref": "http://json-schema.org/draft-07/schema#"}, "draft7", True),
        ({"type": 1}, {"$ref": "http://json-schema.org/draft-07/schema#"}, "draft7", False),
        ([[["a"]]], {"items": {"$ref": "#"}, "type": ["array", "integer"]}, "draft7", False),
        (None, False, "draft7", False),
        (None, True, "draft7", True),
        ("a", '{"type": "string"}', "draft7", True),
    ],
)
def test_drafts_say_what_is_valid(value: object, schema: object, draft: str, expected: bool) -> None:
    assert fits(value, schema, draft) is expected


def test_the_dialect_is_that_of_the_schema_then_of_the_metadata_then_of_the_option() -> None:
    schema = {"prefixItems": [{"type": "string"}]}
    named = {"$schema": "http://json-schema.org/draft-07/schema#", **schema}
    assert score([1], schema, check="schema") == 0
    assert score([1], schema, check="schema", draft="draft7") == 1
    assert fits([1], schema, "draft7") is True
    assert fits([1], named, "draft2020-12") is True


def test_the_policy_may_hold_the_schema() -> None:
    assert score(1, None, schema={"type": "integer"}) == 1
    assert score("1", None, schema={"type": "integer"}) == 0
    assert score(1, {"type": "string"}, check="schema", schema={"type": "integer"}) == 1
    assert isinstance(found("1", None, check="schema"), Abstain)


DOUBLING = {"anyOf": [{"properties": {"c": {"$ref": "#"}}, "required": [key]} for key in "xy"]}


@pytest.mark.parametrize(
    ("value", "schema"),
    [
        (1, {"$ref": "#"}),
        (1, {"allOf": [{"$ref": "#"}, {"$ref": "#"}]}),
        ({"a": 1}, {"$ref": "#", "unevaluatedProperties": False}),
        (1, {"$ref": "https://example.com/schema.json"}),
        (1, {"$ref": "file:///etc/passwd"}),
        (1, {"$ref": "http://["}),
        (1, {"$ref": "#/enum", "enum": [1]}),
        (1, {"$schema": "https://example.com/dialect"}),
        (1, {"$defs": {"a": {"$schema": "https://example.com/dialect"}}, "$ref": "#/$defs/a"}),
        (1, {"type": 12}),
        (1, {"required": True}),
        (1, [1]),
        (1, "no schema"),
        (list(range(15_000)), {"contains": {"const": -1}}),
        ("a", {"pattern": "(?=a)"}),
        ("a", {"pattern": r"(a)\1"}),
        ("a" * 30_000, {"pattern": "a"}),
        ("\ud800", {"pattern": "a"}),
        ({"aa": 1}, {"patternProperties": {"^(a+)+$": {}}, "unevaluatedProperties": False}),
        ({"bar\n": 1}, {"patternProperties": {"^bar$": {}}, "unevaluatedProperties": False}),
    ],
    ids=range(20),
)
def test_it_abstains_where_a_schema_cannot_be_applied(value: object, schema: object) -> None:
    assert isinstance(fits(value, schema), str)


def test_alternatives_that_double_at_each_level_are_cut_off_by_count() -> None:
    deep: object = 1
    for _ in range(30):
        deep = {"c": deep}
    assert "too much work" in str(fits(deep, DOUBLING))
    assert fits({"c": {"x": 1}, "x": 1}, DOUBLING) is True


def test_a_schema_that_names_its_dialect_inside_is_counted_and_searched_by_us_as_well() -> None:
    inner = {
        "$id": "https://example.com/in",
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "pattern": "^(a+)+$",
    }
    schema = {"$schema": "https://json-schema.org/draft/2020-12/schema", "$ref": "in", "$defs": {"i": inner}}
    schema["$id"] = "https://example.com/out"
    assert fits("a" * 5000 + "!", schema) is False
    assert fits("a" * 5000, schema) is True


@pytest.mark.parametrize(
    "pattern", ["^(a+)+$", "^(a|a)*$", "(a*)*b", "^(a|b|ab)*c$", "(.*)(.*)(.*)(.*)(.*)z"]
)
def test_a_pattern_takes_linear_time(pattern: str) -> None:
    assert fits("a" * 15_000 + "!", {"pattern": pattern}) is False


def test_a_pattern_that_is_slow_even_in_linear_time_is_refused() -> None:
    slow = {"pattern": "([ab]{1,30}){1,30}[ab]{900}c"}
    assert "too much work" in str(fits("ab" * 9000, slow))
    assert fits("ab", slow) is False


@pytest.mark.parametrize(
    ("pattern", "text", "expected"),
    [
        (r"^\d$", "\N{BENGALI DIGIT FOUR}", False),
        (r"^\w$", "é", False),
        (r"^\W$", "é", True),
        (r"^\s$", "\N{NO-BREAK SPACE}", True),
        (r"^\s$", "\ufeff", True),
        (r"^\S$", "\u2029", False),
        (r"^[\s,]$", "\v", True),
        (r"^\cC$", "\x03", True),
        (r"^a$", "a\n", False),
        (r"^a$", "b\na", False),
        (r"^.$", "\u2028", False),
        (r"^.$", "🐲", True),
        (r"^\uD83D\uDC32*$", "🐲🐲", True),
        (r"^\u{1F432}\x41\/$", "🐲A/", True),
        (r"^\p{Letter}+$", "école", True),
        (r"^\p{Script=Greek}+$", "λόγος", True),
        (r"^\P{Lu}$", "A", False),
        (r"^[[.]$", "[", True),
        (r"^[\b]$", "\b", True),
        (r"^[\-\]]+$", "]-", True),
        (r"^(?<year>\d{4})-(?:0[1-9])$", "2026-03", True),
        (r"^[(?-]+$", "(?", True),
        ("", "", True),
    ],
)
def test_patterns_are_read_as_ecma_262_reads_them(pattern: str, text: str, expected: bool) -> None:
    assert matches(pattern, text) is expected


@pytest.mark.parametrize(
    "pattern",
    [r"\Aa", r"a\Z", r"\pL", r"(?i)a", r"(?=a)", r"(?<!a)", r"\1", "(", "[", "a**", r"\\" * 600, "\\"],
)
def test_a_pattern_that_is_not_ecma_262_or_not_linear_is_refused(pattern: str) -> None:
    with pytest.raises(PatternRefused):
        matches(pattern, "a")


# --- options, and the table of confidences -------------------------------------------------------------


@pytest.mark.parametrize(
    ("options", "told"),
    [
        ({"schema": {"type": "integer"}, "ignore": ["a"]}, "write no schema"),
        ({"weights": {"a": -1}}, "write 0"),
        ({"weights": {"a": float("nan")}}, "write 0"),
    ],
)
def test_a_mistake_in_the_options_says_what_to_write(options: dict[str, Any], told: str) -> None:
    with pytest.raises(ValueError, match=told):
        Json(**options)


def test_every_situation_is_reached() -> None:
    aimed: list[tuple[str, object, dict[str, Any]]] = [
        ("1", {"type": "integer"}, {"check": "schema"}),
        ("[1]!", {}, {"check": "schema"}),
        ("1", False, {"check": "schema"}),
        ("[1]!", False, {"check": "schema"}),
        ("[1]!", [1], {"where": "alone"}),
        ("1", 1, {}),
        ("[1]!", [1], {}),
        ("[1, 2]", [1, 3], {}),
        ('[1, "a"]', [1, "b"], {}),
        ("[1, 2]", [1, 3], {"partial_credit": False}),
        ('[1, "a"]', [1, "b"], {"partial_credit": False}),
        ("1", 2, {}),
        ('"a"', "b", {}),
        ("[1,", [1], {}),
        ("one", [1], {}),
        ("", [1], {}),
    ]
    findings = [found(response, reference, **options) for response, reference, options in aimed]
    reached = {finding.reason.partition(" (")[0] for finding in findings}
    assert reached == set(CONFIDENCE)
