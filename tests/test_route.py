"""Verify; settled? stop; else ask the judge. Who decides, who is asked, and what it costs."""

import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from textwrap import dedent

import pytest

from router.consult import Consult
from router.errors import JudgeUnavailable
from router.policy import Policy
from router.route import route
from router.types import Reward, Sample, Unscorable, Verdict
from tests.fake_line import FakeLine, Said
from tests.fakes import policy_from, sample
from verifiers import number
from verifiers.number import Number

SECONDS = 10_000.0

RULES = """
    rules:
      - name: sums
        when: {task: math}
        verify: [number]
        judge: reference
      - name: rest
        judge: {rubric: {criteria: helpfulness}}
"""


def math(response: str, reference: object = "4", id: str = "a") -> Sample:
    return sample(response, reference, id=id, fields={"task": "math"})


def settle(
    policy: Policy,
    samples: Sequence[Sample | Unscorable],
    line: FakeLine | None = None,
    *,
    seconds: float = SECONDS,
) -> list[Reward]:
    if line is None:
        return route(policy, samples, None)
    consult = Consult(line)
    try:
        return route(policy, samples, lambda questions, _: consult(questions, time.monotonic() + seconds)[0])
    finally:
        consult.close()


def test_a_confident_verifier_spares_the_judge(tmp_path: Path) -> None:
    line = FakeLine()
    [reward] = settle(policy_from(RULES, tmp_path), [math(r"\boxed{4}")], line)
    assert (reward.value, reward.decided_by, reward.rule, line.asked) == (1.0, "verifiers", "sums", [])


def test_a_confident_zero_spares_the_judge_too(tmp_path: Path) -> None:
    line = FakeLine()
    [reward] = settle(policy_from(RULES, tmp_path), [math(r"\boxed{5}")], line)
    assert (reward.value, reward.decided_by, line.asked) == (0.0, "verifiers", [])


def test_a_doubtful_verdict_goes_to_the_judge_whose_verdict_decides(tmp_path: Path) -> None:
    line = FakeLine(lambda _: {"reason": "no", "verdict": "incorrect"})
    [reward] = settle(policy_from(RULES, tmp_path), [math("the answer is 4.1")], line)
    assert [entry.by for entry in reward.trail] == ["number", "reference"]
    assert (reward.value, reward.decided_by, reward.escalated) == (0.0, "judge", True)


def test_an_abstention_is_no_zero(tmp_path: Path) -> None:
    [reward] = settle(policy_from(RULES, tmp_path), [math("four", reference="$x$")], FakeLine())
    assert (reward.value, reward.decided_by) == (1.0, "judge")


def test_a_rule_without_verifiers_sends_everything_to_the_judge(tmp_path: Path) -> None:
    line = FakeLine()
    [reward] = settle(policy_from(RULES, tmp_path), [sample("Sure.")], line)
    assert (reward.rule, reward.decided_by, len(line.asked)) == ("rest", "judge", 1)


def test_without_judges_nobody_is_asked_and_the_fallback_says_so(tmp_path: Path) -> None:
    [reward] = settle(policy_from(RULES, tmp_path), [math("the answer is 4.1")])
    assert (reward.decided_by, reward.escalated, reward.judge_error) == ("fallback", False, False)


def test_verified_samples_keep_their_reward_while_the_judge_is_down(tmp_path: Path) -> None:
    def down(_: object) -> Said:
        raise JudgeUnavailable("throttled")

    rows = [math(r"\boxed{4}"), math("hm")]
    rewards = settle(policy_from(RULES, tmp_path), rows, FakeLine(down), seconds=0.5)
    assert [reward.decided_by for reward in rewards] == ["verifiers", "fallback"]
    assert rewards[1].judge_error


def test_rewards_come_in_order_one_for_each_row(tmp_path: Path) -> None:
    rows: list[Sample | Unscorable] = [
        math(r"\boxed{4}", id="x"),
        Unscorable("y", "broken", ("malformed",)),
        math("?", id="z"),
        math(r"\boxed{4}", id="x"),
    ]
    rewards = settle(policy_from(RULES, tmp_path), rows, FakeLine())
    assert [reward.id for reward in rewards] == ["x", "y", "z", "x"]


def test_an_unscorable_row_gets_the_bottom_of_the_range_and_no_judge(tmp_path: Path) -> None:
    line = FakeLine()
    policy = policy_from("reward: {range: [-1, 1]}\n" + dedent(RULES), tmp_path)
    [reward] = settle(policy, [Unscorable("y", "broken", ("malformed",))], line)
    assert (reward.value, reward.flags, line.asked) == (-1.0, ("malformed",), [])


def test_the_cheapest_verifier_runs_first_and_the_rest_not_at_all(tmp_path: Path) -> None:
    policy = policy_from("rules: [{name: all, verify: [choice, number, exact]}]", tmp_path)
    [reward] = settle(policy, [sample("4", "4")])
    assert [entry.by for entry in reward.trail] == ["exact"]


def test_two_verifiers_of_one_name_are_told_apart(tmp_path: Path) -> None:
    rules = "rules: [{name: all, verify: [number, {number: {relative_tolerance: 0.1}}]}]"
    [reward] = settle(policy_from(rules, tmp_path), [sample("4.1", "4")])
    assert [entry.by for entry in reward.trail] == ["number", "number_2"]


def test_escalate_below_sets_how_sure_is_sure_enough(tmp_path: Path) -> None:
    rules = "rules: [{name: all, verify: [number], escalate_below: 0.6}]"
    [reward] = settle(policy_from(rules, tmp_path), [sample("the answer is 4.1", "4")])
    assert (reward.decided_by, reward.value) == ("verifiers", 0.0)


GATED = "rules: [{name: all, gate: [{exact: {closed: true}}], judge: {rubric: {criteria: helpfulness}}}]"


@pytest.mark.parametrize(
    ("response", "reference", "by", "asked"),
    [("no", "yes", "gate", 0), ("yes", "yes", "judge", 1), ("yes", {"an": "object"}, "judge", 1)],
    ids=["failed", "passed", "abstained"],
)
def test_only_a_sure_failure_at_a_gate_ends_a_sample(
    tmp_path: Path, response: str, reference: object, by: str, asked: int
) -> None:
    line = FakeLine()
    [reward] = settle(policy_from(GATED, tmp_path), [sample(response, reference)], line)
    assert (reward.decided_by, len(line.asked)) == (by, asked)


def test_a_doubtful_failure_at_a_gate_lets_pass(tmp_path: Path) -> None:
    rules = "rules: [{name: all, gate: [exact], judge: {rubric: {criteria: helpfulness}}}]"
    [reward] = settle(policy_from(rules, tmp_path), [sample("no", "yes")], FakeLine())
    assert reward.decided_by == "judge"


PARTS = """
    reward: {range: [-1, 1]}
    rules:
      - name: all
        parts:
          right: {weight: 3, verify: [number]}
          tone: {weight: 1, judge: {rubric: {criteria: helpfulness}}}
"""


def test_parts_are_weighed_and_mapped_onto_the_range_once(tmp_path: Path) -> None:
    [reward] = settle(policy_from(PARTS, tmp_path), [sample(r"\boxed{5}", "4")], FakeLine())
    assert reward.value == pytest.approx(-1 + 2 * 0.25)
    assert reward.parts == {"right": -1.0, "tone": 1.0}


def test_a_reward_is_as_sure_as_its_least_sure_part(tmp_path: Path) -> None:
    [reward] = settle(policy_from(PARTS, tmp_path), [sample(r"\boxed{4}", "4")], FakeLine())
    assert reward.confidence == min(entry.finding.confidence for entry in reward.trail)  # type: ignore[union-attr]


def test_one_unsettled_part_sends_the_whole_sample_to_the_fallback(tmp_path: Path) -> None:
    [reward] = settle(policy_from(PARTS, tmp_path), [sample(r"\boxed{4}", "4")])
    assert (reward.decided_by, reward.value, reward.parts) == ("fallback", 0.0, {"right": 1.0})


def test_a_rule_may_say_where_the_reference_answer_is(tmp_path: Path) -> None:
    rules = "rules: [{name: all, reference: [metadata.solution], verify: [number]}]"
    one = sample(r"\boxed{4}", "999", row={"metadata": {"solution": "4"}})
    [reward] = settle(policy_from(rules, tmp_path), [one])
    assert (reward.decided_by, reward.value) == ("verifiers", 1.0)


@dataclass(frozen=True, slots=True)
class Broken(Number):
    """A verifier with a bug whose message quotes the sample."""

    def verify(self, sample: Sample) -> object:  # type: ignore[override]
        raise ZeroDivisionError(sample.response)


def test_a_bug_in_a_verifier_is_its_abstention_and_is_logged_without_the_sample(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(number, "Number", Broken)
    [reward] = settle(policy_from(RULES, tmp_path), [math("CANARY")], FakeLine())
    assert (reward.decided_by, reward.trail[0].finding.reason) == (
        "judge",
        "the verifier failed: ZeroDivisionError",
    )
    assert "ZeroDivisionError" in caplog.text
    assert "CANARY" not in caplog.text


@pytest.mark.parametrize("share", [float("nan"), float("inf"), -0.1, 1.1])
def test_a_verdict_holds_shares_and_nothing_else(share: float) -> None:
    with pytest.raises(ValueError, match="between 0 and 1"):
        Verdict(share, 0.5, "")
    with pytest.raises(ValueError, match="between 0 and 1"):
        Verdict(0.5, share, "")
