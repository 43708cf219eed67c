"""
From a short text to the one number it states, with its percent sign and unit.

Covered: signs, thousands separators, decimals, exponents, `a/b` and `\\frac{a}{b}`, currency
signs, percent, trailing unit words, `x =` in front, LaTeX and Markdown wrapping.
Not covered, and refused: two numbers, a negation, "or", anything that computes (`2^5`, `3!`,
`5\\pi`), mixed numbers, number words. Refused is not wrong: the caller abstains.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction

from router.expression import expression

LONGEST = 200
MOST_DIGITS = 60
"""Longer numbers are refused: exact arithmetic on them is what a hostile text would ask for."""

Rational = int | Fraction

FRACTION = expression(r"\\[dt]?frac\s?\{\s?([-+]?[\d.,]{1,60})\s?\}\s?\{\s?([\d.,]{1,60})\s?\}")
GROUPED = expression(r"\{,\}|,\s?\\!\s?")
"""LaTeX's commas between thousands."""
SPACED = expression(r"(?<![\w.,])\d{1,3}(?>(?:(?:\\[,; ]|[ \u00a0\u2009\u202f'’_])\d{3})+)(?![\w/])")
SPACE = expression(r"\\[,; ]|[ \u00a0\u2009\u202f'’_]")
"""What other countries write there: a space, an apostrophe."""
LEAD = expression(
    r"(?>(?:\W{0,3}\b(?:(?:yes|sure|ok(?:ay)?|right|indeed|certainly|of course|so|thus|hence|therefore)\b"
    r"|(?:it|that|this)(?: is| would be|['’]s)\b|(?:exactly|precisely|just|simply|equal to|given by)\b"
    r"|(?:ans|answer|result|solution|total)\s?[:=]))+)[\s,:.!]{0,4}(?<=[\s:=])(?=[-+−\u2013$€£¥\\({\[\d.])",
    re.IGNORECASE,
)
"""Words that lead to an answer and are no part of it: "Yes, it is exactly 42"."""
NUMERAL = expression(r"(?:\d{1,3}(?:,\d{3})+|\d+)(?:\.\d+)?|\.\d+")
EXPONENT = expression(r"(?:[eE]|\s?(?:\\times|\\cdot|×|\*)\s?10\s?\^\s?\{?\s?)([-+−]?\d{1,2})\}?")

WRAPPING = r"[\s*_`\"'$€£¥~{}]|\\[()\[\],;!$]|\\(?:text|mathrm|mathbf|textbf)\s?\{"
BEFORE = expression(
    rf"(?>(?:{WRAPPING}|(?P<name>[A-Za-z]\w{{0,20}})\s?=)*)(?P<sign>[-+−\u2013]?)(?>(?:{WRAPPING})*)"
)
"""What may stand before a number: wrapping, `x =`, currency and sign."""
AFTER = expression(
    rf"(?>(?:{WRAPPING})*)(?P<percent>\\?%|percent\b)?(?P<unit>(?>(?:{WRAPPING}|[A-Za-z°²³/.-])*))"
)
"""What may stand after it: a percent sign, a unit, a full stop."""

DENIALS = frozenset({"not", "never", "no", "isn", "wrong", "false", "incorrect"})
REFUSED = DENIALS | {
    "or", "and", "to", "if", "unless", "when", "where", "but", "wait", "else", "otherwise", "either",
    "versus", "vs",
    "is", "was", "right", "maybe", "perhaps", "approx", "approximately", "about", "roughly", "than",
    "plus", "minus", "times", "over", "divided", "mod", "cdot", "sqrt", "pi", "infty", "sin", "cos", "tan",
    "log", "ln", "factorial", "squared", "cubed", "hundred", "hundreds", "thousand", "thousands", "million",
    "millions", "billion", "billions", "trillion", "bn", "dozen", "dozens", "half", "third", "quarter",
    "e", "i", "n", "x", "y", "z", "k", "am", "pm",
}  # fmt: skip
"""Words behind a number that make it a choice, a condition, a denial, a computation or another number."""
SWAPPED = str.maketrans(".,", ",.")
MOST_UNIT_WORDS = 4
GLUED = expression(r"[A-Za-z](?![A-Za-z])|\s*[-/]\s*$|\.{2}")
"""A single letter or a dangling sign right behind a number: a product, or something that was not finished."""
WORD = expression(r"[A-Za-z]+")


@dataclass(frozen=True, slots=True)
class Quantity:
    """One number as stated."""

    value: Rational
    """Exact; a percentage keeps its own number, so 50 % is 50."""
    percent: bool = False
    unit: str = ""
    """The words after it, in lower case; a currency sign counts as none."""
    name: str = ""
    """What is said to have this value: `x` in `x = 5`."""


def quantity(text: str) -> Quantity | None:
    """Return the one number that the text states; None where it states none, several, or a computation."""
    digits = text.removesuffix(".")
    if digits.isdecimal() and len(digits) <= MOST_DIGITS:
        return Quantity(int(digits))
    if len(text) > LONGEST:
        return None
    text = _plainly(led_to(text))
    numeral = NUMERAL.search(text)
    if not numeral:
        return None
    value, end = _value(text, numeral)
    before = BEFORE.fullmatch(text, 0, numeral.start())
    after = AFTER.fullmatch(text, end)
    if value is None or not before or not after:
        return None
    words = [word.lower() for word in WORD.findall(after["unit"])]
    if (before["name"] or "").lower() in DENIALS or GLUED.match(text, end):
        return None
    if len(words) > MOST_UNIT_WORDS or not REFUSED.isdisjoint(words):
        return None
    unit = " ".join(words)
    return Quantity(
        value if before["sign"] in ("", "+") else -value, bool(after["percent"]), unit, before["name"] or ""
    )


CURRENCIES = {
    "$": expression(r"\\\$|(?<![\w$\\])\$(?=\d[^$]*\Z)|\b(?:dollars?|usd)\b", re.IGNORECASE),
    "€": expression(r"€|\b(?:euros?|eur)\b", re.IGNORECASE),
    "£": expression(r"£|\bgbp\b", re.IGNORECASE),
    "¥": expression(r"¥|\byen\b", re.IGNORECASE),
    "¢": expression(r"¢|\b(?:cents?|pennies|pence)\b", re.IGNORECASE),
}


MONEY = expression(r"[$€£¥¢]|\b(?:dollar|usd|euro?|gbp|yen|cent|penn|pence)", re.IGNORECASE)
"""What stands in each of them; looked for first, as few texts name a currency."""


def in_other_money(answer: str, reference: str) -> bool:
    """Say whether two texts name a currency each, and not the same one."""
    if not (MONEY.search(reference) and MONEY.search(answer)):
        return False
    one, other = (
        {sign for sign, said in CURRENCIES.items() if said.search(text)} for text in (answer, reference)
    )
    return bool(one and other) and one.isdisjoint(other)


def led_to(text: str) -> str:
    """Return an answer without the words that lead to it."""
    lead = LEAD.match(text)
    return text[lead.end() :] if lead else text


def elsewhere(text: str) -> Quantity | None:
    """Return the number as a country reads it that writes `1.234,5` for `1,234.5`; None where it is none."""
    return quantity(text.translate(SWAPPED)) if not SWAPPED.keys().isdisjoint(map(ord, text)) else None


def _plainly(text: str) -> str:
    """Return a text with commas between thousands and slashes in fractions."""
    text = SPACED.sub(lambda number: SPACE.sub(",", number[0]), GROUPED.sub(",", text))
    return FRACTION.sub(r" \1/\2", text)


def mentioned(text: str) -> Iterator[Rational]:
    """Return every number that a text mentions, a fraction as a whole and in its parts."""
    text = _plainly(text)
    for numeral in NUMERAL.finditer(text):
        whole, part = _value(text, numeral)[0], exact(numeral[0])
        yield from (value for value in (whole, part) if value is not None)


def _value(text: str, numeral: re.Match[str]) -> tuple[Rational | None, int]:
    """Return the number that begins at this numeral, and where it ends."""
    value, end = exact(numeral[0]), numeral.end()
    if text.startswith("/", end) and (below := NUMERAL.match(text, end + 1)):
        divisor = exact(below[0])
        return (Fraction(value) / divisor if value is not None and divisor else None), below.end()
    if exponent := EXPONENT.match(text, end):
        return (
            value * Fraction(10) ** int(exponent[1].replace("−", "-")) if value is not None else None
        ), exponent.end()
    return value, end


def exact(numeral: str) -> Rational | None:
    """Return a numeral's exact value; None where it has too many digits."""
    if len(numeral) > MOST_DIGITS:
        return None
    digits = numeral.replace(",", "")
    return Fraction(digits) if "." in digits else int(digits)
