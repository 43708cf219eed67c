"""The process that the student's program runs in, and what becomes of a test there."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Self

from verifiers.programs.bench import Bench
from verifiers.programs.extraction import Program
from verifiers.sandbox import Outcome, Raised, Returned, Session, Struck


@dataclass(frozen=True, slots=True)
class Trial:
    """What one test showed."""

    failed: str = ""
    """Why it failed, as a situation; empty where it passed."""
    detail: str = ""


PASSED = Trial()
WRONG = Trial("a test fails")

LATE = "a test takes too long"
STRUCK = {
    "time": LATE,
    "memory": "a test takes too much memory",
    "output": "a test prints or returns too much",
    "not plain": "a test returns no plain value",
    "syntax": "the program does not compile",
}


def failure(outcome: Raised | Struck) -> Trial:
    """Return the trial that such an outcome fails."""
    if isinstance(outcome, Raised):
        return Trial("a test raises an error", outcome.error)
    kind, _, detail = outcome.reason.partition(":")
    if kind in STRUCK:
        return Trial(STRUCK[kind], detail.strip())
    return Trial("a test ends the process", kind)


class Student:
    """
    Runs a program's functions, one call after the other, in one process: the program may keep a state.

    A process that was struck is replaced by a fresh one for the next call. A call may take half of the time
    that is left when the process starts, and none starts that could not end in time.
    """

    def __init__(self, program: Program, bench: Bench) -> None:
        self._program = program
        self._bench = bench
        self._session: Session | None = None
        self._longest = 0.0
        self.calls = 0

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *raised: object) -> None:
        self.close()

    def start(self) -> Outcome:
        """Start the process unless it runs; say how the program itself went."""
        if self._session is None:
            limits = self._bench.limits_in(self._bench.left() / 2)
            self._longest = limits.wall_seconds
            if self._bench.left() <= 0:
                return Struck("time")
            self._session = self._bench.sandbox.session(
                self._program.source, limits, library=self._program.given
            )
        return self._session.started

    def call(self, function: str, args: Sequence[object], kwargs: Mapping[str, object]) -> Outcome:
        """Call one of the program's functions."""
        self.calls += 1
        started = self.start()
        if self._session is None or not isinstance(started, Returned):
            return started
        if self._bench.left() < self._longest:
            return Struck("time")
        outcome = self._session.call(function, args, kwargs)
        if isinstance(outcome, Struck) and outcome.reason != "not plain":
            self.close()
        return outcome

    def close(self) -> None:
        """End the process."""
        if self._session is not None:
            self._session.close()
        self._session = None
