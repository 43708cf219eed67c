r"""
From a text to the Python literal it is.

A text is cut into tokens first, in one pass, and every bound is checked there: characters, brackets
inside each other, digits of a number. Only what consists of a literal's tokens is handed to
`ast.literal_eval`, which reads literals and runs nothing.

Covered: numbers (also complex), text and bytes with any prefix but `f`, `True`, `False`, `None`, `set()`,
tuples, lists, sets, dictionaries, inside each other.
Not covered, and refused: anything that computes (`'a' + 'b'`, `'a' 'b'`, `[0] * 3`, calls, names, comments).
"""

import ast
import re
from dataclasses import dataclass

from router.expression import expression

LONGEST = 20_000
"""Characters of a literal; longer ones are refused."""
DEEPEST = 50
"""Brackets inside each other; the parser's own limits differ between versions of Python."""
MOST_DIGITS = 1000
"""Digits of one number; reading a decimal one takes the square of them."""

PREFIX = r"(?:[bB][rR]?|[rR][bB]?|[uU])?"
LONG_QUOTED = r"\'\'\'(?>(?:[^'\\]|\\.|'(?!''))*)\'\'\'|\"\"\"(?>(?:[^\"\\]|\\.|\"(?!\"\"))*)\"\"\""
QUOTED = r"'(?>(?:[^'\\\n]|\\.)*)'|\"(?>(?:[^\"\\\n]|\\.)*)\""
INTEGER = rf"0(?:[xX][\da-fA-F]|[oO][0-7]|[bB][01])[\da-fA-F]{{0,{MOST_DIGITS}}}+"
DIGITS = rf"[\d_]{{1,{MOST_DIGITS}}}+"
DECIMAL = rf"(?:{DIGITS}(?:\.(?:{DIGITS})?)?|\.{DIGITS})(?:[eE][-+]?\d{{1,5}}+)?"
TOKEN = expression(
    r"(?P<space>\s++)|(?P<open>[\[({])|(?P<close>[\])}])|(?P<mark>[,:])|(?P<sign>[-+])"
    rf"|(?P<text>{PREFIX}(?:{LONG_QUOTED}|{QUOTED}))"
    rf"|(?P<number>(?:{INTEGER}|{DECIMAL}[-+]{DECIMAL}[jJ]|{DECIMAL}[jJ]?)(?![\w.]))"
    r"|(?P<word>(?:True|False|None|set\(\))(?!\w))",
    re.DOTALL | re.ASCII,
)
ENDS_A_VALUE = frozenset({"close", "text", "number", "word"})
STARTS_A_VALUE = frozenset({"open", "sign", "text", "number", "word"})
OPENS_TEXT = expression(rf"{PREFIX}(?:\"[^\n]*\Z|'[^\n]*\Z)")
"""A quote that opens on the last line and, where no token fits, is never closed."""
ESCAPE = expression(r"\\([0-7]{3}|.)", re.DOTALL)
ESCAPES = frozenset("\n\r\\'\"abfnrtvx01234567")
ESCAPES_OF_TEXT = ESCAPES | frozenset("NuU")


@dataclass(frozen=True, slots=True)
class Literal:
    """A value that a text writes down; wrapped, so that `None` is a value as well."""

    value: object


@dataclass(frozen=True, slots=True)
class CutOff:
    """A text that reads as a literal up to its end, where a bracket or a quote is still open."""


def literal(text: str) -> Literal | CutOff | None:
    """Return the literal that the whole text is; None where it is none, or too large to be read."""
    text = text.strip()
    if not text or len(text) > LONGEST:
        return None
    position, depth, before, parts = 0, 0, "", []
    while position < len(text):
        token = TOKEN.match(text, position)
        if not token:
            return CutOff() if OPENS_TEXT.match(text, position) else None
        kind = token.lastgroup or ""
        depth += (kind == "open") - (kind == "close")
        if not 0 <= depth <= DEEPEST or not _may_follow(before, kind):
            return None
        before = before if kind == "space" else kind
        parts.append(_plainly_escaped(token[0]) if kind == "text" else token[0])
        position = token.end()
    return CutOff() if depth else _read("".join(parts))


def _may_follow(before: str, kind: str) -> bool:
    """
    Say whether a token may stand behind another.

    Values need something between them. It also keeps what the parser sees no deeper than its brackets:
    `[0][0][0]`, `1+1+1` and `---1` nest without any.
    """
    if before == "sign":
        return kind in ("number", "space")
    return not (before in ENDS_A_VALUE and kind in STARTS_A_VALUE)


def _plainly_escaped(text: str) -> str:
    r"""Write `\d` as `\\d`, which is what it means: else Python warns, and names the text."""
    prefix = text[:2].partition(text[-1])[0].lower()
    if "\\" not in text or "r" in prefix:
        return text
    known = ESCAPES if "b" in prefix else ESCAPES_OF_TEXT

    def plainly(escape: re.Match[str]) -> str:
        if len(escape[1]) == 3 and escape[1] > "377":  # another thing that Python warns of
            return f"\\x{int(escape[1], 8) & 0xFF:02x}" if "b" in prefix else f"\\u{int(escape[1], 8):04x}"
        return escape[0] if escape[1][0] in known else "\\" + escape[0]

    return ESCAPE.sub(plainly, text)


def _read(text: str) -> Literal | None:
    try:
        return Literal(ast.literal_eval(text))
    except (ValueError, SyntaxError, TypeError, MemoryError, RecursionError):
        return None
