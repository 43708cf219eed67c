"""
Cold start: INIT and the first answer under AWS's runtime client, beside functions that do next to nothing.

    python -m benchmarks.coldstart

Each start is a new process of AWS's runtime emulator with `awslambdaric`, on one processor, which is what
1,769 MB of memory buy. What is served is laid out as the artifact is: the policy checked, byte code beside
the source. Judged means that the first sample goes to a judge, at a Bedrock on loopback that answers at
once; its first answer pays for asyncio, the judges and the telephone. The contestants take turns, and what
counts is the ratio of the medians. Real Lambda adds what it takes to fetch the package and to start the
machine, which is not seen here.
"""

import compileall
import os
import re
import shutil
import subprocess
import sys
import tempfile
import zipfile
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field
from io import BytesIO
from pathlib import Path
from py_compile import PycInvalidationMode
from statistics import median

from tabulate import tabulate

from benchmarks.stories import rollouts
from tests.local.bedrock import LocalBedrock
from tests.local.emulator import emulated
from tests.tools import ROOT

STARTS = 15
TRACES = 5
DEAREST = 15
ARTIFACT = ROOT / ".aws-sam" / "build" / "RewardRouterFunction"

TRIVIAL = "def handler(event, context):\n    return event\n"
BOTO3 = f"import boto3\n\nclient = boto3.client('bedrock-runtime', region_name='us-east-1')\n\n\n{TRIVIAL}"

VERIFIED = rollouts(1)
JUDGED = [{"id": "a", "messages": VERIFIED[0]["messages"]}]

INIT = re.compile(r"INIT REPORT\(durationMs: ([\d.]+)\)")
ANSWER = re.compile(r"INVOKE RTDONE\(.*duration: ([\d.]+)ms\)")
IMPORT = re.compile(r"import time: +(\d+) \| +\d+ \| +(\S+)")
TRACED = (
    "import awslambdaric.bootstrap, colorsys; from router.handler import lambda_handler;"
    f"[reward] = lambda_handler({VERIFIED!r}, None); assert reward['aggregate_reward_score'] == 1.0"
)
"""Nobody else imports colorsys: what comes behind it in the trace is not the runtime client's."""


@dataclass(frozen=True)
class Function:
    """One that is started over and over."""

    handler: str
    event: object = field(default_factory=list)
    env: Mapping[str, str] = field(default_factory=dict)


def main() -> int:
    """Print the starts, the imports and the package."""
    with tempfile.TemporaryDirectory() as folder, LocalBedrock() as bedrock:
        served = as_shipped(Path(folder))
        (served / "trivial.py").write_text(TRIVIAL)
        (served / "client.py").write_text(BOTO3)
        started = starts(served, {"JUDGE": "bedrock", **bedrock.environment})
        print(f"A cold start on one processor until its first answer, {STARTS} starts, median milliseconds")
        print(starts_table(started))
        print(f"\nWhat the first verified sample imports beyond the runtime client, least of {TRACES} traces")
        print(imports_table(imports(served)))
    print(f"\n{package()}")
    return 0


def starts(served: Path, env: Mapping[str, str]) -> dict[str, list[tuple[float, float]]]:
    """Return (INIT, first answer) in milliseconds for each contestant, a pair a start."""
    contestants = {
        "router, verified": Function("router.handler.lambda_handler", VERIFIED, env),
        "router, judged": Function("router.handler.lambda_handler", JUDGED, env),
        "boto3 client": Function("client.handler"),
        "trivial": Function("trivial.handler"),
    }
    taken: dict[str, list[tuple[float, float]]] = {name: [] for name in contestants}
    for _ in range(STARTS):
        for name, function in contestants.items():
            taken[name].append(start(function, served))
    return taken


def as_shipped(folder: Path) -> Path:
    """Copy our packages as the artifact holds them: the policy checked, byte code beside the source."""
    for name in ("router", "verifiers", "judges", "config"):
        shutil.copytree(ROOT / name, folder / name, ignore=shutil.ignore_patterns("__pycache__"))
    kept = [sys.executable, "-m", "router.policy.compiled", str(folder / "config")]
    subprocess.run(kept, cwd=ROOT, check=True)
    compileall.compile_dir(folder, quiet=1, invalidation_mode=PycInvalidationMode.UNCHECKED_HASH)
    return folder


def start(function: Function, served: Path) -> tuple[float, float]:
    """Return the milliseconds of INIT and of the first answer of a new environment on one processor."""
    allowed = os.sched_getaffinity(0)
    os.sched_setaffinity(0, {max(allowed)})
    try:
        with emulated(function.handler, env=function.env, cwd=served) as up:
            reply, error = up.invoke(function.event)
            log = up.log()
    finally:
        os.sched_setaffinity(0, allowed)
    if error:
        raise RuntimeError(f"{function.handler} failed: {reply}")
    return _milliseconds(INIT, log), _milliseconds(ANSWER, log)


def _milliseconds(figure: re.Pattern[str], log: str) -> float:
    found = figure.search(log)
    if not found:
        raise RuntimeError(f"the emulator's log lacks {figure.pattern!r}:\n{log}")
    return float(found[1])


def starts_table(taken: Mapping[str, list[tuple[float, float]]]) -> str:
    """Return the medians of each contestant, and their ratios to the boto3 client's."""
    medians = {
        name: (median(init for init, _ in pairs), median(answer for _, answer in pairs), _both(pairs))
        for name, pairs in taken.items()
    }
    peer = medians["boto3 client"]
    lines = [
        [name, *(f"{one:.0f}" for one in own), f"{own[0] / peer[0]:.2f}", f"{own[2] / peer[2]:.2f}"]
        for name, own in medians.items()
    ]
    heads = ["", "INIT", "first answer", "both", "INIT against boto3", "both against boto3"]
    return tabulate(lines, heads, disable_numparse=True, colalign=("left", *["right"] * 5))


def _both(pairs: list[tuple[float, float]]) -> float:
    return median(init + answer for init, answer in pairs)


def imports(served: Path) -> dict[str, int]:
    """Return the microseconds that each module takes itself, by name, the least of some traces."""
    traces: defaultdict[str, list[int]] = defaultdict(list)
    for _ in range(TRACES):
        done = subprocess.run(
            [sys.executable, "-X", "importtime", "-c", TRACED],
            cwd=served,
            env=os.environ | {"JUDGE": "none"},
            capture_output=True,
            text=True,
            check=True,
        )
        behind = done.stderr.partition("colorsys")[2]
        for microseconds, name in IMPORT.findall(behind):
            traces[name].append(int(microseconds))
    return {name: min(taken) for name, taken in traces.items()}


def imports_table(modules: Mapping[str, int]) -> str:
    """Return the dearest modules and the sum of all."""
    dearest = sorted(modules.items(), key=lambda one: -one[1])
    lines = [[name, f"{taken / 1e3:.1f}"] for name, taken in dearest[:DEAREST]]
    lines.append([f"{len(modules)} modules together", f"{sum(modules.values()) / 1e3:.1f}"])
    return tabulate(
        lines, ["module", "milliseconds itself"], disable_numparse=True, colalign=("left", "right")
    )


def package() -> str:
    """Say how large the artifact is, as Lambda counts it and as it is uploaded."""
    if not ARTIFACT.is_dir():
        return "No artifact in .aws-sam/build: `make build` first, and its size is printed here."
    files = [path for path in ARTIFACT.rglob("*") if path.is_file()]
    unpacked = sum(path.stat().st_size for path in files)
    with zipfile.ZipFile(upload := BytesIO(), "w", zipfile.ZIP_DEFLATED) as archive:
        for path in files:
            archive.write(path, path.relative_to(ARTIFACT))
    zipped = len(upload.getvalue())
    byte_code = sum(path.suffix == ".pyc" for path in files)
    return (
        f"The artifact: {unpacked / 1e6:.1f} MB unpacked, {zipped / 1e6:.1f} MB zipped; "
        f"{len(files)} files, {byte_code} of them byte code"
    )


if __name__ == "__main__":
    sys.exit(main())
