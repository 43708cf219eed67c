"""
The parent's end of a child's pipes: a message goes out, one comes back, inside the limits.

The child may write anything, at any time, or nothing. What is read is bounded, what comes before it was
asked for ends it, and time is counted here: of the clock on the wall, and of the processor as the kernel
counts it for that process.
"""

import os
import select
import time
from contextlib import suppress

from verifiers.sandbox.channel import HEADER
from verifiers.sandbox.types import Limits

CHUNK = 65536
LEAST_ROOM = 1024
"""Bytes for an answer that says only why there is none."""


class Ended(Exception):
    """The child has to go; the message is the reason."""


class Pipes:
    """A child's pipes, none of which is ever waited for alone."""

    def __init__(self, process: int, channel: int) -> None:
        self._process = process
        self._channel = channel
        self._computed = 0.0
        self._poll = select.poll()
        self._going: dict[int, memoryview] = {}
        self._coming: dict[int, bytearray] = {}
        self._rooms: dict[int, int] = {}
        self._open: set[int] = set()
        self.take(channel, 0)

    def take(self, pipe: int, room: int) -> None:
        """Read from a pipe from now on, and no more than `room` bytes."""
        self._rooms[pipe] = room
        self._coming[pipe] = bytearray()
        self._register(pipe)

    def give(self, pipe: int, message: bytes) -> None:
        """Write to a pipe from now on, whenever it takes more, and then close it unless it is the channel."""
        self._going[pipe] = memoryview(message)
        self._register(pipe)

    def turn(self, message: bytes, limits: Limits, room: int) -> bytes:
        """Send a message and return the answer, of at most `room` bytes; raise Ended."""
        self._move(0)
        if self._channel not in self._open:
            raise Ended("died")
        self._rooms[self._channel] = HEADER + max(room, LEAST_ROOM)
        self.give(self._channel, len(message).to_bytes(HEADER, "big") + message)
        deadline = time.monotonic() + limits.wall_seconds
        most = self._computed + limits.seconds
        while (answer := self._answer()) is None:
            left = min(deadline - time.monotonic(), most - self._processor_seconds())
            if left <= 0:
                raise Ended("time")
            self._move(left)
            if self._channel not in self._open and self._answer() is None:
                raise Ended("died")
        self._computed = self._processor_seconds()
        self._coming[self._channel].clear()
        self._rooms[self._channel] = 0
        return answer

    def rest(self, pipe: int) -> bytes:
        """Return what a child that has ended wrote to a pipe; where it is too much, one byte of that too."""
        with suppress(Ended):
            while pipe in self._open:
                self._move(1)
        return bytes(self._coming[pipe])

    def close(self) -> None:
        """Close this end of every pipe."""
        for pipe in list(self._open):
            self._close(pipe)

    def _answer(self) -> bytes | None:
        """Return the one whole message that has come, None while there is none."""
        come = self._coming[self._channel]
        size = HEADER + int.from_bytes(come[:HEADER], "big")
        if len(come) >= HEADER and size > self._rooms[self._channel]:
            raise Ended("output")
        if len(come) > size:
            raise Ended("out of turn")
        return bytes(come[HEADER:]) if len(come) == size > HEADER else None

    def _processor_seconds(self) -> float:
        """Return what the child has computed so far, in all of its threads; the kernel lets anyone ask."""
        try:
            return time.clock_gettime((~self._process << 3) | 2)  # CPUCLOCK_SCHED, linux/posix-timers.h
        except OSError:
            raise Ended("died") from None

    def _move(self, seconds: float) -> None:
        """Wait until a pipe is ready, and move what can be moved; raise Ended where there is too much."""
        for pipe, events in self._poll.poll(seconds * 1000):
            if events & select.POLLOUT:
                self._write(pipe)
            if events & ~select.POLLOUT and pipe in self._open:
                self._read(pipe)

    def _write(self, pipe: int) -> None:
        try:
            self._going[pipe] = self._going[pipe][os.write(pipe, self._going[pipe][:CHUNK]) :]
        except OSError:
            self._going[pipe] = memoryview(b"")
        if not self._going[pipe]:
            del self._going[pipe]
            self._register(pipe)

    def _read(self, pipe: int) -> None:
        if pipe not in self._coming:
            self._close(pipe)
            return
        come = self._coming[pipe]
        try:
            part = os.read(pipe, min(CHUNK, self._rooms[pipe] + 1 - len(come)))
        except OSError:
            part = b""
        come += part
        if not part:
            self._close(pipe)
        if len(come) > self._rooms[pipe]:
            raise Ended("output" if self._rooms[pipe] else "out of turn")

    def _register(self, pipe: int) -> None:
        """Watch a pipe for what is still to be done with it; close it where that is nothing."""
        events = select.POLLIN * (pipe in self._coming) | select.POLLOUT * (pipe in self._going)
        if not events:
            self._close(pipe)
            return
        os.set_blocking(pipe, False)
        self._open.add(pipe)
        self._poll.register(pipe, events)

    def _close(self, pipe: int) -> None:
        self._poll.unregister(pipe)
        self._open.discard(pipe)
        self._going.pop(pipe, None)
        os.close(pipe)
