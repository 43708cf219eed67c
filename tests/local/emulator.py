"""
AWS's own runtime client under AWS's own runtime emulator: one execution environment on loopback.

As on Lambda: INIT, the event and the reply as bytes through the Runtime API, errors, timeouts.
Not as on Lambda: no roles, no memory limit, and no `FunctionError` header, so an error is known by its shape.
"""

import json
import os
import platform
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, closing, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, Any

import pytest

from tests.local import sdk
from tests.tools import ROOT, tool

SECONDS_TO_START = 20
RIE = {"x86_64": "x86_64", "aarch64": "arm64", "arm64": "arm64"}


@dataclass(frozen=True)
class Emulated:
    """A function that is up."""

    client: Any
    output: IO[bytes]
    one_at_a_time: threading.Lock = field(default_factory=threading.Lock)
    """Two requests at once kill the emulator."""

    def invoke(self, event: object) -> tuple[Any, str | None]:
        """The reply and None, or the error's body and its type; a runtime that exits is a ClientError 502."""
        with self.one_at_a_time:
            answer = self.client.invoke(FunctionName="function", Payload=json.dumps(event).encode())
        body = answer["Payload"].read().decode()
        if body.startswith("Task timed out"):  # the emulator says it in plain text, Lambda in JSON
            return {"errorMessage": body}, "Sandbox.Timedout"
        payload = json.loads(body)
        failed = isinstance(payload, dict) and {"errorType", "errorMessage"} <= payload.keys()
        return payload, str(payload["errorType"]) if failed else None

    def log(self) -> str:
        """What the function and the emulator have written so far."""
        return Path(self.output.name).read_text(errors="replace")


@contextmanager
def emulated(
    handler: str,
    *,
    env: Mapping[str, str] | None = None,
    cwd: Path = ROOT,
    timeout: int = 30,
    python: str = sys.executable,
) -> Iterator[Emulated]:
    """Run `handler` ("module.function", found from `cwd`) until the block ends."""
    if sys.platform != "linux":
        pytest.skip("AWS's runtime emulator is a program for Linux")
    emulator = tool(
        f"sam/lib/python*/site-packages/samcli/local/rapid/aws-lambda-rie-{RIE[platform.machine()]}"
    )
    door, inner = free_ports(2)
    command = [
        *(str(emulator), "--runtime-interface-emulator-address", door, "--runtime-api-address", inner),
        *(python, "-m", "awslambdaric", handler),
    ]
    with ExitStack() as until_done:
        output = until_done.enter_context(tempfile.NamedTemporaryFile(prefix="emulator-"))
        process = subprocess.Popen(
            command,
            cwd=cwd,
            env=lambda_env(timeout) | dict(env or {}),
            stdout=output,
            stderr=output,
            start_new_session=True,
        )
        until_done.callback(end, process)
        client = until_done.enter_context(closing(sdk.client("lambda", f"http://{door}", timeout + 10)))
        function = Emulated(client, output)
        wait_for(door, process, function)
        yield function


def lambda_env(timeout: int) -> dict[str, str]:
    """What Lambda sets, and what the emulator does not; nothing of this machine but the way to programs."""
    return {
        "PATH": os.environ["PATH"],
        "AWS_REGION": sdk.REGION,
        "AWS_LAMBDA_FUNCTION_NAME": "SageMaker-RewardRouter",
        "AWS_LAMBDA_FUNCTION_TIMEOUT": str(timeout),
        "AWS_LAMBDA_FUNCTION_MEMORY_SIZE": "1769",
        "AWS_LAMBDA_LOG_FORMAT": "JSON",
        "AWS_EXECUTION_ENV": "AWS_Lambda_python3.13",  # or the runtime client would not write UTF-8
    }


def free_ports(count: int) -> list[str]:
    """Loopback addresses that nobody listens at."""
    with ExitStack() as until_chosen:
        doors = [until_chosen.enter_context(socket.socket()) for _ in range(count)]
        for door in doors:
            door.bind(("127.0.0.1", 0))
        return [f"127.0.0.1:{door.getsockname()[1]}" for door in doors]


def wait_for(door: str, process: "subprocess.Popen[bytes]", function: Emulated) -> None:
    """Return once the emulator takes connections."""
    host, port = door.split(":")
    for _ in range(SECONDS_TO_START * 50):
        if process.poll() is not None:
            break
        with socket.socket() as caller:
            if caller.connect_ex((host, int(port))) == 0:
                return
        time.sleep(0.02)
    raise RuntimeError(f"the runtime emulator did not start:\n{function.log()}")


def end(process: "subprocess.Popen[bytes]") -> None:
    """End the emulator and the runtime that it started."""
    os.killpg(process.pid, signal.SIGTERM)
    try:
        process.wait(5)
    except subprocess.TimeoutExpired:
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()
