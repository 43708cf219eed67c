"""
AWS on loopback: moto as an account of its own, and two services that are ours, Bedrock's models and Invoke.

`cloud` has functions that run under AWS's runtime, `account` one that runs in this process.
"""

import itertools
from collections.abc import Iterable
from contextlib import ExitStack
from dataclasses import dataclass, field
from typing import Any, Self
from urllib.parse import unquote

from tests.local import sdk
from tests.local.bedrock import LocalBedrock
from tests.local.moto import Environ, Start, application, moto, say
from tests.local.servers import Answer

INVOKE = ("/2015-03-31/functions/", "/invocations")
ACCOUNTS = itertools.count(100000000001)


@dataclass(kw_only=True)
class LocalAWS:
    """The account, as a context manager; `bedrock` may be one that fails or waits."""

    bedrock: LocalBedrock = field(default_factory=LocalBedrock)
    account: str = field(default_factory=lambda: str(next(ACCOUNTS)), init=False)
    url: str = field(default="", init=False)
    """Where every service but bedrock-runtime answers."""
    until_done: ExitStack = field(default_factory=ExitStack, init=False)

    def __enter__(self) -> Self:
        self.until_done.enter_context(self.bedrock)
        self.url = self.until_done.enter_context(application(self._answer))
        return self

    def __exit__(self, *_: object) -> None:
        self.until_done.close()

    def invoked(self, function: str, payload: bytes) -> Answer:
        """Answer an Invoke of a function, which is named by its name or its ARN."""
        raise NotImplementedError

    def made_up(self, path: str, target: str) -> Answer | None:
        """Answer what moto would get wrong; None leaves it to moto."""
        return None

    @property
    def environment(self) -> dict[str, str]:
        """The variables that lead an SDK here and to nowhere else; the credentials open nothing."""
        return self.bedrock.environment | sdk.environment(self.url)

    def client(self, service: str) -> Any:
        """Return boto3's client of a service."""
        return sdk.client(service, self.bedrock.url if service == "bedrock-runtime" else self.url)

    def _answer(self, environ: Environ, start: Start) -> Iterable[bytes]:
        path, (before, after) = environ["PATH_INFO"], INVOKE
        if answer := self.made_up(path, environ.get("HTTP_X_AMZ_TARGET", "")):
            return say(answer, start)
        if path.startswith(before) and path.endswith(after):
            payload = environ["wsgi.input"].read(int(environ.get("CONTENT_LENGTH") or 0))
            function = unquote(path.removeprefix(before).removesuffix(after))
            return say(self.invoked(function, payload), start)
        return moto()(environ | {"HTTP_X_MOTO_ACCOUNT_ID": self.account}, start)
