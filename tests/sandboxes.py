"""Sandboxes for tests, and what a program in one comes to."""

from collections.abc import Iterator
from contextlib import contextmanager

from verifiers.sandbox import Limits, Outcome, Sandbox

LIMITS = Limits(seconds=5, wall_seconds=60)
"""For honest programs on a machine that is busy."""
SHORT = Limits(seconds=0.3, wall_seconds=1)


@contextmanager
def opened() -> Iterator[Sandbox]:
    """Open a sandbox of one's own."""
    made = Sandbox()
    assert made.closed is None
    yield made
    made.stop()


def called(
    box: Sandbox, source: str, function: str = "f", *arguments: object, limits: Limits = LIMITS
) -> Outcome:
    with box.session(source, limits) as session:
        return session.call(function, arguments)


def helpers(box: Sandbox) -> list[int]:
    return [helper._process.pid for helper in box._helpers if helper]
