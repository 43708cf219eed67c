"""
The connection to the table: opened late, given little time, left alone for a while after a failure.

The table's key is the string `id`; its time to live is the number `expires`. The role needs
dynamodb:BatchGetItem, dynamodb:PutItem and dynamodb:UpdateItem on it.
"""

import asyncio
import logging
import os
import time
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from functools import cached_property
from typing import Any, TypeVar

import aioboto3
from botocore.config import Config
from botocore.exceptions import ClientError

from judges.bedrock.strangers import warn_of_strangers
from router.errors import TableUnavailable

FIRST_PAUSE, LONGEST_PAUSE = 0.5, 30.0
"""Seconds that the table is left alone after a failure; they double with each failure in a row."""
KEPT_SECONDS = 20
"""Idle connections are kept as long, by a clock that goes on while Lambda sleeps: they die unnoticed."""
CONNECTIONS = 16
CONDITION = "ConditionalCheckFailedException"

ADVICE = {
    "AccessDeniedException": "allow the role dynamodb:BatchGetItem, PutItem and UpdateItem on it",
    "ResourceNotFoundException": "there is none of that name in the function's region",
}

Connect = Callable[[], AbstractAsyncContextManager[Any]]
Answer = dict[str, Any]
Read = TypeVar("Read")

log = logging.getLogger(__name__)


class DynamoDB:
    """Opens clients for the function's own region. The first one takes a tenth of a second, others little."""

    def __init__(self) -> None:
        self._known = False
        """Whether it was looked at where it is called."""

    @asynccontextmanager
    async def __call__(self) -> AsyncIterator[Any]:
        """Open a client. botocore retries nothing."""
        config = Config(
            retries={"total_max_attempts": 1, "mode": "standard"},
            max_pool_connections=CONNECTIONS,
            parameter_validation=False,
        )
        async with self._session.client("dynamodb", config=config) as client:
            if not self._known:
                warn_of_strangers("DynamoDB", client.meta.endpoint_url)
                self._known = True
            yield client

    @cached_property
    def _session(self) -> Any:
        return aioboto3.Session(region_name=os.environ.get("AWS_REGION"))


class Table:
    """
    One table, on one event loop until `close`.

    `connect` returns a client to enter; `now` returns the seconds since the epoch.
    """

    def __init__(
        self, name: str, connect: Connect | None = None, *, now: Callable[[], float] = time.time
    ) -> None:
        self.name = name
        self._connect = connect or DynamoDB()
        self.now = now
        self._opening = asyncio.Lock()
        self._way: AbstractAsyncContextManager[Any] | None = None
        self._client: Any = None
        self._used_at = 0.0
        self._doubtful = False
        """Whether the client has failed since it was opened."""
        self._failures = 0
        """In a row."""
        self._alone_until = 0.0
        self._told: set[str] = set()
        """The kinds of failures that were logged: each once, because a log costs money too."""
        self.opened = False
        """Whether it was ever opened: from then on opening it again takes little time."""

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
            async with asyncio.timeout_at(until):
                await self.open()
                answer = await self._answer(operation, request)
            said = read(answer)
        except Exception as error:
            raise self._failed(error) from None
        self._failures, self._doubtful = 0, False
        return said

    async def open(self) -> None:
        """Get ready to call; replace a client that has failed, or whose connections may have died."""
        async with self._opening:
            if self._doubtful or self.now() - self._used_at > KEPT_SECONDS:
                await self.close()
            if self._client is None:
                way = self._connect()
                self._client = await way.__aenter__()
                self._way, self._doubtful, self.opened = way, False, True
            self._used_at = self.now()

    async def close(self) -> None:
        """Close the connections; the next call opens them again."""
        way, self._way, self._client = self._way, None, None
        if way is not None:
            await way.__aexit__(None, None, None)

    async def _answer(self, operation: str, request: dict[str, Any]) -> Answer:
        try:
            answer: Answer = await getattr(self._client, operation)(**request)
        except ClientError as error:
            if error.response["Error"]["Code"] != CONDITION:
                raise
            answer = error.response
        return answer

    def _failed(self, error: Exception) -> TableUnavailable:
        """Leave the table alone for a while, and longer each time; say why, once for each kind of failure."""
        code = error.response["Error"]["Code"] if isinstance(error, ClientError) else type(error).__name__
        why = f"the table {self.name} could not be reached: {ADVICE.get(code, code[:40])}"
        if not self.pause:
            seconds = min(LONGEST_PAUSE, FIRST_PAUSE * 2**self._failures)
            self._alone_until = asyncio.get_running_loop().time() + seconds
            self._failures, self._doubtful = self._failures + 1, True
            if code not in self._told:
                self._told.add(code)
                log.warning("%s; left alone for a while each time, and not mentioned again", why)
        return TableUnavailable(why)
