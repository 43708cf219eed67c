"""
The sandbox as the verifiers use it: sessions, programs and examinations, each in a fresh child.

As many helpers as this process has processors, and as many children that compute at a time; the others
wait for their turn, and the clocks of a turn start when it does.
"""

import atexit
import os
import sys
import threading
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from functools import cache

from verifiers.sandbox import grammars, syscalls, walls
from verifiers.sandbox.channel import MOST_SENT
from verifiers.sandbox.child import Child, outcome
from verifiers.sandbox.helper import Helper, processors
from verifiers.sandbox.session import Session
from verifiers.sandbox.turn import Ended
from verifiers.sandbox.types import (
    Limits,
    Outcome,
    Printed,
    Raised,
    Returned,
    SandboxClosed,
    SandboxLost,
    Struck,
)

Call = Callable[[Sequence[object], Mapping[str, object]], Outcome]


class Sandbox:
    """Helper processes, each proven before its first run; threads may share it."""

    def __init__(self, grammars_in: str = "") -> None:
        """Start nothing yet. One that has grammars, in that folder, is for `parse`, and others are not."""
        self._grammars_in = grammars_in
        width = processors()
        self._turns = threading.BoundedSemaphore(width)
        self._lock = threading.Lock()
        self._helpers: list[Helper | None] = [None] * width
        self._closed: str | None = None
        if sys.platform != "linux" or syscalls.MACHINE not in syscalls.MACHINES:
            self._closed = "the sandbox needs Linux on x86_64 or aarch64"

    @property
    def closed(self) -> str | None:
        """Why nothing may run here; None once the walls of a child were seen to stand."""
        try:
            self._helper()
        except (SandboxClosed, SandboxLost) as why:
            return str(why)
        return None

    def warm(self) -> None:
        """Start the helper processes, and do not wait for them."""
        with self._lock, suppress(SandboxClosed):
            for place in range(len(self._helpers)):
                self._started(place)

    def open(self) -> None:
        """Start every helper and wait for one, which no program's time is for; raise as a run does."""
        self.warm()
        self._helper()

    def session(self, source: str, limits: Limits, *, library: str = "") -> Session:
        """Return a fresh child that has executed `library` and then `source`, neither as `__main__`."""
        return Session(self._child(limits), source, library, limits)

    def program(self, source: str, stdin: str, limits: Limits) -> Printed:
        """Run a source as a program, in a fresh child; return what it printed, and how it ended."""
        with self._child(limits, program=True) as child:
            feed, output = child.standard
            child.pipes.take(output, limits.output_bytes)
            child.pipes.give(feed, stdin.encode(errors="surrogatepass"))
            try:
                ended = outcome(child.ask("program", source, limits.output_bytes))
            except Ended as early:
                left = str(early) == "died" and child.end() == 0  # by os._exit(0)
                ended = Returned(None) if left else Struck(str(early))
            child.end()
            printed = child.pipes.rest(output)
        if len(printed) > limits.output_bytes:
            ended = Struck("output")
        return Printed(printed[: limits.output_bytes].decode(errors="replace"), ended)

    def parse(self, language: str, source: str, limits: Limits) -> Outcome:
        """Return the first line of a source that its language's grammar does not allow, or None."""
        with self._child(limits) as child:
            try:
                return outcome(child.ask("parse", language, source, limits.output_bytes))
            except Ended as early:
                child.end()
                return Struck(str(early))

    def examine(self, tests: str, entry_point: str, call: Call, limits: Limits) -> Outcome:
        """
        Run trusted tests in a fresh child, and answer each of their calls with what `call` returns.

        `candidate` and the entry point stand for the function. Returned(True) says that the tests ran
        through; a call that is Struck ends them, and is what comes back. The limits are for each stretch
        between two calls.
        """
        with self._child(limits) as child:
            order: tuple[object, ...] = ("examine", tests, entry_point, MOST_SENT)
            while True:
                try:
                    said = child.ask(*order, trusted=True)
                    match said:
                        case ("called", list(arguments), dict(keywords)):
                            called = call(arguments, keywords)
                        case _:
                            return outcome(said)
                except Ended as early:
                    child.end()
                    return Struck(str(early))
                match called:
                    case Returned(value):
                        order = ("returned", value)
                    case Raised(error):
                        order = ("raised", error)
                    case Struck():
                        return called

    def stop(self) -> None:
        """End every helper and every child; the next run starts others."""
        with self._lock:
            for place, helper in enumerate(self._helpers):
                if helper:
                    helper.stop()
                self._helpers[place] = None

    def _child(self, limits: Limits, *, program: bool = False) -> Child:
        """Fork; once more from a new helper where the first is just going away."""
        try:
            return Child(self._helper(), self._turns, limits, program=program)
        except SandboxLost:
            return Child(self._helper(), self._turns, limits, program=program)

    def _helper(self) -> Helper:
        """Return the helper with the fewest children, proven; raise SandboxClosed, SandboxLost."""
        with self._lock:
            place = min(range(len(self._helpers)), key=self._children)
            helper = self._started(place)
            if not helper.proven:
                self._prove(helper)
            return helper

    def _children(self, place: int) -> int:
        helper = self._helpers[place]
        return helper.children if helper else 0

    def _started(self, place: int) -> Helper:
        if self._closed:
            raise SandboxClosed(self._closed)
        helper = self._helpers[place]
        if helper and not helper.alive:
            helper.stop()
            helper = None
        if not helper:
            walls.hide()
            helper = self._helpers[place] = Helper(self._grammars_in)
        return helper

    def _prove(self, helper: Helper) -> None:
        """Ask a real child what its walls let through; unless that is nothing, never run anything."""
        with Child(helper, self._turns, Limits(), program=False) as canary:
            try:
                said = canary.ask("prove", MOST_SENT)
            except Ended as early:
                said = ("struck", f"the canary ended: {early}")
        match said:
            case ("returned", []):
                helper.proven = True
                return
            case ("returned", list(through)):
                self._closed = f"the walls let through: {', '.join(map(str, through))}"
            case _:
                self._closed = str(said[-1])
        raise SandboxClosed(self._closed)


@cache
def _of_process(process: int, grammars_in: str) -> Sandbox:
    made = Sandbox(grammars_in)
    atexit.register(made.stop)
    return made


def sandbox() -> Sandbox:
    """Return the sandbox of this process, made when first asked for; it ends with the process."""
    return _of_process(os.getpid(), "")


def parsing() -> Sandbox:
    """Return this process's sandbox for sources in other languages, which are parsed there and never run."""
    return _of_process(os.getpid(), grammars.folder())
