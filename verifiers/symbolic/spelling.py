"""Expressions as people write them -> as the LaTeX parser reads them."""

import re
from collections.abc import Callable

ORDINAL = re.compile(r"(?<=\d)\s*(?:\^\s?\{?\s?)?(?:\\(?:text|mathrm)\s?\{\s*)?(?:st|nd|rd|th)\b\s?\}?\s?\}?")


def _repeating(match: re.Match[str]) -> str:
    """Return a repeating decimal as the fraction that it is."""
    whole, before = match[1] or "0", match[2] or ""
    period = match[3]
    nines = int("9" * len(period)) * 10 ** len(before)
    above = int(whole + before + period) - int(whole + before)
    return f"\\frac{{{above}}}{{{nines}}}"


SPELLINGS: list[tuple[re.Pattern[str], str | Callable[[re.Match[str]], str]]] = [
    (re.compile(pattern), replacement)
    for pattern, replacement in (
        (r"\\frac\s?([0-9])\s?([0-9])", r"\\frac{\1}{\2}"),
        (r"\\frac\s?([0-9A-Za-z])\s?\{", r"\\frac{\1}{"),
        (r"(\\frac\s?\{[^{}]*\})\s?([0-9A-Za-z])", r"\1{\2}"),
        (r"\\sqrt\s?([0-9A-Za-z])", r"\\sqrt{\1}"),
        (r"(?<!\\)\bsqrt\s?\(([^()]*)\)", r"\\sqrt{\1}"),
        (r"(?<!\\)\b(sin|cos|tan|cot|sec|csc|cis|ln|log|exp|pi)\b", r"\\\1 "),
        (r"(\\(?:sin|cos|tan|cot|sec|csc|ln)) ?([A-Za-z]|\\[a-z]+)(?=\s*(?:\\cdot|\*|\\times))", r"\1(\2)"),
        (r"^(-?)(\d+)\s*\\frac\s?\{(\d+)\}\s?\{(\d+)\}$", r"\1(\2 + \\frac{\3}{\4})"),
        (r"^(-?)(\d+) (\d+)/(\d+)$", r"\1(\2 + \\frac{\3}{\4})"),
        (r"(?<=\d) (?=\d{3}\b)", ""),
        (r"(\d{0,30})\.(\d{0,30})\s?\\(?:overline|bar|dot)\s?\{\s?(\d{1,20})\s?\}", _repeating),
        (r"(\d{0,30})\.(\d{0,30})\((\d{1,20})\)", _repeating),
        (r"(\d{0,30})\.(\d{0,30}?)(\d)\3{2,30}\s?(?:\.\.\.|\\ldots|\\cdots|\\dots)", _repeating),
        (r"\^\s?\(([^()]{1,20})\)", r"^{\1}"),
        (r"(?<!\d)\.(?=\d)", "0."),
        (r"^(-?\d+(?:\.\d+)?)[eE]([-+]?\d{1,3})$", r"\1 \\cdot 10^{\2}"),
        (r"\\Ln(?![A-Za-z])", r"\\ln"),
        (r"(?:\{|^)([^{}]{1,20})\\choose(?![A-Za-z])([^{}]{1,20})(?:\}|$)", r"\\binom{\1}{\2}"),
        (r"\*\*", "^"),
        (r"\*", r"\\cdot "),
        (r"\\div(?![A-Za-z])", "/"),
    )
]


def for_parser(text: str) -> str:
    """Return the expression in the parser's spelling: every brace written, functions as commands."""
    for pattern, replacement in SPELLINGS:
        text = pattern.sub(replacement, text)
    return text


def without_ordinal(text: str) -> str:
    """Return a text without the ending of `15th`."""
    return ORDINAL.sub("", text)
