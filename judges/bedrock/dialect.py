"""
Converse's words: a prompt and its settings into a request, and a reply out of them. Pure.

    parameters(...)     what the pinned SDK knows of a request
    newer_fields(...)   what it does not know yet and would refuse; goes straight into the body
    read(...)           what was said and what it cost, also where no verdict can be read from it
"""

import json
from collections.abc import Iterator, Mapping

from judges.base import Prompt, Reply, Settings
from router.errors import JudgeUnreadable

TOOL = "verdict"
TOOL_DESCRIPTION = "Give your verdict."
ASK_FOR_JSON = (
    "Reply with exactly one JSON object and nothing before or after it. It must match this JSON schema:"
)


def parameters(prompt: Prompt, settings: Settings) -> dict[str, object]:
    """Return the arguments of the SDK's `converse`."""
    built: dict[str, object] = {
        "modelId": settings.model,
        "messages": [{"role": "user", "content": [{"text": question(prompt, settings)}]}],
        "inferenceConfig": sampling(settings),
    }
    if prompt.system:
        built["system"] = [{"text": encodable(prompt.system)}]
    if settings.reply == "tool":
        built["toolConfig"] = forced_tool(prompt.schema)
    return built


def newer_fields(prompt: Prompt, settings: Settings) -> dict[str, object]:
    """Return the fields of the request's body that botocore 1.40 does not know."""
    fields: dict[str, object] = {}
    if settings.service_tier is not None:
        fields["serviceTier"] = {"type": settings.service_tier}
    if settings.reply == "schema":
        definition = {"name": TOOL, "schema": as_json(prompt.schema)}
        fields["outputConfig"] = {
            "textFormat": {"type": "json_schema", "structure": {"jsonSchema": definition}}
        }
    return fields


def question(prompt: Prompt, settings: Settings) -> str:
    """Return the user's message; in `text` mode nothing but words can ask for the form."""
    text = encodable(prompt.text)
    return f"{text}\n\n{ASK_FOR_JSON}\n{as_json(prompt.schema)}" if settings.reply == "text" else text


def sampling(settings: Settings) -> dict[str, object]:
    """Return how much to say and how freely; some models refuse any temperature."""
    if settings.temperature is None:
        return {"maxTokens": settings.max_tokens}
    return {"maxTokens": settings.max_tokens, "temperature": settings.temperature}


def forced_tool(schema: Mapping[str, object]) -> dict[str, object]:
    """Return one tool that the model must call: its input is the verdict."""
    specification = {
        "name": TOOL,
        "description": TOOL_DESCRIPTION,
        "inputSchema": {"json": json.loads(as_json(schema))},
    }
    return {"tools": [{"toolSpec": specification}], "toolChoice": {"tool": {"name": TOOL}}}


def as_json(schema: Mapping[str, object]) -> str:
    """Return a schema as JSON; every mapping in it may be read-only."""
    return json.dumps(schema, default=dict)


def encodable(text: str) -> str:
    """Return the text with lone surrogates, which JSON can carry but UTF-8 cannot, replaced by `?`."""
    return text.encode("utf-8", "replace").decode("utf-8")


def read(reply: Mapping[str, object], settings: Settings) -> Reply:
    """
    Return what the model said and what it cost.

    A reply that was paid for is returned even where it is of no use, with the content "" if there
    is nothing to read: the caller counts it before the judge refuses it, as it does every reply
    whose `stop_reason` says that it was cut. Raises JudgeUnreadable where the usage is missing.
    """
    usage = reply.get("usage")
    if not isinstance(usage, Mapping) or "inputTokens" not in usage or "outputTokens" not in usage:
        raise JudgeUnreadable(f"{settings.model} sent no reply of Converse's shape: its `usage` is missing")
    return Reply(
        content=content(reply, settings),
        stop_reason=str(reply.get("stopReason", "")),
        model=settings.model,
        # Bedrock counts cached input apart from `inputTokens`; at full price it is never under-counted.
        input_tokens=sum(
            tokens(usage, kind) for kind in ("inputTokens", "cacheReadInputTokens", "cacheWriteInputTokens")
        ),
        output_tokens=tokens(usage, "outputTokens"),
    )


def tokens(usage: Mapping[str, object], kind: str) -> int:
    """Return one count of the usage; 0 where Bedrock left it out."""
    count = usage.get(kind)
    return count if isinstance(count, int) else 0


def content(reply: Mapping[str, object], settings: Settings) -> str | Mapping[str, object]:
    """Return the input of the one tool call if a tool was forced, else the text; "" for neither."""
    found = list(blocks(reply))
    inputs = [called.get("input") for block in found if isinstance(called := block.get("toolUse"), Mapping)]
    if settings.reply == "tool" and inputs:
        # Two calls are two verdicts: none of them is more the judge's than the other.
        return inputs[0] if len(inputs) == 1 and isinstance(inputs[0], Mapping) else ""
    return "".join(text for block in found if isinstance(text := block.get("text"), str))


def blocks(reply: Mapping[str, object]) -> Iterator[Mapping[str, object]]:
    """Yield the content blocks; their order says nothing, because reasoning may come first."""
    output = reply.get("output")
    message = output.get("message") if isinstance(output, Mapping) else None
    found = message.get("content") if isinstance(message, Mapping) else None
    for block in found if isinstance(found, list) else []:
        if isinstance(block, Mapping):
            yield block
