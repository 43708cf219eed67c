"""What a check has to say: one line, which is fine, or says what to fix, or only notes something."""

import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from queue import Empty, SimpleQueue
from threading import Thread
from typing import Literal

from router.commands.text import one_line

LONGEST = 800
"""Characters of a remark that are shown: what a function or AWS says of itself may have no end."""

Mark = Literal["fine", "fix", "note"]


@dataclass(frozen=True, slots=True)
class Remark:
    """One line of a report."""

    mark: Mark
    about: str
    """One or two words: what was looked at."""
    said: str

    def __str__(self) -> str:
        return f"{self.mark:<5} {self.about:<13} {one_line(self.said, LONGEST)}"


Check = Callable[[], Iterable[Remark]]


def fine(about: str, said: str) -> Remark:
    """Nothing is to be done."""
    return Remark("fine", about, said)


def fix(about: str, said: str) -> Remark:
    """Something is to be done before a job."""
    return Remark("fix", about, said)


def note(about: str, said: str) -> Remark:
    """Something could not be looked at, or is good to know."""
    return Remark("note", about, said)


def side_by_side(checks: Sequence[tuple[str, Check]], seconds: float) -> Iterator[Remark]:
    """
    Run checks at once and yield their remarks in the order of the checks, each as soon as it may be.

    What has not ended after `seconds` is given up: its thread ends with the process. An exception of a
    check is raised here.
    """
    deadline = time.monotonic() + seconds
    for about, said in [(about, _started(check)) for about, check in checks]:
        try:
            while (one := said.get(timeout=max(0.0, deadline - time.monotonic()))) is not None:
                if isinstance(one, BaseException):
                    raise one
                yield one
        except Empty:
            yield fix(about, f"no end after {seconds:g} s: look at the network and at the function's log")


Said = SimpleQueue[Remark | BaseException | None]
"""What a check says, until None."""


def _started(check: Check) -> Said:
    said: Said = SimpleQueue()

    def work() -> None:
        try:
            for remark in check():
                said.put(remark)
        except BaseException as error:
            said.put(error)
        said.put(None)

    Thread(target=work, daemon=True).start()
    return said
