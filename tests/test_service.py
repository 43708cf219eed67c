"""A client of an AWS service is opened late, kept while it is of use, and replaced when it may be dead."""

import asyncio
from collections.abc import AsyncIterator, Callable, Coroutine
from contextlib import asynccontextmanager
from typing import Any

import pytest

from router.service import KEPT_SECONDS, Connecting, Service
from tests.local.sdk import lead_to


class Opened:
    """A service whose clients are numbers; `log` says when which was opened and closed."""

    def __init__(self) -> None:
        self.now = 1e9
        self.log: list[str] = []
        self.service = Service(self._connect, now=lambda: self.now)

    @asynccontextmanager
    async def _connect(self) -> AsyncIterator[int]:
        number = sum(line.startswith("open") for line in self.log) + 1
        self.log.append(f"open {number}")
        yield number
        self.log.append(f"close {number}")

    async def used(self) -> int:
        """Return the number of the client that one gets."""
        async with self.service.client() as client:
            return int(client)


Script = Callable[[Opened], Coroutine[Any, Any, None]]


def played(script: Script) -> list[str]:
    async def main() -> list[str]:
        opened = Opened()
        await script(opened)
        await opened.service.close()
        return opened.log

    return asyncio.run(main())


def test_nobody_opens_what_nobody_wants_and_many_open_it_once() -> None:
    async def script(opened: Opened) -> None:
        assert not opened.service.opened
        assert await asyncio.gather(*(opened.used() for _ in range(9))) == [1] * 9
        assert opened.service.opened

    assert played(script) == ["open 1", "close 1"]


def test_a_client_whose_connections_may_have_died_unused_is_replaced() -> None:
    async def script(opened: Opened) -> None:
        for pause, client in ((0, 1), (KEPT_SECONDS, 1), (KEPT_SECONDS + 1, 2)):
            opened.now += pause
            assert await opened.used() == client

    assert played(script) == ["open 1", "close 1", "open 2", "close 2"]


def test_a_client_that_somebody_uses_all_the_while_is_kept() -> None:
    async def script(opened: Opened) -> None:
        async with opened.service.client():
            opened.now += KEPT_SECONDS + 1
            assert await opened.used() == 1

    assert played(script) == ["open 1", "close 1"]


def test_a_client_that_has_failed_is_replaced_even_while_others_use_it() -> None:
    async def script(opened: Opened) -> None:
        async with opened.service.client():
            opened.service.doubtful = True
            assert await opened.used() == 2

    assert played(script) == ["open 1", "close 1", "open 2", "close 2"]


@pytest.mark.parametrize(("service", "named"), [("dynamodb", "DynamoDB"), ("lambda", "Lambda")])
def test_a_host_that_is_not_aws_is_named_once(
    service: str, named: str, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    lead_to(service, "http://127.0.0.1:9", monkeypatch)

    async def twice() -> None:
        connect = Connecting(service)
        for _ in range(2):
            async with connect() as client:
                assert client.meta.config.retries["total_max_attempts"] == 1

    asyncio.run(twice())
    assert [record.getMessage() for record in caplog.records] == [
        f"{named} is called at 127.0.0.1, which is not AWS: see AWS_ENDPOINT_URL"
    ]
