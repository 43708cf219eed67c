"""
A function that is invoked once for each line on its standard input, as a container is, and reports on itself.

    python -m tests.functions.invoked policy.yaml

Each line is an event; each line of output is `{"reply", "line", "rss", "sockets", "tasks"}`: what the handler
returned and emitted, and bytes of memory, open sockets and unfinished tasks afterwards.
"""

import asyncio
import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from router.batch import BatchHandler, make_handler
from router.policy import load_policy

ROOT = Path(__file__).parents[2]


class Invoked:
    """Such a function in a process of its own."""

    def __init__(self, process: "subprocess.Popen[str]") -> None:
        self._process = process

    def send(self, event: object) -> None:
        """Invoke it."""
        assert self._process.stdin
        self._process.stdin.write(json.dumps(event) + "\n")
        self._process.stdin.flush()

    def receive(self) -> dict[str, Any]:
        """Return its report on the invocation."""
        assert self._process.stdout
        report: dict[str, Any] = json.loads(self._process.stdout.readline())
        return report

    def __call__(self, event: object) -> dict[str, Any]:
        """Invoke it and wait for its report."""
        self.send(event)
        return self.receive()

    @contextmanager
    def frozen(self, seconds: float) -> Iterator[None]:
        """Stop it as Lambda freezes a container, for at least so long."""
        self._process.send_signal(signal.SIGSTOP)
        until = time.monotonic() + seconds
        try:
            yield
            time.sleep(max(0.0, until - time.monotonic()))
        finally:
            self._process.send_signal(signal.SIGCONT)


@contextmanager
def invoked(policy: Path) -> Iterator[Invoked]:
    """Start one, with the environment that is set now; end it afterwards."""
    command = [sys.executable, "-m", "tests.functions.invoked", str(policy)]
    with subprocess.Popen(
        command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as process:
        try:
            yield Invoked(process)
        finally:
            process.kill()


def report(handler: BatchHandler, event: object, emitted: list[str]) -> dict[str, object]:
    """Invoke the handler and look at what this process holds afterwards."""
    reply = handler(event, None)
    pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[1])
    return {
        "reply": reply,
        "line": json.loads(emitted.pop()),
        "rss": pages * os.sysconf("SC_PAGE_SIZE"),
        "sockets": sum(link.startswith("socket:") for link in open_files()),
        "tasks": unfinished(handler),
    }


def open_files() -> list[str]:
    """Return what this process's descriptors are, as Linux names it."""
    links = []
    for one in Path("/proc/self/fd").iterdir():
        try:
            links.append(str(one.readlink()))
        except FileNotFoundError:  # the folder's own descriptor, closed meanwhile
            continue
    return links


def unfinished(handler: BatchHandler) -> int:
    """Return how many tasks the handler's event loop holds."""
    consult = handler._consult
    return len(asyncio.all_tasks(consult._runner.get_loop())) if consult else 0


def main() -> int:
    """Serve."""
    emitted: list[str] = []
    handler = make_handler(load_policy(Path(sys.argv[1])), "bedrock", emit=emitted.append)
    for line in sys.stdin:
        sys.stdout.write(json.dumps(report(handler, json.loads(line), emitted)) + "\n")
        sys.stdout.flush()
    return 0


if __name__ == "__main__":
    sys.exit(main())
