"""
A client of an AWS service, on one event loop: opened when it is wanted, and kept while its connections live.

botocore retries nothing: whoever calls knows what may be asked again, and until when.
"""

import asyncio
import os
import time
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from functools import cached_property
from typing import Any

import aioboto3
from botocore.config import Config

from router.strangers import warn_of_strangers

KEPT_SECONDS = 20
"""Idle connections are kept as long, by a clock that goes on while Lambda sleeps: they die unnoticed."""

Connect = Callable[[], AbstractAsyncContextManager[Any]]


class Connecting:
    """
    Opens clients of a service in the function's own region; `options` are botocore's.

    The first one takes a tenth of a second, others little.
    """

    def __init__(self, service: str, **options: Any) -> None:
        self._service = service
        self._options = {
            "retries": {"total_max_attempts": 1, "mode": "standard"},
            "parameter_validation": False,
            **options,
        }
        self._known = False
        """Whether it was looked at where it is called."""

    @asynccontextmanager
    async def __call__(self) -> AsyncIterator[Any]:
        """Open a client."""
        async with self._session.client(self._service, config=Config(**self._options)) as client:
            if not self._known:
                warn_of_strangers(client.meta.service_model.service_id, client.meta.endpoint_url)
                self._known = True
            yield client

    @cached_property
    def _session(self) -> Any:
        return aioboto3.Session(region_name=os.environ.get("AWS_REGION"))


class Service:
    """
    The client, for whoever wants it at the moment.

    `connect` returns one to enter; `now` returns the seconds since the epoch.
    """

    def __init__(self, connect: Connect, *, now: Callable[[], float] = time.time) -> None:
        self._connect = connect
        self.now = now
        self._opening = asyncio.Lock()
        self._way: AbstractAsyncContextManager[Any] | None = None
        self._client: Any = None
        self._users = 0
        self._used_at = 0.0
        self.doubtful = False
        """Whether the client has failed, and is to be replaced even while others use it."""
        self.opened = False
        """Whether it was ever opened: from then on opening it again takes little time."""

    @asynccontextmanager
    async def client(self) -> AsyncIterator[Any]:
        """Lend the client, opened."""
        self._users += 1
        try:
            await self.open()
            yield self._client
        finally:
            self._users -= 1

    async def open(self) -> None:
        """Get ready; replace a client that has failed, or whose connections may have died unused."""
        async with self._opening:
            idle = self._users <= 1 and self.now() - self._used_at > KEPT_SECONDS
            if self.doubtful or idle:
                await self.close()
            if self._client is None:
                way = self._connect()
                self._client = await way.__aenter__()
                self._way, self.doubtful, self.opened = way, False, True
            self._used_at = self.now()

    async def close(self) -> None:
        """Close the connections; the next call opens them again."""
        way, self._way, self._client = self._way, None, None
        if way is not None:
            await way.__aexit__(None, None, None)
