"""
One call to a judge before it is made: what it sends, what comes back, what that costs; from least to most.

Tokens are not counted but estimated from the exact text that would be sent. The middle is the ledger's: four
bytes a token, as English has them, the form of the verdict included. The least leaves the form out, the most
adds what a provider says around a forced tool.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from judges.base import Prompt, Seat, Settings
from judges.dialect import as_json, encodable, forced_tool, json_schema, question
from judges.prompt import CHARACTERS_PER_TOKEN
from judges.switchboard.ledger import quota_tokens
from router.panel import quorum
from router.query import Query

Three = tuple[float, float, float]
"""A figure at the least, as expected, and at the most."""

FEWEST, USUAL, MOST = 5, 4, CHARACTERS_PER_TOKEN
"""Bytes a token: short words and little punctuation; English; other languages, numbers, markup."""
AROUND_A_TOOL = 340
"""Tokens. The most in Anthropic's table "tool use system prompt", for a forced tool; others publish none."""
SENTENCE = "x" * 120
"""As long as the reason that a prompt asks for: one sentence."""


@dataclass(frozen=True, slots=True)
class Planned:
    """One call that a question needs."""

    address: tuple[str, str]
    """The model and its region: what shares a quota."""
    times: Three
    """How often it is made."""
    input_tokens: Three
    """Each time."""
    output_tokens: Three
    usd: Three
    reserves: int
    """Tokens that it takes of the quota, as Bedrock reserves them when it starts."""


def planned(query: Query, seat: Seat, *, remembered: bool) -> Planned:
    """
    Return the call by which a model is asked.

    `remembered` says whether an earlier batch asked the same: it is left out at the least.
    """
    prompt, settings = query.prompt(seat), seat.settings
    received, said = reads(prompt, settings), replies(prompt.schema, settings)
    spare = query.take not in (None, "mean") and query.seats.index(seat) >= quorum(len(query.seats))
    return Planned(
        address=seat.address,
        times=(float(not spare and not remembered), float(not spare), 1 + seat.hedge),
        input_tokens=received,
        output_tokens=said,
        usd=(
            _usd(seat, received[0], said[0]),
            _usd(seat, received[1], said[1]),
            _usd(seat, received[2], said[2]),
        ),
        reserves=quota_tokens(prompt, settings),
    )


def _usd(seat: Seat, received: float, said: float) -> float:
    return seat.settings.price.usd(round(received), round(said))


def reads(prompt: Prompt, settings: Settings) -> Three:
    """Return the tokens that a model is sent."""
    texts = _bytes(prompt.system) + _bytes(question(prompt, settings))
    whole = texts + _bytes(form(prompt.schema, settings))
    return texts / FEWEST, whole / USUAL, whole / MOST + AROUND_A_TOOL * (settings.reply == "tool")


def form(schema: Mapping[str, object], settings: Settings) -> str:
    """Return what is sent beside the texts so that the verdict has its form."""
    match settings.reply:
        case "tool":
            return as_json(forced_tool(schema))
        case "schema":
            return as_json(json_schema(schema))
        case "text":
            return ""


def replies(schema: Mapping[str, object], settings: Settings) -> Three:
    """Return the tokens of a reply: without a reason, with a sentence for each, and all that it may have."""
    most = settings.max_tokens
    least, usual = (_bytes(as_json(filled(schema, reason))) / USUAL for reason in ("", SENTENCE))
    return min(least, most), min(usual, most), float(most)


def filled(schema: Mapping[str, Any], reason: str) -> Any:
    """Fill a verdict's form: the first step of each menu, and `reason` wherever words are wanted."""
    if "enum" in schema:
        return schema["enum"][0]
    if schema.get("type") == "object":
        return {name: filled(inner, reason) for name, inner in schema["properties"].items()}
    return reason


def _bytes(text: str) -> int:
    return len(encodable(text).encode())
