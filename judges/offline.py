"""
The embedded stand-in for a judge: counts shared words, needs no account, and says what it is.

Covered: makes the whole path run, deterministically, on a laptop or in a test.
Not covered: judgement. It compares the response's words with the reference answer's (or with the
conversation's, where there is none) and picks from each menu the step as high as that share.
Its verdicts say nothing about quality; wherever its numbers appear they are labelled.
"""

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any, cast

from judges.base import Prompt, Reply, Settings

STAND_IN = "offline stand-in"
WORD = re.compile(r"\w+")


class Offline:
    """Answers as a telephone does, without one."""

    async def open(self, settings: Settings) -> None:
        """Nothing to get ready."""

    async def call(self, prompt: Prompt, settings: Settings) -> Reply:
        """Return a reply in the form that the prompt asks for."""
        return Reply(
            content=cast(Mapping[str, object], _filled(prompt.schema, overlap(prompt.texts))),
            stop_reason="end_turn",
            model=STAND_IN,
            input_tokens=0,
            output_tokens=0,
            billed=False,
        )

    async def close(self) -> None:
        """Nothing is open."""


def overlap(texts: Mapping[str, str]) -> float:
    """Return the F1 of the words that the response shares with the reference answer or the conversation."""
    said = _words(texts.get("response", ""))
    wanted = _words(texts["reference"] if "reference" in texts else texts.get("conversation", ""))
    shared = (said & wanted).total()
    return 2 * shared / (said.total() + wanted.total()) if shared else 0.0


def _words(text: str) -> Counter[str]:
    return Counter(WORD.findall(text.casefold()))


def _filled(schema: Mapping[str, Any], share: float) -> object:
    """Fill a form: from each menu the step as high as `share`, a note wherever text is wanted."""
    if "enum" in schema:
        menu = cast(Sequence[object], schema["enum"])
        return menu[round(share * (len(menu) - 1))]
    if schema.get("type") == "object":
        return {name: _filled(inner, share) for name, inner in schema["properties"].items()}
    return f"offline stand-in, no judgement: {share:.0%} of the words are shared"
