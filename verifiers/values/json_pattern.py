r"""
A schema's `pattern` in the dialect of ECMA-262, searched for in time linear in the student's text.

RE2 searches; what it reads otherwise than ECMA-262 is rewritten: `.`, `\s`, `\cX`, `\uXXXX`, `\/`, long
names such as `\p{Letter}`, `[` inside a class. Look-around and back-references, which no linear search
has, and escapes that ECMA-262 does not know are refused with `PatternRefused`.
"""

import re
from functools import lru_cache
from typing import Any

from router.expression import expression

LONGEST_PATTERN = 1000
"""Characters; longer patterns are refused."""
LONGEST_TEXT = 20_000
"""Characters that a pattern is searched in; longer texts are refused."""
MEMORY = 1 << 20
"""Bytes for one compiled pattern; RE2 refuses what needs more, such as nested repetitions."""

SPACES = r"\t\n\v\f\r \x{a0}\x{feff}\x{1680}\x{2000}-\x{200a}\x{2028}\x{2029}\x{202f}\x{205f}\x{3000}"
LINE_ENDS = r"\n\r\x{2028}\x{2029}"
PIECE = expression(
    r"""\\(?:c(?P<control>[A-Za-z])
          |u(?P<high>[dD][89abAB][0-9a-fA-F]{2})\\u(?P<low>[dD][c-fC-F][0-9a-fA-F]{2})
          |u(?P<four>[0-9a-fA-F]{4})|u\{(?P<code>[0-9a-fA-F]{1,6})\}
          |(?P<property>[pP])\{(?P<name>[\w=]{1,40})\}
          |(?P<space>[sS])|(?P<same>x[0-9a-fA-F]{2}|[dDwWbBtnvfr])|(?P<nul>0)(?!\d)
          |(?P<itself>[^A-Za-z0-9\s]))
      |(?P<flags>\(\?[^:<=!])|(?P<plain>[^\\])""",
    re.VERBOSE | re.DOTALL,
)
LONG_NAMES = {
    "Letter": "L", "Lowercase_Letter": "Ll", "Uppercase_Letter": "Lu", "Titlecase_Letter": "Lt",
    "Modifier_Letter": "Lm", "Other_Letter": "Lo", "Mark": "M", "Number": "N", "Decimal_Number": "Nd",
    "digit": "Nd", "Letter_Number": "Nl", "Other_Number": "No", "Punctuation": "P", "punct": "P",
    "Symbol": "S", "Separator": "Z", "Space_Separator": "Zs", "Other": "C", "Control": "Cc",
}  # fmt: skip
"""General categories by the names that ECMA-262 gives them; RE2 knows the short ones, and scripts."""


class PatternRefused(ValueError):
    """A pattern, or a text, that is not searched."""


def steps(pattern: str, text: str) -> int:
    """Return how many steps a search takes at most: RE2's time is the text times the compiled pattern."""
    return len(text) * int(_compiled(pattern).programsize)


def matches(pattern: str, text: str) -> bool:
    """Say whether a pattern occurs in a text; raise `PatternRefused` where that cannot be said."""
    if len(text) > LONGEST_TEXT:
        raise PatternRefused(f"a pattern on a text of more than {LONGEST_TEXT} characters")
    try:
        return _compiled(pattern).search(text) is not None
    except UnicodeEncodeError:
        raise PatternRefused("a pattern on a lone surrogate") from None


@lru_cache(maxsize=128)
def _compiled(pattern: str) -> Any:
    import re2  # type: ignore[import-untyped,unused-ignore]  # noqa: PLC0415 - only schemas with patterns need it

    options = re2.Options()
    options.max_mem, options.log_errors, options.never_capture = MEMORY, False, True
    try:
        return re2.compile(translated(pattern), options)
    except (re2.error, UnicodeEncodeError):
        raise PatternRefused(f"the pattern {pattern[:80]!r}") from None


def translated(pattern: str) -> str:
    """Return an ECMA-262 pattern as RE2 writes it; look-around is left for RE2 to refuse."""
    if len(pattern) > LONGEST_PATTERN:
        raise PatternRefused(f"a pattern of more than {LONGEST_PATTERN} characters")
    written, position, in_class = [], 0, False
    while position < len(pattern):
        piece = PIECE.match(pattern, position)
        if not piece or (piece["flags"] and not in_class) or (piece["space"] == "S" and in_class):
            raise PatternRefused(f"the pattern {pattern[:80]!r}")
        char = piece[0][0] if piece["flags"] else piece[0]
        written.append(_plain(char, in_class) if char[0] != "\\" else _escape(piece, in_class))
        in_class = char != "]" if in_class else char == "["
        position += len(char)
    return "".join(written)


def _plain(char: str, in_class: bool) -> str:
    if in_class:
        return r"\[" if char == "[" else char
    return f"[^{LINE_ENDS}]" if char == "." else char


def _escape(piece: re.Match[str], in_class: bool) -> str:
    if piece["same"] or piece["itself"]:
        return r"\x08" if in_class and piece["same"] == "b" else piece[0]
    if piece["space"]:
        return SPACES if in_class else f"[{'^' if piece['space'] == 'S' else ''}{SPACES}]"
    if piece["property"]:
        name = piece["name"].rpartition("=")[2]
        return rf"\{piece['property']}{{{LONG_NAMES.get(name, name)}}}"
    return rf"\x{{{_code(piece):x}}}"


def _code(piece: re.Match[str]) -> int:
    if piece["control"]:
        return ord(piece["control"]) % 32
    if piece["high"]:
        return 0x10000 + ((int(piece["high"], 16) - 0xD800) << 10) + int(piece["low"], 16) - 0xDC00
    return int(piece["four"] or piece["code"] or "0", 16)
