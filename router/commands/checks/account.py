"""AWS as the operator's credentials see it: clients of botocore's, and its errors in words."""

import os
from collections.abc import Iterable, Iterator
from functools import partial
from threading import Lock
from typing import Any
from urllib.parse import urlsplit

import boto3
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError, NoCredentialsError, ProfileNotFound

from router.commands.checks.remarks import Check, Mark, Remark, note
from router.commands.text import one_line
from router.errors import RouterError
from router.strangers import AWS_DOMAINS

SERVICES = ("lambda", "bedrock-runtime", "bedrock", "service-quotas")

WITHOUT_CREDENTIALS = (
    "no AWS credentials: run `aws sso login` and set AWS_PROFILE, or set AWS_ACCESS_KEY_ID and the like"
)
EXPIRED = ("ExpiredToken", "ExpiredTokenException")
DENIED = ("AccessDenied", "AccessDeniedException", "UnauthorizedException")

CONNECT_SECONDS = 5
READ_SECONDS = 30
LONGEST = 300
"""Characters of AWS's words that are shown."""


class Account:
    """
    The account, seen from one region.

    Raises RouterError where there are no credentials or no region: nothing can be looked at then. The
    SDK's own variables count, endpoints included.
    """

    def __init__(self, region: str) -> None:
        try:
            self._session = boto3.Session()
            if self._session.get_credentials() is None:
                raise RouterError(WITHOUT_CREDENTIALS)
        except ProfileNotFound as error:
            raise RouterError(f"{error}: set AWS_PROFILE to one of yours") from None
        except (BotoCoreError, ClientError) as error:
            raise RouterError(f"no AWS credentials: {in_words(error)}") from None
        self.region = region or os.environ.get("AWS_REGION") or self._session.region_name or ""
        if not self.region:
            raise RouterError("no AWS region: give --region or the function's whole ARN, or set AWS_REGION")
        self._clients: dict[tuple[str, str, int], Any] = {}
        self._one_at_a_time = Lock()

    def client(self, service: str, region: str = "", *, wait: int = READ_SECONDS, attempts: int = 3) -> Any:
        """Return the client of a service, which waits `wait` seconds for a reply."""
        key = (service, region or self.region, wait)
        with self._one_at_a_time:  # a session of boto3's is not for several threads, its clients are
            if key not in self._clients:
                retries = {"total_max_attempts": attempts, "mode": "standard"}
                config = Config(connect_timeout=CONNECT_SECONDS, read_timeout=wait, retries=retries)
                self._clients[key] = self._session.client(service, region_name=key[1], config=config)
        return self._clients[key]

    def strangers(self) -> Iterator[Remark]:
        """Name every endpoint that is not AWS: a stray AWS_ENDPOINT_URL would be believed."""
        strange = [service for service in SERVICES if not self.is_aws(service)]
        if strange:
            named = ", ".join(f"{service} at {self._url(service)}" for service in strange)
            yield note("endpoints", f"this is not AWS (see AWS_ENDPOINT_URL): {named}")

    def is_aws(self, service: str) -> bool:
        """Say whether AWS itself answers for a service, and nobody in its place."""
        return f".{urlsplit(self._url(service)).hostname}".endswith(AWS_DOMAINS)

    def _url(self, service: str) -> str:
        return str(self.client(service).meta.endpoint_url)


def guarded(about: str, mark: Mark, check: Check) -> Check:
    """Return the check with AWS's refusals turned into a remark."""
    return partial(_guarded, about, mark, check)


def _guarded(about: str, mark: Mark, check: Check) -> Iterable[Remark]:
    try:
        yield from check()
    except NoCredentialsError:
        raise RouterError(WITHOUT_CREDENTIALS) from None
    except (BotoCoreError, ClientError) as error:
        yield Remark(mark, about, f"not checked: {in_words(error)}")


def code_of(error: Exception) -> str:
    """Return AWS's name for an error; the exception's where it did not come from AWS."""
    return str(error.response["Error"]["Code"]) if isinstance(error, ClientError) else type(error).__name__


def in_words(error: Exception) -> str:
    """Say in one line what AWS refused, and what helps where that is known."""
    if not isinstance(error, ClientError):
        return f"{one_line(str(error), LONGEST)} ({type(error).__name__})"
    code, said = code_of(error), one_line(error.response["Error"].get("Message", ""), LONGEST)
    if code in EXPIRED:
        return "your credentials have expired: run `aws sso login`, or set new ones"
    if code in DENIED:
        return f"your credentials lack a permission: {said or error.operation_name}"
    return f"{error.operation_name} says {code}: {said}"
