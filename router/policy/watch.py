"""A policy in S3: looked at once a minute, and taken when it checks out."""

import logging
import math
import time
from collections.abc import Callable
from typing import TYPE_CHECKING, Protocol

from router.errors import PolicyError
from router.policy.load import read_policy
from router.policy.model import Policy
from router.policy.place import Place

if TYPE_CHECKING:
    from router.s3 import Written

EVERY = 60.0
"""Seconds between two looks, at least; each costs a request."""
MOST_MISTAKES = 20
"""Are told of one policy, which has room for thousands."""

log = logging.getLogger("router")


class Source(Protocol):
    """Where the text comes from: `router.policy.s3.S3Object`, which says what is raised."""

    def read(self, seconds: float, *, unlike: str = "") -> "Written | None":
        """Return what lies there; None where it still has the ETag `unlike`."""


class Watch:
    """
    Remembers the ETag that was seen last, so that a look at what has not changed transfers nothing.

    `now` returns the seconds since the epoch, which go on while Lambda freezes the instance.
    """

    def __init__(self, place: Place, source: Source, *, now: Callable[[], float] = time.time) -> None:
        self.place = place
        self._source = source
        self._now = now
        self._looked_at = -math.inf
        self._etag = ""
        self._refused: list[str] = []
        """The mistakes of what has this ETag."""
        self.mistakes: list[str] = []
        """What was wrong at the last look; empty where all was well."""

    @property
    def is_due(self) -> bool:
        """Whether the last look was a minute ago, or the clock was set back since."""
        return not 0 <= self._now() - self._looked_at < EVERY

    def look(self, seconds: float) -> Policy | None:
        """
        Return the policy that lies there if it is another than the last time; None if it is not.

        Raises PolicyError, for each look again, where what lies there has mistakes or cannot be read in time.
        """
        self._looked_at = self._now()
        try:
            policy = self._newer(seconds)
        except PolicyError as error:
            self.mistakes = error.mistakes
            raise
        self.mistakes = []
        return policy

    def _newer(self, seconds: float) -> Policy | None:
        written = self._source.read(seconds, unlike=self._etag)
        if written is not None:
            self._etag, self._refused = written.etag, []
            try:
                return read_policy(str(self.place), written.data)
            except PolicyError as error:
                self._refused = self._some(error.mistakes)
            except Exception as bug:
                log.exception("bug in the check of %s", self.place)
                self._refused = [f"{self.place}: cannot be checked: {type(bug).__name__}, a bug of ours"]
        if self._refused:
            raise PolicyError(self._refused)
        return None

    def _some(self, mistakes: list[str]) -> list[str]:
        more = len(mistakes) - MOST_MISTAKES
        rest = [f"{self.place}: and {more:,} more: see them all with `check`"] if more > 0 else []
        return mistakes[:MOST_MISTAKES] + rest
