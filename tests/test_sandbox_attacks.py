"""Every attack meets its wall, its honest twin is right, and nobody else notices."""

import os
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from tests.processes import descriptors, offspring
from tests.sandbox_attacks import ATTACKS, HONEST, RIGHT, Attack
from verifiers.sandbox import Limits, Outcome, Sandbox, Session

LIMITS = Limits(seconds=0.5, wall_seconds=2, megabytes=300)
PATIENT = Limits(seconds=5, wall_seconds=60)
"""For honest programs on a machine that is busy."""


@pytest.fixture(scope="module")
def open_sandbox() -> Iterator[Sandbox]:
    made = Sandbox()
    assert made.closed is None
    yield made
    made.stop()


@pytest.fixture(scope="module")
def neighbour(open_sandbox: Sandbox) -> Iterator[Session]:
    """A session that lives through all of it, and has a secret."""
    with open_sandbox.session("secret = 'tangerine'\n" + HONEST, PATIENT) as session:
        yield session


def solved(sandbox: Sandbox, source: str, limits: Limits) -> Outcome:
    with sandbox.session(source, limits) as session:
        return session.call("solve", [20])


def test_there_are_attacks_enough_and_no_two_alike() -> None:
    assert len(ATTACKS) >= 60
    assert len({each.name for each in ATTACKS}) == len(ATTACKS) == len({each.source for each in ATTACKS})
    assert all(each.meets != RIGHT for each in ATTACKS)


@pytest.mark.parametrize("attack", ATTACKS, ids=lambda attack: attack.name)
def test_an_attack_meets_its_wall_and_its_twin_is_right(
    open_sandbox: Sandbox, neighbour: Session, attack: Attack
) -> None:
    assert solved(open_sandbox, attack.source, LIMITS) == attack.meets
    assert solved(open_sandbox, attack.twin, PATIENT) == RIGHT
    assert neighbour.call("solve", [20]) == RIGHT


def test_neighbours_of_every_attack_at_once_are_right(open_sandbox: Sandbox) -> None:
    with ThreadPoolExecutor(6) as threads:
        hostile = [threads.submit(solved, open_sandbox, each.source, LIMITS) for each in ATTACKS[::3]]
        honest = [threads.submit(solved, open_sandbox, each.twin, PATIENT) for each in ATTACKS[::3]]
        assert [each.result() for each in honest] == [RIGHT] * len(honest)
        assert RIGHT not in [each.result() for each in hostile]


def test_no_attack_left_a_file() -> None:
    assert not Path("/tmp/escaped").exists()  # noqa: S108 - where some of them tried to write


def test_nothing_is_left_when_attacks_were_made() -> None:
    open_before, running_before = descriptors(), offspring(os.getpid())
    sandbox = Sandbox()
    assert sandbox.closed is None
    with ThreadPoolExecutor(4) as threads:
        list(threads.map(lambda each: solved(sandbox, each.source, LIMITS), ATTACKS[::7]))
    sandbox.stop()
    assert offspring(os.getpid()).keys() <= running_before.keys()
    assert descriptors() == open_before
