"""An event that is too large for its deadline: what can be scored is scored, and the rest says so."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import ClassVar

import pytest

from router.batch import finishing_seconds
from router.case import Judged, Question
from router.errors import Unsettled
from router.policy import Policy
from router.route import route
from router.types import Call, Entry, Finding, Sample, Verdict
from tests.fakes import policy_from, row, sample
from tests.local.emulator import emulated
from verifiers.base import OUT_OF_TIME, Verifier

NOT_SEEN = (Entry("row", "clock", OUT_OF_TIME, 0.0),)


class Clock:
    """A clock that only moves when somebody takes time."""

    def __init__(self) -> None:
        self.now = 1_000.0

    def __call__(self) -> float:
        return self.now


@dataclass(frozen=True, slots=True)
class Taking(Verifier):
    """Takes its seconds of the clock for each sample."""

    name: ClassVar[str] = "taking"
    cost: ClassVar[int] = 1

    clock: Clock
    seconds: float
    finds: Finding

    def verify(self, sample: Sample) -> Finding:
        self.clock.now += self.seconds
        return self.finds


@dataclass(frozen=True, slots=True)
class Waiting(Verifier):
    """Waits for its seconds, but for no longer than it is let."""

    name: ClassVar[str] = "waiting"
    cost: ClassVar[int] = 1

    clock: Clock
    seconds: float

    def verify(self, sample: Sample) -> Finding:
        return Verdict(1, 0.99, "right")

    def verify_by(self, sample: Sample, ends: float) -> Finding:
        over = self.clock.now + self.seconds > ends
        self.clock.now = min(self.clock.now + self.seconds, ends)
        return OUT_OF_TIME if over else self.verify(sample)


RULES = "rules: [{name: slow, when: {task: slow}, verify: [number]RULE}, {name: talk, judge: reference}]"


def policy(folder: Path, taking: Verifier, *, rule: str = "", gate: bool = False) -> Policy:
    """Samples of the task `slow` are for this verifier, the others for the judge alone."""
    made = policy_from(RULES.replace("RULE", rule), folder)
    slow, talk = made.rules
    if gate:
        slow = replace(slow, gate=(("taking", taking),))
    else:
        slow = replace(slow, parts=(replace(slow.parts[0], verify=(("taking", taking),)),))
    return replace(made, rules=(slow, talk))


def samples(count: int, task: str = "slow") -> list[Sample]:
    return [sample(f"{n}", "4", id=n, fields={"task": task}) for n in range(count)]


def fine(questions: Sequence[Question], until: float) -> list[Judged]:
    """A judge who likes everything."""
    return [Judged(Verdict(1, 0.9, "fine"), 0.0, Call("model")) for _ in questions]


def test_rows_are_verified_while_there_is_time_and_the_rest_is_priced_and_flagged(tmp_path: Path) -> None:
    clock = Clock()
    made = policy(tmp_path, Taking(clock, 1.0, Verdict(1, 0.99, "right")))
    found = route(made, samples(20), None, clock.now + 10, clock)
    assert [one.decided_by for one in found] == ["verifiers"] * 9 + ["fallback"] * 11
    assert [one.flags for one in found] == [()] * 9 + [("out_of_time",)] * 11
    assert {one.trail for one in found[9:]} == {NOT_SEEN}
    assert {one.value for one in found[9:]} == {1.0}  # the mean of their group
    assert clock.now <= 1_010


def test_judges_keep_their_share_of_the_time_and_are_not_asked_instead_of_verifiers(tmp_path: Path) -> None:
    clock = Clock()
    made = policy(tmp_path, Taking(clock, 1.0, Verdict(1, 0.5, "maybe")), rule=", judge: reference")
    found = route(made, samples(8), fine, clock.now + 10, clock)
    assert [one.decided_by for one in found] == ["judge"] * 5 + ["fallback"] * 3
    assert [one.escalated for one in found] == [True] * 5 + [False] * 3


def test_rows_that_only_a_judge_decides_are_never_out_of_time(tmp_path: Path) -> None:
    clock = Clock()
    made = policy(tmp_path, Taking(clock, 9.0, Verdict(1, 0.99, "right")))
    *_, last = route(made, [*samples(3), *samples(1, "talk")], fine, clock.now + 10, clock)
    assert (last.decided_by, last.flags) == ("judge", ())


def test_a_gate_that_had_no_time_lets_nothing_pass_to_a_judge(tmp_path: Path) -> None:
    clock = Clock()
    made = policy(
        tmp_path, Taking(clock, 9.0, Verdict(1, 0.99, "right")), rule=", judge: reference", gate=True
    )
    first, second = route(made, samples(2), fine, clock.now + 10, clock)
    assert (first.decided_by, first.flags) == ("verifiers", ())
    assert (second.decided_by, second.flags, second.trail) == ("fallback", ("out_of_time",), NOT_SEEN)


def test_a_verifier_that_waits_is_given_up_when_the_time_is_over(tmp_path: Path) -> None:
    clock = Clock()
    made = policy(tmp_path, Waiting(clock, 4.0))
    found = route(made, samples(4), None, clock.now + 10, clock)
    assert [one.decided_by for one in found] == ["verifiers"] * 2 + ["fallback"] * 2
    assert [one.flags for one in found] == [()] * 2 + [("out_of_time",)] * 2
    assert clock.now == 1_009


def test_a_part_whose_verifier_was_given_up_is_left_to_the_judge(tmp_path: Path) -> None:
    clock = Clock()
    made = policy(tmp_path, Waiting(clock, 9.0), rule=", judge: reference")
    first, second = route(made, samples(2), fine, clock.now + 10, clock)
    assert (first.decided_by, first.flags, first.trail[0].finding) == (
        "judge",
        ("out_of_time",),
        OUT_OF_TIME,
    )
    assert (second.decided_by, second.trail) == ("fallback", NOT_SEEN)


def test_a_gate_that_was_given_up_lets_nothing_pass(tmp_path: Path) -> None:
    clock = Clock()
    made = policy(tmp_path, Waiting(clock, 9.0), rule=", judge: reference", gate=True)
    [found] = route(made, samples(1), fine, clock.now + 10, clock)
    assert (found.decided_by, found.flags) == ("fallback", ("out_of_time",))
    assert [entry.part for entry in found.trail] == ["gate", "row"]


def test_a_slow_machine_and_a_large_batch_keep_more_time_for_the_reply() -> None:
    assert [finishing_seconds(reading) for reading in (0.0, 0.01, 1.0)] == [1.0, 1.0, 4.0]


def test_a_rule_that_would_rather_fail_fails(tmp_path: Path) -> None:
    clock = Clock()
    made = policy(tmp_path, Taking(clock, 9.0, Verdict(1, 0.99, "right")), rule=", if_unsettled: fail")
    with pytest.raises(Unsettled, match="for lack of time: raise Timeout or send smaller batches"):
        route(made, samples(3), None, clock.now + 10, clock)


def test_a_small_batch_is_verified_however_little_time_is_left(tmp_path: Path) -> None:
    clock = Clock()
    made = policy(tmp_path, Taking(clock, 0.01, Verdict(1, 0.99, "right")))
    found = route(made, samples(9), None, clock.now - 0.5, clock)
    assert {one.decided_by for one in found} == {"verifiers"}


def test_a_batch_without_a_deadline_has_all_the_time(tmp_path: Path) -> None:
    clock = Clock()
    made = policy(tmp_path, Taking(clock, 1e9, Verdict(1, 0.99, "right")))
    assert {one.decided_by for one in route(made, samples(9), None, clock=clock)} == {"verifiers"}


def test_lambdas_own_deadline_is_kept_with_every_row_in_the_reply() -> None:
    rows = [row("4", "4", id=f"r{n}") for n in range(100)]  # a tenth of a second each
    with emulated("tests.functions.slow.lambda_handler", timeout=5) as function:
        function.invoke([])  # the emulator counts the start as well
        reply, error = function.invoke(rows)
    assert error is None
    assert [one["id"] for one in reply] == [f"r{n}" for n in range(100)]
    late = ["out_of_time" in {metric["name"] for metric in one["metrics_list"]} for one in reply]
    assert (late[0], late[-1]) == (False, True)
    assert late == sorted(late)
