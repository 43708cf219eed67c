"""A bucket of S3, over real HTTP: answered in the time that is given, tried again where that may help."""

import threading
import time
from collections.abc import Callable, Iterator
from socketserver import StreamRequestHandler, ThreadingTCPServer
from threading import Event

import pytest

from router.errors import BucketFailed
from router.s3 import CALL, S3Bucket, Written, within
from tests.local.s3 import BUCKET, LocalS3, local_s3
from tests.local.sdk import lead_to
from tests.local.servers import served

KEY = "policy.yaml"
SECONDS = 20.0
"""More than anything here takes that does not hang."""
MOST = 100


@pytest.fixture
def s3(monkeypatch: pytest.MonkeyPatch) -> Iterator[LocalS3]:
    with local_s3(monkeypatch) as served:
        yield served


def got(bucket: S3Bucket | None = None, seconds: float = SECONDS) -> Written | None:
    return (bucket or S3Bucket(BUCKET)).get(KEY, seconds, most=MOST)


# --- answers -----------------------------------------------------------------------------------------


ONE = "Content-Length: 3\r\n\r\none"


@pytest.mark.parametrize(
    "answer",
    [f"200 OK\r\n{ONE}", '200 OK\r\nETag: "a"\r\nTransfer-Encoding: chunked\r\n\r\n3\r\none\r\n0\r\n\r\n'],
)
def test_an_answer_with_less_about_it_than_s3_gives_is_read(answer: str, odd: Callable[[str], None]) -> None:
    odd(answer)
    written = got()
    assert written
    assert written.data == b"one"


@pytest.mark.parametrize("answer", [f"200 OK\r\n{ONE[:-1]}", "304 Not Modified\r\n\r\n", "nonsense"])
def test_an_answer_that_is_none_is_one_that_did_not_come(answer: str, odd: Callable[[str], None]) -> None:
    odd(answer)
    with pytest.raises(BucketFailed):
        got()


def test_a_receipt_without_an_etag_is_one(odd: Callable[[str], None]) -> None:
    odd("200 OK\r\nContent-Length: 0\r\n\r\n")
    assert S3Bucket(BUCKET).put(KEY, b"one", SECONDS) == ""


@pytest.fixture
def odd(monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[[str], None]]:
    """Return what makes a server answer every request with these words of HTTP."""
    answers: list[str] = []

    class Handler(StreamRequestHandler):
        def handle(self) -> None:
            length = 0
            while line := self.rfile.readline().strip().lower():
                if line.startswith(b"content-length:"):
                    length = int(line.split(b":")[1])
            self.rfile.read(length)
            self.wfile.write(f"HTTP/1.1 {answers[0]}".encode())

    with served(ThreadingTCPServer(("127.0.0.1", 0), Handler)) as url:
        lead_to("s3", url, monkeypatch)
        yield answers.append


def test_no_attempt_goes_out_once_the_time_is_up(s3: LocalS3) -> None:
    up = Event()
    s3.fault, s3.before = 503, lambda method: assert_waited(up)
    with pytest.raises(BucketFailed, match="TimeoutError"):
        S3Bucket(BUCKET).put(KEY, b"late", 0.5)
    [call] = [thread for thread in threading.enumerate() if thread.name == CALL]
    up.set()
    call.join(SECONDS)
    assert s3.asked == [("PUT", 503)]


def assert_waited(up: Event) -> None:
    assert up.wait(SECONDS)


def test_nobody_at_the_endpoint_is_an_answer(monkeypatch: pytest.MonkeyPatch) -> None:
    with local_s3(monkeypatch) as served:
        served.put(KEY, "one")
    with pytest.raises(BucketFailed, match="EndpointConnectionError"):
        got()


@pytest.mark.parametrize(
    ("name", "value", "said"),
    [
        ("AWS_ENDPOINT_URL_S3", "nowhere", "ValueError"),
        ("AWS_PROFILE", "nobody", "ProfileNotFound"),
        ("AWS_ACCESS_KEY_ID", None, "NoCredentialsError"),
    ],
)
def test_an_sdk_that_is_set_up_wrong_is_told(
    name: str, value: str | None, said: str, s3: LocalS3, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(name, value) if value else monkeypatch.delenv(name)
    with pytest.raises(BucketFailed, match=said):
        got()


def test_a_host_that_is_not_aws_is_named_once(s3: LocalS3, caplog: pytest.LogCaptureFixture) -> None:
    s3.put(KEY, "one")
    bucket = S3Bucket(BUCKET)
    assert got(bucket) == got(bucket)
    assert [record.getMessage() for record in caplog.records] == [
        "S3 is called at 127.0.0.1, which is not AWS: see AWS_ENDPOINT_URL"
    ]


# --- again, and in time ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("method", "call"),
    [("GET", got), ("PUT", lambda bucket: bucket.put(KEY, b"two", SECONDS))],
)
def test_what_may_pass_is_tried_again(method: str, call: Callable[[S3Bucket], object], s3: LocalS3) -> None:
    s3.put(KEY, "one")
    s3.asked.clear()
    s3.fault = 503

    def recover(_: str) -> None:
        if s3.asked == [(method, 503)] * 2:
            s3.fault = None

    s3.before = recover
    assert call(S3Bucket(BUCKET))
    assert s3.asked == [(method, 503), (method, 503), (method, 200)]


def test_what_does_not_pass_is_given_up(s3: LocalS3) -> None:
    s3.fault = 500
    with pytest.raises(BucketFailed, match="InternalError"):
        got()
    assert s3.gets == [500, 500, 500]


def test_a_server_that_says_nothing_is_waited_for_as_long_as_was_said(s3: LocalS3) -> None:
    s3.put(KEY, "one")
    bucket = S3Bucket(BUCKET)
    assert got(bucket)
    s3.fault = 0
    with pytest.raises(BucketFailed, match="TimeoutError"):
        got(bucket, 0.1)
    s3.fault = None
    assert got(bucket)


def test_work_that_takes_too_long_is_left_to_itself() -> None:
    free, ended = Event(), Event()

    def work() -> None:
        free.wait()
        ended.set()

    started = time.monotonic()
    with pytest.raises(TimeoutError):
        within(0.01, work)
    assert time.monotonic() - started < 30
    free.set()
    assert ended.wait(30)
