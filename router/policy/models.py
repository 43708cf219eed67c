"""What a policy says of models: names filled in from the environment, and what each costs."""

import re
from collections.abc import Mapping

ENVIRONMENT = re.compile(r"\$\{([A-Za-z_][A-Za-z0-9_]*)(?::-([^}]*))?\}")
"""`${NAME}` or `${NAME:-default}`."""

FILLED = ("model", "region")
"""The settings in which the environment may stand."""


def fill(text: str, environment: Mapping[str, str]) -> str:
    """
    Fill in the environment as a shell does: an unset or empty variable takes its default.

    Raises KeyError with the name of a variable that is unset and has no default.
    """

    def value(match: re.Match[str]) -> str:
        name, default = match.groups()
        found = environment.get(name) or default
        if found is None:
            raise KeyError(name)
        return found

    return ENVIRONMENT.sub(value, text)


def priced_as(model: str, prices: Mapping[str, object]) -> str | None:
    """
    Return the key under which a model's price stands; None where it has none.

    A model may be named by its id, with a geographic prefix (`us.`, `global.` ...), or by an ARN
    that ends in one of these. A price for the prefixed id comes first.
    """
    name = model.rpartition("/")[2]
    unprefixed = name.partition(".")[2]
    return next((key for key in (name, unprefixed) if key in prices), None)
