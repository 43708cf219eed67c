"""An event that is too large for its deadline: what can be scored is scored, and the rest says so."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import ClassVar

import pytest

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


RULES = "rules: [{name: slow, when: {task: slow}, verify: [number]RULE}, {name: talk, judge: reference}]"


def policy(folder: Path, taking: Taking, *, rule: str = "", gate: bool = False) -> Policy:
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
