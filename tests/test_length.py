"""Soft shaping by length: the slope, its ends, and what does not get around it."""

import sys
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from router.types import Abstain, Finding, Sample, Verdict
from tests.manuals import Example, examples
from verifiers.length import LONGEST, Length

MANUAL = sys.modules[Length.__module__].__doc__ or ""


def found(response: str, **options: Any) -> Finding:
    return Length(**options).verify(Sample("a", (), response))


def score(response: str, **options: Any) -> float:
    finding = found(response, **options)
    assert isinstance(finding, Verdict)
    return finding.score


@pytest.mark.parametrize("example", examples(MANUAL), ids=lambda example: example.line)
def test_an_example_in_the_manual_holds(example: Example) -> None:
    assert example.holds(Length)


def test_every_arrow_in_the_manual_is_an_example() -> None:
    assert MANUAL.count("->") == len(examples(MANUAL)) >= 5


@given(st.integers(0, 500), st.integers(1, 500), st.integers(1, 1200))
def test_the_score_is_one_plus_the_punishment_of_dapo(target: int, cache: int, length: int) -> None:
    longest = target + cache
    if length <= longest - cache:
        punishment = 0.0
    elif length <= longest:
        punishment = ((longest - cache) - length) / cache
    else:
        punishment = -1.0
    assert score("a " * length, target=target, limit=longest) == pytest.approx(1 + punishment)


@pytest.mark.parametrize("unit", ["words", "characters"])
@given(st.text(max_size=60), st.text(alphabet="ab ", max_size=60))
def test_more_text_never_scores_more(unit: str, text: str, more: str) -> None:
    text = f"x {text.replace('<', '')}"
    options = {"target": 3, "limit": 50, "unit": unit}
    assert score(f"{text} {more}", **options) <= score(text, **options)


@pytest.mark.parametrize("glue", [" ", "-", "_", "/", ".", "\u200b", "\u2060", "\u00ad", "\n"])
def test_words_glued_together_count_one_by_one(glue: str) -> None:
    assert score(glue.join(["word"] * 40), target=10, limit=30) == 0
    assert score(glue.join(["word"] * 8), target=10, limit=30) == 1


def test_letters_without_a_break_are_not_one_word() -> None:
    assert score("word" * 400, target=10, limit=30) == 0
    assert score("Donaudampfschifffahrtsgesellschaft", target=1, limit=2) == 1


def test_a_character_of_a_script_without_spaces_is_a_word() -> None:
    assert score("\u4eca\u5929\u5929\u6c14\u5f88\u597d", target=3, limit=9) == 0.5


def test_reasoning_counts_unless_the_policy_says_otherwise() -> None:
    response = f"<think>{'word ' * 50}</think>Short."
    assert score(response, target=10, limit=30) == 0
    assert score(response, target=10, limit=30, look_at="spoken") == 1


@pytest.mark.parametrize("response", ["", " ", "\u200b", "<think>a</think>", "<think>a"])
def test_the_shortest_way_to_full_pay_is_not_silence(response: str) -> None:
    assert score(response) == 0
    assert score("No.") == 1


def test_hostile_input_returns() -> None:
    for unit in ("a ", "a", "\u200b", ".", "\u4eca", "<think>", "\ud800", "e\u0301"):
        assert isinstance(found(f"a{unit * 150_000}", target=10, limit=100, unit="characters"), Verdict)
        assert found(f"a{unit * 150_000}", target=10, limit=100)


def test_what_is_longer_than_is_counted_abstains_unless_the_limit_is_reached() -> None:
    overlong = "a" * (LONGEST + 1)
    assert isinstance(found(overlong, target=LONGEST, limit=LONGEST * 2), Abstain)
    assert score(overlong) == 0


@pytest.mark.parametrize("options", [{"target": 5, "limit": 5}, {"target": 9, "limit": 5}])
def test_a_limit_below_the_target_is_a_mistake(options: dict[str, int]) -> None:
    with pytest.raises(ValueError, match="`limit` must be more than `target`"):
        Length(**options)  # type: ignore[arg-type]
