"""
How much of an accepted answer a response has where it does not hold it word for word.

What counts are the telling words, which tell one answer from another: not those of the question, nor
"of" and "in". Words that begin alike count as one ("sharecropping", "sharecroppers").
"""

from collections.abc import Collection, Sequence
from itertools import dropwhile
from typing import Literal

from verifiers.wording.words import words_of

Share = Literal["joined", "ends", "most", "last", "some", "none"]
"""
joined: the same letters, other spaces. ends: the first and the last word of a name, near each other.
most, some, none: of the telling words. last: only the last one, which may be a surname.
"""

STOPWORDS = words_of(
    "the a an of in on at to for by with from and or as is was were are be"
    " been it its this that these his her"
    " their during about around approximately c ca circa"
)
VERBS = words_of("is was were are be been being did does do has have had will would can could should")
GRAMMAR = VERBS | words_of(
    "by in on at of as from with to for during into between near it they he she this that who which where"
)
"""Words that make a sentence of names."""
SHORTEST_JOINED = 8
"""Letters; fewer stand by accident inside other words."""
SHORTEST_STEM = 4
"""Letters at the beginning of two words that have to be the same."""
LONGEST_ENDING = 4
"""Letters at the end of a word that its other forms may differ in."""
WIDEST_NAME = 4
"""Words from a first to a last name, both included."""
LEADING = words_of("in on at by to from during since around about approximately circa c ca")
"""Words at the head of an accepted answer that a right one may lack: "in 1945", "around 70"."""


def bared(words: tuple[str, ...]) -> tuple[str, ...]:
    """Return an accepted answer without its leading prepositions, unless nothing else is left."""
    rest = tuple(dropwhile(LEADING.__contains__, words))
    return rest if not STOPWORDS.issuperset(rest) else words


def telling(words: Sequence[str], question: Collection[str]) -> list[str]:
    """Return the words that tell this answer from others, in order; all of them where none does."""
    content = [word for word in words if word not in STOPWORDS]
    return [word for word in content if word not in question] or content or list(words)


def share(found: Sequence[str], wanted: Sequence[str], question: Collection[str]) -> Share:
    """Return how much of the wanted words is found."""
    letters = "".join(wanted)
    if len(letters) >= SHORTEST_JOINED and letters in "".join(found):
        return "joined"
    if _ends(found, wanted):
        return "ends"
    there = set(found)
    stems = {word[:SHORTEST_STEM]: word for word in found if len(word) >= SHORTEST_STEM}
    has = [
        word in there or _alike(word, stems.get(word[:SHORTEST_STEM], ""))
        for word in telling(wanted, question)
    ]
    if 2 * sum(has) > len(has):
        return "most"
    if has[-1]:
        return "last"
    return "some" if any(has) else "none"


def _ends(found: Sequence[str], wanted: Sequence[str]) -> bool:
    """Whether the first and the last of three words or more stand near each other: "Shirley Jones"."""
    if len(wanted) < 3 or wanted[0] in STOPWORDS or not wanted[0][0].isalpha():
        return False
    return any(
        word == wanted[0] and wanted[-1] in found[position + 1 : position + WIDEST_NAME]
        for position, word in enumerate(found)
    )


def _alike(one: str, other: str) -> bool:
    """Whether two words differ in their endings only."""
    longest = max(len(one), len(other))
    same = next(
        (at for at, (a, b) in enumerate(zip(one, other, strict=False)) if a != b), min(len(one), len(other))
    )
    return one[:1].isalpha() and same >= max(SHORTEST_STEM, longest - LONGEST_ENDING)
