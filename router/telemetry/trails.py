"""
TRAILS: a share of the whole trails, as JSON lines below a prefix in S3; off unless it is asked for.

Each line is an event of one row, as it was received, beside its result and trail: `python -m router score`
reads the file and rewards the rows again. Nothing is redacted. A batch waits for its
object until its deadline at most; what goes wrong is one line in the log, and costs it nothing but the time.
"""

import json
import logging
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import UTC, datetime
from typing import Protocol

from router.errors import BucketFailed
from router.telemetry.outcome import Outcome
from router.telemetry.samples import is_chosen
from router.types import Row
from router.wire import write
from router.wire.events import unwrap

SCHEME = "s3://"
MOST_SECONDS, LEAST_SECONDS = 2.0, 0.1
"""That a batch gives to its trails; and with less time than that left, none."""
PAUSE_SECONDS = 60.0
"""For which the bucket is left alone after a failure."""

ADVICE = {
    "AccessDenied": "allow the role s3:PutObject on it",
    "NoSuchBucket": "there is no such bucket",
    "TimeoutError": "it was too slow",
}

log = logging.getLogger("router")


class Bucket(Protocol):
    """Where the objects go: `router.s3.S3Bucket`, which says what is raised."""

    def put(self, key: str, body: bytes, seconds: float) -> object:
        """Write an object within so many seconds."""


class Trails:
    """
    Writes a share, 0 to 1, of the trails below `s3://bucket/prefix`.

    `now` returns the seconds since the epoch, `clock` those of the deadline.
    """

    def __init__(
        self,
        location: str,
        share: float,
        bucket: Bucket | None = None,
        *,
        now: Callable[[], float] = time.time,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        name, _, prefix = location.removeprefix(SCHEME).partition("/")
        self._location = location
        self._folder = f"{prefix.rstrip('/')}/" if prefix else ""
        self._share = share
        self._bucket = bucket or _bucket(name)
        self._now = now
        self._clock = clock
        self._alone_until = 0.0

    def add(
        self, outcome: Outcome, rows: Sequence[Row], event: object, request: str, deadline: float
    ) -> None:
        """Write the trails of a batch that are chosen."""
        chosen = [place for place, row in enumerate(rows) if is_chosen(row, self._share)]
        if not chosen or 0 < self._alone_until - self._now() <= PAUSE_SECONDS:
            return
        ends = min(deadline, self._clock() + MOST_SECONDS)
        lines: list[str] = []
        for line in self._lines(outcome, rows, event, chosen):
            if ends - self._clock() < LEAST_SECONDS:
                log.warning(
                    "trails of a batch were dropped: its deadline was too near, or they were too many"
                )
                return
            lines.append(line)
        try:
            self._bucket.put(self._key(outcome, request), "".join(lines).encode(), ends - self._clock())
        except BucketFailed as failed:
            self._alone_until = self._now() + PAUSE_SECONDS
            said = "trails were dropped: %s could not be written to: %s; left alone for %g s"
            log.warning(said, self._location, _why(failed.code), PAUSE_SECONDS)

    def _lines(
        self, outcome: Outcome, rows: Sequence[Row], event: object, chosen: Sequence[int]
    ) -> Iterator[str]:
        received, policy = unwrap(event)[0], outcome.policy.fingerprint
        for place in chosen:
            result = write([rows[place]], [outcome.rewards[place]], "list", trail=True)
            assert isinstance(result, list)  # noqa: S101 - which is what was asked for
            yield _line({"input": [received[place]], "policy": policy, "result": result[0]})

    def _key(self, outcome: Outcome, request: str) -> str:
        at = datetime.fromtimestamp(self._now(), UTC)
        return f"{self._folder}{at:%Y-%m-%d/%H%M%S}-{request}-{outcome.policy.fingerprint}.jsonl"


def _line(trail: Mapping[str, object]) -> str:
    """Return a line; an empty one for a row whose nest or number is too long for Python to write."""
    try:
        return f"{json.dumps(trail)}\n"
    except (RecursionError, ValueError):
        return ""


def _why(code: str) -> str:
    """Return why S3 did not do it, and what to do about it."""
    return f"{code}: {ADVICE[code]}" if code in ADVICE else code


def _bucket(name: str) -> Bucket:
    from router.s3 import S3Bucket  # noqa: PLC0415 - the AWS SDK, for those who want trails

    return S3Bucket(name)
