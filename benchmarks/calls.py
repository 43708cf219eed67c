"""
What one call to a judge costs in CPU: the telephone beside plain aioboto3, and boto3 in threads.

    python -m benchmarks.calls

Each asks the same question of a local Bedrock in another process, so many calls at once, and reads the
reply. Only this process is counted. The contestants take turns, and what counts is the ratio of the
medians: the machine's own speed drifts. There is no TLS, which would cost each of them the same.
"""

import asyncio
import json
import sys
import time
from collections.abc import Awaitable, Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import aioboto3
import boto3
from botocore.config import Config

from benchmarks.server import serving
from benchmarks.speed import table
from benchmarks.stories import rollouts
from judges import dialect
from judges.base import Price, Settings
from judges.bedrock import Telephone
from judges.prompt import render
from judges.reference import Reference
from router.types import Message, Sample

AT_ONCE = 64
CALLS = 640
ROUNDS = 15
LATENCY = 0.05

SETTINGS = Settings(model="amazon.nova-lite-v1:0", price=Price(0.06, 0.24))
SDK = Config(max_pool_connections=AT_ONCE, retries={"total_max_attempts": 1, "mode": "standard"})


def main() -> int:
    """Print the table."""
    with serving(LATENCY):
        taken = asyncio.run(measured())
    print(
        f"A call to a judge, {AT_ONCE} at once, {CALLS} calls a round, {ROUNDS} rounds, microseconds of CPU"
    )
    print(table(taken, "plain aioboto3"))
    return 0


async def measured() -> dict[str, list[float]]:
    """Return microseconds of CPU a call for each contestant, a figure a round."""
    [row] = rollouts(1)
    asked, answered = (message["content"] for message in row["messages"])
    sample = Sample(
        id="a", prompt=(Message("user", asked),), response=answered, reference=row["reference_answer"]
    )
    prompt = render(Reference().ask(sample), SETTINGS.max_input_tokens)
    parameters = {"modelId": SETTINGS.model, **json.loads(dialect.body(prompt, SETTINGS))}
    telephone, threads = Telephone(in_flight=AT_ONCE), ThreadPoolExecutor(AT_ONCE)
    in_threads = boto3.client("bedrock-runtime", config=SDK)
    async with aioboto3.Session().client("bedrock-runtime", config=SDK) as plain:
        contestants = {
            "telephone": lambda: at_once(lambda: telephone.call(prompt, SETTINGS)),
            "plain aioboto3": lambda: at_once(lambda: plain.converse(**parameters)),
            "boto3 in threads": lambda: threaded(threads, in_threads, parameters),
        }
        taken = await interleaved(contestants)
    await telephone.close()
    threads.shutdown()
    in_threads.close()
    return taken


async def interleaved(contestants: Mapping[str, Callable[[], Awaitable[None]]]) -> dict[str, list[float]]:
    """Run the contestants in turn, ROUNDS times after a warm-up."""
    taken: dict[str, list[float]] = {name: [] for name in contestants}
    for round_number in range(ROUNDS + 1):
        for name, run in contestants.items():
            started = time.process_time()
            await run()
            if round_number:
                taken[name].append((time.process_time() - started) / CALLS * 1e6)
    return taken


async def at_once(call: Callable[[], Awaitable[object]]) -> None:
    """Make CALLS calls, AT_ONCE at a time."""

    async def one_after_the_other() -> None:
        for _ in range(CALLS // AT_ONCE):
            await call()

    await asyncio.gather(*(one_after_the_other() for _ in range(AT_ONCE)))


async def threaded(threads: ThreadPoolExecutor, client: Any, parameters: Mapping[str, object]) -> None:
    """Make CALLS calls from as many threads as may call at once."""
    list(threads.map(lambda _: client.converse(**parameters), range(CALLS)))


if __name__ == "__main__":
    sys.exit(main())
