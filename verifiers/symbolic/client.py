"""
Questions to the worker process: started when first needed, replaced when it is gone.

The worker gets an empty environment and no descriptor but its two pipes: it reads hostile text, and
has nothing to tell.
"""

import atexit
import json
import math
import select
import subprocess
import sys
import threading
import time
from collections.abc import Sequence
from functools import cache
from pathlib import Path

from verifiers.symbolic.worker import BUG

ROOT = Path(__file__).parents[2]

START_SECONDS = 20.0
ANSWER_SECONDS = 2.0
"""More than the worker's own alarm, and never needed unless its parent dies as well."""


class WorkerLate(Exception):
    """Whoever asked cannot wait for the answer. The worker goes on, and answers the next question."""


class WorkerBug(Exception):
    """The worker failed at a question; a note tells where, and nothing of the question."""


class Worker:
    """One worker process; one question at a time."""

    command: Sequence[str] = (sys.executable, "-m", "verifiers.symbolic.worker")

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._process: subprocess.Popen[bytes] | None = None
        self._owed_within = 0.0
        """Seconds that the line may take which it owes, `ready` or an answer; 0 where it owes none."""

    def ask(self, answer: str, reference: str, ends: float = math.inf) -> str:
        """
        Return what the worker says of two answers, `struck: ...` where it is nothing.

        Raises WorkerLate where it has not said so when the monotonic clock says `ends`, and WorkerBug.
        """
        said = self._ask(json.dumps([answer, reference]).encode() + b"\n", ends)
        if said.startswith(BUG):
            failed = WorkerBug("the symbolic worker failed at a question")
            failed.add_note(f"in the worker: {said.removeprefix(BUG)}")
            raise failed
        return said

    def _ask(self, question: bytes, ends: float) -> str:
        with self._lock:
            process = self._start()
            try:
                if self._owed_within:
                    self._read(process, ends)
                if time.monotonic() >= ends:
                    raise WorkerLate
                assert process.stdin  # noqa: S101 - it is a pipe
                process.stdin.write(question)
                process.stdin.flush()
                self._owed_within = ANSWER_SECONDS
                return self._read(process, ends)
            except (OSError, ValueError, TimeoutError) as gone:
                self.stop()
                return f"struck: {type(gone).__name__}"

    def _start(self) -> subprocess.Popen[bytes]:
        if self._process is None or self._process.poll() is not None:
            self.stop()
            self._process = subprocess.Popen(  # noqa: S603 - a command of ours
                self.command,
                cwd=ROOT,
                env={
                    "PYTHONPATH": ":".join(path for path in sys.path if path),
                    "PYTHONDONTWRITEBYTECODE": "1",
                    "LD_LIBRARY_PATH": f"{sys.base_prefix}/lib",  # where Lambda's interpreter has its library
                },
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
            )
            self._owed_within = START_SECONDS
        return self._process

    def _read(self, process: subprocess.Popen[bytes], ends: float) -> str:
        """Return the line that is owed; one that nobody could wait for is read before the next question."""
        assert process.stdout  # noqa: S101 - it is a pipe
        left = ends - time.monotonic()
        if not select.select([process.stdout], [], [], max(0.0, min(left, self._owed_within)))[0]:
            raise WorkerLate if left < self._owed_within else TimeoutError
        said: str = json.loads(process.stdout.readline())
        self._owed_within = 0.0
        return said

    def stop(self) -> None:
        """End the process; the next question starts another."""
        if self._process:
            self._process.kill()
            self._process.wait()
            for pipe in (self._process.stdin, self._process.stdout):
                if pipe:
                    pipe.close()
        self._process = None
        self._owed_within = 0.0


@cache
def worker() -> Worker:
    """Return the worker of this process; it ends with it."""
    made = Worker()
    atexit.register(made.stop)
    return made
