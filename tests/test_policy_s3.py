"""A policy's object in S3, over real HTTP: read where it has changed, in time or not at all; never lost."""

import time
from collections.abc import Callable, Iterator
from socketserver import StreamRequestHandler, ThreadingTCPServer
from threading import Event, Thread

import pytest

from router.errors import PolicyChanged, PolicyError, PolicyUnreachable
from router.policy.place import Place
from router.policy.s3 import S3Object, within
from router.policy.source import MAX_BYTES
from tests.local_s3 import BUCKET, LocalS3, local_s3
from tests.sdk import lead_to

PLACE = Place(BUCKET, "policy.yaml")
SECONDS = 20.0
"""More than anything here takes that does not hang."""


@pytest.fixture
def s3(monkeypatch: pytest.MonkeyPatch) -> Iterator[LocalS3]:
    with local_s3(monkeypatch) as served:
        yield served


# --- places ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "bucket", "key"),
    [
        ("s3://abc/policy.yaml", "abc", "policy.yaml"),
        ("s3://my.bucket-1/team a/policy v2.yaml", "my.bucket-1", "team a/policy v2.yaml"),
    ],
)
def test_a_place_names_a_bucket_and_a_key(text: str, bucket: str, key: str) -> None:
    assert Place.of(text) == Place(bucket, key)
    assert str(Place.of(text)) == text


@pytest.mark.parametrize(
    "text", ["", "s3://", "s3://abc", "s3://abc/", "s3://abc//x", "s3://A/x", "s3:/abc/x", "s3://abc/x "]
)
def test_what_names_no_object_is_refused_with_the_form_of_a_place(text: str) -> None:
    with pytest.raises(ValueError, match=r"names no object in S3: write s3://bucket/key"):
        Place.of(text)


# --- reading -----------------------------------------------------------------------------------------


def test_what_has_not_changed_is_not_sent_again(s3: LocalS3) -> None:
    etag = s3.put("policy.yaml", "one")
    place = S3Object(PLACE)
    first = place.read(SECONDS)
    assert first
    assert (first.data, first.etag) == (b"one", etag)
    assert place.read(SECONDS, unlike=etag) is None
    s3.put("policy.yaml", "two")
    second = place.read(SECONDS, unlike=etag)
    assert second
    assert second.data == b"two"
    assert s3.gets == [200, 304, 200]


def test_no_more_is_read_than_a_policy_may_have(s3: LocalS3) -> None:
    s3.put("policy.yaml", "#" * (MAX_BYTES + 9))
    written = S3Object(PLACE).read(SECONDS)
    assert written
    assert len(written.data) == MAX_BYTES + 1


def test_an_object_that_is_not_there_is_told_with_the_way_to_put_one_there(s3: LocalS3) -> None:
    with pytest.raises(PolicyError) as caught:
        S3Object(PLACE).read(SECONDS)
    assert caught.value.mistakes == [
        f"{PLACE}: there is no such object: publish one: python -m router publish POLICY {PLACE}"
    ]
    assert s3.gets == [404]


def test_a_role_that_may_not_read_is_told_what_to_allow(s3: LocalS3) -> None:
    s3.fault = 403
    with pytest.raises(PolicyError, match="access denied: allow s3:GetObject on it"):
        S3Object(PLACE).read(SECONDS)
    assert s3.gets == [403]


def test_a_bucket_that_is_not_there_is_told_as_such(s3: LocalS3) -> None:
    with pytest.raises(PolicyUnreachable, match="NoSuchBucket: there is no such bucket"):
        S3Object(Place("nobody-s", "policy.yaml")).read(SECONDS)


ONE = "Content-Length: 3\r\n\r\none"


@pytest.mark.parametrize(
    "answer",
    [f"200 OK\r\n{ONE}", '200 OK\r\nETag: "a"\r\nTransfer-Encoding: chunked\r\n\r\n3\r\none\r\n0\r\n\r\n'],
)
def test_an_answer_with_less_about_it_than_s3_gives_is_read(answer: str, odd: Callable[[str], None]) -> None:
    odd(answer)
    written = S3Object(PLACE).read(SECONDS)
    assert written
    assert written.data == b"one"


@pytest.mark.parametrize("answer", [f"200 OK\r\n{ONE[:-1]}", "304 Not Modified\r\n\r\n", "nonsense"])
def test_an_answer_that_is_none_is_one_that_did_not_come(answer: str, odd: Callable[[str], None]) -> None:
    odd(answer)
    with pytest.raises(PolicyUnreachable):
        S3Object(PLACE).read(SECONDS)


@pytest.fixture
def odd(monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[[str], None]]:
    """Return what makes a server answer every request with these words of HTTP."""
    answers: list[str] = []

    class Handler(StreamRequestHandler):
        def handle(self) -> None:
            while self.rfile.readline().strip():
                pass
            self.wfile.write(f"HTTP/1.1 {answers[0]}".encode())

    with ThreadingTCPServer(("127.0.0.1", 0), Handler) as server:
        thread = Thread(target=server.serve_forever, daemon=True)
        thread.start()
        lead_to("s3", f"http://127.0.0.1:{server.server_address[1]}", monkeypatch)
        yield answers.append
        server.shutdown()
        thread.join()


def test_what_may_pass_is_tried_again(s3: LocalS3) -> None:
    s3.put("policy.yaml", "one")
    s3.fault = 503

    def recover(method: str) -> None:
        if s3.gets == [503, 503]:
            s3.fault = None

    s3.before = recover
    assert S3Object(PLACE).read(SECONDS)
    assert s3.gets == [503, 503, 200]


def test_what_does_not_pass_is_given_up(s3: LocalS3) -> None:
    s3.fault = 500
    with pytest.raises(PolicyUnreachable, match="cannot be reached: InternalError"):
        S3Object(PLACE).read(SECONDS)
    assert s3.gets == [500, 500, 500]


def test_a_server_that_says_nothing_is_waited_for_as_long_as_was_said(s3: LocalS3) -> None:
    s3.put("policy.yaml", "one")
    place = S3Object(PLACE)
    assert place.read(SECONDS)
    s3.fault = 0
    with pytest.raises(PolicyUnreachable, match="cannot be reached: TimeoutError"):
        place.read(0.1)
    s3.fault = None
    assert place.read(SECONDS)


def test_nobody_at_the_endpoint_is_an_answer(monkeypatch: pytest.MonkeyPatch) -> None:
    with local_s3(monkeypatch) as served:
        served.put("policy.yaml", "one")
    with pytest.raises(PolicyUnreachable, match="cannot be reached: EndpointConnectionError"):
        S3Object(PLACE).read(SECONDS)


@pytest.mark.parametrize(
    ("name", "value", "said"),
    [
        ("AWS_ENDPOINT_URL_S3", "nowhere", "ValueError"),
        ("AWS_PROFILE", "nobody", "ProfileNotFound"),
        ("AWS_ACCESS_KEY_ID", None, "NoCredentialsError: sign in, or set AWS_PROFILE"),
    ],
)
def test_an_sdk_that_is_set_up_wrong_is_told(
    name: str, value: str | None, said: str, s3: LocalS3, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(name, value) if value else monkeypatch.delenv(name)
    with pytest.raises(PolicyUnreachable, match=f"cannot be reached: {said}"):
        S3Object(PLACE).read(SECONDS)


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


# --- writing -----------------------------------------------------------------------------------------


def test_what_is_written_can_be_read(s3: LocalS3) -> None:
    place = S3Object(PLACE)
    etag = place.write(SECONDS, b"one", over="")
    written = place.read(SECONDS)
    assert written
    assert (written.data, written.etag) == (b"one", etag)
    assert place.write(SECONDS, b"two", over=etag) != etag
    assert s3.text("policy.yaml") == "two"


@pytest.mark.parametrize("read_before", [True, False])
def test_what_somebody_else_wrote_meanwhile_is_not_lost(read_before: bool, s3: LocalS3) -> None:
    etag = s3.put("policy.yaml", "one") if read_before else ""
    s3.put("policy.yaml", "theirs")
    with pytest.raises(PolicyChanged, match="somebody else has changed it"):
        S3Object(PLACE).write(SECONDS, b"ours", over=etag)
    assert s3.text("policy.yaml") == "theirs"


def test_what_somebody_else_took_away_meanwhile_is_not_put_back(s3: LocalS3) -> None:
    etag = s3.put("policy.yaml", "one")
    s3.delete("policy.yaml")
    with pytest.raises(PolicyChanged, match="somebody else has changed it"):
        S3Object(PLACE).write(SECONDS, b"ours", over=etag)


def test_who_may_not_write_is_told_what_to_allow(s3: LocalS3) -> None:
    s3.fault = 403
    with pytest.raises(PolicyError, match="access denied: allow s3:PutObject on it"):
        S3Object(PLACE).write(SECONDS, b"ours", over="")
