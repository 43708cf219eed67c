"""What is special to mathematical answers: several declarations, none at all, prose without a box."""

import time

import pytest

from router.types import Abstain, Finding, Message, Sample, Verdict
from verifiers.base import OUT_OF_TIME
from verifiers.math import Math

PROMPT = "Preamble: a train leaves at noon.\nHow many hours does it take to reach the city of Ulm?"


def found(response: str, reference: str) -> Finding:
    return Math().verify(Sample("a", (Message("user", PROMPT),), response, reference))


def settled(finding: Finding) -> float | None:
    return finding.score if isinstance(finding, Verdict) and finding.confidence >= 0.95 else None


@pytest.mark.parametrize(
    "response",
    [
        r"\boxed{}. \boxed{}. \boxed{}.",
        "How many hours does it take to reach the city of Ulm?",
        "The trip is long, and it depends on the train. Do you know its speed?",
        "The trip takes quite some time, but without its speed nobody can tell how long.",
    ],
)
def test_a_response_that_offers_no_answer_is_wrong(response: str) -> None:
    assert settled(found(response, "17")) == 0


def test_a_response_that_may_have_meant_the_reference_answer_is_not_settled_as_wrong() -> None:
    assert settled(found("We tried 17 and 18 hours, and who knows.", "17")) is None
    assert settled(found("It takes seventeen hours to get there by train.", "17")) is None


def test_the_last_of_several_declarations_is_held_with_little_confidence() -> None:
    response = r"Part 0: the speed is \boxed{5}. For the next part we divide by it and so get \boxed{17}"
    finding = found(response, "17")
    assert isinstance(finding, Verdict)
    assert (finding.score, settled(finding)) == (1, None)


@pytest.mark.parametrize("response", [r"\boxed{5} or \boxed{17}", r"either \boxed{17} or \boxed{5}"])
def test_a_choice_of_declarations_is_no_verdict_at_all(response: str) -> None:
    assert isinstance(found(response, "17"), Abstain)


def test_boxes_that_nothing_but_and_divides_are_one_list() -> None:
    together = found(r"The roots are \boxed{2} and \boxed{3}.", "2, 3")
    apart = found(r"\boxed{2} goats were bought, and then \boxed{3} sheep as well.", "2, 3")
    assert isinstance(together, Verdict)
    assert isinstance(apart, Verdict)
    assert together.confidence > apart.confidence


def test_a_decimal_comma_is_not_a_list_of_two() -> None:
    assert settled(found("1.22", "1,22")) is None


def test_a_computation_concludes_its_last_side() -> None:
    assert settled(found(r"Thus, the product we want is $AB = (-1)(5) = -5$.", "-5")) == 1


@pytest.mark.parametrize(
    "response",
    [
        "The answer is 17 (8 + 9).",
        "The answer is 17, not 18.",
        "Answer: 17 [8 + 9]",
        "The answer is 17. (Not 18.)",
        "The answer is 17 - not 18",
    ],
)
def test_an_answer_with_an_aside_is_never_settled_as_wrong(response: str) -> None:
    assert settled(found(response, "17")) in (1, None)
    assert settled(found(response, "25")) == 0


def test_an_aside_makes_no_wrong_answer_right() -> None:
    assert settled(found("The answer is 18, not 17.", "17")) != 1
    assert settled(found("The answer is 18 (17 + 1).", "17")) == 0


@pytest.mark.parametrize("response", ["Ответ: 17", "정답: 17", "答え: 17", "Ответ: x = 17"])
def test_words_of_another_script_are_no_factors(response: str) -> None:
    assert settled(found(response, "17")) is None


def test_words_of_another_script_alone_are_no_answer() -> None:
    assert settled(found("Решение", r"\sqrt{2}")) == 0


@pytest.mark.parametrize("response", ["minus 3", "The answer is minus 3.", r"\boxed{\text{minus }3}"])
def test_a_minus_in_words_is_no_product(response: str) -> None:
    assert settled(found(response, "-3")) in (1, None)
    assert settled(found(response, "3")) != 1


def test_what_only_the_worker_can_tell_is_not_waited_for_when_the_time_is_over() -> None:
    symbolic = Sample("a", (), r"\boxed{\frac{x}{2}}", "x/2")
    plain = Sample("a", (), r"\boxed{4}", "4")
    assert Math().verify_by(symbolic, time.monotonic()) == OUT_OF_TIME
    assert isinstance(Math().verify_by(plain, time.monotonic()), Verdict)
