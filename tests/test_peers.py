"""The peers' rules, as published, and what a race of graders comes to."""

from typing import Any

import pytest

from benchmarks.bombs import bomb_rows
from benchmarks.peers import (
    PEERS,
    boxed,
    f1,
    holds_text,
    last_letter,
    last_number,
    math_verify,
    same_literal,
    same_text,
)
from benchmarks.race import race
from benchmarks.standings import OURS, Run, comparison, milliseconds, slowest, speed


def row(response: str, reference: object, **metadata: object) -> dict[str, Any]:
    messages = [{"role": "user", "content": "?"}, {"role": "assistant", "content": response}]
    return {"id": "a", "messages": messages, "reference_answer": reference, "metadata": metadata, "label": 1}


def test_math_verify_is_asked_in_boxes() -> None:
    assert boxed("x^2") == r"\boxed{x^2}"
    assert boxed("$x^2$") == "$x^2$"
    assert math_verify(row(r"\frac{1}{2}", "0.5", kind="bare_answer"))
    assert not math_verify(row(r"so \boxed{3}", "0.5", kind="full"))


def test_the_last_number_is_compared_to_the_letter() -> None:
    assert last_number(row("2 and 3 make 5.\nA: 5", "5"))
    assert not last_number(row("A: 5.0", "5"))
    assert not last_number(row("none", "5"))


@pytest.mark.parametrize("response", ["The answer is (B).", "Answer: B", "A is wrong, so B"])
def test_the_benchmarks_own_extraction_finds_the_option(response: str) -> None:
    assert last_letter(row(response, "B"))
    assert not last_letter(row(response, "C"))


def test_short_answers_are_normalised_as_squad_does() -> None:
    accepted = ["The Beatles", "Wings"]
    assert same_text(row("the beatles!", accepted))
    assert holds_text(row("It was the Beatles, I think", accepted))
    assert not same_text(row("It was the Beatles", accepted))
    assert f1("a cat sat", "The cat") == pytest.approx(2 / 3)
    assert f1("", "cat") == 0


def test_a_literal_is_read_and_not_run() -> None:
    assert same_literal(row("(1, 2.0)", "(1, 2)"))
    with pytest.raises(ValueError, match="malformed"):
        same_literal(row("print(1)", "1"))


def test_a_grader_that_fails_refuses() -> None:
    runs = race([row("print(1)", "1")], lambda _: True, PEERS["python_literal"])
    assert [(name, run.accepted) for name, [run] in runs.items()] == [(OURS, True), ("literal_eval", False)]


def test_the_comparison_tells_refused_from_accepted() -> None:
    ours = [
        Run(True, True, 0.001),
        Run(True, False, 0.002),
        Run(False, True, 0.003),
        Run(False, False, 0.004),
    ]
    peer = [Run(False, True, 0.02)] * 4
    table = comparison({"sky_math": {OURS: ours, "peer": peer}}).splitlines()
    assert table[2].split() == ["sky_math", "4", OURS, "0.500", "0.500", "0.500", "3.000", "4.000"]
    assert table[3].split() == ["peer", "0.000", "1.000", "-", "20.000", "20.000"]


def test_times_are_compared_at_the_median_and_the_99th_percentile() -> None:
    ours = [Run(True, True, 0.001)] * 98 + [Run(True, True, 0.01)] * 2
    runs = {OURS: ours, "peer": [Run(True, True, 0.02)] * 100}
    assert milliseconds(ours, 0.5) == pytest.approx(1)
    assert speed(runs, "peer") == "our median is 1/20.0 of peer's, our p99 1/2.0"
    assert slowest([runs]) == "the slowest of 100 inputs took us 10 ms"


def test_every_bomb_is_a_row_of_its_own() -> None:
    assert len({each["id"] for each in bomb_rows()}) == len(bomb_rows()) >= 6
