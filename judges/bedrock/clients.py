"""One bedrock-runtime client for each region: opened when first asked for, kept until `close`."""

import asyncio
import json
import logging
import os
from collections.abc import Mapping
from contextlib import AsyncExitStack
from contextvars import ContextVar
from functools import cached_property
from types import MappingProxyType
from typing import Any, Protocol, cast
from urllib.parse import urlsplit

import aioboto3
from botocore.config import Config
from botocore.exceptions import BotoCoreError

from router.errors import JudgeRejected

CONNECT_SECONDS = 3
READ_SECONDS = 900
"""As long as a Lambda lives: the attempt's own timeout, which is shorter, decides."""

AWS_DOMAINS = (
    ".amazonaws.com",
    ".amazonaws.com.cn",
    ".amazonaws.eu",
    ".api.aws",
    ".api.amazonwebservices.com.cn",
    ".api.amazonwebservices.eu",
    ".c2s.ic.gov",
    ".sc2s.sgov.gov",
    ".cloud.adc-e.uk",
    ".csp.hci.ic.gov",
)
"""Where AWS answers, by the suffixes in botocore's `partitions.json`."""

NEWER_FIELDS: ContextVar[Mapping[str, object]] = ContextVar("NEWER_FIELDS", default=MappingProxyType({}))
"""What the next call of this task adds to its body, because the pinned SDK would refuse it."""

log = logging.getLogger(__name__)


class Client(Protocol):
    """What we use of aioboto3's untyped client."""

    async def converse(self, **parameters: object) -> Mapping[str, object]:
        """Send one request; raises botocore's errors."""


class Clients:
    """The open clients by region, all of one event loop."""

    def __init__(self, connections: int) -> None:
        self._connections = connections
        self._open: dict[str, Client] = {}
        self._stack = AsyncExitStack()

    def region(self, wanted: str) -> str:
        """Return the region to call: the one wanted, or else the SDK's own."""
        try:
            region = wanted or os.environ.get("AWS_REGION") or cast("str | None", self._session.region_name)
        except BotoCoreError as error:
            raise JudgeRejected(f"the AWS configuration cannot be read: {error}") from error
        if not region:
            raise JudgeRejected("no AWS region: set `region` beside the judge's `model`, or AWS_REGION")
        return region

    async def of(self, region: str) -> Client:
        """Return the region's client. Many tasks may ask at once; one of them opens it."""
        async with self._opening:
            if region not in self._open:
                self._open[region] = await self._opened(region)
        return self._open[region]

    async def close(self) -> None:
        """Hang up everywhere."""
        self._open.clear()
        await self._stack.aclose()

    @cached_property
    def _session(self) -> Any:
        return aioboto3.Session()

    @cached_property
    def _opening(self) -> asyncio.Lock:
        return asyncio.Lock()

    async def _opened(self, region: str) -> Client:
        """Return a new client; its own retries are off, because the telephone's are on."""
        config = Config(
            retries={"total_max_attempts": 1, "mode": "standard"},
            connect_timeout=CONNECT_SECONDS,
            read_timeout=READ_SECONDS,
            max_pool_connections=self._connections,
        )
        opening = self._session.client("bedrock-runtime", region_name=region, config=config)
        try:
            client = await self._stack.enter_async_context(opening)
        except ValueError as error:
            raise JudgeRejected(f"Bedrock cannot be called in {region}: {error}") from error
        client.meta.events.register("before-call.bedrock-runtime.Converse", add_newer_fields)
        warn_of_strangers(client.meta.endpoint_url)
        return cast("Client", client)


def warn_of_strangers(url: str) -> None:
    """Say where the calls go if it is not AWS: a stray AWS_ENDPOINT_URL is honoured in production too."""
    host = urlsplit(url).hostname
    if not f".{host}".endswith(AWS_DOMAINS):
        log.warning("Bedrock is called at %s, which is not AWS: see AWS_ENDPOINT_URL", host)


def add_newer_fields(params: dict[str, Any], **_: object) -> None:
    """Add this call's newer fields to the serialised body; it is signed afterwards."""
    if fields := NEWER_FIELDS.get():
        params["body"] = json.dumps({**json.loads(params["body"]), **fields}).encode()
