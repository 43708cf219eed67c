"""
The connections to Bedrock: opened when needed, and kept some seconds for the next call.

A kept connection may be dead: the server closes it while Lambda sleeps, and nobody notices before the
next request on it fails, at once and without a byte of a reply. Such a request goes out once more, on
a connection that nobody has used.
"""

import asyncio
from contextvars import ContextVar
from dataclasses import dataclass
from weakref import WeakSet

import aiohttp
from aiohttp.connector import Connection
from aiohttp.tracing import Trace
from yarl import URL

from judges.bedrock.answer import Answer
from judges.bedrock.endpoints import Endpoint

CONNECT_SECONDS = 3
KEPT_SECONDS = 20
"""Idle connections are kept as long; a load balancer on the way drops them after 60 or later."""
STALE_SECONDS = 1
"""A dead connection says so within a round trip; one that dies later may have carried the question."""

FAILURES = (aiohttp.ClientError, OSError)
"""Everything that `post` may raise. asyncio's TimeoutError is an OSError."""
DROPPED = (aiohttp.ServerDisconnectedError, aiohttp.ClientOSError, aiohttp.ClientConnectionResetError)


@dataclass(slots=True)
class Attempt:
    """What one request wants of its connection, and what it got."""

    fresh: bool = False
    may_be_stale: bool = False
    """Whether it is on a connection that was used before, and no reply has begun."""


ATTEMPT: ContextVar[Attempt] = ContextVar("ATTEMPT")
"""This task's request: aiohttp hands nothing of ours down to its connector."""


class Connector(aiohttp.TCPConnector):
    """A pool that knows which of its connections were used before."""

    def __init__(self, connections: int) -> None:
        super().__init__(limit=connections, keepalive_timeout=KEPT_SECONDS)
        self._used = WeakSet[object]()

    async def connect(
        self,
        req: aiohttp.ClientRequest,
        traces: list[Trace],
        timeout: aiohttp.ClientTimeout,  # noqa: ASYNC109 - the signature is aiohttp's
    ) -> Connection:
        """Return a connection; close the used ones on the way to a fresh one, if one is wanted."""
        attempt = ATTEMPT.get()
        connection = await super().connect(req, traces, timeout)
        while attempt.fresh and connection.protocol in self._used:
            connection.close()
            connection = await super().connect(req, traces, timeout)
        attempt.may_be_stale = connection.protocol in self._used
        self._used.add(connection.protocol)
        return connection


class Pool:
    """At most `connections` connections over all endpoints, all of one event loop until `close`."""

    def __init__(self, connections: int) -> None:
        self._connections = connections
        self._session: aiohttp.ClientSession | None = None

    async def post(self, endpoint: Endpoint, path: str, headers: dict[str, str], body: bytes) -> Answer:
        """Send one request and return the whole response, whatever its status."""
        clock = asyncio.get_running_loop().time
        attempt, started = Attempt(), clock()
        try:
            return await self._sent(attempt, endpoint, path, headers, body)
        except DROPPED:
            if not attempt.may_be_stale or clock() - started > STALE_SECONDS:
                raise
        return await self._sent(Attempt(fresh=True), endpoint, path, headers, body)

    async def close(self) -> None:
        """Close every connection."""
        if self._session is not None:
            await self._session.close()
            self._session = None

    async def _sent(
        self, attempt: Attempt, endpoint: Endpoint, path: str, headers: dict[str, str], body: bytes
    ) -> Answer:
        ATTEMPT.set(attempt)
        async with self._opened().post(
            URL(endpoint.url + path, encoded=True),
            data=body,
            headers=headers,
            allow_redirects=False,
            proxy=endpoint.proxy,
            ssl=endpoint.trust,
        ) as response:
            attempt.may_be_stale = False
            error_type = response.headers.get("x-amzn-ErrorType", "")
            return Answer(response.status, error_type, await response.read())

    def _opened(self) -> aiohttp.ClientSession:
        if self._session is None:
            self._session = aiohttp.ClientSession(
                connector=Connector(self._connections),
                timeout=aiohttp.ClientTimeout(sock_connect=CONNECT_SECONDS),
                cookie_jar=aiohttp.DummyCookieJar(),
                headers={"Accept-Encoding": "identity"},
            )
        return self._session
