"""moto over HTTP on loopback, and what else speaks WSGI: it may stand before moto and answer in its place."""

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from functools import cache
from typing import Any

from moto.moto_server.werkzeug_app import (
    DomainDispatcherApplication,
    MotoRequestHandler,
    create_backend_app,
)
from werkzeug.serving import make_server

from tests.local.servers import Answer, served

Environ = dict[str, Any]
Start = Callable[..., Any]
Application = Callable[[Environ, Start], Iterable[bytes]]


class Quiet(MotoRequestHandler):
    """Says nothing of a request."""

    def log_request(self, *_: object) -> None:
        """Say nothing."""


@contextmanager
def application(app: Application) -> Iterator[str]:
    """Serve an application, a thread a request; its URL."""
    with served(make_server("127.0.0.1", 0, app, threaded=True, request_handler=Quiet)) as url:
        yield url


@cache
def moto() -> Application:
    """Return moto, one for all: it keeps accounts apart."""
    app: Application = DomainDispatcherApplication(create_backend_app)
    return app


def say(answer: Answer, start: Start) -> list[bytes]:
    """Give an answer in moto's place."""
    start(f"{answer.status} -", [("Content-Type", "application/json"), *answer.headers.items()])
    return [answer.body]
