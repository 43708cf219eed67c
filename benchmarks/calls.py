"""
What one call to a judge costs in CPU: the telephone beside plain aioboto3, and boto3 in threads.

    python -m benchmarks.calls

Each asks the same question of a local Bedrock in another process, so many calls at once, and reads the
reply. Only this process is counted. The contestants take turns, and what counts is the ratio of the
medians: the machine's own speed drifts. There is no TLS, which would cost each of them the same.
"""

import asyncio
import json
import os
import re
import subprocess
import sys
import time
from collections.abc import Awaitable, Callable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from signal import SIGINT
from typing import Any

import aioboto3
import boto3
from botocore.config import Config

from benchmarks.speed import table
from benchmarks.stories import rollouts
from judges.base import Price, Settings
from judges.bedrock import Telephone, dialect
from judges.prompt import render
from judges.reference import Reference
from router.types import Message, Sample
from tests.local_bedrock import LocalBedrock

ROOT = Path(__file__).parents[1]
AT_ONCE = 64
CALLS = 640
ROUNDS = 15
LATENCY = 0.05

SETTINGS = Settings(model="amazon.nova-lite-v1:0", price=Price(0.06, 0.24))
SDK = Config(max_pool_connections=AT_ONCE, retries={"total_max_attempts": 1, "mode": "standard"})


def main() -> int:
    """Print the table."""
    with local_bedrock():
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


@contextmanager
def local_bedrock() -> Iterator[None]:
    """Serve from a process of its own, and lead every SDK there and to nowhere else."""
    command = [sys.executable, "-m", "tests.local_bedrock", "--latency", str(LATENCY)]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) as server:
        assert server.stdout is not None
        found = re.search(r"127\.0\.0\.1:(\d+)", server.stdout.readline())
        assert found, "the local Bedrock did not start"
        for name in [name for name in os.environ if name.startswith("AWS_")]:
            del os.environ[name]
        os.environ.update(LocalBedrock(port=int(found[1])).environment)
        try:
            yield
        finally:
            server.send_signal(SIGINT)


if __name__ == "__main__":
    sys.exit(main())
