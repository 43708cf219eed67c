"""The grammar of `budget`: what judges may cost, as a number or as what the environment says."""

from typing import Annotated

from pydantic import Field, PlainSerializer, ValidatorFunctionWrapHandler, WithJsonSchema, WrapValidator

from router.policy.models import ENVIRONMENT, MOST_DOLLARS
from router.policy.sections import Section


def _or_filled(value: object, number: ValidatorFunctionWrapHandler) -> object:
    """Let the environment stand for a number; what it says is looked at where it is filled in."""
    return value if isinstance(value, str) and ENVIRONMENT.fullmatch(value) else number(value)


Dollars = Annotated[
    float,
    Field(gt=0, le=MOST_DOLLARS),
    WrapValidator(_or_filled),
    PlainSerializer(lambda value: value),
    WithJsonSchema(
        {
            "anyOf": [
                {"type": "number", "exclusiveMinimum": 0, "maximum": MOST_DOLLARS},
                {"type": "string", "pattern": f"^{ENVIRONMENT.pattern}$"},
            ]
        }
    ),
]


class Budget(Section):
    """Caps on what judges may cost."""

    usd_per_invocation: Dollars | None = None
    """Dollars for one batch."""
    usd_per_day: Dollars | None = None
    """Dollars for one day of UTC: all instances together where they share a table, or else each of them."""
