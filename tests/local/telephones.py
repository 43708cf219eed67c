"""A telephone for tests, and a local Bedrock that it is led to."""

import asyncio
from collections.abc import Callable, Coroutine, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import replace
from typing import Any

import pytest

from judges.base import Price, Prompt, Reply, Settings
from judges.bedrock import Telephone
from tests.local.bedrock import LocalBedrock

SCHEMA = {
    "type": "object",
    "properties": {"reason": {"type": "string"}, "verdict": {"enum": ["wrong", "right"]}},
    "required": ["reason", "verdict"],
}
BEST = {"reason": "placeholder", "verdict": "right"}
PROMPT = Prompt(
    system="You judge.", text="The student says: forty-two, because of the whales.", texts={}, schema=SCHEMA
)
SETTINGS = Settings(model="amazon.nova-lite-v1:0", price=Price(0.06, 0.24))

Serve = Callable[..., LocalBedrock]
Script = Callable[[Telephone], Coroutine[Any, Any, Any]]


@contextmanager
def serving(monkeypatch: pytest.MonkeyPatch) -> Iterator[Serve]:
    """Start local Bedrocks and point the SDK at the last, away from everything on this machine."""
    for name in (
        "AWS_PROFILE",
        "AWS_SESSION_TOKEN",
        "AWS_BEARER_TOKEN_BEDROCK",
        "AWS_REGION",
        "AWS_ENDPOINT_URL",
        "HTTP_PROXY",
        "http_proxy",
    ):
        monkeypatch.delenv(name, raising=False)
    with ExitStack() as running:

        def start(**options: Any) -> LocalBedrock:
            bedrock = running.enter_context(LocalBedrock(**options))
            for name, value in bedrock.environment.items():
                monkeypatch.setenv(name, value)
            return bedrock

        yield start


def with_telephone(script: Script, **options: Any) -> Any:
    """Run a script with a telephone of its own."""

    async def run() -> Any:
        telephone = Telephone(**options)
        try:
            return await script(telephone)
        finally:
            await telephone.close()

    return asyncio.run(run())


def call_once(prompt: Prompt = PROMPT, **settings: Any) -> Reply:
    """Make one call with a telephone of its own."""
    reply: Reply = with_telephone(lambda phone: phone.call(prompt, replace(SETTINGS, **settings)))
    return reply
