"""Times of day: `7:30 PM`, `19:30`."""

import re

from verifiers.symbolic.sameness import DIFFERENT, EQUAL, READ, UNIT, Sameness
from verifiers.symbolic.structure import Clock, Leaf

TIME = re.compile(
    r"(?P<hour>[01]?\d|2[0-4])\s?:\s?(?P<minute>[0-5]\d)\s*"
    r"(?:\\(?:text|mathrm)\s?\{)?\s*(?:(?P<half>[ap])\.?\s?m\.?)?\s*\}?",
    re.IGNORECASE,
)


def clock(text: str) -> Clock | None:
    """Return the time of day that a text is."""
    time = TIME.fullmatch(text)
    if not time:
        return None
    half = f"{time['half'].lower()}m" if time["half"] else ""
    hour, minute = int(time["hour"]), int(time["minute"])
    return Clock(hour, minute, half, Leaf(f"\\frac{{{hour}}}{{{minute}}}") if minute and not half else None)


def same_hour(one: Clock, other: Clock) -> Sameness:
    """Compare times of day; one may leave out which half of the day it means."""
    if one.minute != other.minute or (one.hour - other.hour) % 12:
        return DIFFERENT
    if one.told and other.told:
        return EQUAL if one.of_day == other.of_day else DIFFERENT
    if one.told or other.told:
        return UNIT
    return EQUAL if one.hour == other.hour else READ
