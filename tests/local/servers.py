"""Servers on loopback: any of socketserver's, in a thread; and how AWS answers over HTTP."""

import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from socketserver import TCPServer
from threading import Thread


@contextmanager
def served(server: TCPServer) -> Iterator[str]:
    """Run a server in a thread, and close it in the end; its URL."""
    thread = Thread(target=server.serve_forever, args=(0.01,), daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


@dataclass(frozen=True, slots=True)
class Answer:
    """An HTTP response."""

    status: int = 200
    body: bytes = b"{}"
    headers: Mapping[str, str] = field(default_factory=dict)


def answered(said: object) -> Answer:
    """Return what a service or a function returned."""
    return Answer(body=json.dumps(said).encode())


def refused(status: int, code: str, message: str = "no") -> Answer:
    """Return an error of a service's."""
    said = {"Type": "User", "__type": code, "Message": message, "message": message}
    return Answer(status, json.dumps(said).encode(), {"x-amzn-ErrorType": code})


def failing(kind: object, message: str = "CANARY") -> Answer:
    """Return an error of a function's own."""
    body = json.dumps({"errorType": kind, "errorMessage": message}).encode()
    return Answer(200, body, {"X-Amz-Function-Error": "Unhandled"})
