"""
Keep a checked policy beside its YAML: `python -m router.policy.compiled FOLDER`, when the artifact is built.

FOLDER/policy.json holds the checked policy and the hash of everything it was made from. It is used
only where the hash still fits, so an edited YAML file is never hidden by it.
"""

import hashlib
import json
import sys
from pathlib import Path
from typing import Any

from router.errors import PolicyError

COMPILED = "policy.json"


def made_from(folder: Path) -> str:
    """Return the hash of every file that a policy in this folder is made from."""
    digest = hashlib.sha256()
    for path in [folder / "policy.yaml", folder / "prices.yaml", *sorted(folder.glob("rubrics/*.yaml"))]:
        content = path.read_bytes() if path.is_file() else b""
        digest.update(f"{path.relative_to(folder)} {len(content)}\n".encode() + content)
    return digest.hexdigest()


def read_compiled(folder: Path) -> dict[str, Any] | None:
    """Return the checked policy kept in this folder; None where there is none or its sources have changed."""
    try:
        kept = json.loads((folder / COMPILED).read_bytes())
        policy: dict[str, Any] = kept["policy"]
        return policy if kept["made_from"] == made_from(folder) else None
    except (OSError, ValueError, LookupError, TypeError):
        return None


def write_compiled(folder: Path) -> None:
    """Check the policy in this folder and keep it; raise PolicyError with every mistake."""
    from router.policy.check import check  # noqa: PLC0415 - the reader of a kept policy needs neither YAML nor pydantic

    content = {"made_from": made_from(folder), "policy": check(folder / "policy.yaml")}
    (folder / COMPILED).write_text(json.dumps(content), encoding="utf-8")


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit("usage: python -m router.policy.compiled FOLDER")
    try:
        write_compiled(Path(sys.argv[1]))
    except PolicyError as error:
        sys.exit(str(error))
