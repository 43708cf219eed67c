"""
Fill a judge's template: every text cut to size, its fences disarmed, all in one pass.

The texts are hostile. A text can neither close its own fence nor open another's, and a
`{{name}}` inside a text stays as it is, because a filled text is never looked at again.
"""

import re
from collections.abc import Mapping
from dataclasses import replace

from judges.base import Prompt, Request

AGAIN = (
    "Your last reply could not be read. Reply in exactly the form that was asked for, and in nothing else."
)

CHARACTERS_PER_TOKEN = 3
"""Fewer than English needs (about 4), so that a limit in tokens is kept for other languages too."""

SLOT = re.compile(r"\{\{(\w+)\}\}")
CUT = "\n[... cut: {} characters ...]\n"


def render(request: Request, max_input_tokens: int) -> Prompt:
    """Return the prompt; the longest texts are cut until all fit into `max_input_tokens`."""
    room = max_input_tokens * CHARACTERS_PER_TOKEN - len(request.system) - len(request.template)
    texts = fit(request.texts, room)
    fence = re.compile(rf"<(?=\s*/?\s*(?:{'|'.join(map(re.escape, texts))})\b)", re.IGNORECASE)

    def filled(slot: re.Match[str]) -> str:
        name = slot[1]
        return f"<{name}>\n{fence.sub('&lt;', texts[name])}\n</{name}>"

    return Prompt(
        system=request.system,
        text=SLOT.sub(filled, request.template),
        texts=texts,
        schema=request.schema,
        truncated=tuple(name for name in texts if texts[name] != request.texts[name]),
    )


def once_more(prompt: Prompt) -> Prompt:
    """Return the prompt for a model whose reply to it could not be read."""
    return replace(prompt, text=f"{prompt.text}\n\n{AGAIN}")


def fit(texts: Mapping[str, str], room: int) -> dict[str, str]:
    """
    Cut the longest texts in their middle until all of them fit into `room` characters.

    Short texts keep every character: the room is shared out from the shortest text upwards,
    each taking what it needs or an equal share of what is left.
    """
    fitted = {}
    left = max(room, 0)
    by_length = sorted(texts, key=lambda name: len(texts[name]))
    for position, name in enumerate(by_length):
        share = left // (len(by_length) - position)
        fitted[name] = cut_middle(texts[name], share)
        left -= len(fitted[name])
    return {name: fitted[name] for name in texts}


def cut_middle(text: str, room: int) -> str:
    """Keep the beginning and the end of a text that is longer than `room` characters."""
    if len(text) <= room:
        return text
    note = CUT.format(len(text) - room)
    kept = max(room - len(note), 0)
    head = kept // 2
    return text[:head] + note + text[len(text) - (kept - head) :]
