"""Verifiers that wait for other processes: a batch goes to them side by side, and nothing holds it up."""

import math
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from threading import Barrier
from typing import ClassVar

import pytest

from router.case import Judged, Question
from router.policy import Policy
from router.route import route
from router.types import Abstain, Call, Finding, Reward, Sample, Verdict
from tests.fakes import policy_from, sample
from verifiers.base import OUT_OF_TIME, Verifier
from verifiers.format import Format

RIGHT = Verdict(1, 0.99, "right")


@dataclass(frozen=True, slots=True)
class Slow(Verifier):
    """Says what its functions say, and remembers who looked at what, in order."""

    name: ClassVar[str] = "slow"
    cost: ClassVar[int] = 10_000
    aside: ClassVar[bool] = True

    at_a_glance: Callable[[Sample, float], Finding | None] = lambda sample, ends: RIGHT
    at_length: Callable[[Sample, float], Finding] = lambda sample, ends: RIGHT
    seen: list[str] = field(default_factory=list)

    def verify(self, sample: Sample) -> Finding:
        self.seen.append(f"alone {sample.id}")
        return RIGHT

    def glance(self, sample: Sample, ends: float) -> Finding | None:
        self.seen.append(f"glance {sample.id}")
        return self.at_a_glance(sample, ends)

    def verify_by(self, sample: Sample, ends: float) -> Finding:
        self.seen.append(f"long {sample.id}")
        return self.at_length(sample, ends)


def policy(folder: Path, slow: Slow, *, gate: Slow | None = None, judge: str = "") -> Policy:
    """A policy whose rule asks `slow` last, and `gate` before all."""
    asks = f", judge: {judge}" if judge else ""
    made = policy_from(f"rules: [{{name: rest, verify: [number]{asks}}}]", folder)
    rule = made.rules[0]
    if gate:
        rule = replace(rule, gate=(("slow", gate), ("format", Format(max_words=3))))
    part = rule.parts[0]
    return replace(
        made, rules=(replace(rule, parts=(replace(part, verify=(*part.verify, ("slow", slow))),)),)
    )


def rewards(made: Policy, *ids: str, response: str = "?", deadline: float = math.inf) -> list[Reward]:
    return route(made, [sample(response, "4", id=id) for id in ids], None, deadline)


def fine(questions: Sequence[Question], until: float) -> list[Judged]:
    """A judge who likes everything."""
    return [Judged(Verdict(1, 0.9, "fine"), 0.0, Call("model")) for _ in questions]


def test_what_is_settled_already_does_not_wait(tmp_path: Path) -> None:
    slow = Slow()
    [reward] = rewards(policy(tmp_path, slow), "a", response=r"\boxed{4}")
    assert (reward.value, reward.decided_by, slow.seen) == (1.0, "verifiers", [])


def test_what_is_found_at_a_glance_is_not_looked_at_again(tmp_path: Path) -> None:
    slow = Slow()
    found = rewards(policy(tmp_path, slow), "a", "b")
    assert [(one.id, one.value, one.decided_by) for one in found] == [
        ("a", 1.0, "verifiers"),
        ("b", 1.0, "verifiers"),
    ]
    assert sorted(slow.seen) == ["glance a", "glance b"]
    assert [entry.by for entry in found[0].trail] == ["number", "slow"]


def test_what_takes_longer_has_its_turn_after_every_glance(tmp_path: Path) -> None:
    slow = Slow(lambda sample, ends: None if sample.id == "a" else RIGHT)
    found = rewards(policy(tmp_path, slow), "a", "b", "c")
    assert [one.value for one in found] == [1.0, 1.0, 1.0]
    assert slow.seen[-1] == "long a"
    assert len(slow.seen) == 4
    assert [entry.by for entry in found[0].trail] == ["number", "slow"]


def test_two_samples_are_looked_at_at_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("verifiers.sandbox.processors", lambda: 2)
    both = Barrier(2, timeout=20)

    def meet(sample: Sample, ends: float) -> Finding:
        both.wait()
        return RIGHT

    assert [one.value for one in rewards(policy(tmp_path, Slow(meet)), "a", "b")] == [1.0, 1.0]


def test_the_end_is_handed_down_and_judges_keep_a_share(tmp_path: Path) -> None:
    ends: list[float] = []

    def note(sample: Sample, end: float) -> Finding:
        ends.append(end)
        return Abstain("?")

    deadline = time.monotonic() + 1000
    made = policy(tmp_path, Slow(note))
    rewards(made, "a", deadline=deadline)
    route(made, [sample("?", "4")], fine, deadline)
    assert [round((deadline - end) / 100) for end in ends] == [1, 1]
    judged = policy(tmp_path, Slow(note), judge="reference")
    route(judged, [sample("?", "4")], fine, deadline)
    assert round((deadline - ends[-1]) / 100) == 5


@pytest.mark.parametrize(
    ("processors", "thousands"), [(1, [2.2, 3.0, 4.5, 9.0]), (2, [4.5, 6.0, 9.0, 9.0])], ids=["one", "two"]
)
def test_what_takes_longer_shares_the_time_evenly_and_inherits_what_others_leave(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, processors: int, thousands: list[float]
) -> None:
    monkeypatch.setattr("verifiers.sandbox.processors", lambda: processors)
    shares: list[float] = []

    def note(sample: Sample, end: float) -> Finding:
        shares.append(end - time.monotonic())
        return RIGHT

    made = policy(tmp_path, Slow(lambda sample, ends: None, note))
    rewards(made, *"abcd", deadline=time.monotonic() + 10_000)
    assert sorted(round(share / 1000, 1) for share in shares) == thousands


def test_a_part_behind_a_slow_gate_has_its_glance_too_before_it_can_be_too_slow(tmp_path: Path) -> None:
    gate, parts = Slow(lambda sample, ends: None), Slow(lambda sample, ends: None)
    rewards(policy(tmp_path, parts, gate=gate), "a")
    assert (gate.seen, parts.seen) == (["glance a", "long a"], ["glance a", "long a"])


def test_a_bug_in_one_look_is_its_abstention(tmp_path: Path) -> None:
    def fail(sample: Sample, ends: float) -> Finding:
        if sample.id == "a":
            raise RuntimeError
        return RIGHT

    first, second = rewards(policy(tmp_path, Slow(fail)), "a", "b")
    assert first.trail[-1].finding == Abstain("the verifier failed: RuntimeError")
    assert second.value == 1.0


WRONG = Verdict(0, 0.99, "wrong")


def test_gates_that_wait_look_side_by_side_and_before_every_part(tmp_path: Path) -> None:
    gate = Slow(lambda sample, ends: None if sample.id == "a" else WRONG if sample.id == "b" else RIGHT)
    parts = Slow()
    found = rewards(policy(tmp_path, parts, gate=gate), "a", "b", "c")
    assert [one.decided_by for one in found] == ["verifiers", "gate", "verifiers"]
    assert gate.seen[-1] == "long a"
    assert sorted(gate.seen) == ["glance a", "glance b", "glance c", "long a"]
    assert parts.seen == ["glance c", "glance a"]
    assert [[(entry.part, entry.by) for entry in one.trail] for one in found[:2]] == [
        [("gate", "slow"), ("gate", "format"), ("reward", "number"), ("reward", "slow")],
        [("gate", "slow")],
    ]
    assert (found[1].confidence, found[1].parts) == (0.99, {})


def test_the_gates_behind_one_that_waits_still_end_a_sample(tmp_path: Path) -> None:
    parts = Slow()
    [reward] = rewards(policy(tmp_path, parts, gate=Slow()), "a", response="one two three four")
    assert (reward.decided_by, parts.seen) == ("gate", [])


def test_one_slow_gate_holds_up_no_other_sample(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("verifiers.sandbox.processors", lambda: 2)
    both = Barrier(2, timeout=20)

    def meet(sample: Sample, ends: float) -> Finding:
        both.wait()
        return RIGHT

    made = policy(tmp_path, Slow(), gate=Slow(meet))
    assert [one.value for one in rewards(made, "a", "b")] == [1.0, 1.0]


def test_a_gate_without_time_leaves_its_sample_unseen_and_unjudged(tmp_path: Path) -> None:
    gate = Slow(lambda sample, ends: OUT_OF_TIME if sample.id == "a" else RIGHT)
    parts, asked = Slow(lambda sample, ends: Abstain("?")), list[str | int]()

    def judge(questions: Sequence[Question], until: float) -> Sequence[Judged]:
        asked.extend(question.case.sample.id for question in questions)
        return fine(questions, until)

    made = policy(tmp_path, parts, gate=gate, judge="reference")
    first, second = route(made, [sample("?", "4", id=id) for id in "ab"], judge)
    assert (first.decided_by, first.flags, parts.seen, asked) == (
        "fallback",
        ("out_of_time",),
        ["glance b"],
        ["b"],
    )
    assert (second.decided_by, second.flags) == ("judge", ())


def test_a_part_without_time_is_flagged_and_left_to_the_judge(tmp_path: Path) -> None:
    made = policy(tmp_path, Slow(lambda sample, ends: OUT_OF_TIME), judge="reference")
    [reward] = route(made, [sample("?", "4")], fine)
    assert (reward.decided_by, reward.flags) == ("judge", ("out_of_time",))


def test_as_many_samples_are_looked_at_at_once_as_a_verifier_says(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Slow, "at_once", 5)
    five = Barrier(5, timeout=20)

    def meet(sample: Sample, ends: float) -> Finding:
        five.wait()
        return RIGHT

    assert [one.value for one in rewards(policy(tmp_path, Slow(meet)), *"abcde")] == [1.0] * 5
