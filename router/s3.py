"""
A bucket of S3: an object is read where it has changed, or written where it may be, in the time that is given.

botocore retries what may pass. Imported only by who wants S3, because with its client botocore takes about as
long as a whole cold start under the packaged policy; aioboto3 or boto3 would take longer.
"""

import os
import time
from collections.abc import Callable
from concurrent.futures import Future
from contextlib import closing
from dataclasses import dataclass
from threading import Thread
from typing import Any, TypeVar

import botocore.session
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError, IncompleteReadError

from router.errors import BucketFailed
from router.strangers import warn_of_strangers

ATTEMPTS = 3
"""Of one call: connections die, and S3 asks now and then to come again."""
ANSWER_SECONDS = 1.0
"""For one attempt to be connected, and to be answered."""
CALL = "a call of S3"
"""The name of the thread that makes it."""

Result = TypeVar("Result")


@dataclass(frozen=True, slots=True)
class Written:
    """What lies under a key."""

    data: bytes
    etag: str


@dataclass(slots=True)
class Until:
    """When a call is given up: no attempt of it goes out later."""

    at: float = 0.0

    def __call__(self, **request: object) -> None:
        """Stop a request on its way out, as botocore's before-send."""
        if time.monotonic() >= self.at:
            raise TimeoutError


class S3Bucket:
    """
    One bucket; what goes wrong is BucketFailed.

    Nothing stays open between two calls: a connection that is kept dies unnoticed while Lambda sleeps.
    """

    def __init__(self, name: str) -> None:
        self._name = name
        self._client: Any = None
        self._until = Until()

    def get(self, key: str, seconds: float, *, most: int, unlike: str = "") -> Written | None:
        """Return an object, `most` bytes of it; None where it still has the ETag `unlike`."""
        condition = {"IfNoneMatch": unlike} if unlike else {}

        def get(client: Any) -> Written:
            answer = client.get_object(Bucket=self._name, Key=key, **condition)
            with closing(answer["Body"]) as body:
                data = body.read(most)
            expected = min(answer.get("ContentLength", 0), most)
            if len(data) < expected:
                raise IncompleteReadError(actual_bytes=len(data), expected_bytes=expected)
            return Written(data, answer.get("ETag", ""))

        try:
            return self._called(seconds, get)
        except BucketFailed as failed:
            if unlike and failed.code == "304":
                return None
            raise

    def put(self, key: str, body: bytes, seconds: float, **options: str) -> str:
        """
        Write an object, on the conditions in PutObject's `options`; return its ETag.

        What went out before it is given up, after so many seconds, may still arrive.
        """

        def put(client: Any) -> str:
            answer = client.put_object(Bucket=self._name, Key=key, Body=body, **options)
            return str(answer.get("ETag", ""))

        return self._called(seconds, put)

    def _called(self, seconds: float, call: Callable[[Any], Result]) -> Result:
        try:
            client = self._client = self._client or _client(self._until)
            self._until.at = time.monotonic() + seconds
            with closing(client):
                return within(seconds, lambda: call(client))
        except ClientError as error:
            raise BucketFailed(error.response["Error"]["Code"]) from None
        except (BotoCoreError, OSError, ValueError) as error:  # ValueError: an endpoint that is no URL
            if isinstance(error, TimeoutError):
                self._client, self._until = None, Until()  # it is at work still, and is left to that
            raise BucketFailed(type(error).__name__) from None


def _client(until: Until) -> Any:
    config = Config(
        connect_timeout=ANSWER_SECONDS,
        read_timeout=ANSWER_SECONDS,
        retries={"total_max_attempts": ATTEMPTS, "mode": "standard"},
    )
    session = botocore.session.Session()
    client = session.create_client("s3", region_name=os.environ.get("AWS_REGION"), config=config)
    client.meta.events.register("before-send.s3", until)
    warn_of_strangers("S3", client.meta.endpoint_url)
    return client


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

    Thread(target=run, name=CALL, daemon=True).start()
    return future.result(seconds)
