"""Nothing that the whole process writes holds a word of a sample, on any path; unless it is asked for."""

import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from textwrap import dedent
from typing import Any

import pytest

from tests.canaries import CANARY, canary_row, canary_rows
from tests.fakes import row
from tests.local import bedrock_faults as faults
from tests.local.bedrock import LocalBedrock
from tests.local.bedrock_replies import Call
from tests.local.cloudwatch import read, total

ROOT = Path(__file__).parents[1]
NAME = "SageMaker-RewardRouter"
POLICY = """
    version: 1
    judge: {model: us.amazon.nova-lite-v1:0, region: us-east-1, timeout_seconds: 5}
    budget: {usd_per_invocation: 1, usd_per_day: 10}
    rules:
      - {name: numbers, when: {kind: numbers}, verify: [number], judge: reference, if_unsettled: fail}
      - {name: gated, when: {kind: gated}, gate: [{format: {max_words: 1}}], verify: [exact]}
      - {name: all, verify: [exact, math, json], judge: reference}
    """
KEY = "AKIAIOSFODNN7EXAMPLE"


def batch() -> list[object]:
    """Every kind of row, those that a gate, a verifier and a judge decide among them."""
    settled = canary_row() | {"reference_answer": f"{CANARY} response", "metadata": None}
    gated = canary_row() | {"kind": "gated"}
    return [settled, gated, *[one for one in canary_rows() if not _broken(one)]]


def _broken(one: object) -> bool:
    """Whether a row cannot be sent: Lambda takes neither NaN nor a lone surrogate."""
    try:
        json.dumps(one, allow_nan=False, ensure_ascii=False).encode()
    except ValueError:
        return True
    return False


def told(
    events: list[object], bedrock: LocalBedrock | None, folder: Path, **environment: str
) -> tuple[str, str]:
    """Return what a function in a process of its own writes to standard output and to standard error."""
    path = folder / "policy.yaml"
    path.write_text(dedent(POLICY), encoding="utf-8")
    plain = {name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ}
    led = bedrock.environment if bedrock else {}
    ran = subprocess.run(
        [sys.executable, "-X", "dev", "-m", "tests.functions.told", str(path)],
        input="\n".join(json.dumps(one) for one in events),
        env=plain | {"AWS_LAMBDA_FUNCTION_NAME": NAME, "PYTHONPATH": str(ROOT), **led} | environment,
        cwd=folder,
        capture_output=True,
        text=True,
        check=False,
    )
    assert ran.returncode == 0, ran.stderr
    return ran.stdout, ran.stderr


def parrot(call: Call) -> str:
    """A judge that repeats what it was asked."""
    return json.dumps(call.body)


def gossip(call: Call) -> object:
    """A judge with a verdict that quotes the student."""
    return {
        "reason": f"the student wrote {call.text}",
        "verdict": call.schema["properties"]["verdict"]["enum"][0],
    }


PATHS: dict[str, tuple[dict[str, Any], str]] = {
    "judged": ({"answer": gossip}, "judge_calls"),
    "unreadable": ({"answer": parrot}, "judge_errors_unreadable"),
    "refused": ({"faults": lambda call: faults.invalid(f"cannot take {call.text}")}, "judge_errors_refused"),
    "denied": ({"faults": lambda call: faults.access_denied()}, "judge_errors_rejected"),
}


@pytest.mark.parametrize("path", PATHS)
def test_no_judge_makes_the_function_tell(path: str, tmp_path: Path) -> None:
    options, metric = PATHS[path]
    with LocalBedrock(**options) as bedrock:
        out, err = told([batch(), batch()], bedrock, tmp_path, JUDGE="bedrock")
        assert CANARY in str(bedrock.calls[0].body)
    assert CANARY not in out
    assert CANARY not in err
    points = read(out.splitlines())
    assert total(points, metric) >= 1, "it was the right place to look"
    assert total(points, "samples") == 2 * len(batch())
    assert total(points, "malformed") >= 2


@pytest.mark.parametrize("judge", ["none", "offline"])
def test_no_bug_in_a_verifier_makes_the_function_tell(judge: str, tmp_path: Path) -> None:
    out, err = told([batch()], None, tmp_path, JUDGE=judge, BUG="1")
    assert CANARY not in out
    assert CANARY not in err
    assert err.count("bug in the verifier quoting: ValueError") == 1, "once a batch, however often it struck"
    assert total(read(out.splitlines()), "bugs") >= 3


def test_no_batch_that_fails_makes_the_function_tell(tmp_path: Path) -> None:
    failing = [canary_row() | {"kind": "numbers"}]
    out, err = told([failing, CANARY, {"body": CANARY}, {CANARY: CANARY}], None, tmp_path, JUDGE="none")
    assert CANARY not in out
    assert CANARY not in err
    assert total(read(out.splitlines()), "failed") == 4


@pytest.mark.parametrize("answer", [gossip, parrot])
def test_samples_are_told_where_that_is_asked_for_and_redacted(
    answer: Callable[[Call], object], tmp_path: Path
) -> None:
    secret = row(
        f"{CANARY} says {KEY}", "Rome", prompt=f"{CANARY}? Ask {CANARY.lower()}@example.com", id=CANARY
    )
    with LocalBedrock(answer=answer) as bedrock:
        out, err = told([[secret, *batch(), *batch()]], bedrock, tmp_path, JUDGE="bedrock", LOG_SAMPLES="1")
    lines = [json.loads(line) for line in out.splitlines()]
    samples = [line for line in lines if line.get("event") == "sample"]
    assert len(samples) == 8, "no more of a batch, however many were asked for"
    assert samples[0]["response"] == f"{CANARY} says [key]"
    assert samples[0]["prompt"] == f"user: {CANARY}? Ask [e-mail]"
    assert samples[0]["reference"] == "Rome"
    assert KEY not in out
    assert "@example" not in out
    assert f"{CANARY}-id" not in out
    assert f"{CANARY} value" not in out
    assert CANARY not in err
    assert CANARY not in json.dumps([line for line in lines if "_aws" in line])


def test_no_sample_is_told_by_default_and_a_share_is_the_same_share_again(tmp_path: Path) -> None:
    rows = [row(f"answer {number}", "Rome", id=f"r{number}") for number in range(60)]
    once, again = [told([rows], None, tmp_path, JUDGE="none", LOG_SAMPLES="0.05")[0] for _ in range(2)]
    chosen = [[line for line in out.splitlines() if '"event": "sample"' in line] for out in (once, again)]
    assert [json.loads(line)["response"] for line in chosen[0]] == [
        json.loads(line)["response"] for line in chosen[1]
    ]
    assert 0 < len(chosen[0]) < 8
    assert '"event": "sample"' not in told([rows], None, tmp_path, JUDGE="none")[0]
