"""
An S3 on 127.0.0.1 for tests: moto's, which forgets nothing it was asked and fails on command.

    with local_s3(monkeypatch) as s3:           # leads the SDK here; a bucket called `policies`
        s3.put("policy.yaml", "version: 1 ...")
        ...
    assert s3.gets == [200, 304]
"""

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from threading import Event
from typing import Any

import pytest

from tests.local import sdk
from tests.local.moto import Environ, Start, application, moto, say
from tests.local.servers import Answer

BUCKET = "policies"
CODES = {403: "AccessDenied", 500: "InternalError", 503: "SlowDown"}


@dataclass
class LocalS3:
    """What is in the bucket, and what was asked for."""

    fault: int | None = None
    """A status that every request gets; 0: no answer at all, for as long as the server runs."""
    asked: list[tuple[str, int]] = field(default_factory=list)
    """(method, status) of each request to an object."""
    before: Callable[[str], None] = lambda method: None
    """Called before each request is worked on."""
    lost: bool = False
    """Whether requests are worked on, and their answers never arrive whole."""
    client: Any = None
    done: Event = field(default_factory=Event)

    @property
    def gets(self) -> list[int]:
        """The status of each GetObject."""
        return [status for method, status in self.asked if method == "GET"]

    def put(self, key: str, text: str) -> str:
        """Put an object in, as anybody might; return its ETag."""
        return str(self.client.put_object(Bucket=BUCKET, Key=key, Body=text.encode())["ETag"])

    def text(self, key: str) -> str:
        """Return what an object holds."""
        return str(self.client.get_object(Bucket=BUCKET, Key=key)["Body"].read().decode())

    @property
    def keys(self) -> list[str]:
        """The keys of all that is in it."""
        return [one["Key"] for one in self.client.list_objects_v2(Bucket=BUCKET).get("Contents", [])]

    def delete(self, key: str) -> None:
        """Take an object away."""
        self.client.delete_object(Bucket=BUCKET, Key=key)

    def __call__(self, environ: Environ, start: Start) -> Iterable[bytes]:
        """Answer one request, as WSGI has it."""
        method = environ["REQUEST_METHOD"]
        self.before(method)
        if self.fault is None:
            answer = moto()(environ, self._noting(method, _unheard if self.lost else start))
            return _cut_off(start) if self.lost else answer
        if self.fault == 0:
            self.done.wait()
            return []
        self.asked.append((method, self.fault))
        error = f"<Error><Code>{CODES[self.fault]}</Code><Message>no</Message></Error>"
        return say(Answer(self.fault, error.encode()), start)

    def _noting(self, method: str, start: Start) -> Start:
        def noted(status: str, *others: Any) -> Any:
            self.asked.append((method, int(status.split(maxsplit=1)[0])))
            return start(status, *others)

        return noted


def _unheard(*_: Any) -> None:
    """Take the beginning of an answer that nobody hears."""


def _cut_off(start: Start) -> list[bytes]:
    start("200 OK", [("Content-Length", "1000")])
    return [b""]


@contextmanager
def local_s3(monkeypatch: pytest.MonkeyPatch) -> Iterator[LocalS3]:
    """Serve a bucket, and lead the SDK to it."""
    s3 = LocalS3()
    with application(s3) as url:
        sdk.lead_to("s3", url, monkeypatch)
        s3.client = sdk.client("s3", url)
        try:
            s3.client.create_bucket(Bucket=BUCKET)
            s3.asked.clear()
            yield s3
        finally:
            s3.fault = None
            s3.done.set()
            for key in s3.keys:
                s3.delete(key)
            s3.client.delete_bucket(Bucket=BUCKET)
            s3.client.close()
