"""Soft shaping by repetition: what counts as one, what does not, and what does not hide it."""

import sys
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from router.types import Abstain, Finding, Sample, Verdict
from tests.manuals import Example, examples
from verifiers.repetition import FEWEST, Repetition

MANUAL = sys.modules[Repetition.__module__].__doc__ or ""


def made(**options: Any) -> Repetition:
    return Repetition(**options)


def found(response: str, **options: Any) -> Finding:
    return made(**options).verify(Sample("a", (), response))


def score(response: str, **options: Any) -> float:
    finding = found(response, **options)
    assert isinstance(finding, Verdict)
    assert finding.confidence >= 0.95
    return finding.score


@pytest.mark.parametrize("example", examples(MANUAL), ids=lambda example: example.line)
def test_an_example_in_the_manual_holds(example: Example) -> None:
    assert example.holds(Repetition)


def test_every_arrow_in_the_manual_is_an_example() -> None:
    assert MANUAL.count("->") == len(examples(MANUAL)) >= 5


SENTENCE = "So the sum of both numbers must be eighteen, I think. "
ESSAY = " ".join(f"w{number}" for number in range(300))


@pytest.mark.parametrize(
    "response",
    [
        SENTENCE * 20,
        SENTENCE.upper() * 10 + SENTENCE * 10,
        "".join(SENTENCE.replace(" ", " " * n) for n in range(1, 20)),
        "".join(SENTENCE.replace("s", "s" + "\u200b" * n) for n in range(1, 20)),
        "".join(SENTENCE.replace(",", "," * n) for n in range(1, 20)),
        "\n".join(f"- **{SENTENCE.strip()}**" for _ in range(20)),
        "\uff33\uff4f the sum is two. so the sum is two! " * 20,
        r"\boxed{18} " * 60,
        "The answer is 18. " * 40,
        "Wait. " * 100,
        f"```\n{SENTENCE}\n" + f"{SENTENCE}\n" * 20 + "```",
        "| a | b |\n|---|---|\n" + f"| {SENTENCE} | {SENTENCE} |\n" * 20,
        "```\n" + "}\nx\n" * 200 + "```",
        f"<think>{SENTENCE * 60}</think>18",
        "\u6211\u4eec\u53bb\u516c\u56ed\u6563\u6b65" * 40,
    ],
)
def test_a_loop_is_not_paid(response: str) -> None:
    assert score(response) < 0.2


TABLE = "| name | price | stock |\n|---|---|---|\n" + "".join(
    f"| item {n} | {n} euro net | in stock |\n" for n in range(40)
)
CODE = "```python\n" + "".join(f"def f{n}(x):\n    return x + {n}\n\n" for n in range(30)) + "```"


@pytest.mark.parametrize(
    "response",
    [
        "18",
        "Yes, yes!",
        r"So \boxed{18}.",
        SENTENCE,
        f"{SENTENCE} {ESSAY} {SENTENCE}",
        ESSAY,
        TABLE,
        CODE,
        f"Here is the code:\n\n{CODE}\n\nIt defines functions.",
        "The final answer is 18.\n\nThe answer is 18.",
        "\u6211\u4eec\u53bb\u516c\u56ed\u6563\u6b65",
    ],
)
def test_an_honest_twin_is_paid_in_full(response: str) -> None:
    assert score(response) == 1


def test_white_space_does_not_water_a_repetition_down() -> None:
    loop = SENTENCE * 10
    for padding in ("\n" * 5000, "\u200b" * 5000, ". " * 5000, "\u3164" * 500):
        assert score(loop + padding) == score(padding + loop) == score(loop)


@given(st.integers(1, 60), st.integers(1, 8))
def test_the_share_is_that_of_the_formula(times: int, size: int) -> None:
    words = ["a", "b", "c", "d", "e"] * times
    grams = [tuple(words[at : at + size]) for at in range(len(words) - size + 1)] or [tuple(words)]
    share = (len(grams) - len(set(grams))) / max(len(grams), FEWEST)
    got = score(" ".join(words), size=size, tolerate=0.0, worst=1.0)
    assert got == pytest.approx(1 - share, abs=0.001)


@given(st.lists(st.sampled_from("abcdefgh"), min_size=1, max_size=60))
def test_a_repeated_text_never_scores_more(words: list[str]) -> None:
    text = " ".join(words)
    assert score(f"{text} {text}") <= score(text)


def test_reasoning_counts_unless_the_policy_says_otherwise() -> None:
    response = f"<think>{SENTENCE * 20}</think>{ESSAY}"
    assert score(response, look_at="spoken") == 1 > score(response)


@pytest.mark.parametrize("response", ["", "\u200b", "<think>a</think>"])
def test_silence_is_not_the_way_to_repeat_nothing(response: str) -> None:
    assert score(response) == 0


def test_of_a_very_long_response_the_end_is_read() -> None:
    finding = found(ESSAY + SENTENCE * 2000)
    assert isinstance(finding, Verdict)
    assert (finding.score, finding.reason[:21]) == (0, "only the end was read")


@pytest.mark.parametrize(
    "unit", ["a ", "```\n", "|a b c|\n", "\u4eca", "\ud800", "\u0301", "~~~", "<think>", "?!"]
)
@pytest.mark.parametrize("size", [1, 50])
def test_hostile_input_returns(unit: str, size: int) -> None:
    assert found(f"a{unit * 100_000}", size=size)
    assert found(unit * 100_000, size=size)


def test_a_response_without_words_abstains() -> None:
    assert isinstance(found("?! ... \N{THUMBS UP SIGN}"), Abstain)


@pytest.mark.parametrize("options", [{"tolerate": 0.7}, {"tolerate": 0.5, "worst": 0.4}])
def test_a_fall_that_falls_nowhere_is_a_mistake(options: dict[str, float]) -> None:
    with pytest.raises(ValueError, match="`worst` must be more than `tolerate`"):
        made(**options)
