"""From a path to the policy that the router walks, by the shortest way."""

from pathlib import Path

from router.policy.build import build
from router.policy.model import Policy

DEFAULT_POLICY = Path(__file__).parents[2] / "config" / "policy.yaml"


def load_policy(path: Path = DEFAULT_POLICY) -> Policy:
    """Return the policy; raise PolicyError with every mistake in it."""
    from router.policy.compiled import read_compiled  # noqa: PLC0415 - `python -m` runs that module, so it comes late

    if path == DEFAULT_POLICY and (checked := read_compiled(path.parent)):
        return build(checked)
    from router.policy.check import check  # noqa: PLC0415 - YAML and pydantic, 130 ms that a kept policy saves

    return build(check(path))


def read_policy(name: str, data: bytes) -> Policy:
    """Return the policy that a file of this content makes; raise PolicyError with every mistake in it."""
    from router.policy.check import check_text  # noqa: PLC0415 - as above

    return build(check_text(name, data))
