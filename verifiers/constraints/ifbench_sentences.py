"""IFBench's constraints on sentences: their kinds, their lengths, what each holds."""

import re
import string
from itertools import pairwise
from unicodedata import category

from verifiers.constraints.given import Given, Undecidable, number, words
from verifiers.constraints.ifbench_counts import EDGES, NO_PUNCTUATION
from verifiers.constraints.ifbench_words import undoubted

EMOJI_BLOCKS = ((0x1F300, 0x1F64F), (0x1F680, 0x1F6FF), (0x1F900, 0x1F9FF), (0x1FA70, 0x1FAFF))
"""Code points that are nearly all emoji."""
OLDER_EMOJI = frozenset(
    "\u231a\u231b\u23e9\u23ea\u23eb\u23ec\u23f0\u23f3\u25fd\u25fe\u2600\u2601\u2614\u2615\u2639\u263a\u2640\u2642\u2648\u2649"
    "\u264a\u264b\u264c\u264d\u264e\u264f\u2650\u2651\u2652\u2653\u267f\u2693\u26a1\u26aa\u26ab\u26bd\u26be\u26c4\u26c5\u26ce"
    "\u26d4\u26ea\u26f2\u26f3\u26f5\u26fa\u26fd\u2705\u2708\u270a\u270b\u270c\u2714\u2728\u274c\u274e\u2753\u2754\u2755\u2757"
    "\u2764\u2795\u2796\u2797\u27b0\u27bf\u2b1b\u2b1c\u2b50\u2b55"
)
"""Emoji among the older symbols; of the other symbols only a complete list tells."""


def _ending(found: list[str], mark: str) -> int:
    return sum(1 for sentence in found if sentence.endswith(mark))


def sentence_type(text: str, given: Given) -> bool:
    """Twice as many sentences end with a full stop as with a question mark."""
    found = undoubted(text)
    return _ending(found, ".") == 2 * _ending(found, "?")


def sentence_balance(text: str, given: Given) -> bool:
    """As many sentences end with a full stop as with a question mark, and with an exclamation mark."""
    found = undoubted(text)
    return _ending(found, ".") == _ending(found, "?") == _ending(found, "!")


def sentence_words(text: str, given: Given) -> bool:
    """There are three sentences of the same length; officially, their words may repeat."""
    found = undoubted(text)
    return len(found) == 3 and len({len(sentence.strip()) for sentence in found}) == 1


def alliteration_increment(text: str, given: Given) -> bool:
    """Each sentence has more alliterating words than the one before."""
    counts = [_alliterating(sentence) for sentence in undoubted(text)]
    return all(count < following for count, following in pairwise(counts))


def _alliterating(sentence: str) -> int:
    initials = [bare[0] for word in sentence.lower().split() if (bare := word.lstrip(EDGES))]
    same = [first == second for first, second in pairwise(initials)]
    starts = sum(1 for before, now in pairwise([False, *same]) if now and not before)
    return sum(same) + starts


def keyword(text: str, given: Given) -> bool:
    """A certain sentence holds a keyword, in any case."""
    nth, wanted = number(given, "N"), re.escape(words(given, "word"))
    if not nth:
        raise Undecidable("the reference answer names no sentence")
    found = undoubted(text)
    return len(found) >= nth and re.search(rf"\b{wanted}\b", found[nth - 1], re.IGNORECASE) is not None


def increment(text: str, given: Given) -> bool:
    """Each sentence has exactly so many more words than the one before."""
    counts = [len(sentence.translate(NO_PUNCTUATION).split()) for sentence in undoubted(text)]
    more = number(given, "small_n")
    return all(following == count + more for count, following in pairwise(counts))


def sentence_alphabet(text: str, given: Given) -> bool:
    """There are 26 sentences, and they start with the letters of the alphabet in order."""
    initials = [sentence.lstrip()[:1].lower() for sentence in undoubted(text)]
    return initials == list(string.ascii_lowercase)


def emoji(text: str, given: Given) -> bool:
    """An emoji ends each sentence, or starts the next one."""
    found = [sentence.translate(NO_PUNCTUATION).strip() for sentence in undoubted(text)]
    if not all(found):
        return False
    following = [*(sentence[0] for sentence in found), ""][1:]
    ends = [
        (_emoji(sentence[-1:]), _emoji(sentence[-2:-1]), _emoji(first))
        for sentence, first in zip(found, following, strict=True)
    ]
    if any(not any(end) and None not in end for end in ends):
        return False
    if not all(any(end) for end in ends):
        raise Undecidable("a symbol that only a list of emoji tells")
    return True


def _emoji(char: str) -> bool | None:
    """Say whether a character is an emoji; None where only a list tells."""
    if not char or char.isascii() or char.isalpha() or char.isspace():
        return False
    if char in OLDER_EMOJI or any(low <= ord(char) <= high for low, high in EMOJI_BLOCKS):
        return True
    return None if category(char).startswith(("S", "C", "M", "P")) else False
