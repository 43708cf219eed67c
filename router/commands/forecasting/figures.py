"""An outlook as plain JSON, for scripts: the same figures as the report's, in the same words."""

import json
import math
from collections.abc import Mapping
from dataclasses import fields, is_dataclass

from router.commands.forecasting.advice import Advice
from router.commands.forecasting.outlook import Outlook
from router.commands.forecasting.spread import CONFIDENCE


def as_json(expected: Outlook, advised: Advice) -> str:
    """Return the figures; what is infinite is null."""
    said = {"confidence": CONFIDENCE, "usd": expected.usd, "seconds": expected.seconds, "advice": advised}
    return json.dumps(
        _plain(said | {one.name: getattr(expected, one.name) for one in fields(expected)}), indent=2
    )


def _plain(value: object) -> object:
    if isinstance(value, Mapping):
        return {
            " ".join(key).strip() if isinstance(key, tuple) else key: _plain(one)
            for key, one in value.items()
        }
    if is_dataclass(value):
        return {one.name: _plain(getattr(value, one.name)) for one in fields(value)}
    if isinstance(value, tuple):
        return [_plain(one) for one in value]
    return None if value == math.inf else value
