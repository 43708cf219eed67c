"""A policy's object in S3, over real HTTP: read where it has changed, in time or not at all; never lost."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from router.errors import PolicyChanged, PolicyError, PolicyUnreachable
from router.policy.place import Place
from router.policy.s3 import S3Object
from router.policy.source import MAX_BYTES
from tests.local.s3 import BUCKET, LocalS3, local_s3

PLACE = Place(BUCKET, "policy.yaml")
NO_KEY: dict[str, str | None] = {"AWS_ACCESS_KEY_ID": None, "AWS_SECRET_ACCESS_KEY": None}
SSO = """\
[profile sso]
sso_start_url = https://example.com/start
sso_region = us-east-1
sso_account_id = 123456789012
sso_role_name = reader
"""
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


def test_what_may_be_read_later_is_told_as_such(s3: LocalS3) -> None:
    s3.fault = 500
    with pytest.raises(PolicyUnreachable, match="cannot be reached: InternalError"):
        S3Object(PLACE).read(SECONDS)


def test_a_server_that_says_nothing_is_waited_for_as_long_as_was_said(s3: LocalS3) -> None:
    s3.fault = 0
    with pytest.raises(PolicyUnreachable, match="cannot be reached: TimeoutError"):
        S3Object(PLACE).read(0.1)


@pytest.mark.parametrize(
    ("variables", "said"),
    [
        ({"AWS_ENDPOINT_URL_S3": "nowhere"}, "ValueError"),
        ({"AWS_PROFILE": "nobody"}, "ProfileNotFound: AWS_PROFILE names none of your profiles"),
        (NO_KEY, "NoCredentialsError: there are no AWS credentials: run `aws sso login` and set AWS_PROFILE"),
        ({"AWS_SECRET_ACCESS_KEY": None}, "PartialCredentialsError: half of the AWS credentials is missing"),
        (NO_KEY | {"AWS_PROFILE": "sso"}, "SSOTokenLoadError: run `aws sso login`"),
    ],
)
def test_an_sdk_that_is_set_up_wrong_is_told(
    variables: dict[str, str | None], said: str, s3: LocalS3, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    (tmp_path / "config").write_text(SSO)
    monkeypatch.setenv("AWS_CONFIG_FILE", str(tmp_path / "config"))
    for name, value in variables.items():
        monkeypatch.setenv(name, value) if value else monkeypatch.delenv(name)
    with pytest.raises(PolicyUnreachable, match=f"cannot be reached: {said}"):
        S3Object(PLACE).read(SECONDS)


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
