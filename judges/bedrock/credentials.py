"""As whom Bedrock is called: a Bedrock API key if there is one, or else the session's credentials."""

import asyncio
import os
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import aioboto3
from botocore.auth import SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.exceptions import BotoCoreError, NoCredentialsError

from judges.bedrock.endpoints import Endpoint
from judges.bedrock.failures import NO_CREDENTIALS, credentials_error
from router.errors import JudgeRejected

API_KEY = "AWS_BEARER_TOKEN_BEDROCK"
"""botocore, too, prefers it to every other credential."""
SERVICE = "bedrock"
"""What `bedrock-runtime` signs for."""
CONTENT = {"Content-Type": "application/json"}


@dataclass(frozen=True, slots=True)
class ApiKey:
    """Shows a Bedrock API key."""

    token: str = field(repr=False)

    def headers(self, endpoint: Endpoint, path: str, body: bytes) -> dict[str, str]:
        """Return the headers of a request."""
        return {**CONTENT, "Authorization": f"Bearer {self.token}"}


@dataclass(frozen=True, slots=True)
class Keys:
    """Signs with Signature Version 4."""

    access_key: str
    secret_key: str = field(repr=False)
    token: str | None = field(repr=False)

    def headers(self, endpoint: Endpoint, path: str, body: bytes) -> dict[str, str]:
        """Return the headers of a request, the signature of all of it among them."""
        request = AWSRequest("POST", endpoint.url + path, CONTENT, body)
        SigV4Auth(self, SERVICE, endpoint.region).add_auth(request)
        return dict(request.headers.items())


class Access:
    """One session and the credentials that it found; credentials that expire are renewed by aioboto3."""

    def __init__(self) -> None:
        self._looking = asyncio.Lock()
        self._looked = False
        self._credentials: Any = None

    @cached_property
    def session(self) -> Any:
        """The session; reads the environment and the AWS configuration."""
        try:
            return aioboto3.Session()
        except BotoCoreError as error:
            raise JudgeRejected(f"the AWS configuration cannot be read: {error}") from error

    async def signer(self) -> ApiKey | Keys:
        """Return what signs a request now; raise JudgeRejected where there are no credentials."""
        if token := os.environ.get(API_KEY):
            return ApiKey(token)
        try:
            frozen = await (await self._found()).get_frozen_credentials()
        except NO_CREDENTIALS as error:
            raise credentials_error(error) from error
        return Keys(frozen.access_key, frozen.secret_key, frozen.token)

    async def _found(self) -> Any:
        """Return the session's credentials. Many tasks may ask at once; one of them looks, once."""
        async with self._looking:
            if not self._looked:
                self._credentials = await self.session.get_credentials()
                self._looked = True
        if self._credentials is None:
            raise NoCredentialsError
        return self._credentials
