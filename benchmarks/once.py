"""
Does a batch pay once for what it asks twice? A group batch as GRPO sends it, over real HTTP.

    python -m benchmarks.once

64 prompts with 8 rollouts each. A group's answers repeat as students' do: the first of 20 wordings is given
twice as often as the second, three times as often as the third, and so on (Zipf). All of them go to the
judge, at a local Bedrock in another process; its log counts the calls. Then the same event comes again.

Ends with status 1 where a question was not asked exactly once, or the second reply differs in a byte.
"""

import json
import sys
import tempfile
import time
from pathlib import Path
from random import Random
from typing import Any

from tabulate import tabulate

from benchmarks.server import serving
from router.batch import make_handler
from router.policy import load_policy

PROMPTS, ROLLOUTS, WORDINGS = 64, 8, 20
LATENCY = 0.3
POLICY = """
version: 1
judge: {model: amazon.nova-lite-v1:0, region: us-east-1}
rules: [{name: all, judge: reference}]
"""


def main() -> int:
    """Print the table."""
    rows = batch()
    distinct = len({(row["messages"][0]["content"], row["messages"][1]["content"]) for row in rows})
    with serving(LATENCY) as server, tempfile.TemporaryDirectory() as folder:
        policy = Path(folder) / "policy.yaml"
        policy.write_text(POLICY, encoding="utf-8")
        handler = make_handler(load_policy(policy), "bedrock", emit=lambda line: None)
        replies, lines, calls = [], [], []
        for name in ("first", "again"):
            started = time.monotonic()
            replies.append(json.dumps(handler(rows, None)))
            took = time.monotonic() - started
            calls.append(len(server.log()))
            lines.append([name, len(rows), distinct, calls[-1], f"{calls[-1] / distinct:.2f}", f"{took:.2f}"])
    print(f"{PROMPTS} prompts x {ROLLOUTS} rollouts, answers by Zipf's law, a judge of {LATENCY} s")
    print(tabulate(lines, ["", "rows", "distinct", "calls", "calls / distinct", "seconds"]))
    return 0 if calls == [distinct, 0] and replies[0] == replies[1] else 1


def batch(seed: int = 0) -> list[dict[str, Any]]:
    """Return the rows, groups one after the other."""
    rng = Random(seed)
    weights = [1 / rank for rank in range(1, WORDINGS + 1)]
    return [
        _row(prompt, rollout, wording)
        for prompt in range(PROMPTS)
        for rollout, wording in enumerate(rng.choices(range(WORDINGS), weights, k=ROLLOUTS))
    ]


def _row(prompt: int, rollout: int, wording: int) -> dict[str, Any]:
    return {
        "id": f"{prompt}-{rollout}",
        "messages": [
            {"role": "user", "content": f"In which year did the {prompt + 1}th expedition reach the pole?"},
            {"role": "assistant", "content": f"As far as I remember it was the year {1900 + wording}."},
        ],
        "reference_answer": "1911",
    }


if __name__ == "__main__":
    sys.exit(main())
