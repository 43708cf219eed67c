"""Every confidence has a basis: rollouts that were counted, a ground that is written down, or caution."""

import pytest

from benchmarks.claims import refusals
from benchmarks.evidence import TABLE, Seen, counted, recorded, source_of, written
from benchmarks.grounds import GROUNDS
from benchmarks.reliability import UNPROVEN, most, wilson
from benchmarks.rollouts import Outcome


def outcome(label: int, *verdicts: tuple[str, float, float, str]) -> Outcome:
    trail = [
        {"by": by, "score": score, "confidence": confidence, "reason": reason}
        for by, score, confidence, reason in verdicts
    ]
    return Outcome({"label": label}, {"trail": trail})


def test_no_confidence_lies_above_what_it_rests_on() -> None:
    if refused := refusals(recorded()):
        pytest.fail("\n".join(["", *refused]))


def test_the_table_is_as_the_command_writes_it() -> None:
    assert written(recorded()) == TABLE.read_text(encoding="utf-8")


def test_every_ground_says_why() -> None:
    assert all(reason for grounds in GROUNDS.values() for reason in grounds.values())


def test_a_claim_above_its_evidence_is_told_with_the_most_that_it_may_claim() -> None:
    rows = [Seen("math", "math", "equal", {"sky_math": (41, 45)})]
    [told] = [line for line in refusals(rows) if line.startswith("math: 'equal' ")]
    assert "41 of 45 were right (0.793 to 0.965): at most 0.87, the middle of the Wilson interval" in told


def test_a_situation_that_was_renamed_is_told() -> None:
    told = refusals([Seen("math", "math", "alike", {"sky_math": (9, 9)})])
    assert "math: 'alike' was measured and stands in no CONFIDENCE: run make evidence" in told


def test_it_takes_35_verdicts_without_a_mistake_to_settle() -> None:
    assert most(34, 34)[0] < 0.95 <= most(35, 35)[0]


def test_too_few_verdicts_settle_nothing_and_still_count_against() -> None:
    assert most(0, 0)[0] == most(19, 19)[0] == UNPROVEN
    assert most(0, 3)[0] == 0.56


def test_a_ground_holds_until_rollouts_contradict_it() -> None:
    assert most(0, 0, grounded=True)[0] == 1
    assert most(18, 20, grounded=True)[0] == 0.97
    assert most(5, 20, grounded=True)[0] == 0.46


def test_wilsons_interval_is_the_published_one() -> None:
    assert [round(end, 4) for end in wilson(8, 10)] == [0.4902, 0.9433]
    assert [round(end, 4) for end in wilson(0, 10)] == [0.0, 0.2775]
    assert wilson(0, 0) == (0, 1)


def test_a_situation_is_the_reason_without_its_detail() -> None:
    [row] = counted({"gsm8k_openai": [outcome(1, ("number", 1, 0.99, "equal (boxed: 18)"))]})
    assert (row.by, row.situation, row.sets) == ("number", "equal", {"gsm8k_openai": (1, 1)})


def test_a_verdict_that_was_handed_on_counts_for_whose_it_is() -> None:
    assert source_of("math", "equal, and the answer adds or lacks a unit", 0) == "number"
    assert source_of("math", "equal as written", 0) == "math"


def test_a_reason_that_no_author_named_is_refused() -> None:
    with pytest.raises(LookupError, match="no CONFIDENCE names the situation 'lucky'"):
        source_of("math", "lucky", 0.99)


def test_a_verifier_that_fails_is_not_measured_as_one_that_abstains() -> None:
    entry = {"by": "json", "abstain": True, "reason": "the verifier failed: ModuleNotFoundError"}
    with pytest.raises(RuntimeError, match="json_schema_suite: json: the verifier failed"):
        counted({"json_schema_suite": [Outcome({"label": 1}, {"trail": [entry]})]})


def test_refusing_an_attack_proves_nothing_and_paying_one_counts() -> None:
    attack = "attacks"
    refused, paid = outcome(0, ("exact", 0, 0.4, "different")), outcome(0, ("exact", 1, 0.98, "equal"))
    rows = counted({attack: [refused, paid]})
    assert [(row.situation, row.right, row.verdicts) for row in rows] == [
        ("different", 0, 0),
        ("equal", 0, 1),
    ]
