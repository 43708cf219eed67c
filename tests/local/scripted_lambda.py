"""
Lambda's Invoke API on loopback, with answers by a script: each is a status, headers and a body, or a fault.

    with scripted_lambda(monkeypatch, throttled(), answered({"later": True})) as calls: ...

The last answer is given again and again; `calls` holds every event that came, in order.
"""

import json
import socket
import struct
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Literal

import pytest

from tests.local.sdk import lead_to
from tests.local.servers import Answer, served

Fault = Literal["reset", "hang"]
"""Instead of an answer."""


class Scripted(ThreadingHTTPServer):
    """Answers in order."""

    daemon_threads = True

    def __init__(self, answers: tuple[Answer | Fault, ...]) -> None:
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
        if answer == "hang":
            self.server.over.wait()
        if not isinstance(answer, Answer):
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
def scripted_lambda(monkeypatch: pytest.MonkeyPatch, *answers: Answer | Fault) -> Iterator[list[Any]]:
    """Serve, and lead the SDK there."""
    server = Scripted(answers)
    with served(server) as url:
        lead_to("lambda", url, monkeypatch)
        try:
            yield server.calls
        finally:
            server.over.set()
