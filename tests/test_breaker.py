"""Up or down. The clock is a number."""

from random import Random

import pytest

from judges.switchboard.breaker import ENOUGH, FIRST_WAIT, LONGEST_WAIT, SHARE_OF_OUTAGE, Breaker


def down(breaker: Breaker, times: int = ENOUGH, *, hopeful: bool = False) -> None:
    """Let so many calls fail, one a second from 0 on."""
    for second in range(times):
        breaker.failed(second, second + 0.1, probe=False, hopeful=hopeful)


@pytest.fixture
def breaker() -> Breaker:
    return Breaker(Random(0))


def test_a_few_failures_in_a_row_change_nothing(breaker: Breaker) -> None:
    down(breaker, ENOUGH - 1)
    assert not breaker.is_open
    assert breaker.wait(10.0) == 0.0
    assert not breaker.take(10.0)


def test_many_failures_in_a_row_open_it(breaker: Breaker) -> None:
    down(breaker)
    assert breaker.is_open
    assert 0.8 * FIRST_WAIT <= breaker.wait(ENOUGH - 1 + 0.1) <= 1.2 * FIRST_WAIT


def test_a_reply_in_between_starts_the_row_anew(breaker: Breaker) -> None:
    down(breaker, ENOUGH - 1)
    assert not breaker.answered(50.0)
    down(breaker, ENOUGH - 1)
    assert not breaker.is_open


def test_failures_while_others_are_let_through_do_not_open_it(breaker: Breaker) -> None:
    down(breaker, 100, hopeful=True)
    assert not breaker.is_open


def test_a_probe_holds_up_the_next_call(breaker: Breaker) -> None:
    down(breaker)
    assert breaker.take(20.0)
    assert breaker.wait(20.0) == LONGEST_WAIT


def waits(breaker: Breaker, start: float, probes: int) -> list[float]:
    """Let so many probes fail, each as soon as it may go; return how long each next one has to wait."""
    now, waited = start, []
    for _ in range(probes):
        assert breaker.take(now)
        breaker.failed(now, now + 0.1, probe=True, hopeful=False)
        waited.append(breaker.wait(now + 0.1))
        now += 0.1 + waited[-1]
    return waited


def test_probes_that_fail_come_further_apart_and_not_for_ever(breaker: Breaker) -> None:
    down(breaker)
    first, second, *later = waits(breaker, 9.0, 8)
    assert first < second
    assert min(later) >= 0.8 * LONGEST_WAIT
    assert max(later) <= 1.2 * LONGEST_WAIT


def test_the_longer_an_outage_lasts_the_rarer_probes_are(breaker: Breaker) -> None:
    down(breaker)
    waits(breaker, 9.0, 8)
    [late] = waits(breaker, 600.0, 1)
    assert 0.8 * 600 * SHARE_OF_OUTAGE <= late <= 1.2 * 601 * SHARE_OF_OUTAGE


def test_a_probe_that_is_answered_closes_it(breaker: Breaker) -> None:
    down(breaker)
    breaker.take(20.0)
    assert breaker.answered(20.0)
    assert not breaker.is_open
    assert breaker.wait(20.1) == 0.0


def test_a_reply_to_a_call_from_before_the_trouble_says_nothing(breaker: Breaker) -> None:
    breaker.failed(5.0, 5.1, probe=False, hopeful=False)
    for _ in range(ENOUGH):
        breaker.failed(6.0, 6.1, probe=False, hopeful=False)
    assert not breaker.answered(4.0)
    assert breaker.is_open


def test_after_an_outage_it_takes_as_many_failures_to_open_it_again(breaker: Breaker) -> None:
    down(breaker)
    breaker.take(20.0)
    breaker.answered(20.0)
    down(breaker, ENOUGH - 1)
    assert not breaker.is_open
