"""Random batches before random models: whatever happens, the invariants hold. `make soak` plays more."""

import pytest

from tests.simulated.schedules import schedule
from tests.simulated.simulator import play
from tests.simulated.soak import faults, replay

SEEDS = 500
A_TEST = 50


@pytest.mark.parametrize("first", range(0, SEEDS, A_TEST))
def test_every_invariant_holds(first: int) -> None:
    broken = {replay(seed): found for seed in range(first, first + A_TEST) if (found := faults(seed))}
    assert not broken


def test_the_same_seed_goes_the_same_way_and_another_goes_another() -> None:
    logs = [play(schedule(seed)).log() for seed in (5, 5, 6)]
    assert logs[0] == logs[1] != logs[2]


def test_the_seeds_meet_everything_that_may_happen() -> None:
    came = {
        call.came_of_it for seed in range(150) for one in play(schedule(seed)).batches for call in one.calls
    }
    wanted = "answered, cut off, JudgeThrottled, JudgeUnavailable, JudgeLost, JudgeRefused, JudgeRejected"
    assert came == set(wanted.split(", "))
