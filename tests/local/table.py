"""
The shared table for tests: moto's DynamoDB over HTTP on loopback, and clients that only pretend.

    with local_dynamodb(monkeypatch) as dynamodb:      # a table called `verdicts`, and the way to it
        ...
    assert dynamodb.items() == []
"""

import asyncio
import uuid
from collections.abc import Callable, Iterator
from contextlib import AbstractAsyncContextManager, asynccontextmanager, contextmanager
from dataclasses import dataclass, field
from typing import Any

import pytest

from router.shared import Waits
from tests.local import sdk
from tests.local.moto import application, moto

PATIENT = Waits(verdicts=60.0, write=60.0, lease=60.0)
"""For real sockets: a batch waits as long as a loaded machine takes."""

Respond = Callable[..., Any]


@dataclass(frozen=True)
class LocalTable:
    """One table of moto's, seen from outside."""

    name: str
    client: Any

    def items(self) -> list[dict[str, Any]]:
        """Everything that is in it, as DynamoDB writes it."""
        found: list[dict[str, Any]] = self.client.scan(TableName=self.name)["Items"]
        return found

    def put(self, **item: Any) -> None:
        """Put an item in, as anybody might."""
        self.client.put_item(TableName=self.name, Item=item)


@contextmanager
def local_dynamodb(monkeypatch: pytest.MonkeyPatch) -> Iterator[LocalTable]:
    """Make a table of its own, and lead the SDK to it."""
    with application(moto()) as url:
        sdk.lead_to("dynamodb", url, monkeypatch)
        client = sdk.client("dynamodb", url)
        name = f"verdicts-{uuid.uuid4().hex[:8]}"
        client.create_table(
            TableName=name,
            KeySchema=[{"AttributeName": "id", "KeyType": "HASH"}],
            AttributeDefinitions=[{"AttributeName": "id", "AttributeType": "S"}],
            BillingMode="PAY_PER_REQUEST",
        )
        client.update_time_to_live(
            TableName=name, TimeToLiveSpecification={"Enabled": True, "AttributeName": "expires"}
        )
        try:
            yield LocalTable(name, client)
        finally:
            client.delete_table(TableName=name)
            client.close()


@dataclass
class PretendedDynamoDB:
    """
    A DynamoDB without a network, for virtual time: an operation takes `seconds`.

    `respond(operation, **request)` returns the answer, or raises. Use it as a table's `connect`.
    """

    respond: Respond
    seconds: float = 0.005
    opening_seconds: float = 0.0
    log: list[tuple[float, str]] = field(default_factory=list)
    """When what was asked for; `open` and `close` included."""

    def __call__(self) -> AbstractAsyncContextManager[Any]:
        """Return a client to enter."""
        return self._client()

    @asynccontextmanager
    async def _client(self) -> Any:
        self._note("open")
        await asyncio.sleep(self.opening_seconds)
        yield self
        self._note("close")

    def __getattr__(self, operation: str) -> Callable[..., Any]:
        if operation.startswith("_"):
            raise AttributeError(operation)

        async def called(**request: Any) -> Any:
            self._note(operation)
            await asyncio.sleep(self.seconds)
            return self.respond(operation, **request)

        return called

    def _note(self, what: str) -> None:
        self.log.append((asyncio.get_running_loop().time(), what))

    @property
    def asked(self) -> list[str]:
        """What was asked for."""
        return [what for _, what in self.log]


def remembering(operation: str, *, kept: dict[str, Any], **request: Any) -> dict[str, Any]:
    """Respond like a table that works, and keeps its items in `kept`."""
    if operation == "put_item":
        kept[request["Item"]["id"]["S"]] = request["Item"]
        return {}
    if operation == "update_item":
        return {"Attributes": {"spent": request["ExpressionAttributeValues"][":lease"]}}
    [(name, wanted)] = request["RequestItems"].items()
    ids = [key["id"]["S"] for key in wanted["Keys"]]
    return {"Responses": {name: [kept[one] for one in ids if one in kept]}, "UnprocessedKeys": {}}
