"""A JSON value against a JSON Schema, as the drafts have it."""

import json

import pytest

from router.types import Abstain
from tests.test_json import found, score
from verifiers.values.json_pattern import PatternRefused, matches


def fits(value: object, schema: object, draft: str = "draft2020-12") -> bool | str:
    """Say whether a value is valid, or why nobody can say."""
    finding = found(json.dumps(value), schema, {"draft": draft}, check="schema")
    return finding.reason if isinstance(finding, Abstain) else finding.score == 1


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
