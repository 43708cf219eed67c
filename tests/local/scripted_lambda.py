"""
Lambda's Invoke API on loopback, with answers by a script: each is a status, headers and a body, or a fault.

    with scripted_lambda(monkeypatch, throttled(), answered({"later": True})) as calls: ...

The last answer is given again and again; `calls` holds every event that came, in order.
"""

import json
import socket
import struct
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest

CREDENTIALS = {
    "AWS_ACCESS_KEY_ID": "local",
    "AWS_SECRET_ACCESS_KEY": "local",
    "AWS_REGION": "us-east-1",
    "AWS_DEFAULT_REGION": "us-east-1",
    "AWS_EC2_METADATA_DISABLED": "true",
    "AWS_CONFIG_FILE": "/nowhere",
}


@dataclass(frozen=True)
class Answer:
    """One answer of Lambda's."""

    status: int = 200
    body: bytes = b"{}"
    headers: Mapping[str, str] = field(default_factory=dict)
    fault: str = ""
    """`reset` or `hang`, instead of an answer."""


def answered(said: object) -> Answer:
    """What the function returned."""
    return Answer(body=json.dumps(said).encode())


def refused(status: int, code: str) -> Answer:
    """An error of Lambda's own."""
    body = json.dumps({"Type": "User", "Message": "no"}).encode()
    return Answer(status, body, {"x-amzn-ErrorType": code})


def failing(kind: object) -> Answer:
    """An error of the function's."""
    body = json.dumps({"errorType": kind, "errorMessage": "CANARY"}).encode()
    return Answer(200, body, {"X-Amz-Function-Error": "Unhandled"})


class Scripted(ThreadingHTTPServer):
    """Answers in order."""

    daemon_threads = True

    def __init__(self, answers: tuple[Answer, ...]) -> None:
        super().__init__(("127.0.0.1", 0), Invocation)
        self.answers = list(answers)
        self.calls: list[Any] = []
        self.lock = threading.Lock()
        self.over = threading.Event()


class Invocation(BaseHTTPRequestHandler):
    """One connection."""

    server: Scripted
    protocol_version = "HTTP/1.1"

    def do_POST(self) -> None:
        """Answer the next one."""
        event = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        with self.server.lock:
            self.server.calls.append(event)
            answers = self.server.answers
            answer = answers.pop(0) if len(answers) > 1 else answers[0]
        if answer.fault == "hang":
            self.server.over.wait()
        if answer.fault:
            self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
            self.close_connection = True
            return
        self.send_response(answer.status)
        for name, value in {**answer.headers, "Content-Length": str(len(answer.body))}.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(answer.body)

    def log_message(self, format: str, *args: object) -> None:
        """Say nothing."""


@contextmanager
def scripted_lambda(monkeypatch: pytest.MonkeyPatch, *answers: Answer) -> Iterator[list[Any]]:
    """Serve, and lead the SDK there."""
    server = Scripted(answers)
    lead_to(monkeypatch, server.server_port)
    thread = threading.Thread(target=server.serve_forever, args=(0.01,))
    thread.start()
    try:
        yield server.calls
    finally:
        server.over.set()
        server.shutdown()
        thread.join()
        server.server_close()


def lead_to(monkeypatch: pytest.MonkeyPatch, port: int) -> None:
    """Have the SDK call a Lambda at this port on loopback."""
    for name in ("AWS_PROFILE", "AWS_SESSION_TOKEN", "AWS_ENDPOINT_URL"):
        monkeypatch.delenv(name, raising=False)
    for name, value in (CREDENTIALS | {"AWS_ENDPOINT_URL_LAMBDA": f"http://127.0.0.1:{port}"}).items():
        monkeypatch.setenv(name, value)
