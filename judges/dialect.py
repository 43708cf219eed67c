"""
Converse's words: a prompt and its settings into a request, and a reply out of them. Pure.

    path(...), body(...)   what is sent
    decoded(...)           the JSON that came back
    read(...)              what was said and what it cost, also where no verdict can be read from it
"""

import json
from collections.abc import Iterator, Mapping
from urllib.parse import quote

from judges.base import Prompt, Reply, Settings
from router.errors import JudgeLost, JudgeUnreadable

TOOL = "verdict"
TOOL_DESCRIPTION = "Give your verdict."
ASK_FOR_JSON = (
    "Reply with exactly one JSON object and nothing before or after it. It must match this JSON schema:"
)


def path(settings: Settings) -> str:
    """Return where a model is asked, below its region's endpoint; encoded as the SDK does."""
    return f"/model/{quote(settings.model, safe='')}/converse"


def body(prompt: Prompt, settings: Settings) -> bytes:
    """Return the request's body."""
    built: dict[str, object] = {
        "messages": [{"role": "user", "content": [{"text": question(prompt, settings)}]}],
        "inferenceConfig": sampling(settings),
    }
    if prompt.system:
        built["system"] = [{"text": encodable(prompt.system)}]
    if settings.reply == "tool":
        built["toolConfig"] = forced_tool(prompt.schema)
    if settings.reply == "schema":
        built["outputConfig"] = json_schema(prompt.schema)
    if settings.service_tier is not None:
        built["serviceTier"] = {"type": settings.service_tier}
    return as_json(built).encode()


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
    specification = {"name": TOOL, "description": TOOL_DESCRIPTION, "inputSchema": {"json": schema}}
    return {"tools": [{"toolSpec": specification}], "toolChoice": {"tool": {"name": TOOL}}}


def json_schema(schema: Mapping[str, object]) -> dict[str, object]:
    """Return the form that the model's text must have; Converse takes the schema as a string."""
    definition = {"name": TOOL, "schema": as_json(schema)}
    return {"textFormat": {"type": "json_schema", "structure": {"jsonSchema": definition}}}


def as_json(value: Mapping[str, object]) -> str:
    """Return JSON; every mapping in a schema may be read-only."""
    return json.dumps(value, default=dict)


def encodable(text: str) -> str:
    """Return the text with lone surrogates, which JSON can carry but UTF-8 cannot, replaced by `?`."""
    return text.encode("utf-8", "replace").decode("utf-8")


def decoded(body: bytes, settings: Settings) -> Mapping[str, object]:
    """Return a reply's JSON object; raise JudgeLost where its JSON is not whole."""
    try:
        reply = json.loads(body)
    except ValueError:
        raise JudgeLost(f"{settings.model} sent no whole reply: {len(body)} bytes, not JSON") from None
    except RecursionError:
        reply = None
    if not isinstance(reply, dict):
        raise JudgeUnreadable(f"{settings.model} sent no reply of Converse's shape")
    return reply


def read(reply: Mapping[str, object], settings: Settings) -> Reply:
    """
    Return what the model said and what it cost.

    A reply that was paid for is returned even where it is of no use, with the content "" if there
    is nothing to read: the caller counts it before the judge refuses it, as it does every reply
    whose `stop_reason` says that it was cut. Raises JudgeUnreadable where the usage is missing.
    """
    usage = reply.get("usage")
    counts = usage if isinstance(usage, Mapping) else {}
    if not isinstance(counts.get("inputTokens"), int) or not isinstance(counts.get("outputTokens"), int):
        raise JudgeUnreadable(f"{settings.model} sent no reply of Converse's shape: its `usage` is missing")
    return Reply(
        content=content(reply, settings),
        stop_reason=str(reply.get("stopReason", "")),
        model=settings.model,
        # Bedrock counts cached input apart from `inputTokens`; at full price it is never under-counted.
        input_tokens=sum(
            tokens(counts, kind) for kind in ("inputTokens", "cacheReadInputTokens", "cacheWriteInputTokens")
        ),
        output_tokens=tokens(counts, "outputTokens"),
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
