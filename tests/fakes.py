"""What many tests need: a trainer's row, a sample, a policy, Lambda's context."""

from pathlib import Path
from textwrap import dedent
from typing import Any

from router.policy import Policy, load_policy
from router.types import Message, Sample

HEAD = {"version": "version: 1", "judge": "judge: {model: amazon.nova-lite-v1:0}"}
"""What every policy needs, for the tests that are about something else."""


def row(
    response: object, reference: object = None, *, prompt: str = "2+2?", id: object = "a", **fields: Any
) -> dict[str, Any]:
    """A trainer's row; `fields` go to its top level and may replace what stands there."""
    messages = [{"role": "user", "content": prompt}, {"role": "assistant", "content": response}]
    return {"id": id, "messages": messages, "reference_answer": reference, **fields}


def sample(
    response: str, reference: object = None, *, prompt: str = "2+2?", id: str | int = "a", **others: Any
) -> Sample:
    """A sample as the verifiers and judges see it; `others` are fields of `Sample`."""
    return Sample(id=id, prompt=(Message("user", prompt),), response=response, reference=reference, **others)


def policy_from(text: str, folder: Path) -> Policy:
    """The policy in `text`; `version` and a priced model for `judge` need not be repeated in every test."""
    text = dedent(text)
    heads = [head for key, head in HEAD.items() if not text.startswith(f"{key}:") and f"\n{key}:" not in text]
    path = folder / "policy.yaml"
    path.write_text("\n".join([*heads, text]), encoding="utf-8")
    return load_policy(path)


class Context:
    """As much of Lambda's context as is read."""

    def __init__(self, seconds: float) -> None:
        self._seconds = seconds

    def get_remaining_time_in_millis(self) -> int:
        """The time that is left."""
        return int(self._seconds * 1000)
