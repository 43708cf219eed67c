"""
One question to Bedrock: one HTTP request, its reply, or a `JudgeError` of the right kind.

Nothing here waits, retries or gives up: what calls decides that. Two requests go out for one call
only where the first cannot have been worked on: its connection had died unnoticed while it was kept,
or its credentials had expired and newer ones are there.
"""

from judges.base import Prompt, Reply, Settings
from judges.bedrock.answer import Answer
from judges.bedrock.credentials import Access
from judges.bedrock.endpoints import Endpoint, Endpoints
from judges.bedrock.failures import CREDENTIALS, network_error, refusal
from judges.bedrock.pool import FAILURES, Pool
from judges.dialect import body, decoded, path, read


class Telephone:
    """
    Calls models through Bedrock's Converse, over at most `in_flight` connections; the switchboard, which
    makes no more calls than that at once, is what bounds them.

    Belongs to one event loop until `close`: its connections are used again. Session, credentials,
    regions and endpoints are aioboto3's; the request is ours, because aioboto3 spends more than twice
    the CPU on it and refuses the fields that it does not know yet.
    """

    def __init__(self, *, in_flight: int = 512) -> None:
        self._pool = Pool(in_flight)
        self._endpoints = Endpoints()
        self._access = Access()

    async def open(self, settings: Settings) -> None:
        """Find out where and as whom a model is called; raise JudgeRejected where it cannot be."""
        await self._endpoints.at(settings.region, self._access.session)
        await self._access.signer()

    async def call(self, prompt: Prompt, settings: Settings) -> Reply:
        """
        Return the model's reply.

        Raises JudgeThrottled, JudgeUnavailable, JudgeLost, JudgeRejected or JudgeUnreadable. Only
        connecting has a timeout; a call that is cancelled closes its connection.
        """
        endpoint = await self._endpoints.at(settings.region, self._access.session)
        where = f"{settings.model} in {endpoint.region}"
        try:
            answer = await self._ask(endpoint, path(settings), body(prompt, settings))
        except FAILURES as error:
            raise network_error(error, where) from error
        if answer.status != 200:
            raise refusal(answer, prompt, where)
        return read(decoded(answer.body, settings), settings)

    async def close(self) -> None:
        """Hang up. Belongs on the loop that the calls were made on; afterwards another may be called from."""
        await self._pool.close()
        self._endpoints, self._access = Endpoints(), Access()

    async def _ask(self, endpoint: Endpoint, at: str, sent: bytes) -> Answer:
        access = self._access
        signer = await access.signer()
        answer = await self._pool.post(endpoint, at, signer.headers(endpoint, at, sent), sent)
        if answer.status == 200 or answer.code not in CREDENTIALS:
            return answer
        if self._access is access:  # many calls find out at once; one of them is the first
            self._access = Access()
        newer = await self._access.signer()
        if newer == signer:
            return answer
        return await self._pool.post(endpoint, at, newer.headers(endpoint, at, sent), sent)
