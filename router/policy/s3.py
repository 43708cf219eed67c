"""
One object in S3: read where it has changed, written where nobody else has changed it.

Whoever reads needs s3:GetObject on this one object, whoever writes s3:PutObject as well. botocore retries
what may pass, and no call takes longer than it is given. Loaded only for a policy in S3: botocore and its
client take about as long as a whole cold start under the packaged policy, and boto3 would take longer.
"""

import os
from collections.abc import Callable, Mapping
from concurrent.futures import Future
from contextlib import closing
from dataclasses import dataclass
from threading import Thread
from typing import Any, NoReturn, TypeVar

import botocore.session
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError

from router.errors import PolicyAbsent, PolicyChanged, PolicyError, PolicyUnreachable
from router.policy.place import Place
from router.policy.source import MAX_BYTES

ATTEMPTS = 3
"""Of one call: connections die, and S3 asks now and then to come again."""
ANSWER_SECONDS = 1.0
"""For one attempt to be connected, and to be answered."""

ABSENT = {"404", "NoSuchKey"}
FORBIDDEN = {"403", "AccessDenied"}
CONFLICT = {"409", "412", "ConditionalRequestConflict", "PreconditionFailed"}
HINTS = {
    "ExpiredToken": "sign in again",
    "NoCredentialsError": "sign in, or set AWS_PROFILE",
    "NoSuchBucket": "there is no such bucket",
}
"""What to do, by S3's code for an error or botocore's name of it."""

Result = TypeVar("Result")


@dataclass(frozen=True, slots=True)
class Written:
    """What lies in a place."""

    data: bytes
    etag: str


class S3Object:
    """One object. Nothing stays open between two calls."""

    def __init__(self, place: Place) -> None:
        self._place = place
        self._client: Any = None

    def read(self, seconds: float, *, unlike: str = "") -> Written | None:
        """
        Return what lies there; None where it still has the ETag `unlike`.

        Raises PolicyError where it cannot be read, which is PolicyUnreachable where it might be later.
        """
        condition = {"IfNoneMatch": unlike} if unlike else {}
        return self._called(seconds, "s3:GetObject", lambda client: self._read(client, condition))

    def write(self, seconds: float, data: bytes, *, over: str) -> str:
        """
        Write this over what has the ETag `over`, or where there is nothing if that is empty; return the ETag.

        Raises PolicyChanged where something else lies there by now; otherwise what `read` raises.
        """
        condition = {"IfMatch": over} if over else {"IfNoneMatch": "*"}
        content = {"Body": data, "ContentType": "application/yaml"}

        def write(client: Any) -> str:
            return str(client.put_object(**self._key, **content, **condition)["ETag"])

        try:
            return self._called(seconds, "s3:PutObject", write)
        except PolicyAbsent:  # where it was to be written over
            raise self._changed() from None

    @property
    def _key(self) -> dict[str, str]:
        return {"Bucket": self._place.bucket, "Key": self._place.key}

    def _read(self, client: Any, condition: Mapping[str, str]) -> Written | None:
        try:
            answer = client.get_object(**self._key, **condition)
        except ClientError as error:
            if condition and error.response["Error"]["Code"] == "304":
                return None
            raise
        with closing(answer["Body"]) as body:
            data = body.read(MAX_BYTES + 1)
        if len(data) < min(answer.get("ContentLength", 0), MAX_BYTES + 1):
            raise PolicyUnreachable([f"{self._place}: cannot be read: only a part of it came"])
        return Written(data, answer.get("ETag", ""))

    def _called(self, seconds: float, permission: str, call: Callable[[Any], Result]) -> Result:
        try:
            client = self._client = self._client or _client()
            with closing(client):
                return within(seconds, lambda: call(client))
        except ClientError as error:
            self._refuse(error.response["Error"]["Code"], permission)
        except (BotoCoreError, OSError, ValueError) as error:  # ValueError: an endpoint that is no URL
            if isinstance(error, TimeoutError):
                self._client = None  # it is at work still, and is left to that
            self._lose(type(error).__name__)

    def _refuse(self, code: str, permission: str) -> NoReturn:
        """Say what S3 has against the request."""
        if code in CONFLICT:
            raise self._changed()
        if code in ABSENT:
            hint = f"publish one: python -m router publish POLICY {self._place}"
            raise PolicyAbsent([f"{self._place}: there is no such object: {hint}"])
        if code in FORBIDDEN:
            hint = (
                f"allow {permission} on it, or see whether it is there: S3 hides that from who may not list"
            )
            raise PolicyError([f"{self._place}: access denied: {hint}"])
        self._lose(code)

    def _changed(self) -> PolicyChanged:
        return PolicyChanged(f"{self._place}: somebody else has changed it since it was read here")

    def _lose(self, what: str) -> NoReturn:
        hint = f": {HINTS[what]}" if what in HINTS else ""
        raise PolicyUnreachable([f"{self._place}: cannot be reached: {what[:60]}{hint}"]) from None


def _client() -> Any:
    config = Config(
        connect_timeout=ANSWER_SECONDS,
        read_timeout=ANSWER_SECONDS,
        retries={"total_max_attempts": ATTEMPTS, "mode": "standard"},
    )
    session = botocore.session.Session()
    return session.create_client("s3", region_name=os.environ.get("AWS_REGION"), config=config)


def within(seconds: float, work: Callable[[], Result]) -> Result:
    """
    Return what the work returns; raise TimeoutError after so many seconds, and let it end by itself.

    A socket's timeout is not enough: it counts for each address of a name, and not for finding these.
    """
    future: Future[Result] = Future()

    def run() -> None:
        try:
            future.set_result(work())
        except Exception as error:
            future.set_exception(error)

    Thread(target=run, daemon=True).start()
    return future.result(seconds)
