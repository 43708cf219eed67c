"""
From a response that declares nothing to where its answer may stand: a line, a formula, a number.

Each returns at most one text. What the closing sentence concludes is found in `closing`.
"""

import re

from router.expression import expression

SHORT_LINE = 200
"""Characters; a longer line is prose, not an answer."""
END = 2000
"""Characters at the end of a response in which its last formula and number are looked for."""


def first_line(text: str) -> list[str]:
    """Return the first line, where it is short and more follows."""
    line, _, rest = text.partition("\n")
    return [line.strip()] if rest and line and len(line) <= SHORT_LINE else []


FORMULA = expression(
    r"\$\$([^$]{1,500})\$\$|\$([^$\n]{1,500})\$"
    r"|\\\((.{1,500}?)\\\)|\\\[(.{1,500}?)\\\]",
    re.DOTALL,
)


def last_formula(text: str) -> list[str]:
    """Return what stands in the last formula."""
    found = [next(filter(None, match.groups())) for match in FORMULA.finditer(text[-END:])]
    return [found[-1].strip()] if found else []


def last_line(text: str) -> list[str]:
    """Return the last line, where it is short."""
    line = text[text.rfind("\n") + 1 :].strip()
    return [line] if line and len(line) <= SHORT_LINE else []


DIGITS = expression(r"[-+−]?[$€£]?(?:\d+(?:,\d{3})*(?:\.\d+)?|\.\d+)%?")


def last_number(text: str) -> list[str]:
    """Return the last number, with its sign, currency and percent sign."""
    tail = text[-END:]
    numbers = DIGITS.findall(tail)
    return numbers[-1:]


def whole(text: str) -> list[str]:
    """Return all of it, where it is short enough to be an answer."""
    return [text] if text and len(text) <= SHORT_LINE else []
