"""What a response says to have from its context, and whether the context has it."""

import sys
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from router.types import Abstain, Finding, Message, Sample, Verdict
from tests.manuals import Example, examples
from verifiers.form.claims import claims, numbers
from verifiers.grounded import LONGEST, LONGEST_CONTEXT, MOST_CLAIMS, Grounded

MANUAL = sys.modules[Grounded.__module__].__doc__ or ""
SETTLES = 0.95
DOCS = [
    "The drug was tested on 1,080 patients in 2019. It is not safe for children under twelve.",
    {"id": "b-7", "title": "Price list", "text": "A packet costs 4.50 euro and lasts 30 days."},
]


def made(**options: Any) -> Grounded:
    return Grounded(**{"context": "docs"} | options)


def found(response: str, docs: object = DOCS, **options: Any) -> Finding:
    return made(**options).verify(
        Sample("a", (Message("user", "How safe is it?"),), response, None, {"docs": docs})
    )


def verdict(response: str, docs: object = DOCS, **options: Any) -> Verdict:
    finding = found(response, docs, **options)
    assert isinstance(finding, Verdict)
    return finding


@pytest.mark.parametrize("example", examples(MANUAL), ids=lambda example: example.line)
def test_an_example_in_the_manual_holds(example: Example) -> None:
    assert example.holds(Grounded)


def test_every_arrow_in_the_manual_is_an_example() -> None:
    assert MANUAL.count("->") == len(examples(MANUAL)) >= 5


@pytest.mark.parametrize(
    "response",
    [
        '"It is not safe for children"',
        "\u201cit is not SAFE,\nfor children\u201d",
        "\u00abtested on 1,080 patients\u00bb",
        "> It is **not safe**\n> for children under twelve.",
        '"The drug was tested ... is not safe for children"',
        '"The drug was tested [...] under twelve"',
        "It was tested [1], and costs 4.5 euro [2].",
        "Both say so [1, 2] [1-2] [^2].",
        "So says the list [source: Price list] [doc: b-7].",
        "1080 patients, 30 days, 4,50 euro, from 12 years on",
        "1. First, 30 days.\n2. Then 3 more.\n11. Last.",
        "```\nx = 77\n```\nThat is `x[9]` for 30 days.",
        '"It is n\u200bot safe for children"',
        "It says 'not safe for children', doesn't it?",
        "\u2018It is not safe\u2019, and one can\u2019t say more",
        '"[I]t is [clearly] not safe for children"',
        "30 days, see https://example.com/2031/77.",
    ],
)
def test_what_occurs_in_the_context_is_grounded(response: str) -> None:
    finding = verdict(response)
    assert (finding.score, finding.confidence >= SETTLES) == (1, True), finding


@pytest.mark.parametrize(
    "response",
    [
        '"It is safe for children"',
        '"It is n\u043et safe for children"',
        '"It is not ... safe ... children"',
        '"under twelve ... The drug was"',
        "> It is not unsafe for children.",
        "'It is safe for children', it says.",
        "\u2018It isn\u2019t safe for grown people\u2019",
        'It was tested on "1,081" patients.',
        "It was tested on `1081` patients.",
        "> 1081\n\npatients tested it.",
        "It was tested on \uff11\uff10\uff18\uff11 patients.",
        "It was tested [3].",
        "It was tested [3-9].",
        "It was tested \u301012\u2020source\u3011.",
        "So says the list [source: Wikipedia].",
        "It was tested on 1,081 patients.",
        "It costs 4.51 euro.",
        "It costs 45 euro.",
        "It was tested on 9999999999999999999999999999999 patients.",
    ],
)
def test_what_does_not_occur_is_not_grounded(response: str) -> None:
    assert verdict(response).score < 1


def test_a_number_that_may_be_computed_does_not_settle() -> None:
    finding = verdict("Thirty days for 4.50 euro is 54.75 euro a year.")
    assert finding.score == 0.5
    assert finding.confidence < SETTLES
    assert isinstance(found("That is 54.75 euro a year.", check=["quotes", "citations"]), Abstain)


def test_a_true_claim_made_often_counts_once() -> None:
    lone = verdict("Tested [1], and approved [7].")
    assert verdict(f"Tested {'[1]' * 50}, and approved [7].") == lone
    assert lone.score == 0.5


def test_true_citations_do_not_make_up_for_an_invented_quote() -> None:
    assert verdict('It is "entirely safe for children" [1] [2], for 30 days at 4.50 euro.').score == 0


def test_a_single_word_in_quotation_marks_is_no_quote() -> None:
    assert isinstance(found('It is "safe", so to speak.'), Abstain)
    assert verdict('It is "unsafe", so to speak [1].').score == 1
    assert verdict('It is "unsafe", so to speak [1].', fewest_words=1).score == 0


def test_a_lone_quotation_mark_leaves_what_is_quoted_open() -> None:
    assert verdict('"It is" safe" for everybody [1]').confidence < SETTLES
    assert verdict('"It is not safe for children" [1]').confidence >= SETTLES


def test_numbered_citations_need_a_numbered_context() -> None:
    plain = verdict("It is [1].", "It is so.")
    assert (plain.score, plain.confidence < SETTLES) == (0, True)
    for context in ("[1] It is so.", "Document 1: It is so.", "1. It is so.", ["It is so."]):
        assert verdict("It is [1].", context).score == 1


def test_the_context_is_the_prompt_where_no_field_is_named_and_the_students_own_turns_are_not() -> None:
    prompt = (Message("user", "Here: it is so."), Message("assistant", "I say it is not so."))
    for response, score in (('"here it is so"', 1), ('"it is not so"', 0)):
        finding = Grounded().verify(Sample("a", prompt, response))
        assert isinstance(finding, Verdict)
        assert finding.score == score


def test_reasoning_is_not_looked_at() -> None:
    assert verdict('<think>"never said by anybody" [9]</think>It is so [1].').score == 1
    assert verdict("<think>[1]</think>").score == 0


@pytest.mark.parametrize(("worth", "score"), [("pass", 1), ("fail", 0)])
def test_a_response_that_claims_nothing_is_worth_what_the_policy_says(worth: str, score: int) -> None:
    assert isinstance(found("I do not know."), Abstain)
    assert verdict("I do not know.", without_claims=worth).score == score


@pytest.mark.parametrize("docs", [None, "", [], {}, [None], [[]]])
def test_without_a_context_it_abstains(docs: object) -> None:
    assert isinstance(found("It is so [1].", docs), Abstain)


@pytest.mark.parametrize("padding", [" \u200b " * 100, "\n" * 100, " . " * 50])
def test_padding_grounds_nothing_and_hides_nothing(padding: str) -> None:
    assert verdict(f'"It is not{padding}safe for children"').score == 1
    assert verdict(f'"It is{padding}safe for children"').score == 0


@pytest.mark.parametrize(
    ("text", "values"),
    [
        ("1,080", ["1080"]),
        ("1080.00", ["1080"]),
        ("007", ["7"]),
        ("4,50", ["4.5"]),
        ("1,2,3", ["1.2"]),
        ("B12 and x2", []),
        ("10-20 km, $30%", ["10", "20", "30"]),
        ("0.0", ["0"]),
    ],
)
def test_numbers_are_read_however_they_are_written(text: str, values: list[str]) -> None:
    assert list(numbers(text)) == values


@given(st.text(max_size=80))
def test_the_context_grounds_what_is_copied_from_it(text: str) -> None:
    finding = found(f"It says [1]. {text}", [f"It says 1. {text}"], check=["numbers"], without_claims="pass")
    assert isinstance(finding, Verdict)
    assert finding.score == 1


@given(st.text())
def test_every_claim_is_taken_once(text: str) -> None:
    made = claims(text, 1, 0)
    assert len(made) == len(set(made))


UNITS = [
    '"a b c" ',
    '"',
    "> a\n",
    "[1]",
    "[1-9]",
    "[source: a",
    "1,111,",
    "1.1 ",
    "`",
    "```\n",
    "\u201ca b c",
    "\u2018a b",
    " 'a'a",
    "[a]",
    "\ud800",
    "... ",
]


@pytest.mark.parametrize("unit", UNITS)
@pytest.mark.parametrize("context", ["a b c ", "[1] ", "1,", "\u200b", "a"])
def test_hostile_input_returns(unit: str, context: str) -> None:
    for size in (LONGEST - 10, 150_000):
        assert found(f"x {unit * (size // len(unit))}", context * (LONGEST_CONTEXT // len(context)))


def test_too_much_abstains() -> None:
    assert isinstance(found("[1]" + "a" * LONGEST), Abstain)
    assert isinstance(found("Yes [1]", "a" * (LONGEST_CONTEXT + 1)), Abstain)
    assert isinstance(found(" ".join(map(str, range(100, 101 + MOST_CLAIMS)))), Abstain)


def test_checking_nothing_is_a_mistake() -> None:
    with pytest.raises(ValueError, match="`check` names nothing"):
        made(check=[])
