"""What a response says that holds no accepted answer word for word: a part of one, another, other words."""

from verifiers.wording.accepted import Accepted
from verifiers.wording.telling import share
from verifiers.wording.words import Wording

PARTIAL = {
    "joined": "the same letters, spaced otherwise",
    "ends": "first and last name",
    "most": "most of the telling words",
    "last": "only the last of the telling words",
    "some": "some of the telling words",
}


def missing(text: Wording, accepted: Accepted) -> tuple[float, str]:
    """Return the score of such a response, and its situation."""
    if accepted.dates:
        return _dated(text, accepted)
    if accepted.numbers:
        return _numbered(text, accepted)
    shares = {share(text.words, one.words, accepted.question) for one in accepted.answers}
    partial = next((situation for part, situation in PARTIAL.items() if part in shares), None)
    if partial:
        return 1, partial
    return 0, "another name" if accepted.names else "other words"


def _dated(text: Wording, accepted: Accepted) -> tuple[float, str]:
    found = accepted.dates_in(text)
    if any(date.within(one) for date in found for one in accepted.dates):
        return 1, "a part of the date"
    return 0, "another date" if found else "no number or date"


def _numbered(text: Wording, accepted: Accepted) -> tuple[float, str]:
    numbers = accepted.numbers_in(text)
    if not accepted.numbers.isdisjoint(numbers):
        return 1, "the number, with other words"
    return 0, "another number" if numbers else "no number or date"
