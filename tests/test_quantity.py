"""One number in the many ways in which people write it, and what is no number at all."""

import pytest

from router.types import Finding, Sample, Verdict
from verifiers import VERIFIERS
from verifiers.quantity import elsewhere, quantity


def settled(name: str, response: str, reference: str) -> float | None:
    finding: Finding = VERIFIERS[name]().verify(Sample("a", (), response, reference))
    return finding.score if isinstance(finding, Verdict) and finding.confidence >= 0.95 else None


@pytest.mark.parametrize(
    "text",
    [
        "12 000", "12\u00a0000", "12\u2009000", "12\u202f000", r"12\,000", r"12\ 000", "12'000", "12’000",
        "12_000", "12,000", "12{,}000", "12000",
    ],
)  # fmt: skip
def test_thousands_are_parted_as_every_country_does(text: str) -> None:
    assert quantity(text) == quantity("12000")
    assert settled("math", rf"\boxed{{{text}}}", "12000") == 1
    assert settled("number", f"So the total is {text} eggs.", "12000") != 0


@pytest.mark.parametrize("text", ["4 2", "12 34", "1 2 3", "12 0000", "1200 000", "3 100/200"])
def test_numbers_side_by_side_are_no_thousands(text: str) -> None:
    assert quantity(text) is None


def test_two_digits_side_by_side_are_no_number_of_two_digits() -> None:
    assert settled("math", "The answer is 4 2", "42") is None


@pytest.mark.parametrize(
    "text",
    [
        "Yes, 42.", "Sure! 42", "It is 42", "It's 42.", "That would be 42", "exactly 42", "therefore 42",
        "so: 42", "equal to 42", "Ans: 42", "Result: 42", "Yes, it is exactly 42.",
    ],
)  # fmt: skip
def test_words_that_lead_to_a_number_are_no_part_of_it(text: str) -> None:
    assert settled("number", text, "42") == 1
    assert settled("math", text, "42") == 1
    assert settled("math", text.replace("42", r"$\sqrt2$"), r"\sqrt{2}") == 1


@pytest.mark.parametrize(
    "text", ["No, 42", "not 42", "It is not 42", "hardly 42", "Yes, not 42", "Yes 42 or 43"]
)
def test_words_that_lead_away_from_it_are(text: str) -> None:
    assert settled("number", text, "42") is None
    assert settled("math", text, "42") is None


@pytest.mark.parametrize(
    ("response", "reference"),
    [
        ("12.000", "12000"), ("12.000,00", "12000"), ("0,5", "0.5"), ("42,00", "42"), ("- 42", "42"),
        ("42!", "42"), ("120 minutes", "2"), ("1.5M", "1500000"), ("I get 42.", "42"), ("USD 42", "42"),
        ("a dozen", "12"), ("none", "0"), ("No eggs are left.", "0"), ("a quarter", "1/4"),
        ("3 out of 4 people", "3"), ("3 out of 4 people", "3/4"), ("42 in 7 days", "42"),
        ("Yes, both are.", "yes"),
    ],
)  # fmt: skip
@pytest.mark.parametrize("name", ["math", "number"])
def test_what_may_be_meant_is_never_settled_as_wrong(name: str, response: str, reference: str) -> None:
    assert settled(name, response, reference) != 0


@pytest.mark.parametrize(
    ("response", "reference"),
    [
        ("12.5", "12000"),
        ("0,6", "0.5"),
        ("- 43", "42"),
        ("41!", "42"),
        ("I get 41.", "42"),
        ("121 minutes", "2"),
    ],
)
def test_what_is_meant_by_nobody_is_settled_as_wrong(response: str, reference: str) -> None:
    assert settled("math", response, reference) == 0


@pytest.mark.parametrize(
    "text",
    [
        "1 in 4",
        "1 out of 4",
        "The probability is 1 in 4.",
        r"\boxed{1 \text{ in } 4}",
        "The answer is 1 in 4.",
    ],
)
def test_a_chance_is_a_fraction(text: str) -> None:
    assert settled("math", text, r"\frac{1}{4}") == 1
    assert settled("math", text, "0.25") == 1
    assert settled("math", text, "1/5") == 0
    assert settled("number", text, "1/4") != 0


@pytest.mark.parametrize(
    "text", ["Previous answer: 42", "The old answer is 42.", r"Another answer is \boxed{42}"]
)
@pytest.mark.parametrize("name", ["math", "number"])
def test_an_answer_that_is_called_another_is_not_paid(name: str, text: str) -> None:
    assert settled(name, text, "42") is None


def test_points_and_commas_are_swapped_elsewhere() -> None:
    assert elsewhere("1.234,5") == quantity("1,234.5")
    assert elsewhere("42") is None


@pytest.mark.parametrize(
    ("response", "reference"),
    [
        ("€42", "$42"), ("42 euros", "$42"), ("$42", "42 cents"), (r"\boxed{\$42}", r"42 \text{ cents}"),
        ("£42", "42 dollars"), ("x = 42", "y = 42"), (r"\boxed{b = 42}", "a = 42"),
    ],
)  # fmt: skip
@pytest.mark.parametrize("name", ["math", "number"])
def test_other_money_and_another_letter_are_not_paid(name: str, response: str, reference: str) -> None:
    assert settled(name, response, reference) is None


@pytest.mark.parametrize(
    ("response", "reference"),
    [
        (r"\$42", "$42"), ("$42$", "$42$"), ("x = 42", "42"), ("42", "x = 42"), ("X = 42", "x=42"),
        ("€42", "42 €"), ("The answer is $42.", "42"), (r"\$42.00", r"\$42"), (r"\boxed{\$42}", "$42"),
    ],
)  # fmt: skip
@pytest.mark.parametrize("name", ["math", "number"])
def test_the_same_money_and_letter_are(name: str, response: str, reference: str) -> None:
    assert settled(name, response, reference) == 1
