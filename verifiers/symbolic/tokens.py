"""The tokens of an expression, read from left to right."""

import re
from fractions import Fraction

from verifiers.symbolic.formula import Number, Unparsed

MOST_TOKENS = 600
MOST_DIGITS = 300

TOKEN = re.compile(
    r"(?P<number>\d{1,3}(?:,\d{3})+(?![\d,])(?:\.\d+)?|\d+(?:\.\d*)?|\.\d+)"
    r"|(?P<command>\\[A-Za-z]+|\\[{}|\\])|(?P<letter>[A-Za-z])|(?P<sign>[-+*/^_!=()\[\]{}|,'&%:])|\s+"
    r"|(?P<strange>.)",
    re.DOTALL,
)
WRAPPERS = frozenset(
    {r"\text", r"\mathrm", r"\rm", r"\mbox", r"\mathcal", r"\mathbb", r"\textbf", r"\textit"}
)


class Tokens:
    """A list of tokens and the place where reading has come to."""

    def __init__(self, text: str) -> None:
        self._tokens = [match[0] for match in TOKEN.finditer(text) if not match[0].isspace()]
        self._place = 0
        if len(self._tokens) > MOST_TOKENS:
            raise Unparsed("too long")

    @property
    def _next(self) -> str:
        return self._tokens[self._place] if self._place < len(self._tokens) else ""

    @property
    def _last(self) -> str:
        return self._tokens[self._place - 1] if self._place else ""

    @staticmethod
    def _kind(piece: str) -> str:
        """Return what may be said of a piece: never a text that the student chose, but commands and signs."""
        return piece if len(piece) == 1 and not piece.isalnum() else "piece"

    def _ahead(self, count: int) -> list[str]:
        """Return the next tokens, without taking them."""
        return self._tokens[self._place : self._place + count]

    def _skip(self, count: int) -> None:
        self._place += count

    def _take(self) -> str:
        piece = self._next
        self._place += 1
        return piece

    def _expect(self, wanted: str) -> None:
        if self._take() != wanted:
            raise Unparsed(f"a missing {wanted}")

    def _flat(self) -> str:
        """Return the text of one piece or brace, as part of a name."""
        if self._next != "{":
            return self._take().lstrip("\\")
        depth, said = 0, list[str]()
        while True:
            piece = self._take()
            if not piece:
                raise Unparsed("a missing }")
            depth += (piece == "{") - (piece == "}")
            if depth == 0:
                return "".join(said)
            if piece not in ("{", "}") and piece not in WRAPPERS:
                said.append(piece.lstrip("\\"))


def number(piece: str) -> Number:
    """Return the exact number that a piece is."""
    if len(piece) > MOST_DIGITS:
        raise Unparsed("too many digits")
    return Number(Fraction(piece.replace(",", "").rstrip(".")))
