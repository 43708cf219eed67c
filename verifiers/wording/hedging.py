"""
Whether a response stands by what it mentions: is an answer denied, doubted or taken back?

The guards err towards yes, as a yes costs a question to the judge and a no money; each is linear in the
response.
"""

from collections.abc import Sequence
from itertools import pairwise

from router.expression import expression
from verifiers.wording.telling import GRAMMAR, VERBS
from verifiers.wording.words import Wording, words_of

MIXED = expression(r"[a-z][\u0370-\u04ff]|[\u0370-\u04ff][a-z]")
"""A Latin letter beside a Greek or Cyrillic one."""
SHORT = 4
"""Words; a response up to here that says "unknown" says nothing else."""
WIDEST_DENIAL = 6
"""Words before an answer in which a denial is about it."""

DENIALS = words_of(
    "not never neither nor without except unlike excluding cannot hardly scarcely barely"
    " deny denies reject rejects"
)
EXCLUDED = frozenset({
    "instead of", "rather than", "other than", "far from", "apart from", "opposite of",
    "anything but", "everything but", "all but", "opposed to", "compared to", "compared with",
})  # fmt: skip
ONLY = frozenset({"only", "just", "merely", "simply", "alone"})
"""Behind "not" they deny nothing: "not only Paris"."""
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
    " doubt suspect guessing wonder assume suppose expect say claim argue believed thought rumored"
)
TURNS = words_of("no not wait but however actually or correction alternatively otherwise nope")
"""At the head of a later sentence they turn against what was said before."""
RIVALS = words_of("maybe perhaps possibly might alternatively alternative")
"""Behind an answer they offer another one."""
WAVERS = DOUBTS | TAKEN_BACK | words_of("but however although though or")
"""After a yes or a no they leave it open."""

CLUELESS = ("do not know", "not know", "not sure", "no idea", "not certain", "not remember")
"""In a response that names something all the same, it is a guess."""
WITHDRAWN = ("rule out", "ruled out", "in truth", "in reality")
FORMERLY = ("used", "to", "be")
REFUSALS = (
    *CLUELESS, "could not find", "cannot find", "no information", "not find any", "unable to", "unanswerable",
    "cannot answer", "cannot provide", "cannot determine", "not have access", "not have information",
    "not have enough", "not have any", "not enough information", "ai language model", "cannot predict",
    "no way to know", "i am sorry", "i apologize", "im sorry", "not have the ability", "not available",
    "refuse to", "need more", "please provide", "please clarify", "more context",
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
AFFIRMS = words_of("correct right")
MEANT = words_of("us we a")
"""Openers that are answers where they stand alone: "US"."""
UNKNOWN = frozenset({"unknown", "unanswerable", "idk", "unsure", "unspecified"})


def affirms(text: Wording) -> bool:
    """Whether a response may mean a yes: "That is right"."""
    return not AFFIRMS.isdisjoint(text.words)


def says_nothing(text: Wording) -> bool:
    """Whether a response is empty but for words that announce an answer: "Solution:"."""
    said = {*text.words} - {"the"}
    return said <= OPENERS and not (said and said <= MEANT)


def refused(text: Wording) -> bool:
    """Whether a response says that it has no answer, and tries none."""
    if len(text.words) <= SHORT and not UNKNOWN.isdisjoint(text.words):
        return True
    tries = (word for before, word in pairwise(("", *text.words)) if before not in REGRETS)
    return _says(text, REFUSALS) and ATTEMPTS.isdisjoint(tries)


def refused_before(text: Wording, start: int) -> bool:
    """Whether a response refuses before it names something: "I cannot answer that. Paris"."""
    return refused(Wording(text.words[:start], text.breaks[:start]))


def _says(text: Wording, phrases: Sequence[str]) -> bool:
    said = f" {' '.join(text.words)} "
    return any(f" {phrase} " in said for phrase in phrases)


def wavering(text: Wording) -> bool:
    """Whether a yes or a no is doubted or turned away from."""
    return bool(text.questions) or not WAVERS.isdisjoint(text.words)


def stands_alone(text: Wording) -> bool:
    """Whether the first word is a clause of its own, unlike in "No idea" and "No one knows"."""
    return len(text.words) == 1 or text.breaks[1] != "" or text.words[1] in GRAMMAR


def denied(text: Wording, start: int, end: int, asked: frozenset[str]) -> bool:
    """Whether what stands there is said not to be so: "not Paris", "Paris is wrong"."""
    first, last = text.sentence(start, end)
    before = text.words[max(first, start - WIDEST_DENIAL) : start]
    if any(f"{word} {after}" in EXCLUDED for word, after in pairwise(before)):
        return True
    if "but" in before:  # "not Lyon but Paris"
        before = before[before.index("but") :]
    if any(word in DENIALS - asked and after not in ONLY for word, after in pairwise((*before, ""))):
        return True
    behind = text.words[end : min(last, end + 4)]
    return behind == ("not",) or (bool(behind) and behind[0] in VERBS and not WRONG.isdisjoint(behind))


def doubted(text: Wording, start: int, end: int, asked: frozenset[str]) -> bool:
    """Whether the sentence around it hedges or contrasts, or another sentence takes something back."""
    last = text.sentence(start, end)[1]
    if not text.questions.isdisjoint(range(end, last + 1)) or text.words[start - 3 : start] == FORMERLY:
        return True
    if not _hedges(text, start, end) <= asked or _says(text, (*CLUELESS, *WITHDRAWN)):
        return True
    heads = {word for word, stop in zip(text.words[end:], text.breaks[end:], strict=True) if stop == "."}
    outside = {*text.words[:start], *text.words[end:]} - asked
    return (
        not TAKEN_BACK.isdisjoint(outside)
        or not TURNS.isdisjoint(heads)
        or not RIVALS.isdisjoint(text.words[end:])
    )


def _hedges(text: Wording, start: int, end: int) -> set[str]:
    """Return what hedges or contrasts in the sentence; a turn before an answer turns towards it."""
    first, last = text.sentence(start, end)
    turned = first + (text.words[first] in TURNS and first < start)
    if "but" in text.words[first:start]:
        turned = start - text.words[first:start][::-1].index("but")
    positions = (at for at in range(first, last) if not start <= at < end and not _idle(text.words, at))
    return {
        text.words[at]
        for at in positions
        if text.words[at] in (DOUBTS | CONTRASTS if at >= turned else DOUBTS)
    }


def _idle(words: Sequence[str], at: int) -> bool:
    """Whether a word that may hedge does not: "May 5", "as well"."""
    if words[at] == "may":
        return words[at + 1 : at + 2] != () and words[at + 1][0].isdigit()
    return words[at] == "well" and words[at - 1] == "as"


def discredited(text: Wording, start: int, end: int) -> bool:
    """Whether the sentence around it speaks of what is wrong: "A wrong answer would be Paris."."""
    first, last = text.sentence(start, end)
    return not (WRONG | DENIALS).isdisjoint((*text.words[first:start], *text.words[end:last]))


def disguised(text: Wording) -> bool:
    """Whether a word mixes alphabets, so that a reader sees another one: "not" with a Cyrillic "o"."""
    return any(not word.isascii() and MIXED.search(word) for word in text.words)


def rivalled(text: Wording, start: int, end: int) -> bool:
    """Whether another answer is offered in a later sentence: "Alternatively, Lyon."."""
    return not RIVALS.isdisjoint(text.words[text.sentence(start, end)[1] :])
