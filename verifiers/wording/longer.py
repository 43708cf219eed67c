"""
Whether an answer stands in a response only as a part of something longer, which is another answer.

"Paris Hilton" is no city, "Toy Story 2" not the first one, "the father of Paul McCartney" not he, "at
least 12" no 12. Where the longer thing may be the same one ("Sir Paul McCartney"), it is not longer.
"""

from verifiers.wording.accepted import Accepted
from verifiers.wording.telling import GRAMMAR, STOPWORDS
from verifiers.wording.words import Wording, words_of

TITLES = words_of(
    "sir dr mr mrs ms miss president king queen prince princess pope saint st general gen captain capt lord"
    " lady professor prof senator sen governor gov judge justice emperor empress colonel col major sgt"
    " sergeant lieutenant lt admiral chief minister secretary coach reverend rev tsar duke count"
    " actor actress singer author director rapper writer composer"
)
"""Before a name they say what it is the name of."""
SUFFIXES = words_of("jr sr inc ltd co llc plc fc esq ad")
"""Behind a name they change nothing."""
HEADS = words_of(
    "when while where what how why if so thus yes no then only just both also since because although though"
    " but until after before i we you these those there here not never well ok okay answer"
)
SMALL = STOPWORDS | GRAMMAR | HEADS
"""Words that are no name in a capital either: they begin a sentence, or stand within names."""
PARTS = words_of("new north south east west northern southern eastern western upper lower equatorial")
"""Before the name of a place they make it another place."""
RELATED = PARTS | words_of(
    "father mother son daughter brother sister wife husband widow cousin uncle aunt nephew niece parent child"
    " friend rival enemy student pupil teacher successor predecessor fan outside outskirts suburb"
)
"""What stands in such a relation to somebody, or somewhere, is not he or there."""
ELSEWHERE = words_of(
    "near nearby outside beyond resemble unlike after before than against over beat beats defeat defeated"
    " replaced succeeded preceded from"
)
"""What stands behind one of them is compared with the answer."""
BOUNDS = words_of("least most than under below above before after beyond exceeding by")
"""Before a number or a date they make it a range."""
UNITS = words_of(
    "second minute hour day days week month year decade century dozen percent point dollar pound euro cent"
    " yen inch ft yard mile mm cm m km acre ounce gram kg ton gallon liter degree thousandth time"
)
OWN_YEARS = words_of("old age long year")
"""What is asked where years are the unit that goes without saying."""
FIRST = frozenset({"1"})
"""Behind a name it is a footnote, or the first of a series, which has no number."""
FIRST_YEAR, LAST_YEAR = 1000, 2100
"""Numbers between them may be years, which stand beside names without being part of them."""


def longer(text: Wording, start: int, end: int, accepted: Accepted) -> bool:
    """Whether what stands there is a part of something else; known words are the same thing still."""
    before = text.words[start - 1] if start and not text.breaks[start] else ""
    behind = text.words[end] if end < len(text.words) and not text.breaks[end] else ""
    known = accepted.known
    if all(map(_number, text.words[start:end])):
        return _measured(text.words[max(0, start - 2) : start], behind, accepted)
    return (
        (start - 1 in text.capitals and before not in known and _begins_earlier(text, start, end, accepted))
        or ({end - 1, end} <= text.capitals and bool(behind) and behind not in known | SMALL | SUFFIXES)
        or (_counts(before) and before not in known)
        or (_counts(behind) and behind not in known | FIRST)
        or before in ELSEWHERE - known
        or behind in RELATED - known
        or (before == "of" and text.words[start - 2] in RELATED - known)
    )


def _begins_earlier(text: Wording, start: int, end: int, accepted: Accepted) -> bool:
    """
    Whether a name that begins before the answer is another one.

    It is where another beginning is accepted, so that this one counts: "Ian Fleming" against "Fleming" and
    "Alexander Fleming". Against "Fleming" alone it is most often his first name.
    """
    before, words = text.words[start - 1], text.words[start:end]
    if text.breaks[start]:
        return False
    whole = any(len(one.words) > len(words) and one.words[-len(words) :] == words for one in accepted.answers)
    return before in PARTS or (whole and before not in SMALL | TITLES)


def _measured(before: tuple[str, ...], behind: str, accepted: Accepted) -> bool:
    """Whether a number is a bound, or counts other things than asked for."""
    if not BOUNDS.isdisjoint(set(before) - accepted.known):
        return True
    years = behind == "year" and not OWN_YEARS.isdisjoint(accepted.question)
    return behind in UNITS - accepted.known and not years


def _number(word: str) -> bool:
    return word.lstrip("-")[:1].isdigit()


def _counts(word: str) -> bool:
    """Whether a word is a number, and none that may be a year."""
    return word.isdecimal() and not FIRST_YEAR <= int(word[:5]) <= LAST_YEAR
