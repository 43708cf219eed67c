"""
How fast: microseconds for a verified sample, and the cold start of the verify-only path.

    python -m benchmarks.speed

Each contestant runs in turn with the others, many times over, and what counts is the ratio of the
medians: the machine's own speed drifts.
"""

import compileall
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from py_compile import PycInvalidationMode
from statistics import median
from typing import Any

from math_verify import parse, verify
from tabulate import tabulate

from benchmarks.stories import rollouts
from router.batch import make_handler
from router.policy import load_policy

ROOT = Path(__file__).parents[1]
ROWS = 128
ROUNDS = 60
STARTS = 15

BOTO3 = "import boto3; boto3.client('bedrock-runtime', region_name='us-east-1')"
FIRST_ANSWER = (
    "from router.handler import lambda_handler;"
    "row = {'id': 'a', 'messages': [{'role': 'user', 'content': '2+2?'},"
    " {'role': 'assistant', 'content': 'The answer is 4.'}],"
    " 'reference_answer': '4', 'metadata': {'task': 'math'}};"
    "[reward] = lambda_handler([row], None); assert reward['aggregate_reward_score'] == 1.0"
)


def main() -> int:
    """Print both tables."""
    print(f"A verified sample, {ROWS} rows a batch, {ROUNDS} rounds, microseconds a row")
    print(table(per_sample(), "handler"))
    print()
    print(f"A fresh interpreter until its first answer, byte code as shipped, {STARTS} starts, milliseconds")
    print(table(cold_starts(), "boto3 client"))
    return 0


def per_sample() -> dict[str, list[float]]:
    """Return microseconds a row for each contestant, a figure a round."""
    rows = rollouts(ROWS)
    handler = make_handler(load_policy(), "none", emit=lambda line: None)
    contestants: dict[str, Callable[[], object]] = {
        "handler": lambda: handler(rows, None),
        "math-verify": lambda: [_math_verify(row) for row in rows],
        "plain ==": lambda: [_plain(row) for row in rows],
    }
    return {
        name: [seconds / ROWS * 1e6 for seconds in taken]
        for name, taken in interleaved(contestants, ROUNDS).items()
    }


def _math_verify(row: Mapping[str, Any]) -> object:
    return verify(parse(row["reference_answer"]), parse(row["messages"][-1]["content"]))


def _plain(row: Mapping[str, Any]) -> object:
    response = row["messages"][-1]["content"]
    return response.rpartition(" ")[2] == row["reference_answer"]


def cold_starts() -> dict[str, list[float]]:
    """Return milliseconds of a whole process for each contestant, a figure a start."""
    with tempfile.TemporaryDirectory() as folder:
        artifact = as_shipped(Path(folder))
        contestants: dict[str, Callable[[], object]] = {
            "router, first answer": lambda: _python(FIRST_ANSWER, artifact),
            "boto3 client": lambda: _python(BOTO3, artifact),
            "python alone": lambda: _python("pass", artifact),
        }
        return {
            name: [seconds * 1e3 for seconds in taken]
            for name, taken in interleaved(contestants, STARTS).items()
        }


def as_shipped(folder: Path) -> Path:
    """Copy our packages as the artifact holds them: the policy checked, byte code beside the source."""
    for name in ("router", "verifiers", "judges", "config"):
        shutil.copytree(ROOT / name, folder / name, ignore=shutil.ignore_patterns("__pycache__"))
    kept = [sys.executable, "-m", "router.policy.compiled", str(folder / "config")]
    subprocess.run(kept, cwd=ROOT, check=True)
    compileall.compile_dir(folder, quiet=1, invalidation_mode=PycInvalidationMode.UNCHECKED_HASH)
    return folder


def _python(code: str, folder: Path) -> None:
    environment = {**os.environ, "PYTHONPATH": str(folder), "JUDGE": "bedrock"}
    command = [sys.executable, "-c", code]
    subprocess.run(command, cwd=folder, env=environment, check=True, stdout=subprocess.DEVNULL)


def interleaved(contestants: Mapping[str, Callable[[], object]], rounds: int) -> dict[str, list[float]]:
    """Run the contestants in turn, `rounds` times after a warm-up; return the seconds of each run."""
    taken: dict[str, list[float]] = {name: [] for name in contestants}
    for round_number in range(rounds + 1):
        for name, run in contestants.items():
            started = time.perf_counter()
            run()
            if round_number:
                taken[name].append(time.perf_counter() - started)
    return taken


def table(taken: Mapping[str, list[float]], peer: str) -> str:
    """Return the least and the median of each contestant, and the median's ratio to the peer's."""
    base = median(taken[peer])
    lines = [
        [name, f"{min(each):.1f}", f"{median(each):.1f}", f"{median(each) / base:.2f}"]
        for name, each in taken.items()
    ]
    return tabulate(
        lines,
        ["", "least", "median", f"against {peer}"],
        disable_numparse=True,
        colalign=("left", *["right"] * 3),
    )


if __name__ == "__main__":
    sys.exit(main())
