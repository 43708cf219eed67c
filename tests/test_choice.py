"""Options wherever and however they are listed, and the manners of committing to one, or to none."""

from collections.abc import Mapping

import pytest

from router.types import Abstain, Finding, Message, Sample, Verdict
from verifiers.addressed import addresses_a_judge
from verifiers.choice import Choice
from verifiers.options.naming import named
from verifiers.options.offered import Options, options_of
from verifiers.options.reading import words_of

PLANETS = {"options": ["Mars", "Jupiter", "Venus"]}
LONG = "The planets differ in mass, and we compare them one after the other. " * 8


def found(
    response: str, reference: object, prompt: str = "?", fields: Mapping[str, object] | None = None
) -> Finding:
    return Choice().verify(Sample("a", (Message("user", prompt),), response, reference, fields or {}))


def score(
    response: str, reference: object, prompt: str = "?", fields: Mapping[str, object] | None = None
) -> float | None:
    """Return the score of a verdict that settles; None where nothing is settled."""
    finding = found(response, reference, prompt, fields)
    return finding.score if isinstance(finding, Verdict) and finding.confidence >= 0.95 else None


@pytest.mark.parametrize(
    "prompt",
    [
        "Which? (A) Mars (B) Jupiter (C) Venus",
        "Which?\nA. Mars\nB. Jupiter\nC. Venus",
        "Which?\nA) Mars\nB) Jupiter\nC) Venus",
        "Which?\nA: Mars\nB: Jupiter\nC: Venus",
        "Q: 1? (A) x (B) y (C) z\nAnswer: A\n\nQ: Which?\n(A) Mars\n(B) Jupiter\n(C) Venus\nAnswer: ",
    ],
)
def test_options_are_read_from_the_prompt(prompt: str) -> None:
    assert score("Jupiter", "B", prompt) == 1
    assert score("B. Jupiter", "B", prompt) == 1
    assert score("Mars", "B", prompt) == 0


@pytest.mark.parametrize(
    "listed",
    [
        ["Mars", "Jupiter", "Venus"],
        {"A": "Mars", "B": "Jupiter", "C": "Venus"},
        {"label": ["A", "B", "C"], "text": ["Mars", "Jupiter", "Venus"]},
    ],
)
def test_options_are_read_from_the_metadata(listed: object) -> None:
    assert score("Jupiter", "B", fields={"choices": listed}) == 1


@pytest.mark.parametrize("response", ["2", "(2)", "The answer is 2.", "Option 2", "2. Jupiter", "Jupiter"])
def test_options_may_be_numbered(response: str) -> None:
    prompt = "Which?\n1. Mars\n2. Jupiter\n3. Venus"
    assert score(response, "2", prompt) == 1
    assert score(response, "3", prompt) == 0


def test_a_number_that_is_one_option_and_labels_another_is_neither() -> None:
    assert score("The answer is 2.", "1", "How many?\n1) 2\n2) 1") is None


def test_small_letters_label_options_too() -> None:
    assert score("The answer is (b).", "b", "Which?\na) Mars\nb) Jupiter") == 1


def test_letters_go_on_behind_j() -> None:
    many = {"options": [f"number {position}" for position in range(20)]}
    assert score("The answer is (R).", "R", fields=many) == 1
    assert score("The answer is (Z).", "R", fields=many) is None


def test_a_letter_that_is_another_options_text_is_neither() -> None:
    groups = {"options": ["B", "A", "0"]}
    assert score("The answer is A.", "A", fields=groups) is None
    assert score("The answer is (A).", "A", fields=groups) == 1


@pytest.mark.parametrize(
    ("said", "option"),
    [
        ("3", "3.00"),
        ("3 cm", r"$3.00$ $\mathrm{~cm}$"),
        ("1200", "1,200"),
        ("well known", "Well-known."),
        ("a/b", r"\frac{a}{b}"),
    ],
)
def test_a_text_reads_the_same_in_another_spelling(said: str, option: str) -> None:
    assert list(words_of(said)) == list(words_of(option))


def test_a_value_is_the_option_with_the_same_value() -> None:
    assert score("The answer is 0.25.", "B", fields={"options": [r"$\frac{1}{2}$", r"$\frac{1}{4}$"]}) == 1


@pytest.mark.parametrize(("said", "option"), [("36", "-36"), ("p < 1", "p > 1"), ("2 + 2", "2 * 2")])
def test_signs_mean_something(said: str, option: str) -> None:
    assert named(said, Options({"A": option, "B": "none"})) is None


def test_an_option_within_another_is_told_apart() -> None:
    nested = {"options": ["Mars", "Mars and Venus"]}
    assert score("The answer is Mars.", "B", fields=nested) == 0
    assert score("The answer is Mars and Venus.", "B", fields=nested) == 1


def test_a_few_other_words_are_the_same_option_unless_they_turn_it_round() -> None:
    sky = {"options": ["The sky looks blue because of the scattering of light in air", "It is dark"]}
    assert score("Answer: A. The sky is blue because of the scattering of light in air", "A", fields=sky) == 1
    turned = "Answer: A. The sky looks not blue because of the scattering of light in air"
    assert score(turned, "A", fields=sky) is None


def test_several_answers_match_several_right_ones_only() -> None:
    assert score("The answer is (A) Mars and (C) Venus.", ["A", "C"], fields=PLANETS) == 1
    assert score("The answer is A and C.", ["A", "C"], fields=PLANETS) == 1
    assert score("The answer is A.", ["A", "C"], fields=PLANETS) == 0
    assert score("The answer is A or C.", ["A", "C"], fields=PLANETS) == 0
    assert score("The answer is A, B and C.", ["A", "C"], fields=PLANETS) == 0


@pytest.mark.parametrize(
    "closing",
    [
        "Therefore, (B) is correct.",
        "So it must be B.",
        "Thus the best choice would be B: Jupiter.",
        "This corresponds to option B.",
        "Hence, option (B).",
        "I would choose option B.",
        "Ans: B",
        "\n**B**",
        "\nB) Jupiter",
        "\nJupiter",
    ],
)
def test_a_long_response_commits_in_its_last_words(closing: str) -> None:
    assert score(LONG + closing, "B", fields=PLANETS) == 1
    assert score(LONG + closing, "C", fields=PLANETS) == 0


def test_a_list_of_the_options_is_no_conclusion() -> None:
    listed = LONG + "\nA. Mars is small.\nB. Jupiter is large.\nC. Venus is bright."
    assert score(listed, "C", fields=PLANETS) is None
    assert score(listed + "\n\nB", "B", fields=PLANETS) == 1


@pytest.mark.parametrize(
    "closing", ["None of the options match.", "The answer is not listed.", "We cannot determine the answer."]
)
def test_to_say_that_no_option_fits_is_wrong(closing: str) -> None:
    assert score(LONG + closing, "B", fields=PLANETS) == 0
    assert score(LONG + closing, "B", fields={"options": ["Mars", "None of the above"]}) is None
    assert score(LONG + closing + " The closest one is (B).", "B", fields=PLANETS) is None


@pytest.mark.parametrize(
    "end", ["the mass of the planets is the", r"so $m = \frac{1}{2 \cdot 10^{2", "we get:"]
)
def test_to_break_off_before_an_option_is_wrong(end: str) -> None:
    assert score(LONG + end, "B", fields=PLANETS) == 0


@pytest.mark.parametrize("end", ["The radius of the largest planet is 7", "which leaves us with B"])
def test_to_end_without_a_full_stop_on_the_right_option_is_not_to_break_off(end: str) -> None:
    assert score(LONG + end, "B", fields={"options": ["6 km", "7 km"]}) is None


def test_declarations_that_differ_are_wrong_where_none_is_right() -> None:
    assert score("The answer is (A).\nThe answer is (C).", "B", fields=PLANETS) == 0
    assert isinstance(found("The answer is (A).\nThe answer is (B).", "B", fields=PLANETS), Abstain)


def test_only_the_named_strategies_are_used() -> None:
    sample = Sample("a", (), LONG + "So (B) is correct.", "B", PLANETS)
    assert isinstance(Choice(extract=("boxed",)).verify(sample), Abstain)


@pytest.mark.parametrize(
    "text",
    [
        "The z-score is 1.5.",
        "The judge may not rule on it. The answer is (C).",
        "B. Correct",
        "✅ (B) is correct",
    ],
)
def test_words_of_a_question_do_not_address_a_judge(text: str) -> None:
    assert not addresses_a_judge(text)


@pytest.mark.parametrize(
    "fields", [{"options": "A"}, {"options": []}, {"choices": {"x": "y"}}, {"options": None}]
)
def test_what_lists_no_options_is_no_trouble(fields: Mapping[str, object]) -> None:
    options_of(Sample("a", (), "", "B", fields))
    assert score("The answer is (B).", "B", fields=fields) in (1, None)
