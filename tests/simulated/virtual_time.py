"""An event loop in virtual time: it never waits, its clock jumps to whatever is next."""

import asyncio
import selectors
from collections.abc import Coroutine
from typing import Any, TypeVar


class Jumping(selectors.DefaultSelector):
    """A selector that does not wait for a timeout, but moves the clock by it."""

    def __init__(self) -> None:
        super().__init__()
        self.now = 0.0

    def select(self, timeout: float | None = None) -> list[tuple[selectors.SelectorKey, int]]:
        """Return what is ready at once; raise where nothing is, and nothing ever will be."""
        ready = super().select(0)
        if not ready and timeout is None:
            raise RuntimeError("everybody waits, and nothing is left that could wake them")
        if not ready and timeout is not None:
            self.now += timeout
        return ready


class VirtualLoop(asyncio.SelectorEventLoop):
    """An event loop on such a clock."""

    def __init__(self) -> None:
        self._jumping = Jumping()
        super().__init__(self._jumping)

    def time(self) -> float:
        """Return virtual seconds."""
        return self._jumping.now

    def spend(self, seconds: float) -> None:
        """Let time pass as it does while somebody computes: nobody else runs meanwhile."""
        self._jumping.now += seconds


T = TypeVar("T")


def run(main: Coroutine[Any, Any, T]) -> T:
    """Run to the end; fail where a task is left behind."""
    with asyncio.Runner(loop_factory=VirtualLoop) as runner:
        value = runner.run(main)
        left = asyncio.all_tasks(runner.get_loop())
        assert not left, left
        return value
