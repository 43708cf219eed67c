"""The texts of a sample that a judge may see: the conversation and the response, never metadata."""

import json

from router.response import spoken
from router.types import Sample


def conversation(sample: Sample) -> str:
    """Return every message before the response, each under its role."""
    return "\n\n".join(f"[{message.role}]\n{message.text}" for message in sample.prompt)


def response(sample: Sample) -> str:
    """Return the response outside its reasoning, with its tool calls one a line."""
    calls = [f"tool call: {json.dumps(call, ensure_ascii=False)}" for call in sample.calls]
    return "\n".join([spoken(sample.response), *calls]).strip()
