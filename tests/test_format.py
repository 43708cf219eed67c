"""The shape of a response: each condition, its attacks, and their honest twins."""

import sys
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from router.types import Abstain, Finding, Sample, Verdict
from tests.manuals import Example, examples
from verifiers.form.counts import COUNTS, Unit, fences, outside_fences, paragraphs, sentences, visible, words
from verifiers.format import CONFIDENCE, LONGEST, Format

SETTLES = 0.95
MANUAL = sys.modules[Format.__module__].__doc__ or ""

THINK_ANSWER = Format(tags=["think", "answer"])
GOOD = "<think>2 + 2</think>\n<answer>4</answer>"


def made(**options: Any) -> Format:
    return Format(**options)


def found(response: str, verifier: Format) -> Finding:
    return verifier.verify(Sample("a", (), response))


def passes(response: str, verifier: Format) -> bool:
    finding = found(response, verifier)
    return isinstance(finding, Verdict) and finding.score == 1 and finding.confidence >= SETTLES


def ends(response: str, verifier: Format) -> bool:
    """Say whether a gate would end it."""
    finding = found(response, verifier)
    return isinstance(finding, Verdict) and finding.score < 1 and finding.confidence >= SETTLES


@pytest.mark.parametrize("example", examples(MANUAL), ids=lambda example: example.line)
def test_an_example_in_the_manual_holds(example: Example) -> None:
    assert example.holds(Format)


def test_every_arrow_in_the_manual_is_an_example() -> None:
    assert MANUAL.count("->") == len(examples(MANUAL)) >= 5


@pytest.mark.parametrize(
    ("response", "situation"),
    [
        ("<answer>4</answer>", "a tag is missing"),
        ("<think>2 + 2</think><answer>4", "a tag is missing"),
        ("<think>a</think><answer>4</answer><answer>5</answer>", "a tag stands more than once"),
        ("<think>a</think><answer>4</answer><ANSWER>5</ANSWER>", "a tag stands more than once"),
        ("<think><think>a</think></think><answer>4</answer>", "a tag stands more than once"),
        ("<think><answer>4</answer></think>", "the tags stand in another order"),
        ("<think>a<answer></think>4</answer>", "the tags stand in another order"),
        ("</think>a<think></answer>4<answer>", "the tags stand in another order"),
        ("<answer>4</answer><think>a</think>", "the tags stand in another order"),
        ("<think></think><answer>4</answer>", "a tag holds nothing"),
        ("<think>a</think><answer> \u200b\n</answer>", "a tag holds nothing"),
        ("<think>a</think><answer type='x'>4</answer>", "a tag is missing"),
        ("<think>a</think>< answer>4</answer>", "a tag is missing"),
        ("<think>a</think><\u0430nswer>4</\u0430nswer>", "a tag is missing"),
        ("<think>a</think><ans\u200bwer>4</answer>", "a tag is missing"),
        ("<think>a</think><answers>4</answers>", "a tag is missing"),
        ("<think>a</think>`<answer>`4`</answer>`", "tags stand only in code"),
        ("<think>a</think>\n```\n<answer>4</answer>\n```", "tags stand only in code"),
        ("<think>" * 50_000, "a tag stands more than once"),
        ("<think>a</think><answer>4</answer>" * 5_000, "a tag stands more than once"),
    ],
)
def test_tag_soup_fails_by_its_name(response: str, situation: str) -> None:
    finding = found(response, THINK_ANSWER)
    assert isinstance(finding, Verdict)
    assert finding.score == 0
    assert finding.reason.startswith(situation)


@pytest.mark.parametrize(
    "response",
    [
        GOOD,
        "Well.\n<think>a < b</think> and <answer>4</answer>.",
        "<think>a</think><answer>```json\n{}\n```</answer>",
        "<think>\n```python\nprint(1)\n```\n</think><answer>4</answer>",
        "<think>\n```python\nnever closed</think><answer>4</answer>",
        "<think>thinking about <thinker></think><answer>`4`</answer>",
    ],
)
def test_an_honest_twin_with_its_tags_in_order_passes(response: str) -> None:
    assert passes(response, THINK_ANSWER)


@pytest.mark.parametrize("mention", ["`<answer>`", "\n```\n<answer>5</answer>\n```\n", "`</think>`"])
def test_a_mention_of_a_tag_in_code_neither_settles_nor_ends(mention: str) -> None:
    finding = found(GOOD + mention, THINK_ANSWER)
    assert isinstance(finding, Verdict)
    assert finding.confidence < SETTLES


def test_text_outside_the_tags_counts_where_the_policy_says_so() -> None:
    strict = Format(tags=["think", "answer"], tags_only=True)
    assert passes(GOOD, strict)
    assert all(ends(one, strict) for one in (f"Hi {GOOD}", f"{GOOD} bye", GOOD.replace("\n", "and")))


def test_a_tag_that_the_chat_template_opens_may_lack_its_opening() -> None:
    opened = Format(tags=["think", "answer"], already_open="think")
    assert passes("2 + 2</think><answer>4</answer>", opened)
    assert passes(GOOD, opened)
    assert ends("</think><answer>4</answer>", opened)
    assert ends("2 + 2</think><answer>4</answer>", THINK_ANSWER)


def test_an_empty_tag_passes_where_the_policy_lets_it() -> None:
    assert passes(
        "<think></think><answer>4</answer>", Format(tags=["think", "answer"], may_be_empty=["think"])
    )


def test_the_shape_of_the_policys_example_works_as_a_gate() -> None:
    gate = Format(max_words=200)
    assert passes("word " * 200, gate)
    assert ends("word " * 201, gate)
    assert passes("<think>" + "word " * 500 + "</think>Short.", gate)


@pytest.mark.parametrize(
    "padded", ["", " ", "\n\n", "\u200b\u200b", "\u3164", "<think>all of it</think>", "<think>a"]
)
def test_a_response_that_says_nothing_fails(padded: str) -> None:
    assert ends(padded, Format())


@pytest.mark.parametrize(
    ("options", "padding"),
    [
        ({"min_words": 10}, " . - * \u200b | " * 50),
        ({"min_characters": 100}, " \n\t\u200b" * 500),
        ({"min_lines": 5}, "\n\u200b \n" * 50),
        ({"min_paragraphs": 3}, "\n\n \u200b \n\n" * 50),
        ({"min_sentences": 3}, "..." * 50),
    ],
)
def test_padding_reaches_no_least_count(options: dict[str, int], padding: str) -> None:
    assert not passes(f"One short line.{padding}", made(**options))
    assert not passes(f"One{padding}short line.", made(**options))


@pytest.mark.parametrize("glue", ["-", "/", "_", "\u200b", ".", "\u2060"])
def test_glue_between_words_escapes_no_highest_count(glue: str) -> None:
    assert not passes(glue.join(["word"] * 50), Format(max_words=10))
    assert not passes("word" * 500, Format(max_words=10))
    assert passes(glue.join(["word"] * 5), Format(max_words=10))


def test_a_count_that_people_dispute_is_held_with_low_confidence() -> None:
    finding = found("a well-known fact", Format(max_words=3))
    assert isinstance(finding, Verdict)
    assert finding.confidence == CONFIDENCE["depends on how one counts"]


@pytest.mark.parametrize(
    ("text", "few", "many"),
    [
        ("Dr. Smith left. He ran!", 2, 3),
        ("1. First.\n2. Second.", 2, 4),
        ("Wait... what?! Yes.", 3, 3),
        ("no full stop", 1, 1),
        ("\u4eca\u5929\u3002\u660e\u5929\u3002", 2, 2),
    ],
)
def test_sentences_are_counted_as_people_may(text: str, few: int, many: int) -> None:
    assert sentences(text) == (few, many)


def test_chinese_words_are_disputed() -> None:
    assert words("\u4eca\u5929\u5929\u6c14\u5f88\u597d") == (1, 6)


def test_a_blank_line_in_a_fence_may_or_may_not_part_paragraphs() -> None:
    assert paragraphs("a\n\n```\nb\n\nc\n```") == (2, 3)


@pytest.mark.parametrize("unit", COUNTS)
@given(st.text())
def test_the_fewest_is_never_more_than_the_most(unit: Unit, text: str) -> None:
    fewest, most = COUNTS[unit](text)
    assert 0 <= fewest <= most


@given(st.text(alphabet="`~a \n", max_size=60))
def test_fences_are_in_order_and_what_is_outside_has_none_of_them(text: str) -> None:
    spans = fences(text)
    assert spans == sorted(spans)
    assert len(outside_fences(text)) == len(text) - sum(end - start for start, end in spans)


def test_a_pattern_must_occur_and_a_forbidden_one_must_not() -> None:
    verifier = Format(matches=["(?m)^Ticket: [A-Z]+-[0-9]+$"], forbids=["(?i)guarantee"])
    assert passes("Ticket: AB-12\nWe look into it.", verifier)
    assert ends("AB-12\nWe look into it.", verifier)
    assert ends("Ticket: AB-12\nWe GUARANTEE it.", verifier)


@pytest.mark.parametrize(
    "evasion", ["guar\u200bantee", "guar\u00adantee", "\uff47uarantee", "gu\u0430rantee"]
)
def test_a_forbidden_pattern_in_disguise_does_not_pass(evasion: str) -> None:
    assert not passes(f"We {evasion} it.", Format(forbids=["guarantee"]))
    assert passes("We \u0433\u0430\u0440\u0430\u043d\u0442 it.", Format(forbids=["guarantee"]))


def test_what_is_said_in_the_reasoning_is_looked_at_where_the_policy_says_so() -> None:
    response = "<think>I guarantee it</think>Yes."
    assert passes(response, Format(forbids=["guarantee"]))
    assert ends(response, Format(forbids=["guarantee"], look_at="whole"))


def test_a_lone_surrogate_is_no_bug() -> None:
    assert passes("\ud800 hello", Format(forbids=["x"], matches=["hello"], syntax="markdown"))


@pytest.mark.parametrize(
    ("syntax", "text"),
    [
        ("json", "{'a': 1}"),
        ("json", '{"a": NaN}'),
        ("json", '{"a": 1} {"b": 2}'),
        ("json", '{"a": 1,}'),
        ("json", 'Here: {"a": 1}'),
        ("json", "```json\n{}\n```\n```json\n{}\n```"),
        ("json", '"never closed'),
        ("xml", "<a><b></a></b>"),
        ("xml", "<a>&nbsp;</a>"),
        ("xml", "<a/><b/>"),
        ("xml", "<a x=1/>"),
        ("xml", "plain text"),
        ("xml", "<a>\ud800</a>"),
        ("markdown", "```python\nprint(1)"),
        ("markdown", "| a | b |\n|---|---|\n| 1 |"),
        ("markdown", "| a | b |\n|---|\n| 1 | 2 |"),
    ],
)
def test_what_is_not_valid_ends(syntax: str, text: str) -> None:
    assert ends(text, made(syntax=syntax))


@pytest.mark.parametrize(
    ("syntax", "text"),
    [
        ("json", '{"a": [1, 2.5e300, "]]]]"]}'),
        ("json", "```json\n[1]\n```"),
        ("json", "1" * 5000),
        ("json", '"' + "[" * 1000 + '"'),
        ("xml", '<?xml version="1.0" encoding="utf-16"?><a>\u00e9<b/></a>'),
        ("xml", "```xml\n<a>&lt;</a>\n```"),
        ("markdown", "# Title\n\n```python\nprint('| a |')\n```\n| a | b |\n|:--|--:|\n| 1 | a \\| b |"),
        ("markdown", "a | b is no table\n\nNor is --- this."),
    ],
)
def test_an_honest_twin_that_is_valid_passes(syntax: str, text: str) -> None:
    assert passes(text, made(syntax=syntax))


BOMB = '<!DOCTYPE a [<!ENTITY b "bb"><!ENTITY c "&b;&b;">]><a>&c;</a>'


@pytest.mark.parametrize(
    ("syntax", "text"), [("json", "[" * 5000), ("json", "[" * 300 + "]" * 300), ("xml", BOMB)]
)
def test_what_is_too_deep_or_declares_entities_is_not_read(syntax: str, text: str) -> None:
    assert isinstance(found(text, Format(syntax=syntax)), Abstain)  # type: ignore[arg-type]


def test_syntax_looks_into_the_last_tag() -> None:
    verifier = Format(tags=["think", "answer"], syntax="json")
    assert passes('<think>{</think><answer>{"a": 1}</answer>', verifier)
    assert ends("<think>{}</think><answer>{a}</answer>", verifier)


ENGLISH = "The weather is lovely today, and we would like to go for a walk in the park with our dogs. "
GERMAN = "Das Wetter ist heute wunderbar, und wir wollen mit unseren Hunden im Park spazieren gehen. "
CHINESE = "\u4eca\u5929\u5929\u6c14\u5f88\u597d \u6211\u4eec\u53bb\u516c\u56ed\u6563\u6b65" * 2


def test_a_language_is_told_apart() -> None:
    assert passes(ENGLISH, Format(language="en"))
    assert ends(ENGLISH, Format(language="de"))


@pytest.mark.parametrize(("text", "language"), [(GERMAN, "de"), (CHINESE, "zh")])
def test_a_language_other_than_english_is_right_and_does_not_settle(text: str, language: str) -> None:
    finding = found(text, Format(language=language))
    assert isinstance(finding, Verdict)
    assert (finding.score, finding.confidence) == (1, 0.9)


def test_a_first_line_in_the_language_does_not_speak_for_the_rest() -> None:
    assert not passes(ENGLISH * 5 + GERMAN * 20, Format(language="en"))
    assert not passes(GERMAN * 20 + ENGLISH * 5, Format(language="en"))


@pytest.mark.parametrize("text", ["Paris", "42", "$x^2 + y^2 = z^2$", f"```\n{ENGLISH}\n```", "x" * 100])
def test_a_text_without_enough_prose_has_no_language(text: str) -> None:
    assert isinstance(found(text, Format(language="en")), Abstain)


def test_the_first_condition_that_fails_for_sure_is_named() -> None:
    finding = found(f"{ENGLISH}{ENGLISH}", Format(max_words=5, forbids=["weather"], language="de"))
    assert isinstance(finding, Verdict)
    assert finding.reason.startswith("too many (words")


def test_a_sure_failure_beats_a_doubt() -> None:
    assert ends("a well-known guarantee", Format(max_words=3, forbids=["guarantee"]))


def test_of_an_overlong_response_only_what_surely_fails_is_said() -> None:
    overlong = "word " * LONGEST
    assert ends(overlong, Format(max_words=200))
    assert isinstance(found(overlong, Format(forbids=["x"])), Abstain)
    assert isinstance(found(overlong, Format(min_words=LONGEST * 2)), Abstain)


ALL = Format(
    tags=["think", "answer"],
    matches=["a+$"],
    forbids=["(x|y){5,50}w"],
    max_words=10**6,
    max_sentences=10**6,
    max_characters=10**6,
    max_lines=10**6,
    max_paragraphs=10**6,
    language="en",
    syntax="markdown",
)


@pytest.mark.parametrize(
    "unit",
    [
        "a",
        "<think>",
        "`<answer>`",
        "```\n",
        "|-|\n",
        "\u200b",
        "<",
        "\u0301",
        "a. ",
        " \n",
        "$",
        "[",
        '{"a":',
    ],
)
@pytest.mark.parametrize(
    "verifier", [ALL, Format(syntax="json"), Format(syntax="xml")], ids=["all", "json", "xml"]
)
def test_hostile_input_returns(unit: str, verifier: Format) -> None:
    for size in (LONGEST, 200_000):
        assert found(f"<think>b</think><answer>c</answer>{unit * (size // len(unit))}", verifier)


@given(st.text())
@settings(max_examples=50)
def test_any_text_gets_a_finding(text: str) -> None:
    for verifier in (ALL, THINK_ANSWER, Format(syntax="json"), Format(syntax="xml")):
        assert found(text, verifier)


@given(st.text())
def test_nobody_sees_what_is_taken_away(text: str) -> None:
    assert visible(visible(text)) == visible(text)


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"tags": ["<think>"]}, "write the bare name"),
        ({"tags": ["a", "A"]}, "names a tag twice"),
        ({"tags": ["a"], "already_open": "b"}, "must be the first of `tags`"),
        ({"tags": ["a"], "may_be_empty": ["b"]}, "not among `tags`"),
        ({"tags_only": True}, "needs `tags`"),
        ({"language": "english"}, "is not one of am, ar"),
        ({"min_words": 5, "max_words": 3}, "nothing could pass"),
        ({"matches": ["("]}, "missing \\)"),
        ({"forbids": ["(?=a)b"]}, "no look-around"),
        ({"forbids": [r"(a)\1"]}, "no look-around"),
        ({"matches": ["(a{1,900}){1,900}"]}, "RE2 syntax"),
        ({"matches": ["a" * 1001]}, "1000 are the most"),
        ({"matches": ["(a?){300}a{300}"]}, "1250 are the most"),
        ({"forbids": [f"(?i)word number {n}" for n in range(50)]}, "write lower repetitions"),
    ],
)
def test_a_mistake_in_the_options_says_what_to_write(options: dict[str, object], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        made(**options)
