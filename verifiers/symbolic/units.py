"""Units behind a number, split off its expression."""

import re

MOST_UNITS = 4
UNIT = re.compile(
    r"^(?P<number>.*(?:[\d})%]|st|nd|rd|th))\s*"
    r"(?:\\(?:text|mathrm|mbox|textbf|rm)\s?\{\s*(?P<wrapped>[A-Za-z][^{}]*?)\s*\}"
    r"|\s(?P<bare>[A-Za-z]{2,}[A-Za-z /]*))"
    r"\s*(?:\^\s?\{?\s?(?P<power>-?[1-4])\s?\}?)?$",
    re.DOTALL,
)


def without_unit(text: str) -> tuple[str, str]:
    """Return an expression without the unit behind it, and the unit in lower case; an ordinal is none."""
    units: list[str] = []
    while (match := UNIT.match(text)) and len(units) < MOST_UNITS:
        unit = (match["wrapped"] or match["bare"] or "").lower()
        if unit in ("st", "nd", "rd", "th", "and", "or"):
            break
        units.insert(0, unit + (match["power"] or ""))
        text = match["number"].strip()
    return text, " ".join(units)
