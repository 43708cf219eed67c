"""LaTeX, Unicode and plain spelling of a mathematical answer -> one spelling."""

import re
from functools import lru_cache

SPELLINGS = {
    "−": "-", "–": "-", "×": r"\times ", "·": r"\cdot ", "÷": r"\div ", "√": r"\sqrt ", "∞": r"\infty ",
    "°": r"^\circ ",
    "≤": r"\leq ", "≥": r"\geq ", "≠": r"\neq ", "≈": r"\approx ", "∪": r"\cup ", "∩": r"\cap ",
    "∈": r"\in ", "±": r"\pm ", "＞": ">", "＜": "<", "（": "(", "）": ")", "，": ",", "∀": r"\forall ",
    "½": r"\frac{1}{2}", "⅓": r"\frac{1}{3}", "⅔": r"\frac{2}{3}", "¼": r"\frac{1}{4}", "¾": r"\frac{3}{4}",
    "…": r"\ldots ", "ℝ": r"\mathbb{R}", "ℤ": r"\mathbb{Z}",
    "∅": r"\emptyset ", "∖": r"\setminus ", "∝": r"\propto ", "⋅": r"\cdot ", "∗": "*", "′": "'",
    "\f": r"\f", "\b": r"\b",
}  # fmt: skip
GREEK = {
    letter: f"\\{name} "
    for letters, names in (
        ("αβγδεζηθικλμ", "alpha beta gamma delta epsilon zeta eta theta iota kappa lambda mu"),
        ("νξπρστυφχψω", "nu xi pi rho sigma tau upsilon phi chi psi omega"),
        ("ΓΔΘΛΞΠΣΦΨΩ", "Gamma Delta Theta Lambda Xi Pi Sigma Phi Psi Omega"),
    )
    for letter, name in zip(letters, names.split(), strict=True)
}  # fmt: skip
UNICODE = str.maketrans(SPELLINGS | GREEK)
RAISED, LOWERED = "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻ⁿ", "₀₁₂₃₄₅₆₇₈₉"
PLAIN = str.maketrans(RAISED + LOWERED, "0123456789+-n" + "0123456789")
SCRIPT = re.compile(f"[{RAISED}]+|[{LOWERED}]+")

ALIKE = [
    (re.compile(pattern), replacement)
    for pattern, replacement in (
        (r"(?<=\d)(?:\{,\}|,\s?\\!)\s?(?=\d)", ","),
        (r"\\(?:left|right|bigl?|bigr?|Bigl?|Bigr?|displaystyle|limits)(?![A-Za-z])\s?", ""),
        (r"\\[dtc](?=(?:frac|binom)(?![A-Za-z]))", r"\\"),
        (r"\\langle(?![A-Za-z])", "("),
        (r"\\rangle(?![A-Za-z])", ")"),
        (
            r"(?<=\d)(?=[\s\\-])[\s-]*(?:\\text\s?\{\s*)?(?:to|out of|in(?=[\s}-]+\d{1,3}\W*$))[\s}-]+(?=\d)",
            " : ",
        ),
        (r"(?<=[a-z])\s+in\s+(?=[\[(\\{])", r" \\in "),
        (r"(?<=[a-z])\s+in\s+(?=[\[(\\{])", r" \\in "),
        (r"(?<=\d)\s*[xX]\s*(?=10\s?\^)", r"\\times "),
        (r"^\s*(?:=|\\approx(?![A-Za-z]))\s*", ""),
        (r"(?<![A-Za-z\\])rac(?=\{)", r"\\frac"),
        (r"\\(?:leqslant|le)(?![A-Za-z])", r"\\leq "),
        (r"\\(?:geqslant|ge)(?![A-Za-z])", r"\\geq "),
        (r"\\ne(?![A-Za-z])", r"\\neq "),
        (r"\\lt(?![A-Za-z])", "<"),
        (r"\\gt(?![A-Za-z])", ">"),
        (r"<=", r"\\leq "),
        (r">=", r"\\geq "),
        (r"!=", r"\\neq "),
        (r"\\(?:cupdot|bigcup)(?![A-Za-z])", r"\\cup "),
        (r"\\vee(?![A-Za-z])|\\lor(?![A-Za-z])", r" or "),
        (r"\\land(?![A-Za-z])|\\wedge(?![A-Za-z])", r" and "),
        (r"\\(?:mid|vert)(?![A-Za-z])", "|"),
        (r"\^\s?\{?\s?(?:\\circ|\\degree)\s?\}?|\\degree(?![A-Za-z])", r"^\\circ "),
        (r"(?<!\\)\\[,;:!> ]|\\(?:quad|qquad)(?![A-Za-z])|~|&nbsp;", " "),
        (r"<sup>(.{1,20}?)</sup>", r"^{\1}"),
        (r"\\(?:operatorname|mathbf|mathit|mathsf|bm|boldsymbol)\s?\{([^{}]{0,60})\}", r"\1"),
        (r"\\\$|\$|\\\(|\\\)|\\\[|\\\]|[€£¥]|\*\*", " "),
        (r"\\%", "%"),
        (r"(?<=\d)\.\.\.", r"\\ldots"),
        (r"(?<=[_^])\s?\{\s?(\w)\s?\}", r"\1"),
        (r"\^\s*$", ""),
    )
]

BOX = re.compile(r"^\s*\\(?:boxed|fbox)\s?\{(.*)\}\s*$", re.DOTALL)
QUALIFIER = re.compile(
    r"[,;]?\s*(?:\\text\s?\{\s*)?(?:\bfor (?:all|any|every|some|each)\b|\\forall"
    r"|\bwhere \$?[a-z]\$? is (?:an?|any) (?:\w+ )?integer\b).*?"
    r"(?=,?\s*(?:\\text\s?\{\s*)?\band\b\s*\}?\s*[a-z]\(|$)"
    r"|[,(]\s*[a-zA-Z]\s*\\in\s*\\mathbb[^,]*?$",
    re.DOTALL,
)
"""A condition behind the answer that changes nothing: `f(x) = x for all x > 0`."""


TWICE = re.compile(r"\\\\(?=[A-Za-z]{2,}|[{}()\[\]])")
"""A command escaped twice, as JSON in JSON does it."""


@lru_cache(maxsize=1024)
def cleaned(text: str) -> str:
    """Return the answer in one spelling, without wrapping, spacing commands and trailing conditions."""
    text = _escaped_once(text).translate(UNICODE)
    text = SCRIPT.sub(_script, text)
    for pattern, replacement in ALIKE:
        text = pattern.sub(replacement, text)
    while match := BOX.match(text):
        text = match[1]
    text = QUALIFIER.sub("", text) or text
    return " ".join(text.split()).rstrip(" .;,")


def _escaped_once(text: str) -> str:
    """Return the text with its commands escaped once; the rows of a matrix keep their two backslashes."""
    if r"\\" not in text:
        return text
    if r"\begin" not in text:
        return TWICE.sub(r"\\", text)
    return text.replace(r"\\", "\\") if r"\\begin" in text else text


def _script(match: re.Match[str]) -> str:
    """Return raised or lowered digits behind their sign; without braces, which no \\text may hold."""
    sign, plain = "^" if match[0][0] in RAISED else "_", match[0].translate(PLAIN)
    return f"{sign}{plain}" if plain.lstrip("-").isdecimal() else f"{sign}{{{plain}}}"
