"""A bug is counted as often as it strikes, and logged once a batch, without its words."""

import pytest

from router.telemetry import log_bug
from router.telemetry.bugs import take_bugs


def strike(secret: str) -> None:
    try:
        raise ValueError(secret)
    except ValueError as bug:
        log_bug("the verifier", bug)


@pytest.fixture(autouse=True)
def _afresh() -> None:
    take_bugs()


def test_a_bug_says_where_and_not_what(caplog: pytest.LogCaptureFixture) -> None:
    strike("SECRET")
    assert "bug in the verifier: ValueError" in caplog.text
    assert "in strike" in caplog.text
    assert "SECRET" not in caplog.text


def test_the_same_bug_is_counted_each_time_and_logged_once_a_batch(caplog: pytest.LogCaptureFixture) -> None:
    for _ in range(5):
        strike("SECRET")
    assert (take_bugs(), len(caplog.records)) == (5, 1)
    strike("SECRET")
    assert (take_bugs(), len(caplog.records)) == (1, 2)
    assert take_bugs() == 0
