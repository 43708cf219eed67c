"""
A local Bedrock in a process of its own, whose log can be asked for.

Served from elsewhere, it takes no CPU of ours, and its clock is ours: `time.monotonic` counts from one
moment for all processes of a machine.
"""

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import cast

from tests.local.bedrock import LocalBedrock

ROOT = Path(__file__).parents[1]


@dataclass(frozen=True, slots=True)
class Served:
    """One call as the server saw it; times in seconds of `time.monotonic`."""

    received_at: float
    finished_at: float
    status: int | None
    input_tokens: int
    output_tokens: int

    @property
    def seconds(self) -> float:
        """How long the server took."""
        return self.finished_at - self.received_at


class Server:
    """The server's process, seen from ours."""

    def __init__(self, process: "subprocess.Popen[str]") -> None:
        self._process = process

    def log(self) -> list[Served]:
        """Return the calls since the last time that the log was asked for."""
        assert self._process.stdin
        self._process.stdin.write("log\n")
        self._process.stdin.flush()
        return [Served(*line) for line in cast("list[list[float]]", json.loads(self.line()))]  # type: ignore[arg-type]

    def line(self) -> str:
        """Return the next line that it prints."""
        assert self._process.stdout
        return self._process.stdout.readline()


@contextmanager
def serving(latency: float) -> Iterator[Server]:
    """Serve with this latency, and lead every SDK in this process there and to nowhere else."""
    command = [sys.executable, "-m", "benchmarks.server", str(latency)]
    with subprocess.Popen(
        command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as process:
        server = Server(process)
        for name in [name for name in os.environ if name.startswith("AWS_")]:
            del os.environ[name]
        os.environ.update(LocalBedrock(port=int(server.line())).environment)
        try:
            yield server
        finally:
            assert process.stdin
            process.stdin.close()


def main() -> int:
    """Serve; print the port, and the log for each line on the standard input."""
    with LocalBedrock(latency=float(sys.argv[1])) as bedrock:
        print(bedrock.port, flush=True)
        for _ in sys.stdin:
            log = [
                (call.received_at, call.finished_at, call.status, *usage)
                for call in bedrock.calls
                if call.finished_at
                and (usage := (call.usage.get("inputTokens", 0), call.usage.get("outputTokens", 0)))
            ]
            bedrock.calls.clear()
            print(json.dumps(log), flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
