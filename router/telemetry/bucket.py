"""One bucket of S3: an object is written in the time that it is given, or not at all."""

import asyncio
import weakref

import aioboto3
from botocore.config import Config

CONFIG = Config(retries={"total_max_attempts": 1, "mode": "standard"})


class S3:
    """
    Writes objects. The role needs s3:PutObject on them.

    Each object has a connection of its own: one that is kept would die unnoticed while Lambda sleeps.
    """

    def __init__(self, name: str) -> None:
        self._name = name
        self._session = aioboto3.Session()
        self._runner = asyncio.Runner()
        self.close = weakref.finalize(self, self._runner.close)

    def put(self, key: str, body: bytes, seconds: float) -> None:
        """Write an object; raise what botocore raises, or TimeoutError, and then nothing is under way."""
        self._runner.run(self._put(key, body, seconds))

    async def _put(self, key: str, body: bytes, seconds: float) -> None:
        async with asyncio.timeout(seconds), self._session.client("s3", config=CONFIG) as client:
            await client.put_object(Bucket=self._name, Key=key, Body=body)
