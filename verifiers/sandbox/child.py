"""One child, from its fork to its end: what it is asked, and what is believed of its answers."""

import os
import re
import socket
from collections.abc import Sequence
from contextlib import suppress
from threading import BoundedSemaphore
from typing import Self

from verifiers.sandbox.channel import MOST_SENT
from verifiers.sandbox.helper import Helper
from verifiers.sandbox.turn import Ended, Pipes
from verifiers.sandbox.types import Limits, Outcome, Raised, Returned, SandboxLost, Struck
from verifiers.sandbox.values import Unreadable, dump, load

REASONS = re.compile(r"memory|output|not plain|syntax: line \d{1,9}")
"""What a child may say of why it has no answer; in free words, a student's could get into a log."""
NAME = re.compile(r"[^\W\d]\w{0,99}")


class Child:
    """A fresh process behind walls, with a pipe of its own."""

    def __init__(self, helper: Helper, turns: BoundedSemaphore, limits: Limits, *, program: bool) -> None:
        """Fork it; a program has a standard input and output too."""
        self._helper = helper
        self._turns = turns
        self._limits = limits
        self._status: int | None = None
        ours, theirs = socket.socketpair()
        kept, given = [ours.detach()], [theirs.detach()]
        if program:
            (stdin, feed), (output, stdout) = os.pipe(), os.pipe()
            kept += [feed, output]
            given += [stdin, stdout]
        try:
            self._process = helper.fork(given, limits.megabytes)
        except SandboxLost:
            _close(kept)
            raise
        finally:
            _close(given)
        self.pipes = Pipes(self._process, kept[0])
        self.standard = kept[1:]
        """Where a program's input is written, and its output read."""

    def ask(self, *message: object, trusted: bool = False) -> tuple[object, ...]:
        """Return the answer, a large one only of a trusted source; raise Ended. What is asked is plain."""
        sent = dump(message, MOST_SENT)
        room = MOST_SENT if trusted else self._limits.output_bytes
        with self._turns:
            said = self.pipes.turn(sent, self._limits, room)
        try:
            answer = load(said, wary=not trusted)
        except Unreadable:
            raise Ended("unreadable") from None
        if not isinstance(answer, tuple):
            raise Ended("unreadable")
        return answer

    def end(self) -> int:
        """Kill it, whatever it does, and return the status that it ended with; raise SandboxLost."""
        if self._status is None:
            self._status = -1
            self._status = self._helper.end(self._process)
        return self._status

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *raised: object) -> None:
        self.close()

    def close(self) -> None:
        """Have it ended, and close its pipes."""
        if self._status is None:
            self._status = -1
            with suppress(SandboxLost):
                self._helper.drop(self._process)
        self.pipes.close()


def outcome(answer: tuple[object, ...]) -> Outcome:
    """Return what a child says of itself; raise Ended where it is nothing that it may say."""
    match answer:
        case ("returned", value):
            return Returned(value)
        case ("raised", str(name)) if NAME.fullmatch(name):
            return Raised(name)
        case ("struck", str(reason)) if REASONS.fullmatch(reason):
            return Struck(reason)
    raise Ended("unreadable")


def _close(descriptors: Sequence[int]) -> None:
    for descriptor in descriptors:
        os.close(descriptor)
