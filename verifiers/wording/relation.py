"""
Whether a sentence gives an answer to the question, or says something else of it.

"It rhymes with Paris." and "Paris has five letters." hold Paris and say nothing of what is asked: no word
of the question is in them, and more than a verb and a preposition leads to the name. "The capital of Italy
is Paris." says it of somebody else.
"""

from collections.abc import Iterable

from verifiers.wording.accepted import Accepted
from verifiers.wording.longer import SMALL, TITLES
from verifiers.wording.several import INTERJECTIONS
from verifiers.wording.telling import GRAMMAR, VERBS
from verifiers.wording.words import Wording, words_of

LONGEST = 40
"""Words; a longer response has said in other sentences what it speaks of."""
STEM = 4
"""Letters in which two forms of a word agree."""
FORMS = ("ed", "en", "wn", "ly")
"""Endings of participles and adverbs."""
PARTICIPLES = words_of("made built held born led won sold sung found set shot")
FORMER = frozenset({"former", "previous", "old", "next", "wrong"})
KINDS = words_of(
    "city town village state country county province republic kingdom island river lake sea mountain"
    " film movie book novel song album band group team club company university school party person man woman"
    " name called answer later now also"
)
"""Words that say of what kind an answer is: "the city of Paris"."""


def beside_the_question(text: Wording, start: int, end: int, accepted: Accepted) -> bool:
    """Whether the sentence around an answer has nothing of the question, and says something of its own."""
    asked = _stems(accepted.asked - SMALL)
    if not asked or len(text.words) > LONGEST or any(word[0].isdigit() for word in text.words[start:end]):
        return False
    first, last = text.sentence(start, end)
    lead, behind = text.words[first:start], text.words[end:last]
    around = (*lead, *behind)
    if not asked.isdisjoint(_stems(around)):
        return False
    if start == first:
        return bool(behind) and not text.breaks[end] and behind[0] not in GRAMMAR - VERBS
    phrase = VERBS.isdisjoint(around)
    if not phrase and not asked.isdisjoint(_stems(text.words[:first])):
        return False
    allowed = SMALL | TITLES | INTERJECTIONS | KINDS | PARTICIPLES | accepted.known
    return any(
        not (word in allowed or word[0].isdigit() or word.endswith(FORMS) or (phrase and at in text.capitals))
        for at, word in enumerate(lead, first)
    )


def of_another(text: Wording, start: int, end: int, accepted: Accepted) -> bool:
    """Whether the lead names another than the question does: "The capital of Italy is Paris."."""
    first, last = text.sentence(start, end)
    asked = {word for word in accepted.asked - SMALL if word.isalpha()}
    return not _stems(asked) <= _stems(text.words[first:last]) and any(
        text.words[at - 1] in {"of", "in"}
        and at in text.capitals
        and text.words[at] not in SMALL | KINDS | accepted.known
        and text.words[at + 1] in VERBS
        for at in range(first + 1, start - 1)
    )


def former(text: Wording, start: int, end: int, accepted: Accepted) -> bool:
    """Whether an answer is said to have been one: "The former capital was Paris."."""
    lead = text.words[text.sentence(start, end)[0] : start]
    return any(
        word in FORMER - accepted.known and not VERBS.isdisjoint(lead[at:]) for at, word in enumerate(lead)
    )


def _stems(words: Iterable[str]) -> set[str]:
    return {word[:STEM] for word in words}
