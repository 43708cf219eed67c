"""
How long a batch takes when a fifth of it goes to a judge: our handler beside boto3 and aioboto3.

    python -m benchmarks.makespan

512 rollouts, of which 103 are asked about at a local Bedrock in another process that takes 300 ms for each.
Ours is the whole invocation, from the event to the reply: 512 rows read, verified, judged, priced and
written. The others only make the 103 calls, with bodies that are ready: they verify nothing.

The floor is the server's: the longest that it took for one call of that round, by its own log. Nobody who
has to wait for every reply can be back sooner after the moment when the first request could go out.
The contestants take turns, and what counts is each round's ratio to its own floor.
"""

import asyncio
import json
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from statistics import median
from typing import Any

import aioboto3
import boto3
from botocore.config import Config
from tabulate import tabulate

from benchmarks.server import Server, serving
from benchmarks.stories import rollouts
from judges import dialect
from judges.base import Price, Settings
from judges.prompt import render
from judges.reference import Reference
from router.batch import make_handler
from router.policy import load_policy
from router.types import Message, Sample

ROWS, ASKED = 512, 103
LATENCY = 0.3
ROUNDS = 5
POLICY = """
version: 1
judge: {model: amazon.nova-lite-v1:0, region: us-east-1}
rules:
  - {name: math, when: {task: math}, verify: [math], judge: reference}
  - {name: rest, judge: reference}
"""
SETTINGS = Settings(model="amazon.nova-lite-v1:0", price=Price(0.06, 0.24))

Contestant = Callable[[int], None]
"""Goes through one round, whose number makes its questions new."""


def main() -> int:
    """Print the table."""
    with serving(LATENCY) as server, tempfile.TemporaryDirectory() as folder, asyncio.Runner() as runner:
        default, wide = Plain(runner, 10), Plain(runner, ASKED)
        contestants: dict[str, Contestant] = {
            "handler, 512 rows": ours(Path(folder)),
            "boto3, its default pool of 10": threaded(10),
            "boto3, 64 threads": threaded(64),
            "plain aioboto3, its default pool of 10": default.round,
            "plain aioboto3, a pool of 103": wide.round,
        }
        rounds = measured(server, contestants)
        default.close()
        wide.close()
    print(
        f"{ROWS} rollouts, {ASKED} of them asked about, a judge of {LATENCY * 1000:.0f} ms, {ROUNDS} rounds"
    )
    lines = [
        [name, *(f"{one:.3f}" for one in (min(took), median(took), median(floor), median(ratio)))]
        for name, (took, floor, ratio) in rounds.items()
    ]
    heads = ["", "least, s", "median, s", "floor, s", "against the floor"]
    print(tabulate(lines, heads, disable_numparse=True, colalign=("left", *["right"] * 4)))
    return 0


def measured(
    server: Server, contestants: dict[str, Contestant]
) -> dict[str, tuple[list[float], list[float], list[float]]]:
    """Run the contestants in turn after a warm-up; return each one's seconds, floors and their ratios."""
    rounds: dict[str, tuple[list[float], list[float], list[float]]] = {
        name: ([], [], []) for name in contestants
    }
    for number in range(ROUNDS + 1):
        for name, run in contestants.items():
            started = time.monotonic()
            run(number)
            took = time.monotonic() - started
            log = server.log()
            assert len(log) == ASKED, f"{name} made {len(log)} calls"
            floor = max(call.seconds for call in log)
            if number:
                for figures, figure in zip(rounds[name], (took, floor, took / floor), strict=True):
                    figures.append(figure)
    return rounds


def batch(number: int) -> list[dict[str, Any]]:
    """Return a round's rows: some that a verifier settles, the rest spread among them."""
    rows = rollouts(ROWS, seed=number)
    for index in range(0, ASKED * 4, 4):
        said = f"I would put it at about {number} and {index} hundredths of what you might expect."
        rows[index]["messages"][-1]["content"] = said
        rows[index] |= {"metadata": {"task": "estimate"}, "reference_answer": "a quarter"}
    return rows


def ours(folder: Path) -> Contestant:
    """The whole handler."""
    path = folder / "policy.yaml"
    path.write_text(POLICY, encoding="utf-8")
    handler = make_handler(load_policy(path), "bedrock", emit=lambda line: None)
    batches = [batch(number) for number in range(ROUNDS + 1)]

    def run(number: int) -> None:
        replies = handler(batches[number], None)
        assert len(replies) == ROWS  # type: ignore[arg-type]

    return run


def bodies() -> Sequence[dict[str, Any]]:
    """Return the parameters of the same calls."""
    asked = [row for row in batch(0) if row["metadata"]["task"] == "estimate"]
    parameters = []
    for row in asked:
        question, response = (message["content"] for message in row["messages"])
        sample = Sample(row["id"], (Message("user", question),), response, row["reference_answer"])
        prompt = render(Reference().ask(sample), SETTINGS.max_input_tokens)
        parameters.append({"modelId": SETTINGS.model, **json.loads(dialect.body(prompt, SETTINGS))})
    return parameters


def threaded(width: int) -> Contestant:
    """Make the calls from as many threads as the pool holds connections."""
    config = Config(max_pool_connections=width)
    client = boto3.client("bedrock-runtime", region_name="us-east-1", config=config)
    threads, parameters = ThreadPoolExecutor(width), bodies()

    def run(_: int) -> None:
        list(threads.map(lambda one: client.converse(**one), parameters))

    return run


class Plain:
    """aioboto3 as it is; the client is kept, as the handler keeps its connections."""

    def __init__(self, runner: asyncio.Runner, width: int) -> None:
        self._runner = runner
        self._parameters = bodies()
        session = aioboto3.Session(region_name="us-east-1")
        self._context = session.client("bedrock-runtime", config=Config(max_pool_connections=width))
        self._client = runner.run(self._context.__aenter__())

    def round(self, _: int) -> None:
        """Make the calls."""
        self._runner.run(self._all())

    async def _all(self) -> None:
        await asyncio.gather(*[self._client.converse(**one) for one in self._parameters])

    def close(self) -> None:
        """Hang up."""
        self._runner.run(self._context.__aexit__(None, None, None))


if __name__ == "__main__":
    sys.exit(main())
