"""What several verdicts come to, and when another could no longer change it."""

import pytest

from router.panel import decided, quorum, taken, together
from router.policy.model import Take
from router.types import Verdict


@pytest.mark.parametrize(
    ("scores", "take", "outcome"),
    [
        ([1.0, 0.0, 1.0], "majority", 1.0),
        ([1.0, 0.0], "majority", 0.5),
        ([0.25, 0.25, 0.75, 1.0], "majority", 0.25),
        ([0.0, 0.5, 1.0], "majority", 0.5),
        ([0.25, 0.5, 1.0], "median", 0.5),
        ([0.25, 0.5], "median", 0.375),
        ([1.0, 0.5, 0.0, 0.5], "mean", 0.5),
    ],
)
def test_scores_come_to_one(scores: list[float], take: Take, outcome: float) -> None:
    assert taken(scores, take) == outcome


@pytest.mark.parametrize(
    ("scores", "left", "take", "is_decided"),
    [
        ([], 3, "median", False),
        ([], 0, "median", True),
        ([1.0, 1.0], 1, "median", True),
        ([1.0, 1.0], 1, "majority", True),
        ([1.0, 0.0], 1, "majority", False),
        ([1.0, 0.75], 1, "median", False),
        ([1.0, 1.0], 1, "mean", False),
        ([1.0, 1.0, 0.0], 0, "mean", True),
        ([1.0, 1.0, 0.0], 2, "majority", False),
        ([1.0, 1.0, 1.0], 2, "majority", True),
    ],
)
def test_an_outcome_is_decided_once_nobody_could_change_it(
    scores: list[float], left: int, take: Take, is_decided: bool
) -> None:
    assert decided(scores, left, take) is is_decided


def test_more_than_half_of_the_voices_are_asked_at_first() -> None:
    assert [quorum(voices) for voices in (1, 2, 3, 4, 5)] == [1, 2, 2, 3, 3]


def test_disagreement_lowers_the_confidence() -> None:
    agreed = together([Verdict(1.0, 0.9, "a"), Verdict(1.0, 0.7, "b")], "majority")
    split = together([Verdict(1.0, 0.9, "a"), Verdict(0.0, 0.9, "b"), Verdict(1.0, 0.9, "c")], "majority")
    assert (agreed.score, split.score) == (1.0, 1.0)
    assert [agreed.confidence, split.confidence] == pytest.approx([0.8, 0.6])


def test_the_reason_says_what_each_voice_said() -> None:
    assert together([Verdict(0.0, 0.9, "no"), Verdict(1.0, 0.9, "yes")], "mean").reason == "mean of 0, 1: no"
