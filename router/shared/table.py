"""
The table: given little time, and left alone for a while after a failure.

The table's key is the string `id`; its time to live is the number `expires`. The role needs
dynamodb:BatchGetItem, dynamodb:PutItem and dynamodb:UpdateItem on it.
"""

import asyncio
import logging
import time
from collections.abc import Callable
from typing import Any, TypeVar

from botocore.exceptions import ClientError

from router.errors import TableUnavailable
from router.service import Connect, Connecting, Service

FIRST_PAUSE, LONGEST_PAUSE = 0.5, 30.0
"""Seconds that the table is left alone after a failure; they double with each failure in a row."""
CONNECTIONS = 16
CONDITION = "ConditionalCheckFailedException"

ADVICE = {
    "AccessDeniedException": "allow the role dynamodb:BatchGetItem, PutItem and UpdateItem on it",
    "ResourceNotFoundException": "there is none of that name in the function's region",
}

Answer = dict[str, Any]
Read = TypeVar("Read")

log = logging.getLogger(__name__)


class Table(Service):
    """
    One table, on one event loop until `close`.

    `connect` returns a client to enter; `now` returns the seconds since the epoch.
    """

    def __init__(
        self, name: str, connect: Connect | None = None, *, now: Callable[[], float] = time.time
    ) -> None:
        super().__init__(connect or Connecting("dynamodb", max_pool_connections=CONNECTIONS), now=now)
        self.name = name
        self._failures = 0
        """In a row."""
        self._alone_until = 0.0
        self._told: set[str] = set()
        """The kinds of failures that were logged: each once, because a log costs money too."""

    @property
    def pause(self) -> float:
        """The seconds for which the table is still left alone; nobody can call it before they are over."""
        return max(0.0, self._alone_until - asyncio.get_running_loop().time())

    async def call(
        self, operation: str, until: float, read: Callable[[Answer], Read], **request: Any
    ) -> Read:
        """
        Return what `read` makes of the answer to one request, by `until` on the event loop's clock.

        A condition that does not hold is an answer. Raises TableUnavailable where none came that can be read.
        """
        if self.pause:
            raise TableUnavailable(f"the table {self.name} could not be reached, and is left alone for now")
        try:
            async with asyncio.timeout_at(until), self.client() as client:
                answer = await _answer(client, operation, request)
            said = read(answer)
        except Exception as error:
            raise self._failed(error) from None
        self._failures, self.doubtful = 0, False
        return said

    def _failed(self, error: Exception) -> TableUnavailable:
        """Leave the table alone for a while, and longer each time; say why, once for each kind of failure."""
        code = error.response["Error"]["Code"] if isinstance(error, ClientError) else type(error).__name__
        why = f"the table {self.name} could not be reached: {ADVICE.get(code, code[:40])}"
        if not self.pause:
            seconds = min(LONGEST_PAUSE, FIRST_PAUSE * 2**self._failures)
            self._alone_until = asyncio.get_running_loop().time() + seconds
            self._failures, self.doubtful = self._failures + 1, True
            if code not in self._told:
                self._told.add(code)
                log.warning("%s; left alone for a while each time, and not mentioned again", why)
        return TableUnavailable(why)


async def _answer(client: Any, operation: str, request: dict[str, Any]) -> Answer:
    try:
        answer: Answer = await getattr(client, operation)(**request)
    except ClientError as error:
        if error.response["Error"]["Code"] != CONDITION:
            raise
        answer = error.response
    return answer
