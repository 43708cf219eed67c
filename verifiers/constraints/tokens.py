"""
A text's words as the Penn Treebank writes them, which is how the official checkers tokenise.

Punctuation stands alone, contractions come apart (`don't` is `do` and `n't`), a full stop only leaves the
last word of a sentence.
"""

import re

from router.expression import expression
from verifiers.constraints.sentences import sentences

ALONE = r"\"«»“”‘’„`;@#$%&?!*\[\](){}<>\u2012-\u2015"
TOKEN = expression(
    rf"\.{{2,}}|--|''|``|[{ALONE}]"
    rf"|(?:(?!\.\.|--|'')(?:[^\s,:{ALONE}]|[,:](?=\d)))+"
    rf"|[,:]"
)
CLITIC = expression(r"(?<=[^' ])(?:'[sS]|'[mM]|'[dD]|'|'ll|'LL|'re|'RE|'ve|'VE|n't|N'T)$")
FUSED = expression(
    r"\b(?:(can)(not)|(d)('ye)|(gim)(me)|(gon)(na)|(got)(ta)|(lem)(me)|(more)('n)|(wan)(na)$)\b",
    re.IGNORECASE,
)
QUOTED = expression(r"'(?!(?:re|ve|ll|m|t|s|d|n)\b)(?=\w)", re.IGNORECASE)


def tokens(text: str) -> list[str]:
    """Return the tokens of a text."""
    return [token for sentence in sentences(text).texts for token in _tokens(sentence)]


def _tokens(sentence: str) -> list[str]:
    return [part for chunk in TOKEN.findall(_stopped(sentence)) for part in _parts(chunk)]


def _stopped(sentence: str) -> str:
    """Return a sentence with its final full stop set apart."""
    bare = sentence.rstrip("])}>\"'»”’ \t\n\r")
    if bare.endswith(".") and not bare.endswith("..") and len(bare) > 1:
        return f"{bare[:-1]} . {sentence[len(bare) :]}"
    return sentence


def _parts(chunk: str) -> list[str]:
    """Take an opening quote, a contraction and a fused pair apart."""
    if "'" not in chunk and not FUSED.search(chunk):
        return [chunk]
    if QUOTED.match(chunk) and len(chunk) > 1:
        return ["'", *_parts(chunk[1:])]
    clitic = CLITIC.search(chunk)
    if clitic and clitic.start():
        return [*_parts(chunk[: clitic.start()]), clitic[0]]
    return [part for part in FUSED.split(chunk) if part]
