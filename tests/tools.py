"""What `make tools` has put into .tools for the outside checks."""

import os
import subprocess
from pathlib import Path

ROOT = Path(__file__).parent.parent


def tool(pattern: str) -> Path:
    """The one path under .tools that fits `pattern`."""
    for path in (ROOT / ".tools").glob(pattern):
        return path
    raise FileNotFoundError(f"no .tools/{pattern}: run `make tools`")


def sam(program: str, *arguments: str) -> "subprocess.CompletedProcess[str]":
    """Run `sam`, or another program of its environment, in the clone."""
    return subprocess.run(
        [tool(f"sam/bin/{program}"), *arguments],
        cwd=ROOT,
        env=os.environ | {"SAM_CLI_TELEMETRY": "0"},
        capture_output=True,
        text=True,
        check=False,
    )
