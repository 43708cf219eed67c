"""
How far the value of an argument is an accepted one.

The rules are those of BFCL's checker: text is compared without letter case, spaces and `,./-_*^`, a list
in its order, an object key by key; a text is no number, and a truth value is neither. Where accepted
values are listed, they are listed for each key of an object as well.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from router.expression import expression
from verifiers.calls.agreement import Agreement
from verifiers.calls.syntax import Code

SHORT = 1_000
"""Characters; a much longer text than the accepted one is not looked at."""


@dataclass(frozen=True, slots=True)
class Values:
    """The rules by which values are compared."""

    listed: bool
    """Accepted values are listed, for an argument and for each key of an object."""
    loose: bool = True
    """Letter case and punctuation in text do not count."""
    items: str = ""
    """The type that the items of a list are declared with."""

    def agree(self, value: object, accepted: object) -> Agreement:
        """Compare a value with an accepted one."""
        match value, accepted:
            case Code(source), str():
                return Agreement.UNQUOTED if bare(source) == bare(accepted) else Agreement.COMPUTED
            case Code(), _:
                return Agreement.COMPUTED
            case str(), str():
                return self._texts(value, accepted)
            case dict(), dict():
                return self._objects(value, accepted)
            case ((list() | tuple()), (list() | tuple())):
                return self._lists(value, accepted)
        if _kind(value) is not _kind(accepted):
            return Agreement.OTHER_TYPE
        return Agreement.SAME if value == accepted else Agreement.OTHER_VALUE

    def _texts(self, value: str, accepted: str) -> Agreement:
        if value == accepted:
            return Agreement.SAME
        if len(value) > 4 * len(accepted) + SHORT:
            return Agreement.OTHER_TEXT
        if self.loose and bare(value) == bare(accepted):
            if _numbers(value) != _numbers(accepted):
                return Agreement.PUNCTUATED
            return Agreement.SAME if self.listed else Agreement.RESPELLED
        return Agreement.REWORDED if _words(value) & _words(accepted) else Agreement.OTHER_TEXT

    def _lists(self, value: Sequence[object], accepted: Sequence[object]) -> Agreement:
        if len(value) != len(accepted):
            return Agreement.OTHER_VALUE
        return max([self._item(*pair) for pair in zip(value, accepted, strict=True)], default=Agreement.SAME)

    def _item(self, value: object, accepted: object) -> Agreement:
        """Compare items of lists, where BFCL's checker takes no type for another that is not declared."""
        found = self.agree(value, accepted)
        declared = type(value) is type(accepted) or type(value) is NUMBERS_DECLARED.get(self.items)
        return max(found, Agreement.LOOSE) if self.listed and not declared else found

    def _objects(self, value: Mapping[str, object], accepted: Mapping[str, object]) -> Agreement:
        if not value.keys() <= accepted.keys():
            return Agreement.EXTRA
        return max([self._member(key, value, one) for key, one in accepted.items()], default=Agreement.SAME)

    def _member(self, key: str, value: Mapping[str, object], accepted: object) -> Agreement:
        choices = list(accepted) if self.listed and isinstance(accepted, list) else [accepted]
        if self.listed and isinstance(value.get(key), list):
            choices.append(accepted)  # a list deep inside an accepted value stands for itself
        if key in value:
            return min([self.agree(value[key], choice) for choice in choices])
        return Agreement.SAME if self.listed and "" in choices else Agreement.LACKING


NUMBERS_DECLARED = {"integer": int, "float": float}

IGNORED = str.maketrans("'", '"', " ,./-_*^")


def bare(text: str) -> str:
    """Return a text without what does not count, as BFCL's checker has it."""
    return text.translate(IGNORED).lower()


THOUSANDS = expression(r"(?<=\d),(?=\d{3}(?!\d))")
NUMBERS = expression(r"\d+|^-(?=\d)")
WORDS = expression(r"[^\W_]{2,}|\d")


def _numbers(text: str) -> list[str]:
    """Return the digits in a text as they stand together, and its sign where it begins with one."""
    return NUMBERS.findall(THOUSANDS.sub("", text))


def _words(text: str) -> set[str]:
    return set(WORDS.findall(text.casefold()))


def _kind(value: object) -> type:
    return float if isinstance(value, int | float) and not isinstance(value, bool) else type(value)
