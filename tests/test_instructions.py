"""The verifier of instructions: its manual, its scores, what it leaves to others, and hostile text."""

import json
from collections.abc import Mapping, Sequence

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from router.types import Abstain, Finding, Sample, Verdict
from tests.manuals import Example, examples
from verifiers import instructions
from verifiers.constraints import CONSTRAINTS
from verifiers.instructions import CONFIDENCE, MOST_INSTRUCTIONS, Instructions

Asked = tuple[str, Mapping[str, object]]

NO_COMMA: Asked = ("punctuation:no_comma", {})
LONG: Asked = ("length_constraints:number_words", {"num_words": 3, "relation": "at least"})
VERB: Asked = ("words:start_verb", {})
EVERYTHING = {
    **{"relation": "at least", "let_relation": "at least", "capital_relation": "at least"},
    **dict.fromkeys(("num_words", "num_sentences", "num_paragraphs", "num_placeholders", "num_bullets"), 3),
    **dict.fromkeys(("num_highlights", "num_sections", "frequency", "let_frequency", "capital_frequency"), 3),
    **dict.fromkeys(
        ("N", "small_n", "m", "n", "n_start", "n_end", "min_words", "max_words", "percentage"), 3
    ),
    **dict.fromkeys(
        ("first_word", "keyword", "word", "end_phrase", "sep", "options", "reference_text"), "abc"
    ),
    **{f"keyword{n}": "abc" for n in range(1, 6)},
    **{"nth_paragraph": 1, "letter": "a", "language": "en", "postscript_marker": "P.S."},
    **{
        "section_spliter": "Section",
        "prompt_to_repeat": "a b c",
        "keywords": ["abc"],
        "forbidden_words": ["abc"],
    },
}
"""Arguments that every constraint is content with."""


def found(response: str, *asked: Asked, **options: object) -> Finding:
    reference = {"instruction_id_list": [name for name, _ in asked], "kwargs": [given for _, given in asked]}
    return Instructions(**options).verify(Sample("a", (), response, reference))  # type: ignore[arg-type] # a test's


def score(finding: Finding) -> float:
    assert isinstance(finding, Verdict)
    return finding.score


@pytest.mark.parametrize("example", examples(instructions.__doc__ or ""), ids=lambda example: example.line)
def test_the_manual_says_what_the_verifier_finds(example: Example) -> None:
    assert example.holds(Instructions)


def test_the_manual_has_its_examples() -> None:
    lines = [line for line in (instructions.__doc__ or "").splitlines() if line.startswith('    "')]
    assert len(examples(instructions.__doc__ or "")) == len(lines) >= 5


def test_all_instructions_must_be_followed_or_each_counts_its_share() -> None:
    assert score(found("One, two three", NO_COMMA, LONG)) == 0
    assert score(found("One, two three", NO_COMMA, LONG, score="share")) == 0.5
    assert score(found("One two three", NO_COMMA, LONG)) == 1


def test_the_reason_names_what_was_not_followed() -> None:
    finding = found("One, two", NO_COMMA, LONG)
    assert finding.reason == (
        "an instruction not followed (punctuation:no_comma, length_constraints:number_words)"
    )


def test_an_undecidable_instruction_abstains_unless_another_one_surely_fails() -> None:
    assert isinstance(found("Run away", VERB, NO_COMMA), Abstain)
    assert score(found("Run, run", VERB, NO_COMMA)) == 0
    assert isinstance(found("Run, run", VERB, NO_COMMA, score="share"), Abstain)


def test_a_plain_violation_settles_where_a_tagger_would_be_needed() -> None:
    assert score(found("The end", VERB)) == 0


def test_a_doubtful_sentence_lowers_the_confidence_only_where_it_matters() -> None:
    def sentences(least: int) -> Finding:
        asked = {"num_sentences": least, "relation": "at least"}
        return found("Wait... Captain! No", ("length_constraints:number_sentences", asked))

    assert [
        finding.confidence for least in (2, 3, 4) if isinstance(finding := sentences(least), Verdict)
    ] == [
        CONFIDENCE["every instruction followed"],
        CONFIDENCE["an instruction not followed, as far as sentences can be told"],
        CONFIDENCE["an instruction not followed"],
    ]


@pytest.mark.parametrize("response", ["Sure, here:\nall fine", "all fine\nBye, then", "a, b\nall fine\nc, d"])
def test_the_loose_reading_forgives_a_first_and_a_last_line(response: str) -> None:
    assert score(found(response, NO_COMMA)) == 0
    assert score(found(response, NO_COMMA, loose=True)) == 1


def test_the_loose_reading_forgives_asterisks_but_no_line_in_the_middle() -> None:
    ends = ("startend:end_checker", {"end_phrase": "the end"})
    assert score(found("*The end*", ends)) == 0
    assert score(found("*The end*", ends, loose=True)) == 1
    assert score(found("a\nb, c\nd", NO_COMMA, loose=True)) == 0


def test_reasoning_is_left_out_and_white_space_is_not() -> None:
    stairs: Asked = ("format:line_indent", {})
    assert score(found("<think>a, b</think>fine", NO_COMMA)) == 1
    assert score(found(" a\n b", stairs)) == 0
    assert score(found("a\n b", stairs)) == 1


@pytest.mark.parametrize("response", ["", " \n ", "<think>My answer is no.</think>", "<think>fine"])
def test_nothing_outside_the_reasoning_follows_nothing(response: str) -> None:
    finding = found(response, NO_COMMA)
    assert finding == Verdict(0, 0.99, "nothing outside the reasoning")


def test_a_reference_answer_may_be_a_json_string_with_nulls() -> None:
    reference = json.dumps(
        {"instruction_id_list": ["punctuation:no_comma"], "kwargs": [{"num_words": None, "keyword": None}]}
    )
    assert score(Instructions().verify(Sample("a", (), "fine", reference))) == 1


@pytest.mark.parametrize(
    "reference",
    [
        None,
        "no JSON",
        "[" * 100_000,
        [],
        {},
        {"instruction_id_list": [], "kwargs": []},
        {"instruction_id_list": ["punctuation:no_comma"], "kwargs": []},
        {"instruction_id_list": ["punctuation:no_commas"], "kwargs": [{}]},
        {"instruction_id_list": [["punctuation:no_comma"]], "kwargs": [{}]},
        {"instruction_id_list": ["keywords:existence"], "kwargs": [None]},
        {"instruction_id_list": ["keywords:existence"], "kwargs": [{"keywords": "abc"}]},
        {"instruction_id_list": ["count:numbers"], "kwargs": [{"N": -1}]},
        {"instruction_id_list": ["count:numbers"], "kwargs": [{"N": float("inf")}]},
        {"instruction_id_list": ["count:numbers"], "kwargs": [{"N": True}]},
        {"instruction_id_list": ["punctuation:no_comma"] * 99, "kwargs": [{}] * 99},
    ],
    ids=lambda reference: json.dumps(reference)[:60],
)
def test_a_reference_answer_that_says_too_little_abstains(reference: object) -> None:
    assert isinstance(Instructions().verify(Sample("a", (), "fine", reference)), Abstain)


HOSTILE = [
    *(
        "a",
        "a ",
        ". ",
        "...",
        "1. ",
        "p. ",
        "Mr. X ",
        "*",
        "* ",
        "**",
        "*\n",
        "\n",
        " ",
        "[",
        "<<",
        "([{",
        "\"'",
    ),
    *(
        "'s ",
        "--",
        "😀. ",
        "Section ",
        '"\\',
        "[1,",
        "Question 1",
        "\t",
        "é",
        "日",
        "http://a",
        "a@b",
        "<think>",
    ),
]


@pytest.mark.parametrize("unit", HOSTILE)
@pytest.mark.parametrize("loose", [False, True])
def test_hostile_text_returns(unit: str, loose: bool) -> None:
    for text in (unit * (8_000 // len(unit)), "Well " + unit * (120_000 // len(unit)) + " end"):
        for name in CONSTRAINTS:
            assert isinstance(found(text, (name, EVERYTHING), loose=loose), Verdict | Abstain)


def test_much_text_for_many_instructions_abstains_and_its_short_twin_does_not() -> None:
    many = [NO_COMMA] * MOST_INSTRUCTIONS
    assert isinstance(found("a " * 10_000, *many), Abstain)
    assert score(found("a " * 100, *many)) == 1


def test_text_in_a_response_is_never_a_pattern() -> None:
    asked = ("combination:repeat_prompt", {"prompt_to_repeat": "(.*"})
    assert score(found("(.* yes", asked)) == 1
    assert score(found("anything", asked)) == 0


@settings(max_examples=200, deadline=None)
@given(
    st.text(st.sampled_from(list("aA1 .?!,:;*-'\"\n[](){}<>_`…😀é日\u2028\x00")), max_size=80),
    st.lists(st.sampled_from(sorted(CONSTRAINTS)), min_size=1, max_size=4),
)
def test_any_text_gets_a_finding_and_the_loose_reading_never_refuses_more(
    text: str, names: Sequence[str]
) -> None:
    asked = [(name, EVERYTHING) for name in names]
    strict, loose = found(text, *asked), found(text, *asked, loose=True)
    if isinstance(strict, Verdict) and isinstance(loose, Verdict):
        assert loose.score >= strict.score
