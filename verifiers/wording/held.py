"""How an accepted answer stands in a response: the guards, in the order in which they are asked."""

from verifiers.wording.accepted import Accepted
from verifiers.wording.dates import date_alone
from verifiers.wording.hedging import denied, disguised, doubted, refused_before
from verifiers.wording.longer import longer
from verifiers.wording.relation import beside_the_question, former, of_another
from verifiers.wording.several import bare, headed_by_another, one_of_several
from verifiers.wording.words import Wording

LONG = 40
"""Words; a response up to here hardly says more than its answer."""
VERY_LONG = 150
"""Words; in a response beyond, an accepted answer may stand by accident."""


def held(text: Wording, start: int, end: int, accepted: Accepted) -> str:
    """Return the situation of an accepted answer that stands there."""
    return _discounted(text, start, end, accepted) or _stated(text, start, end, accepted)


def _discounted(text: Wording, start: int, end: int, accepted: Accepted) -> str:
    """Return what speaks against an answer where it stands, nothing where nothing does."""
    if denied(text, start, end, accepted.question):
        return "held, but denied"
    if one_of_several(text, start, end, accepted.known):
        return "held, as one of several"
    if accepted.rivalled(text, start, end):
        return "held, beside another number or date"
    if doubted(text, start, end, accepted.question) or former(text, start, end, accepted):
        return "held, with a doubt or a contrast"
    if refused_before(text, start) or disguised(text):
        return "held, with a doubt or a contrast"
    if accepted.common(text.words[start:end]):
        return "held, but so does the question, or in common words"
    if longer(text, start, end, accepted):
        return "held, as a part of something longer"
    if not (accepted.dates or accepted.numbers) and headed_by_another(text, start, accepted.known):
        return "held, behind another name"
    if of_another(text, start, end, accepted):
        return "held, behind another name"
    if beside_the_question(text, start, end, accepted):
        return "held in a sentence that has nothing of the question"
    return ""


def _stated(text: Wording, start: int, end: int, accepted: Accepted) -> str:
    """Return the situation of an answer that nothing speaks against."""
    if not any(text.words[start:end] == one.words for one in accepted.answers):
        return "held, as a date written differently"
    if bare(text, accepted) and not date_alone(text.words):
        return "held among bare words"
    if len(text.words) > VERY_LONG:
        return "held in a very long response"
    if text.sentence(start, end)[0]:
        return "held in a later sentence"
    return f"held in {'the first sentence of a long' if len(text.words) > LONG else 'a short'} response"
