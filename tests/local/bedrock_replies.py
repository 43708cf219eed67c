"""
What the local Bedrock makes of a request: the log's entry, the refusals, and a reply in the mode asked for.

Covered: one user message or more, text, one forced tool, a JSON schema as `outputConfig` or in the text.
Not covered: whether a signature or key is right, only that there is one; whether a verdict fits its schema.
"""

import json
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from aiohttp import web

from tests.local.bedrock_faults import error_reply

SIGNATURE_PARTS = ("AWS4-HMAC-SHA256 ", "Credential=", "SignedHeaders=", "Signature=")


@dataclass(slots=True)
class Call:
    """One request as it arrived, and what became of it."""

    model: str
    headers: Mapping[str, str]
    body: Mapping[str, Any]
    """Empty where the request held no JSON object."""
    received_at: float
    """By `time.monotonic`, as `finished_at`."""
    finished_at: float | None = None
    """None while under way."""
    status: int | None = None
    """None where no whole reply went out: the caller or a fault hung up."""
    fault: str | None = None
    usage: Mapping[str, int] = field(default_factory=dict)
    """As in the reply; empty where the model did not reply."""

    @property
    def mode(self) -> str:
        """How the verdict was asked for."""
        if "toolConfig" in self.body:
            return "tool"
        return "schema" if "outputConfig" in self.body else "text"

    @property
    def text(self) -> str:
        """All that the model was told: the system prompt and every message."""
        said = [block for message in self.body["messages"] for block in message["content"]]
        return "\n".join(block.get("text", "") for block in [*self.body.get("system", []), *said])

    @property
    def schema(self) -> Mapping[str, Any]:
        """The schema that the verdict must match; empty where none was sent."""
        if self.mode == "tool":
            return dict(self.body["toolConfig"]["tools"][0]["toolSpec"]["inputSchema"]["json"])
        if self.mode == "schema":
            structure = self.body["outputConfig"]["textFormat"]["structure"]
            return dict(json.loads(structure["jsonSchema"]["schema"]))
        return last_schema(self.text)


def json_object(body: bytes) -> Mapping[str, Any]:
    """Return a request's body; empty where it is no JSON object."""
    try:
        read = json.loads(body)
    except ValueError:
        return {}
    return read if isinstance(read, dict) else {}


def refusal(call: Call) -> web.Response | None:
    """Return Bedrock's error for an unsigned request or one of the wrong shape; None for a sound one."""
    if not is_authorized(call.headers.get("Authorization", "")):
        return error_reply("MissingAuthenticationTokenException", 403, "Missing Authentication Token")
    messages = call.body.get("messages")
    if not isinstance(messages, list) or not messages:
        return error_reply("ValidationException", 400, "A conversation must start with a user message.")
    most = call.body.get("inferenceConfig", {}).get("maxTokens", 1)
    if not isinstance(most, int) or isinstance(most, bool) or most < 1:
        message = f"Value '{most}' at 'inferenceConfig.maxTokens' failed to satisfy constraint: at least 1"
        return error_reply("ValidationException", 400, message)
    return None


def is_authorized(header: str) -> bool:
    """Whether a header shows a signature or a Bedrock API key."""
    return header.startswith("Bearer ") or all(part in header for part in SIGNATURE_PARTS)


def converse_reply(call: Call, answer: object, *, reasoning: bool) -> dict[str, object]:
    """Return Converse's reply around an answer; notes the usage in the call."""
    said = answer if isinstance(answer, str) else json.dumps(answer)
    block: dict[str, object] = {"text": said}
    if call.mode == "tool" and not isinstance(answer, str):
        name = call.body["toolConfig"]["tools"][0]["toolSpec"]["name"]
        block = {"toolUse": {"toolUseId": f"tooluse_{id(call)}", "name": name, "input": answer}}
    thought = [{"reasoningContent": {"reasoningText": {"text": "Let me see."}}}] if reasoning else []
    sent, received = len(call.text) // 4 + 1, len(said) // 4 + 1
    call.usage = {"inputTokens": sent, "outputTokens": received, "totalTokens": sent + received}
    return {
        "output": {"message": {"role": "assistant", "content": [*thought, block]}},
        "stopReason": "tool_use" if "toolUse" in block else "end_turn",
        "usage": call.usage,
        "metrics": {"latencyMs": round(1000 * (time.monotonic() - call.received_at))},
    }


def best_verdict(call: Call) -> object:
    """Return the best verdict that the request's schema allows."""
    return best(call.schema)


def best(schema: Mapping[str, Any]) -> object:
    """Return the last step of a menu, the most of a number, and placeholders for the rest."""
    if "enum" in schema:
        return schema["enum"][-1]
    match schema.get("type"):
        case "object":
            return {name: best(inner) for name, inner in schema.get("properties", {}).items()}
        case "array":
            return [best(schema.get("items", {}))]
        case "number" | "integer":
            return schema.get("maximum", 1)
        case "boolean":
            return True
        case _:
            return "placeholder"


def last_schema(text: str) -> Mapping[str, Any]:
    """Return the last JSON schema of an object that a text holds; empty without one."""
    found: Mapping[str, Any] = {}
    at = text.find("{")
    while at >= 0:
        try:
            value, at = json.JSONDecoder().raw_decode(text, at)
        except ValueError:
            at += 1
        else:
            found = value if value.get("type") == "object" else found
        at = text.find("{", at)
    return found
