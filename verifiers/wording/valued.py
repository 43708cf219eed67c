r"""
The values that a sentence states: a formula, or a number with its dress and the word behind it.

Formulas are masked while the words around them are read: their letters are no words, their numbers no values.
"""

import re

from router.expression import expression

LONGEST = 100
"""Characters; a longer formula without its marks is prose."""
FORMULA = expression(
    r"\$(?! )([^$\n]{1,300})(?<! )\$(?!\d)"
    r"|\$ ([^$\n]{1,300}) \$(?!\s?\d)|\\\((.{1,300}?)\\\)|\\\[(.{1,300}?)\\\]"
)
MARKS = expression(r"^(?:\$|\\[(\[])\s*|\s*(?:\$|\\[)\]])$")
MASK = "\ue000"
"""Stands for each character of a formula."""
NUMERAL = r"(?:\d{1,3}(?:,\d{3})+|\d{1,3}(?:[ \u00a0\u2009\u202f]\d{3})+(?!\d)|\d+)(?:\.\d+)?|\.\d+"
POWER = r"[eE][-+−]?\d+|\s?(?:\\times|\\cdot|[×x*])\s?10\s?\^\s?(?:\{\s?[-−]?\d+\s?\}|[-−]?\d+)"
SHARE = r"\s(?:in\s\d{1,3}(?=[\s.]*$)|out of\s\d+)(?![.,]?\d)"
"""Behind a number: `1 in 4` is one value, `42 in 2019` and `42 in 4 years` are not."""
VALUE = expression(
    rf"{MASK}+|-?\\[dt]?frac\{{[^{{}}]{{1,40}}\}}\{{[^{{}}]{{1,40}}\}}(?=[\s.%]|$)|(?<![\w^\\.}}≠√{{(])(?<![<>≤≥^*/×≠]\s)(?<!\\neq\s)[-+−]?[$€£]?(?:{NUMERAL})(?:{POWER}|/(?:{NUMERAL})|{SHARE})?(?:\s?\\?%)?(?:/?[A-Za-z°²³€£]+)*"
    r"(?!\d|[.,]\d|\s?[\^*×÷!_({\\√π]|\s?[-+−/:]\s?[\d$(\\])(?:\s(?!(?:and|or|to|in|on|at|by|for|of|from|is|are|was|were|if|but|with|per|times|more|less|left|cannot|up|upwards?|pairs?|dozens?)\b)[A-Za-z]+)?"
)
MATHEMATICAL = expression(r"[\\^_√π∞≤≥<>²³(\[±]|\d\s?[-+*/×]\s?\d|\d[A-Za-z](?![A-Za-z])")
WORD = expression(r"(?<![\\A-Za-z])(?!sin|cos|tan|log|sqrt|mod|and)[A-Za-z]{3,}")


def masked(sentence: str) -> str:
    """Return a sentence of the same length in which its formulas cannot be read."""
    return FORMULA.sub(lambda formula: MASK * len(formula[0]), sentence)


def states_a_value(words: str) -> bool:
    """Say whether there is a value or a formula in a masked sentence."""
    return bool(VALUE.search(words) or MATHEMATICAL.search(words))


def inside(sentence: str, value: re.Match[str]) -> str:
    """Return what a value of the masked sentence is in the sentence itself, without a formula's marks."""
    text = sentence[value.start() : value.end()]
    return MARKS.sub("", text) if value[0].startswith(MASK) else text


def unmarked(rest: str) -> str:
    """Return a formula without marks, where there is nothing else."""
    bare = MASK not in rest and len(rest) <= LONGEST and not WORD.search(rest)
    return rest if bare and MATHEMATICAL.search(rest) else ""
