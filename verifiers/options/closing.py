"""On which option a response closes, when it says so in words of its own, and whether it stays with it."""

import re
from itertools import pairwise

from router.expression import expression
from verifiers.options.naming import NOTHING, Letters, heading, named
from verifiers.options.offered import Options
from verifiers.options.sentences import (
    CLOSING,
    DOUBTED,
    SENTENCE,
    TURNED,
    asserted,
    mentioned,
    plain_of,
    without,
)
from verifiers.standing import TAKEN_BACK

IN_A_SENTENCE = ", in a sentence"
IN_CLOSING = ", in a closing sentence that does not speak of the answer"
GUESSED = ", but only guessed to be the answer"
"""Manners of naming an option: what a situation says behind "the right option" or "another option"."""
Closing = tuple[Letters, str]
"""The options on which a response closes, empty where they differ, and the manner."""

FEW = 4
"""Sentences; an option named before them is not what the response closes on."""
BARE = 8
"""Characters; a line that names an option in so few is nothing but its letter."""
ANNOUNCED = expression(r":[*_]{0,2}\s*\n\s*")
ON_THE_ANSWER = expression(
    r"\b(?:answer|ans|option|choice|statement|choose|select|pick|go with|match|corresponds)\b"
    r"|\bis\s(?:the\s)?(?:correct|right)\b|\b(?:it|this|that)\s(?:is|must be|should be|would be)\s\W?[A-Z]\b",
    re.IGNORECASE,
)
RIGHT = expression(r"\b(?:answer|correct|right|best)\b", re.IGNORECASE)
CONCLUDES = expression(
    r"\b(?:therefore|thus|hence|conclu\w+|correct|right|best|most|closest|nearest|corresponds?|match(?:es)?"
    r"|fits?|must be)\b|\b(?:is|be)\s\(?[A-Z]\)?$",
    re.IGNORECASE,
)


def asserted_in(text: str, options: Options) -> Closing | None:
    """Return the option that a declared sentence settles on, and the manner."""
    letter = asserted(text, options)
    if letter is None:
        return None
    in_doubt = DOUBTED.search(without(plain_of(text, options), letter, options))
    return frozenset({letter}), GUESSED if in_doubt else IN_A_SENTENCE


def concluded(text: str, options: Options) -> Closing | None:
    """Return the options that the last line is, or that the last sentence mentions, and the manner."""
    *above, last = [line for line in text[-CLOSING:].split("\n") if line.strip()] or [""]
    letters = named(last, options)
    if letters is not None:
        if any(named(line, options) not in (None, letters) for line in above[-FEW:] if len(line) <= BARE):
            return NOTHING, GUESSED
        return (letters, GUESSED if lists(last, "".join(above[-1:]), options) else IN_A_SENTENCE)
    parts = [part for part in SENTENCE.split(ANNOUNCED.sub(": ", text[-CLOSING:])) if part.strip()]
    sentences = list(pairwise(["", *parts]))[-FEW:]
    while sentences:
        before, sentence = sentences.pop()
        if mentioned(plain_of(sentence, options)):
            letter = asserted(sentence, options)
            if letter and any(_rivals(other, letter, options) for _, other in sentences):
                return NOTHING, GUESSED
            return (frozenset({letter}), _manner(sentence, before, letter, options)) if letter else None
        if TAKEN_BACK.search(sentence):
            return None
    return None


def _rivals(sentence: str, letter: str, options: Options) -> bool:
    """Say whether a sentence calls another option than the letter the right one."""
    return RIGHT.search(sentence) is not None and asserted(sentence, options) not in (None, letter)


def second_line(text: str, first_line: str) -> str:
    """Return what follows a first line, to the end of its line."""
    return text[len(first_line) :][:CLOSING].lstrip().partition("\n")[0]


def lists(line: str, before: str, options: Options) -> bool:
    """Say whether a line goes on with a list of options."""
    here, above = heading(plain_of(line, options)), heading(plain_of(before, options))
    return here is not None and above is not None and here[0] != above[0]


def _manner(sentence: str, before: str, letter: str, options: Options) -> str:
    """Say how a sentence names an option; one that is in doubt, or goes on with a list, only mentions it."""
    plain = plain_of(sentence, options)
    if DOUBTED.search(without(plain, letter, options)) or lists(sentence, before, options):
        return GUESSED
    if ON_THE_ANSWER.search(sentence):
        return IN_A_SENTENCE
    return IN_CLOSING if CONCLUDES.search(plain) else GUESSED


def wavers(text: str, letters: Letters, options: Options) -> bool:
    """Say whether a text behind an answer comes back to it in doubt, or beside another option."""
    for sentence in SENTENCE.split(text[:CLOSING]):
        plain = plain_of(sentence, options)
        again = mentioned(plain)
        if again & letters and (again != letters or TURNED.search(plain)):
            return True
        if again and DOUBTED.search(plain):
            return True
    return False
