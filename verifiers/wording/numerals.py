"""
Number words to digits, word by word: "two hundred and five" reads "205", "2.5 million" "2500000",
"twenty first" "21st". Words that do not go on with a number begin another: "nineteen eighty four"
reads "19 84". Covered: English, up to trillions.
"""

from collections.abc import Iterable, Iterator
from fractions import Fraction

SMALL = "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen"
SMALL_NUMBERS = {
    word: number for number, word in enumerate(f"{SMALL} sixteen seventeen eighteen nineteen".split())
}
WHOLE_TENS = "twenty thirty forty fifty sixty seventy eighty ninety"
TENS = {word: 10 * number for number, word in enumerate(WHOLE_TENS.split(), start=2)}
NUMBERS = SMALL_NUMBERS | TENS
FIRST = "first second third fourth fifth sixth seventh eighth ninth tenth eleventh twelfth thirteenth"
ORDINALS = {
    word: number
    for number, word in enumerate(
        f"{FIRST} fourteenth fifteenth sixteenth seventeenth eighteenth nineteenth twentieth".split(), start=1
    )
}
POWERS = {"thousand": 10**3, "million": 10**6, "billion": 10**9, "trillion": 10**12}
MOST_DIGITS = 30
"""Longer numerals are names, and stay as they are."""

Token = tuple[str, str]
"""A word and what separates it from the word before; an empty word is a separator alone."""


def plain_decimal(value: Fraction) -> str:
    """Return a number in digits, without an exponent or trailing zeros."""
    if value.denominator == 1:
        return str(value.numerator)
    return f"{float(value):f}".rstrip("0").rstrip(".")


def digits(numeral: str) -> str:
    """Return a numeral without thousands separators, leading and trailing zeros."""
    sign = "-" if numeral.startswith("-") else ""
    bare = numeral.replace(",", "").lstrip("-0") or "0"
    bare = f"0{bare}" if bare.startswith(".") else bare
    return sign + (bare.rstrip("0").rstrip(".") if "." in bare else bare)


class _Run:
    """A number under way."""

    def __init__(self) -> None:
        self.total = Fraction(0)
        self.part: Fraction | None = None
        """What has been said since the last thousand, million ...; None before anything was."""
        self.room = 0
        """Below which a number may still be added to the part; 0 where none may."""
        self.begun = False

    def takes(self, word: str) -> bool:
        """Add a word to the number; False where it does not go on with it."""
        if (number := NUMBERS.get(word)) is not None and (not self.begun or 0 < number < self.room):
            self.part = (self.part or Fraction(0)) + number
            self.room = 10 if word in TENS else 0
        elif word == "hundred" and (self.part is None or 0 < self.part < 100):
            self.part, self.room = 100 * (self.part or Fraction(1)), 100
        elif word in POWERS and (self.part is not None or not self.begun):
            self.total += (self.part or 1) * POWERS[word]
            self.part, self.room = None, 1000
        elif not self.begun and word[0].isdecimal() and _numeral(word):
            self.part = Fraction(word)
        else:
            return False
        self.begun = True
        return True

    def ends_with(self, word: str) -> str | None:
        """Return the ordinal that a word ends this number as; None where it is none."""
        ordinal = ORDINALS.get(word)
        if ordinal is None or (self.begun and not ordinal < self.room):
            return None
        return _ordinal(int(self.total + (self.part or 0)) + ordinal)

    def __str__(self) -> str:
        return plain_decimal(self.total + (self.part or 0))


def _numeral(word: str) -> bool:
    return len(word) <= MOST_DIGITS and word.isascii() and word.replace(".", "", 1).isdecimal()


def _ordinal(number: int) -> str:
    ending = "th" if 10 <= number % 100 <= 20 else {1: "st", 2: "nd", 3: "rd"}.get(number % 10, "th")
    return f"{number}{ending}"


def in_digits(tokens: Iterable[Token]) -> Iterator[Token]:
    """Return the tokens with every number in digits."""
    run = _Run()
    joined = False
    for word, separator in tokens:
        if word == "and" and run.begun and run.room >= 100:
            joined = True
            continue
        if word and run.takes(word):
            joined = False
            continue
        if word and not joined and (ordinal := run.ends_with(word)):
            run = _Run()
            yield ordinal, ""
            continue
        if run.begun:
            yield str(run), ""
            run = _Run()
        if joined:
            yield "and", ""
            joined = False
        if word and run.takes(word):
            continue
        yield word, separator
    if run.begun:
        yield str(run), ""
    if joined:
        yield "and", ""
