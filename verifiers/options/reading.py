r"""How a short text reads without its markup: "$\mathrm{B}$" as "B", "3.00 cm" as "3 cm"."""

from collections.abc import Sequence
from fractions import Fraction

from router.expression import expression

LONGEST_TEXT = 1000
"""Characters; a longer text is cut before its words are compared."""
LONGEST_NUMBER = 30
"""Characters; a longer one is compared as it is written."""

DRESS = expression(r"\\(?:text|textbf|mathrm|mathbf)\s?(?=\{)|\\[()\[\],;! ]|\{~|[{}$*_`\"“”]")
"""What may be wrapped around a letter or a text without changing what is said."""
FRACTION = expression(r"\\[dt]?frac\s?\{([^{}]{1,30})\}\s?\{([^{}]{1,30})\}")
SAME = str.maketrans({"\u2212": "-", "\u2013": "-", "\u2014": "-", "\u2019": "'"})
HYPHEN = expression(r"(?<=[^\W\d_])-(?=[^\W\d_])")
WORD = expression(r"\d[\d,]*(?:\.\d+)?|\.\d+|[^\W\d_]+|[^\w\s.,;:!?()\[\]\"'|\\]")
"""Numbers, words, and the signs that mean something."""

Words = Sequence[str]


def undressed(text: str) -> str:
    """Return a text without markup and without its full stop."""
    text = FRACTION.sub(r"\1/\2", text) if "frac" in text else text
    return DRESS.sub("", text).strip().removesuffix(".").strip()


def words_of(text: str) -> Words:
    """Return the words of a text, numbers in one spelling, signs kept: `-3` is not `3`."""
    plain = undressed(text[:LONGEST_TEXT]).casefold().translate(SAME)
    plain = HYPHEN.sub(" ", plain.replace("\\times", "×").replace("\\cdot", "·"))
    return [_spelled(word) for word in WORD.findall(plain)]


def _spelled(word: str) -> str:
    if not (word[0].isdecimal() or word[0] == ".") or len(word) > LONGEST_NUMBER:
        return word
    whole, _, digits = word.replace(",", "").partition(".")
    digits = digits.rstrip("0")
    return (whole.lstrip("0") or "0") + (f".{digits}" if digits else "")


VALUE = expression(r"(-?)(\d+(?:\.\d+)?)(?:/(\d+))?")


def value_of(words: Words) -> Fraction | None:
    """Return the number that the words are, where they are one and nothing else."""
    match = VALUE.fullmatch("".join(words)) if len(words) <= 4 else None  # sign, number, slash, number
    if match is None or len(match[0]) > LONGEST_NUMBER or not match[0].isascii():
        return None
    if match[3] and not int(match[3]):
        return None
    return Fraction(f"{match[1]}{match[2]}") / int(match[3] or 1)
