"""LaTeX, Unicode and plain spelling of a mathematical answer -> one spelling."""

import re

SPELLINGS = {
    "−": "-", "–": "-", "×": r"\times ", "·": r"\cdot ", "÷": r"\div ", "√": r"\sqrt ", "∞": r"\infty ",
    "π": r"\pi ", "θ": r"\theta ", "α": r"\alpha ", "β": r"\beta ", "λ": r"\lambda ", "°": r"^\circ ",
    "≤": r"\leq ", "≥": r"\geq ", "≠": r"\neq ", "≈": r"\approx ", "∪": r"\cup ", "∩": r"\cap ",
    "∈": r"\in ", "±": r"\pm ", "＞": ">", "＜": "<", "（": "(", "）": ")", "，": ",", "∀": r"\forall ",
    "½": r"\frac{1}{2}", "²": "^2", "³": "^3", "…": r"\ldots ",
}  # fmt: skip
UNICODE = str.maketrans(SPELLINGS)

ALIKE = [
    (re.compile(pattern), replacement)
    for pattern, replacement in (
        (r"(?<=\d)(?:\{,\}|,\s?\\!)\s?(?=\d)", ","),
        (r"\\(?:left|right|bigl?|bigr?|Bigl?|Bigr?|displaystyle|limits)(?![A-Za-z])\s?", ""),
        (r"\\[dtc]frac(?![A-Za-z])", r"\\frac"),
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
        (r"(?<=[_^])\s?\{\s?(\w)\s?\}", r"\1"),
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


def cleaned(text: str) -> str:
    """Return the answer in one spelling, without wrapping, spacing commands and trailing conditions."""
    text = text.translate(UNICODE)
    for pattern, replacement in ALIKE:
        text = pattern.sub(replacement, text)
    while match := BOX.match(text):
        text = match[1]
    text = QUALIFIER.sub("", text) or text
    return " ".join(text.split()).rstrip(" .;,")
