"""Similarity to the reference answers: the measures against their sources, and what they may claim."""

import random
import sys
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from router.types import Abstain, Finding, Sample, Verdict
from tests.manuals import Example, examples
from verifiers.form.overlap import METRICS, Metric, rouge_l
from verifiers.similarity import LONGEST, MOST_REFERENCES, Similarity

MANUAL = sys.modules[Similarity.__module__].__doc__ or ""
SETTLES = 0.95
REFERENCE = "The drug is safe for children over six years of age."


def made(**options: Any) -> Similarity:
    return Similarity(**options)


def found(response: str, reference: object = REFERENCE, **options: Any) -> Finding:
    return made(**options).verify(Sample("a", (), response, reference))


def verdict(response: str, reference: object = REFERENCE, **options: Any) -> Verdict:
    finding = found(response, reference, **options)
    assert isinstance(finding, Verdict)
    return finding


@pytest.mark.parametrize("example", examples(MANUAL), ids=lambda example: example.line)
def test_an_example_in_the_manual_holds(example: Example) -> None:
    assert example.holds(Similarity)


def test_every_arrow_in_the_manual_is_an_example() -> None:
    assert MANUAL.count("->") == len(examples(MANUAL)) >= 5


TOKENS = ["the", "cat", "on", "mat,", "well-known", "3.5", "1,000", "don't", "-", ".", "U.S.", "x=y", "(so)"]
TOKENS += ["&amp;", "&lt;", "10-20", "\u4eca\u5929", "\u00e9t\u00e9", "-\n"]


def cases() -> list[tuple[str, list[str]]]:
    """Return texts with references: short and long ones, shared words, numbers, punctuation."""
    choose = random.Random(7)

    def text(most: int) -> str:
        return " ".join(choose.choices(TOKENS, k=choose.randint(1, most)))

    return [(text(14), [text(14) for _ in range(choose.randint(1, 3))]) for _ in range(300)]


def test_bleu_and_chrf_are_those_of_sacrebleu() -> None:
    metrics = pytest.importorskip("sacrebleu.metrics")
    sources = {"bleu": metrics.BLEU(effective_order=True), "chrf": metrics.CHRF()}
    for text, references in cases():
        for name, source in sources.items():
            theirs = source.sentence_score(text, references).score / 100
            assert METRICS[name](text, references) == pytest.approx(theirs, abs=1e-9)  # type: ignore[index]


def common(left: list[str], right: list[str]) -> int:
    """Return the length of the longest common subsequence, by the textbook's table."""
    row = [0] * (len(right) + 1)
    for one in left:
        above = row[:]
        for at, other in enumerate(right):
            row[at + 1] = above[at] + 1 if one == other else max(above[at + 1], row[at])
    return row[-1]


WORDS = st.lists(st.sampled_from(["a", "b", "c", "d"]), min_size=1, max_size=12)


@given(WORDS, WORDS)
def test_rouge_l_is_the_f1_of_the_longest_common_subsequence(left: list[str], right: list[str]) -> None:
    length = common(left, right)
    precision, recall = length / len(left), length / len(right)
    f1 = 2 * precision * recall / (precision + recall) if length else 0
    assert rouge_l(" ".join(left), [" ".join(right)]) == pytest.approx(f1)


@pytest.mark.parametrize("metric", METRICS)
@given(st.text(max_size=40), st.lists(st.text(max_size=40), min_size=1, max_size=3))
def test_every_metric_is_between_zero_and_one(metric: Metric, text: str, references: list[str]) -> None:
    assert 0 <= METRICS[metric](text, references) <= 1 + 1e-9


@pytest.mark.parametrize("metric", METRICS)
def test_a_text_is_like_itself_and_unlike_another(metric: Metric) -> None:
    assert METRICS[metric](REFERENCE, [REFERENCE]) == pytest.approx(1)
    assert METRICS[metric]("Bonjour!", ["qwxyz"]) == 0


@pytest.mark.parametrize("metric", METRICS)
def test_another_reference_never_makes_it_worse(metric: Metric) -> None:
    text = "The drug is safe for adults."
    if metric != "bleu":
        assert METRICS[metric](text, [REFERENCE, "Hm."]) >= METRICS[metric](text, [REFERENCE])
    assert METRICS[metric](text, ["Hm.", text]) == pytest.approx(1)


@pytest.mark.parametrize("metric", METRICS)
@pytest.mark.parametrize(
    "response",
    [
        "The drug is not safe for children over six years of age.",
        "The drug is safe for children over sixty years of age.",
        f"{REFERENCE} Or it is not.",
        f"{REFERENCE} {REFERENCE}",
        "age of years six over children for safe is drug The",
        "drug safe children six years age",
    ],
)
def test_what_is_only_similar_never_settles_as_right(metric: Metric, response: str) -> None:
    for accept_at in (1.0, 0.3):
        assert verdict(response, metric=metric, accept_at=accept_at).confidence < SETTLES


@pytest.mark.parametrize("metric", METRICS)
@pytest.mark.parametrize(
    "response",
    [
        REFERENCE,
        f"  {REFERENCE.upper()}\n",
        f"<think>Hm.</think>{REFERENCE}",
        f"Here it is: <answer>{REFERENCE}</answer>",
        REFERENCE.replace("drug", "d\u200brug"),
    ],
)
def test_the_reference_answer_itself_settles(metric: Metric, response: str) -> None:
    assert (verdict(response, metric=metric).score, verdict(response, metric=metric).confidence) == (1, 0.97)


def test_where_similarity_is_asked_it_settles() -> None:
    shaping = verdict("The drug is safe.", asks="similarity")
    assert shaping.confidence >= SETTLES
    assert 0 < shaping.score < 1


def test_the_score_rises_in_a_line() -> None:
    plainly = verdict("The drug is safe.", asks="similarity").score
    mapped = verdict("The drug is safe.", asks="similarity", nothing_at=0.2, accept_at=0.9).score
    assert mapped == pytest.approx((plainly - 0.2) / 0.7, abs=0.002)
    assert verdict("The drug is safe.", asks="similarity", accept_at=plainly - 0.001).score == 1
    assert verdict("The drug is safe.", asks="similarity", nothing_at=plainly + 0.001).score == 0


@pytest.mark.parametrize("padding", ["\u200b" * 500, "\n" * 500, " ", "\u3164" * 50])
def test_padding_changes_nothing(padding: str) -> None:
    for metric in METRICS:
        padded = verdict(f"The drug{padding} is safe.", metric=metric, asks="similarity")
        assert padded == verdict("The drug is safe.", metric=metric, asks="similarity")


def test_a_spray_around_the_reference_answer_costs() -> None:
    for metric in METRICS:
        spray = verdict(f"{REFERENCE} {'Or quite another thing. ' * 30}", metric=metric, asks="similarity")
        assert spray.score < 0.6


@pytest.mark.parametrize("reference", [None, 5, {}, {"a": "b", "c": "d"}, "", [], [" ", "\u200b"]])
def test_without_a_text_to_compare_with_it_abstains(reference: object) -> None:
    assert isinstance(found("The drug is safe.", reference), Abstain)


@pytest.mark.parametrize("response", ["", "\u200b", "<think>The drug is safe.</think>"])
def test_a_response_that_says_nothing_is_wrong(response: str) -> None:
    assert (verdict(response).score, verdict(response).confidence) == (0, 0.99)


@pytest.mark.parametrize("metric", METRICS)
@pytest.mark.parametrize("unit", ["a", "a ", ".", "&amp;", "-\n", "\u4eca", "<answer>", "\ud800", "1,"])
def test_hostile_input_returns(metric: Metric, unit: str) -> None:
    for size in (LONGEST - 10, 200_000):
        assert found(f"x{unit * (size // len(unit))}", metric=metric)


def test_what_is_too_long_abstains() -> None:
    assert isinstance(found("a" * (LONGEST + 1)), Abstain)
    assert isinstance(found("a", "a" * (LONGEST + 1)), Abstain)
    assert isinstance(found("a", ["a"] * (MOST_REFERENCES + 1)), Abstain)


def test_a_line_that_rises_nowhere_is_a_mistake() -> None:
    with pytest.raises(ValueError, match="`accept_at` must be more than `nothing_at`"):
        made(accept_at=0.3, nothing_at=0.3)
