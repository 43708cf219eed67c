"""
A verdict as the table keeps it, and back. An item holds no word of a sample or of a judge's reason.

Whatever is not exactly an item as this version writes it, of a question that was asked, and still fresh,
is no verdict: items come from a network, from other versions, and from whoever may write to the table.
"""

import re
from collections.abc import Mapping
from typing import Any, cast

from router.cache import Remembered
from router.types import Verdict

FORMAT = "1"
"""Changes whenever an item's score would mean something else to those who wrote it."""
KEPT_SECONDS = 30 * 86_400
"""A verdict of a model that may have been changed since is not trusted for ever."""
REASON = "remembered from another batch"

NUMBER = re.compile(r"\d+(\.\d+)?([eE][+-]?\d+)?", re.ASCII)

Item = dict[str, dict[str, str]]


def item_of(key: str, remembered: Remembered, now: float) -> Item:
    """Return the item that tells others a verdict. `now` is in seconds since the epoch."""
    return {
        "id": {"S": key},
        "format": {"N": FORMAT},
        "score": {"N": repr(remembered.verdict.score)},
        "confidence": {"N": repr(remembered.verdict.confidence)},
        "model": {"S": remembered.model},
        "expires": {"N": str(int(now) + KEPT_SECONDS)},
    }


FORM = {"id": "S", "format": "N", "score": "N", "confidence": "N", "model": "S", "expires": "N"}


def read_item(item: object, models: Mapping[str, str], now: float) -> tuple[str, Remembered] | None:
    """
    Return the key and the verdict that an item holds; None where it holds none for us.

    `models` says of each key that was asked for which model's verdict it stands for.
    """
    values = _values(item)
    if values is None or values["format"] != FORMAT or models.get(values["id"]) != values["model"]:
        return None
    score, confidence, expires = [_number(values[name]) for name in ("score", "confidence", "expires")]
    if not (0 <= score <= 1 and 0 <= confidence <= 1 and expires > now):
        return None
    return values["id"], Remembered(Verdict(score, confidence, REASON), values["model"])


def _values(item: object) -> dict[str, str] | None:
    """Return an item's plain values; None where it has other attributes, or of other types."""
    if not isinstance(item, dict) or item.keys() != FORM.keys():
        return None
    typed = cast("dict[str, Any]", item)
    if any(not isinstance(one, dict) or list(one) != [FORM[name]] for name, one in typed.items()):
        return None
    values = {name: one[FORM[name]] for name, one in typed.items()}
    return values if all(isinstance(one, str) for one in values.values()) else None


def _number(text: str) -> float:
    """Return a number as DynamoDB writes it; anything else is less than every number that is wanted."""
    return float(text) if NUMBER.fullmatch(text) else -1.0
