"""
Whether a response stands by what it mentions: guards around the place where an answer occurs.

Each asks one question about a wording and a span of it: is it denied, is it doubted or taken back, is
it one of several on offer? They err towards yes, as a yes costs a question to the judge and a no money.
Every one is linear in the response.
"""

from collections.abc import Sequence
from itertools import pairwise, takewhile

from verifiers.wording.words import Wording, words_of

LONGEST_ITEM = 4
"""Words; what stands longer between two commas is a clause, not an item of a list."""
LONGEST_LEAD = 12
"""Words before an answer that are compared with other sentences' beginnings."""
LONGEST_BARE = 30
"""Words; a longer response without a verb is still no bare list."""
WIDEST_DENIAL = 6
"""Words before an answer in which a denial is about it."""
Item = tuple[str, list[str]]
"""An item of a list: the joint before it (nothing, a comma, "or", "and") and its words."""
JOINTS = frozenset({"or", "and", "plus"})
JOINED = frozenset((joint,) for joint in JOINTS)

DENIALS = words_of(
    "not never neither nor without except unlike excluding cannot hardly scarcely barely"
    " deny denies reject rejects"
)
EXCLUDED = frozenset(
    {"instead of", "rather than", "other than", "far from", "anything but", "apart from", "opposite of"}
)
ONLY = frozenset({"only", "just", "merely", "simply", "alone"})
"""Behind "not" they deny nothing: "not only Paris"."""
VERBS = words_of("is was are were be been being did does do has have had will would can could should")
GRAMMAR = VERBS | words_of(
    "by in on at of as from with to for during into between near it they he she this that who which where"
)
"""Words that make a sentence of names."""
WRONG = words_of("wrong incorrect false untrue mistaken not never")
TAKEN_BACK = words_of(
    "wrong incorrect false untrue mistaken mistakenly wait actually correction kidding myth misconception"
    " contrary joking oops scratch retract erroneously apology correct"
)
"""Anywhere in a response they may say that something before or after them does not hold."""
CONTRASTS = words_of(
    "not never no neither nor but however although though while whereas instead rather unlike despite yet"
    " until formerly previously then well unless if lost"
)
DOUBTS = words_of(
    "maybe perhaps possibly might could may either think guess unsure uncertain believe probably presumably"
    " supposedly allegedly likely seem possible candidate option unclear"
    " doubt suspect guessing wonder assume say claim argue believed thought rumored"
)
TURNS = words_of("no not wait but however actually or correction alternatively otherwise nope")
"""At the head of a later sentence they turn against what was said before."""
RIVALS = words_of("maybe perhaps possibly might alternatively alternative")
"""Behind an answer they offer another one."""
WAVERS = DOUBTS | TAKEN_BACK | words_of("but however although though or")
"""After a yes or a no they leave it open."""

CLUELESS = ("do not know", "not know", "not sure", "no idea", "not certain", "not remember")
"""In a response that names something all the same, it is a guess."""
REFUSALS = (
    *CLUELESS, "could not find", "cannot find", "no information", "not find any", "unable to", "unanswerable",
    "cannot answer", "cannot provide", "cannot determine", "not have access", "not have information",
    "not have enough", "not have any", "not enough information", "ai language model", "cannot predict",
    "no way to know", "i am sorry", "i apologize", "im sorry", "not have the ability", "not available",
    "need more", "please provide", "please clarify", "more context",
)  # fmt: skip
ATTEMPTS = frozenset({"however", "but", "typically", "traditionally"})
"""Words that go on with an answer after all."""
REGRETS = frozenset({"sorry", "apologize"})
"""Behind them a "but" does not: "sorry, but I could not find it"."""
OPENERS = words_of(
    "the a is final my best correct right answer solution response result"
    " explanation thought process let us we"
    " solve this problem step by so to here sure text boxed question of"
)
"""Words of which openers are made, and nothing else."""
UNKNOWN = frozenset({"unknown", "unanswerable", "idk", "unsure", "unspecified"})


def says_nothing(text: Wording) -> bool:
    """Whether a response is empty but for words that announce an answer: "Solution:"."""
    return OPENERS.issuperset(text.words)


def refused(text: Wording) -> bool:
    """Whether a response says that it has no answer, and tries none."""
    if len(text.words) <= LONGEST_ITEM and not UNKNOWN.isdisjoint(text.words):
        return True
    tries = (word for before, word in pairwise(("", *text.words)) if before not in REGRETS)
    return _says(text, REFUSALS) and ATTEMPTS.isdisjoint(tries)


def _says(text: Wording, phrases: Sequence[str]) -> bool:
    said = f" {' '.join(text.words)} "
    return any(f" {phrase} " in said for phrase in phrases)


def wavering(text: Wording) -> bool:
    """Whether a yes or a no is doubted or turned away from."""
    return bool(text.questions) or not WAVERS.isdisjoint(text.words)


def denied(text: Wording, start: int, end: int, asked: frozenset[str]) -> bool:
    """Whether what stands there is said not to be so: "not Paris", "Paris is wrong"."""
    first, last = text.sentence(start, end)
    before = text.words[max(first, start - WIDEST_DENIAL) : start]
    if "but" in before:  # "not Lyon but Paris"
        before = before[before.index("but") :]
    for word, after in pairwise((*before, "")):
        if (word in DENIALS and word not in asked and after not in ONLY) or f"{word} {after}" in EXCLUDED:
            return True
    behind = text.words[end : min(last, end + 4)]
    return behind[:1] == ("not",) or (
        behind[:1] != () and behind[0] in VERBS and not WRONG.isdisjoint(behind)
    )


def doubted(text: Wording, start: int, end: int, asked: frozenset[str]) -> bool:
    """Whether the sentence around it hedges or contrasts, or another sentence takes something back."""
    first, last = text.sentence(start, end)
    first += text.words[first] in TURNS and first < start  # a turn before an answer turns towards it
    around = {*text.words[first:start], *text.words[end:last]} - asked
    asks = not text.questions.isdisjoint(range(end, last + 1))
    if asks or not (CONTRASTS | DOUBTS).isdisjoint(around) or _says(text, CLUELESS):
        return True
    heads = {word for word, stop in zip(text.words[end:], text.breaks[end:], strict=True) if stop == "."}
    outside = {*text.words[:start], *text.words[end:]} - asked
    return (
        not TAKEN_BACK.isdisjoint(outside)
        or not TURNS.isdisjoint(heads)
        or not RIVALS.isdisjoint(text.words[end:])
    )


def discredited(text: Wording, start: int, end: int) -> bool:
    """Whether the sentence around it speaks of what is wrong: "A wrong answer would be Paris."."""
    first, last = text.sentence(start, end)
    return not (WRONG | DENIALS).isdisjoint((*text.words[first:start], *text.words[end:last]))


def one_of_several(text: Wording, start: int, end: int, known: frozenset[str]) -> bool:
    """
    Whether it stands in a list of three or more, beside an "or", or in one of several parallel sentences.

    `known` are the words of the question and of every accepted answer: an item of them is no rival.
    """
    items, own = _items(text, start, end)
    if items[own][0] == "or" or any(joint == "or" for joint, _ in items[own + 1 : own + 2]):
        return True
    if text.words[end : end + 1] in JOINED and _rivals(items[own + 1 : own + 2], known):
        return True
    if text.words[max(0, start - 1) : start] in JOINED and _tail(items[own - 1][1], known):
        return True
    sides = (items[own + 1 :], [*reversed(items[:own])])
    return sum(_rivals(side, known) for side in sides) >= 2 or _repeated(text, start, end, known)


def _rivals(items: Sequence[Item], known: frozenset[str]) -> int:
    """Return how many items without a verb or a preposition follow each other, known ones left out."""
    nouns = takewhile(lambda item: len(item[1]) <= LONGEST_ITEM and GRAMMAR.isdisjoint(item[1]), items)
    return sum(not known.issuperset(words) for _, words in nouns)


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
        if position > first and text.breaks[position] == ",":
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
    return len(lead) >= 2 and any(text.words[head : head + len(lead)] == lead for head in clauses)


def _fragment(text: Wording, head: int, known: frozenset[str]) -> bool:
    """Whether a sentence is nothing but a few words that are not known yet."""
    words = text.words[head : text.sentence(head, head + 1)[1]]
    return len(words) <= LONGEST_ITEM and GRAMMAR.isdisjoint(words) and not known.issuperset(words)


def bare(text: Wording, asked: frozenset[str]) -> bool:
    """Whether a response is no sentence but a few words that take up nothing of the question."""
    return len(text.words) <= LONGEST_BARE and GRAMMAR.isdisjoint(text.words) and asked.isdisjoint(text.words)
