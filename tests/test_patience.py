"""How long a reply may take. In virtual time."""

import asyncio
import math
from random import Random

import pytest

from judges.switchboard.patience import ENOUGH, SHORTEST, Patience
from tests.simulated.virtual_time import run


def taught(*seconds: float) -> Patience:
    patience = Patience()
    for one in seconds:
        patience.learn(one)
    return patience


def lognormal(count: int, median: float = 2.0, sigma: float = 0.5) -> list[float]:
    rng = Random(0)
    return [rng.lognormvariate(math.log(median), sigma) for _ in range(count)]


async def gives_up_after(patience: Patience, most: float, left: float = math.inf) -> float:
    """Wait for a reply that never comes; return how long."""
    clock = asyncio.get_running_loop().time
    started = clock()
    with pytest.raises(TimeoutError):
        async with patience.timeout(started, most, left):
            await asyncio.sleep(3600)
    return clock() - started


def test_before_anything_is_known_the_policy_s_timeout_counts() -> None:
    assert run(gives_up_after(taught(*[0.1] * (ENOUGH - 1)), 20.0)) == pytest.approx(20.0)


def test_nothing_is_said_of_latencies_before_enough_replies_came() -> None:
    patience = taught(*[0.1] * (ENOUGH - 1))
    assert (patience.typical(), patience.straggler()) == (0.0, math.inf)


def test_latencies_are_learnt() -> None:
    patience = taught(*lognormal(200))
    assert patience.typical() == pytest.approx(2.0, rel=0.15)
    stragglers = sum(one > patience.straggler() for one in lognormal(2000))
    assert 0.02 <= stragglers / 2000 <= 0.1


def test_a_learnt_timeout_cuts_hardly_any_reply_that_would_have_come() -> None:
    patience = taught(*lognormal(200))
    timeout = run(gives_up_after(patience, 100.0))
    assert timeout < 20.0
    assert sum(one > timeout for one in lognormal(5000)) <= 10


def test_no_timeout_is_learnt_that_is_shorter_than_a_second() -> None:
    assert run(gives_up_after(taught(*[0.01] * 200), 20.0)) == pytest.approx(SHORTEST)


def test_replies_that_were_all_alike_do_not_cut_one_that_takes_half_as_long_again() -> None:
    assert run(gives_up_after(taught(*[2.0] * 200), 20.0)) > 3.0


def test_no_timeout_is_longer_than_the_policy_s() -> None:
    assert run(gives_up_after(taught(*lognormal(200)), 0.5)) == pytest.approx(0.5)


def test_near_the_deadline_a_call_leaves_time_for_another() -> None:
    patience = taught(*lognormal(200))
    assert run(gives_up_after(patience, 100.0, 30.0)) == pytest.approx(6.0)
    assert run(gives_up_after(patience, 100.0, 10.0)) == pytest.approx(patience.straggler())
    assert run(gives_up_after(Patience(), 20.0, 10.0)) == pytest.approx(20.0)


def test_what_is_learnt_cuts_calls_that_are_out_already() -> None:
    async def main() -> float:
        patience = Patience()
        hanging = asyncio.create_task(gives_up_after(patience, 60.0))
        await asyncio.sleep(2.0)
        for _ in range(ENOUGH):
            patience.learn(0.5)
        return await hanging

    assert run(main()) < 3.0


def test_a_model_that_has_become_slower_is_given_longer() -> None:
    patience = taught(*[0.5] * 200)
    for _ in range(200):
        patience.learn(5.0)
    assert run(gives_up_after(patience, 60.0)) > 5.0
    assert patience.typical() == pytest.approx(5.0)
