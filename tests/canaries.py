"""Rows that hold a canary wherever text can stand: where one sings, something of a sample has been told."""

import math
from typing import Any

CANARY = "CANARY"


def canary_row(response: object = f"{CANARY} response") -> dict[str, Any]:
    """A row with a canary in every place."""
    call = {"name": f"{CANARY}_call", "arguments": {f"{CANARY} argument": CANARY}}
    return {
        "id": f"{CANARY}-id",
        "messages": [
            {"role": "system", "content": f"{CANARY} system"},
            {"role": f"{CANARY} role", "content": [{"text": CANARY}, {"type": f"{CANARY}_kind"}]},
            {"role": "assistant", "content": response, "tool_calls": [call]},
        ],
        "reference_answer": f"{CANARY} reference",
        "tools": [{"name": f"{CANARY} tool"}],
        "metadata": {f"{CANARY} key": f"{CANARY} value", "reference_answer": CANARY},
        f"{CANARY} field": CANARY,
        "label": CANARY,
        "label_detail": {"why": CANARY},
    }


def canary_rows() -> list[object]:
    """Sound, repeated, raw and malformed rows, each full of canaries."""
    sound = canary_row()
    return [
        sound,
        sound,
        canary_row([{"text": CANARY}, {"type": CANARY, "x": CANARY}]),
        sound | {"messages": sound["messages"][:1]},
        sound | {"metadata": CANARY},
        sound | {"messages": [CANARY]},
        sound | {"messages": CANARY},
        sound | {"id": f"{CANARY}\ud800"},
        sound | {"id": [CANARY]},
        sound | {"loss": math.nan, f"{CANARY}": CANARY},
        CANARY,
        [CANARY],
    ]
