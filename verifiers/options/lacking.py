"""Whether a response ends without an option: says that none fits, or breaks off before it came to one."""

import re

from router.expression import expression
from verifiers.options.naming import Letters
from verifiers.options.offered import Options
from verifiers.options.reading import words_of
from verifiers.options.sentences import CLOSING, SENTENCE, held_in, mentioned, plain_of
from verifiers.standing import cut_off

LAST_WORDS = 400
"""Characters at the end in which a response says that nothing fits; a shorter one does not break off."""

NONE_FITS = expression(
    r"\bnone of (?:the|these|those)\b|\bno(?: correct)? (?:option|choice|answer) (?:is|fits|match)"
    r"|\bnot (?:\w+ ){0,3}(?:listed|among|in the (?:\w+ )?(?:options|choices)|available|provided)\b"
    r"|\b(?:cannot|can't|can not|unable to) (?:\w+ly )?(?:be )?(?:determine|provide|select|choose|identif)",
    re.IGNORECASE,
)


def fits_none(text: str, right: Letters, options: Options) -> bool:
    """Say whether a response ends by saying that no option fits, and names no right one from there on."""
    last = text[-LAST_WORDS:]
    said = NONE_FITS.search(last)
    if said is None or any(NONE_FITS.search(option) for option in options.texts.values()):
        return False
    start = max(last.rfind(". ", 0, said.start()), last.rfind("\n", 0, said.start()), 0)
    return not names_any(last[start:], right, options)


def names_any(text: str, letters: Letters, options: Options) -> bool:
    """Say whether a text names one of some options, by its letter or in its own words."""
    return not letters.isdisjoint(mentioned(plain_of(text, options)) | held_in(text, options))


ENDS_OPEN = expression(r"[\d)\]}$=+*/^\\]\s*$")
LONG_SENTENCE = 20
"""Characters; a shorter last sentence without a full stop may be meant as it is."""
ENDS_IN_POINT = expression(r"\d\.\s*$")
PAIRS = (("{", "}"), ("\\[", "\\]"), ("\\begin", "\\end"))


def unfinished(text: str, right: Letters, options: Options) -> bool:
    """Say whether a long text ends in the middle of a sentence or a formula, and not on a right option."""
    last = SENTENCE.split(text[-CLOSING:])[-1]
    if len(text) < LAST_WORDS or _ends_on(last, right, options):
        return False
    is_open = any(text.count(start) > text.count(end) for start, end in PAIRS)
    if text.endswith(":") or cut_off(text):
        return True
    if ENDS_OPEN.search(text[-8:]):
        return is_open or len(last) >= LONG_SENTENCE
    return is_open and ENDS_IN_POINT.search(text[-8:]) is not None


def _ends_on(sentence: str, letters: Letters, options: Options) -> bool:
    """Say whether a sentence mentions one of some options, or ends in its letter, its text or its number."""
    plain = plain_of(sentence, options)
    if not letters.isdisjoint(mentioned(plain) | {plain[-1:]}):
        return True
    *_, last = words_of(sentence) or [""]
    wordings = [options.wordings.get(letter, ()) for letter in letters]
    return any(last in words and (last == words[-1] or last[0].isdecimal()) for words in wordings)
