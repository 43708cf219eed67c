"""What a policy says of models: what the environment fills in, and what each costs."""

import math
import re
from collections.abc import Mapping

CREDENTIALS = re.compile(r"AWS_\w*(?:KEY|TOKEN)\w*")
"""Variables that no policy may name: what it fills in is logged, and told to whoever asks."""
ENVIRONMENT = re.compile(r"\$\{([A-Za-z_][A-Za-z0-9_]*)(?::-([^${}]*))?\}")
"""`${NAME}` or `${NAME:-default}`."""


MOST_DOLLARS = 1e6

GEOGRAPHY = re.compile(r"^(?:[a-z]{2}|us-gov|apac|global)\.")
"""The prefix of an inference profile that spans regions: us, eu, jp, apac, global ..."""


Prices = Mapping[str, Mapping[str, float]]
"""By model: `input` and `output`, dollars per million tokens; `flex` and `priority`, times as much."""


def fill(text: str, environment: Mapping[str, str]) -> str:
    """
    Fill in the environment as a shell does: an unset or empty variable takes its default.

    Raises ValueError, in words for the user, where one has neither, where one is a secret, or where `${`
    begins anything else.
    """

    def value(match: re.Match[str]) -> str:
        name, default = match.groups()
        if CREDENTIALS.fullmatch(name):
            raise ValueError(f"{name} is the function's own secret: a policy may not name it")
        found = environment.get(name) or default
        if found is None:
            raise ValueError(
                f"the environment has no {name}: set it, or give it a default, ${{{name}:-default}}"
            )
        return found

    if "${" in ENVIRONMENT.sub("", text):
        raise ValueError("the environment is written ${NAME} or ${NAME:-default}, none inside another")
    return ENVIRONMENT.sub(value, text)


def price_of(model: str, tier: str | None, prices: Prices) -> tuple[float, float]:
    """
    Return the dollars per million input and output tokens of a model, in a service tier; None: the default.

    Raises ValueError, in words for the user, where the model or the tier has no price.
    """
    key = priced_as(model, prices)
    if key is None:
        raise ValueError(
            f"the model {model!r} has no price: add it to prices.yaml, or to the policy's own `prices`"
        )
    price = prices[key]
    times = 1.0 if tier in (None, "default") else price.get(tier)
    if times is None:
        raise ValueError(
            f"the model {model!r} has no price in the tier {tier}: where Bedrock offers it, add `{tier}` to "
            "its line in prices.yaml, times the price there; else leave `service_tier` out"
        )
    return price["input"] * times, price["output"] * times


def dollars(cap: float | str | None, environment: Mapping[str, str]) -> float:
    """
    Return a cap in dollars, a text filled in from the environment; infinite where there is none.

    Raises ValueError, in words for the user, where no sum of money comes out.
    """
    if not isinstance(cap, str):
        return cap or math.inf
    filled = fill(cap, environment)
    try:
        usd = float(filled)
    except ValueError:
        raise ValueError(f"{cap} comes out as {filled!r}: must be a number of dollars") from None
    if not 0 < usd <= MOST_DOLLARS:
        raise ValueError(f"{cap} comes out as {filled}: must be more than 0, and {MOST_DOLLARS:.0f} or less")
    return usd


def priced_as(model: str, prices: Mapping[str, object]) -> str | None:
    """
    Return the key under which a model's price stands; None where it has none.

    A model may be named by its id, with a geographic prefix or without, or by an ARN that ends in one
    of these. The price for exactly what is named comes first.
    """
    name = model.rpartition("/")[2]
    return next((key for key in (model, name, GEOGRAPHY.sub("", name, count=1)) if key in prices), None)
