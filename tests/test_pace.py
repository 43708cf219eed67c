"""Turns by a declared or a learnt pace. The clock is a number."""

from collections.abc import Callable

import pytest

from judges.base import Quota
from judges.switchboard.pace import FALL, FALL_BLIND, HEADROOM, OPENING, SAVED_UP, Pace

TOKENS = 500


def turns(
    pace: Pace, start: float, end: float, each: Callable[[float], None] = lambda _: None
) -> list[float]:
    """Take every turn as soon as it comes; return when they came."""
    now, taken = start, []
    while (now := now + max(pace.wait(TOKENS, now), 1e-9)) < end:
        pace.take(TOKENS, now)
        taken.append(now)
        each(now)
    return taken


def test_a_declared_quota_of_requests_is_kept_but_for_what_was_saved_up() -> None:
    a_second = 10.0
    taken = turns(Pace(Quota(60 * a_second), 0.0), 0.0, 120.0)
    most = HEADROOM * a_second * (120 + SAVED_UP)
    assert most - 2 <= len(taken) <= most + 2


def test_what_is_saved_up_is_not_spent_all_at_once() -> None:
    taken = turns(Pace(Quota(600.0), 0.0), 0.0, 1.0)
    assert len(taken) <= 4 * 10 + 1


def test_nothing_more_is_saved_up_than_belongs_to_a_batch() -> None:
    pace = Pace(Quota(600.0), 0.0)
    turns(pace, 0.0, 60.0)
    assert len(turns(pace, 100_000.0, 100_060.0)) <= HEADROOM * 10 * (60 + SAVED_UP) + 2


def test_a_declared_quota_of_tokens_is_kept() -> None:
    taken = turns(Pace(Quota(None, 60_000.0), 0.0), 0.0, 60.0)
    assert len(taken) * TOKENS <= HEADROOM * 1000 * (60 + SAVED_UP) + TOKENS


def test_a_call_larger_than_all_that_can_be_saved_has_its_turn_nevertheless() -> None:
    pace = Pace(Quota(None, 600.0), 0.0)
    assert pace.wait(1_000_000, 0.0) == 0.0
    pace.take(1_000_000, 0.0)
    assert 0.0 < pace.wait(1, 0.0) < float("inf")


def test_where_nothing_is_declared_calls_go_a_millisecond_apart() -> None:
    assert len(turns(Pace(Quota(), 0.0), 0.0, 0.1)) <= OPENING * 0.1 + 1


def bucket(per_second: float, pace: Pace) -> tuple[Callable[[float], None], list[float]]:
    """A quota that throws back at once what is beyond it; and a list of when that was."""
    level, filled_at, thrown_back = per_second, 0.0, list[float]()

    def at(now: float) -> None:
        nonlocal level, filled_at
        level, filled_at = min(per_second, level + (now - filled_at) * per_second), now
        if level >= 1:
            level -= 1
            return
        thrown_back.append(now)
        one = pace._tries[-1]
        pace.failed(one, now)
        pace.thrown_back(one, now)

    return at, thrown_back


@pytest.mark.parametrize("per_second", [10.0, 100.0])
def test_a_quota_that_nobody_declared_is_found_and_used(per_second: float) -> None:
    pace = Pace(Quota(), 0.0)
    at, thrown_back = bucket(per_second, pace)
    turns(pace, 0.0, 30.0, at)
    found = len(thrown_back)
    taken = turns(pace, 30.0, 90.0, at)
    let_through = len(taken) - (len(thrown_back) - found)
    assert let_through >= 0.85 * per_second * 60
    assert len(taken) <= 1.2 * per_second * 60


def test_a_low_quota_does_not_make_the_pace_spiral_to_nothing() -> None:
    pace = Pace(Quota(), 0.0)
    tries = [pace.take(TOKENS, number / 1000) for number in range(30)]
    for number, one in enumerate(tries[1:], 1):
        pace.failed(one, 0.03 + number / 1000)
        pace.thrown_back(one, 0.03 + number / 1000)
    assert pace.rate(0.06) == pytest.approx(FALL, rel=1e-3)


def test_a_pace_falls_to_less_than_what_was_let_through_and_rises_again() -> None:
    pace = Pace(Quota(), 0.0)
    at, thrown_back = bucket(10.0, pace)
    turns(pace, 0.0, 5.0, at)
    last = thrown_back[-1]
    assert pace.rate(last) <= 10.0 / FALL
    assert pace.rate(last + 30.0) == pytest.approx(4 * pace.rate(last))


def thrown_back_once(pace: Pace) -> None:
    """Let one of many calls be thrown back."""
    turns(pace, 0.0, 1.0)
    one = pace.take(TOKENS, 1.0)
    pace.failed(one, 1.1)
    pace.thrown_back(one, 1.1)


def test_a_pace_falls_by_half_where_hardly_anybody_called() -> None:
    pace = Pace(Quota(600.0), 0.0)
    one = [pace.take(TOKENS, float(second)) for second in range(20)][-1]
    pace.failed(one, 19.1)
    pace.thrown_back(one, 19.1)
    assert pace.rate(19.1) == FALL_BLIND * HEADROOM * 10


def test_a_declared_quota_is_never_exceeded_by_rising() -> None:
    pace = Pace(Quota(600.0), 0.0)
    thrown_back_once(pace)
    assert pace.rate(1e6) == HEADROOM * 10.0


def test_what_is_saved_up_is_gone_for_a_minute_once_something_was_thrown_back() -> None:
    pace = Pace(Quota(600.0), 0.0)
    thrown_back_once(pace)
    assert len(turns(pace, 30.0, 31.0)) <= 11
