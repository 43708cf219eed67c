"""The calibration error and its plot, and how rollouts are tallied."""

from typing import Any

import pytest

from benchmarks.accuracy import tally
from benchmarks.calibration import Bin, bins, error, error_table, reliability_plot, surest
from benchmarks.rollouts import Outcome


def outcome(label: int, *verdicts: tuple[float, float], decided_by: str = "verifiers") -> Outcome:
    trail: list[dict[str, Any]] = [
        {"by": "math", "score": score, "confidence": confidence} for score, confidence in verdicts
    ]
    reward = verdicts[0][0] if verdicts else 0.5
    result = {"trail": [*trail, {"by": "exact", "abstain": True}], "decided_by": decided_by}
    return Outcome({"label": label}, result | {"aggregate_reward_score": reward})


def test_the_error_is_the_mean_distance_between_claimed_and_right() -> None:
    claims = [(0.8, True)] * 6 + [(0.8, False)] * 4 + [(0.99, True)] * 10
    assert error(claims) == pytest.approx((0.2 * 10 + 0.01 * 10) / 20)


def test_claims_that_hold_have_no_error() -> None:
    assert error([(0.75, True)] * 3 + [(0.75, False)]) == pytest.approx(0)
    assert error([]) == 0


def test_too_little_is_as_wrong_as_too_much() -> None:
    assert error([(0.6, True)]) == error([(0.4, False)]) == pytest.approx(0.4)


def test_bins_are_hundredths_where_confidences_crowd() -> None:
    found = bins([(0.96, True), (0.95, True), (0.95, False), (0.94, True), (0.91, False)])
    assert [each.verdicts for each in found] == [2, 2, 1]
    assert found[1] == Bin(0.95, 0.5, 2)


def test_the_plot_is_plain_text_with_a_mark_for_each_bin_that_can_say_something() -> None:
    drawn = reliability_plot([Bin(0.3, 0, 3), Bin(0.6, 0.7, 50), Bin(0.9, 0.85, 90)])
    assert drawn.count("O") == 2
    assert "\x1b" not in drawn


def test_the_surest_verdict_of_a_rollout_is_what_it_claims() -> None:
    assert surest([outcome(1, (0, 0.6), (1, 0.9)), outcome(1)]) == [(0.9, True)]


def test_the_table_of_errors_shows_everything_with_attacks_and_without() -> None:
    seen = {"attacks": [outcome(0, (0, 0.9))], "sky_math": [outcome(1, (1, 0.9))], "llmbar": [outcome(1)]}
    names = [line.split("  ")[0] for line in error_table(seen).splitlines()[2:]]
    assert names == ["attacks", "sky_math", "all of it", "all but attacks", "mean of the sets but attacks"]


def test_a_tally_tells_settled_from_forced() -> None:
    counts = tally(
        [
            outcome(1, (1, 0.99)),
            outcome(0, (1, 0.99)),
            outcome(1, (1, 0.6), decided_by="fallback"),
            outcome(0, decided_by="fallback"),
            outcome(1, decided_by="fallback"),
        ]
    )
    assert (counts.rows, counts.settled, counts.settled_wrong, counts.forced_right) == (5, 2, 1, 3)
    assert counts.cells("x") == ["x", "5", "40.00%", "50.00%", "60.00%"]
