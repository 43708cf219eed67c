"""
Whether an answer is one of several on offer: in a list, beside an "or", or said in parallel sentences.

Each guard errs towards yes, as a yes costs a question to the judge and a no money; each is linear in the
response.
"""

from collections.abc import Sequence
from itertools import takewhile

from verifiers.wording.accepted import Accepted
from verifiers.wording.hedging import OPENERS
from verifiers.wording.longer import SMALL, SUFFIXES, TITLES
from verifiers.wording.telling import GRAMMAR, STOPWORDS, VERBS
from verifiers.wording.words import Wording, words_of

LONGEST_ITEM = 4
"""Words; what stands longer between two commas is a clause, not an item of a list."""
LONGEST_LEAD = 12
"""Words before an answer that are compared with other sentences' beginnings."""
LONGEST_BARE = 30
"""Words; a longer response without a verb is still no bare list."""
Item = tuple[str, list[str]]
"""An item of a list: the joint before it (nothing, a comma, "or", "and") and its words."""
JOINTS = frozenset({"or", "and", "plus"})
JOINED = frozenset((joint,) for joint in JOINTS)
BESIDE = (
    ("also",),
    ("with",),
    ("as", "well", "as"),
    ("together", "with"),
    ("along", "with"),
    ("followed", "by"),
)
"""Behind an answer they add another one."""
INTERJECTIONS = OPENERS | words_of(
    "yes no sure okay ok hello hi well so thus hence therefore certainly indeed great good alright"
)
"""With them a response begins that has named nothing yet."""


def one_of_several(text: Wording, start: int, end: int, known: frozenset[str]) -> bool:
    """
    Whether it stands in a list of three or more, beside an "or", or in one of several parallel sentences.

    `known` are the words of the question and of every accepted answer: an item of them is no rival.
    """
    items, own = _items(text, start, end)
    behind = items[own + 1 : own + 2]
    if items[own][0] == "or" or any(joint == "or" for joint, _ in behind):
        return True
    joined = text.words[end : end + 1] in JOINED or text.breaks[end : end + 1] == ("/",)
    if joined and (_rivals(behind, known) or _named(text, end + 1, behind, known)):
        return True
    joined = text.words[max(0, start - 1) : start] in JOINED or text.breaks[start] == "/"
    if joined and _tail(items[own - 1][1], known):
        return True
    if any(
        text.words[end : end + len(words)] == words and _named(text, end + len(words), (), known)
        for words in BESIDE
    ):
        return True
    sides = (items[own + 1 :], [*reversed(items[:own])])
    return sum(_rivals(side, known) for side in sides) >= 2 or _repeated(text, start, end, known)


def _rivals(items: Sequence[Item], known: frozenset[str]) -> int:
    """Return how many items without a verb or a preposition follow each other, known ones left out."""
    nouns = takewhile(lambda item: len(item[1]) <= LONGEST_ITEM and GRAMMAR.isdisjoint(item[1]), items)
    return sum(not known.issuperset(words) for _, words in nouns)


def _named(text: Wording, at: int, items: Sequence[Item], known: frozenset[str]) -> bool:
    """Whether a name begins there, in an item that holds nothing known: "and Lyon are cities"."""
    stranger = _stranger(text, at, frozenset())
    return stranger and all(known.isdisjoint(set(words) - SMALL) for _, words in items)


def _tail(words: Sequence[str], known: frozenset[str]) -> bool:
    """Whether an item that may hold the beginning of its sentence ends in a rival: "it was Lyon and"."""
    tail = [*takewhile(lambda word: word not in GRAMMAR, reversed(words))]
    return 0 < len(tail) <= LONGEST_ITEM and not known.issuperset(tail)


def _items(text: Wording, start: int, end: int) -> tuple[list[Item], int]:
    """Return the items of the sentence around a span, and which of them holds it."""
    first, last = text.sentence(start, end)
    items: list[Item] = [("", [])]
    own = 0
    for position in range(first, last):
        word = text.words[position]
        if start < position < end:
            continue
        if position > first and text.breaks[position]:
            items.append((",", []))
        if position == start:
            own = len(items) - 1
        elif word in JOINTS:
            items.append((word, []))
        else:
            items[-1][1].append(word)
    return items, own


def _repeated(text: Wording, start: int, end: int, known: frozenset[str]) -> bool:
    """Whether other sentences offer the like: "It was Paris. It was Lyon.", or "Paris. Lyon."."""
    first, last = text.sentence(start, end)
    lead = text.words[max(first, start - LONGEST_LEAD) : start]
    alone = last - first <= LONGEST_ITEM + end - start and GRAMMAR.isdisjoint(text.words[first:last])
    heads = [position for position, stop in enumerate(text.breaks) if stop == "." or not position]
    if alone and any(_fragment(text, head, known) for head in heads if head != first):
        return True
    clauses = [
        position
        for position in range(1, len(text.words))
        if position != first and (text.breaks[position] or text.words[position - 1] in JOINTS)
    ]
    if len(lead) >= 2 and any(text.words[head : head + len(lead)] == lead for head in clauses):
        return True
    return _said_alike(text, start, end, known) or any(
        _subject(text, start, end) and _stranger(text, head, known) and _verb_near(text, head)
        for head in (0, *clauses)
        if not start <= head < end
    )


def _said_alike(text: Wording, start: int, end: int, known: frozenset[str]) -> bool:
    """Whether what leads to it leads to two other names: "A is in Paris. B is in Lyon. C is in Nice."."""
    lead = text.words[start - 2 : start]
    others = (
        text.words[at - 2 : at] == lead and _stranger(text, at, known)
        for at in range(2, len(text.words))
        if not start <= at < end
    )
    return len(lead) == 2 and sum(others) >= 2


def _subject(text: Wording, start: int, end: int) -> bool:
    return (
        (not start or text.breaks[start] != "")
        and text.words[end : end + 1] != ()
        and text.words[end] in VERBS
    )


def _verb_near(text: Wording, head: int) -> bool:
    """Whether a name of a few words is followed by a verb."""
    rest = range(head + 1, min(head + LONGEST_ITEM, len(text.words)))
    return any(text.words[at] in VERBS for at in takewhile(lambda at: not text.breaks[at], rest))


def _stranger(text: Wording, at: int, known: frozenset[str]) -> bool:
    return at in text.capitals and text.words[at] not in known | SMALL


def _fragment(text: Wording, head: int, known: frozenset[str]) -> bool:
    """Whether a sentence is nothing but a few words that are not known yet."""
    words = text.words[head : text.sentence(head, head + 1)[1]]
    return len(words) <= LONGEST_ITEM and GRAMMAR.isdisjoint(words) and not known.issuperset(words)


def bare(text: Wording, accepted: Accepted) -> bool:
    """Whether a response is no sentence but a few words, others than accepted ones and not the question's."""
    return (
        len(text.words) <= LONGEST_BARE
        and GRAMMAR.isdisjoint(text.words)
        and accepted.asked.isdisjoint(text.words)
        and not (accepted.known | STOPWORDS | TITLES | SUFFIXES).issuperset(text.words)
    )


def headed_by_another(text: Wording, start: int, known: frozenset[str]) -> bool:
    """Whether the response begins with another name: "K2, near Everest", "Sydney. Paris is bigger."."""
    end = next((at for at in range(1, len(text.words)) if text.breaks[at]), 0)
    words = text.words[:end]
    if not 0 < end <= min(start, LONGEST_ITEM) or not GRAMMAR.isdisjoint(words) or known.issuperset(words):
        return False
    names = [at for at, word in enumerate(words) if word not in STOPWORDS]
    return bool(names) and all(
        (at in text.capitals or text.words[at].isdecimal())
        and text.words[at] not in INTERJECTIONS
        and not text.words[at].endswith("ly")
        for at in names
    )
