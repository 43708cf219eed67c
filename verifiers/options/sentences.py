"""What one sentence says about options: which it mentions, and on which it settles."""

import re

from router.expression import expression
from verifiers.options.naming import Letters, heading, lettered
from verifiers.options.offered import Options
from verifiers.options.reading import undressed, words_of

CLOSING = 1500
"""Characters at the end in which a response concludes."""
SENTENCE = expression(
    r"(?<=[^A-Z\s:][.!?])\s+|(?<=[.!?][\"”*)])\s+|(?<=[A-Z]{2}[.])\s+|(?<=\d\s[A-Z][.])\s+|\n\s*"
)
"""Between sentences; behind a single capital only where it is a unit, as `B.` may head an option."""
BY_THE_WAY = expression(r",?\s(?:because|since|as|whereas|while)\s")
"""Behind it stand reasons, which may name other options."""


MENTION = expression(
    r"(?<!\w)\(([A-Z])\)"
    r"|(?:\b(?:is|be|are|as|to|with|choose|select|pick|option|choice|answer)\s|:\s|^)([A-Z])(?=[).:,?](?:\s|$)|$)"
    r"|\b([A-Z])(?=\s(?:or|and)\s\(?[A-Z]\b)"
    r"|(?<=\b[A-Z]\sor\s)([A-Z])\b|(?<=\b[A-Z]\sand\s)([A-Z])\b"
    r"|\b([A-Z])(?=\sis\s(?:the\s)?(?:most\s)?(?:correct|right|best|answer|accurate|appropriate)\b)"
)
TURNED = expression(
    r"\b(?:not|never|neither|nor|or|if|unless|else|otherwise|either|all|any|none|no|wait|actually|but|wrong|incorrect|false"
    r"|untrue|unlikely|except|rather|instead|eliminat\w*|exclud\w*|rul(?:e|ed|es|ing) out"
    r"|reject\w*|cannot|avoid|least (?:likely|correct|plausible|suitable))\b|n't\b|\?",
    re.IGNORECASE,
)
"""What may say that an option beside it is not meant, or not only."""
DOUBTED = expression(
    r"\b(?:maybe|perhaps|alternatively|also|possibly|probably|guess\w*|might|may|could|would say|think"
    r"|however|although|though|assum\w*|seems?|suppose|says?|said|people|everyone|everybody|naive"
    r"|previous|earlier)\b",
    re.IGNORECASE,
)


def asserted(text: str, options: Options) -> str | None:
    """Return the one letter that a sentence settles on, before its reasons; None where it turns from it."""
    plain = plain_of(text, options)
    reasons = BY_THE_WAY.search(plain, first.end() if (first := MENTION.search(plain)) else 1)
    plain = plain[: reasons.start()] if reasons else plain
    letters = mentioned(plain)
    if len(letters) != 1 or not options.allow(frozenset(letters)):
        return None
    (letter,) = letters
    if TURNED.search(without(plain, letter, options)):
        return None
    held = held_in(plain, options)
    return letter if letter in held or not held else None


def gives_reasons(text: str) -> bool:
    """Say whether a sentence goes on with reasons."""
    return BY_THE_WAY.search(text) is not None


def without(plain: str, letter: str, options: Options) -> str:
    """Return a plain text without an option's own words, which neither doubt nor deny anything."""
    own = undressed(options.texts.get(letter, ""))
    return plain.replace(own, " ") if own else plain


def plain_of(text: str, options: Options) -> str:
    """Return a text without markup, options by their letters."""
    return lettered(undressed(text), options)


def mentioned(plain: str) -> set[str]:
    """Return the letters that a plain text mentions as options, or that head it."""
    headed = heading(plain)
    return {mark[mark.lastindex or 0] for mark in MENTION.finditer(plain)} | (
        {headed[0]} if headed else set()
    )


def held_in(text: str, options: Options) -> Letters:
    """Return the options whose own words a text holds in a row."""
    said = f" {' '.join(words_of(text))} "
    return frozenset(
        letter for letter, words in options.wordings.items() if words and f" {' '.join(words)} " in said
    )
