"""Verifiers that wait for other processes: a batch goes to them side by side, and nothing holds it up."""

import math
import time
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from pathlib import Path
from threading import Barrier
from typing import ClassVar

import pytest

from router.policy import Policy
from router.route import route
from router.types import Abstain, Finding, Reward, Sample, Verdict
from tests.fakes import policy_from, sample
from verifiers.base import Verifier

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


def policy(folder: Path, slow: Slow, *, verify: str = "[number]", gate: bool = False) -> Policy:
    """A policy whose rule asks `slow` last, or as its gate."""
    made = policy_from(f"rules: [{{name: rest, verify: {verify}}}]", folder)
    rule = made.rules[0]
    if gate:
        return replace(made, rules=(replace(rule, gate=(("slow", slow),)),))
    part = rule.parts[0]
    return replace(
        made, rules=(replace(rule, parts=(replace(part, verify=(*part.verify, ("slow", slow))),)),)
    )


def rewards(made: Policy, *ids: str, response: str = "?", deadline: float = math.inf) -> list[Reward]:
    return route(made, [sample(response, "4", id=id) for id in ids], None, deadline)


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
    monkeypatch.setattr("os.cpu_count", lambda: 2)
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
    route(made, [sample("?", "4")], lambda questions, _: [], deadline)
    assert ends[0] == deadline
    assert ends[1] < deadline - 400


def test_a_bug_in_one_look_is_its_abstention(tmp_path: Path) -> None:
    def fail(sample: Sample, ends: float) -> Finding:
        if sample.id == "a":
            raise RuntimeError
        return RIGHT

    first, second = rewards(policy(tmp_path, Slow(fail)), "a", "b")
    assert first.trail[-1].finding == Abstain("the verifier failed: RuntimeError")
    assert second.value == 1.0


def test_a_gate_is_looked_at_at_once(tmp_path: Path) -> None:
    slow = Slow()
    rewards(policy(tmp_path, slow, gate=True), "a")
    assert slow.seen == ["alone a"]
