"""
How far a call, or one of its arguments, is the wanted one; and how a reason says so.

Agreements are ordered, so that of several accepted values the least counts, and of several arguments
the greatest.
"""

from enum import IntEnum


class Agreement(IntEnum):
    """From the surest yes over doubt to the surest no."""

    SAME = 0
    RESPELLED = 1
    """Letter case or punctuation differs where it may count."""
    UNQUOTED = 2
    """A text without its quotes."""
    ORDERED = 3
    """Arguments without names, taken in the order of the parameters."""
    DEFAULTED = 4
    """An argument is left out, or given, and it is its default."""
    PUNCTUATED = 5
    """The same but for punctuation that makes other numbers of the digits."""
    LOOSE = 6
    """The same value in a neighbouring type."""

    COMPUTED = 10
    """An argument that is code."""
    FLOATING = 11
    """A float where a whole number was declared."""
    UNDECLARED = 12
    """An argument that is wanted, and that the tool does not have."""
    REWORDED = 13
    """Another text that shares a word."""
    OTHER_TEXT = 14
    OTHER_TYPE = 15
    OTHER_VALUE = 16
    EXTRA = 17
    """An argument of the tool that was not asked for."""
    LACKING = 18
    UNKNOWN_ARGUMENT = 19
    OTHER_FUNCTION = 20
    NO_SUCH_FUNCTION = 21

    @property
    def fits(self) -> bool:
        """Whether it is a yes."""
        return self < Agreement.COMPUTED


SITUATIONS = {
    Agreement.SAME: "as wanted",
    Agreement.RESPELLED: "as wanted but for letter case or punctuation",
    Agreement.UNQUOTED: "as wanted, with a text that lacks its quotes",
    Agreement.ORDERED: "as wanted, with arguments by position",
    Agreement.DEFAULTED: "as wanted, where a default is left out or given",
    Agreement.PUNCTUATED: "as wanted but for punctuation in a number",
    Agreement.LOOSE: "as wanted, in a neighbouring type",
    Agreement.COMPUTED: "an argument that is code",
    Agreement.FLOATING: "a float where a whole number is declared",
    Agreement.UNDECLARED: "an argument that is wanted, though the tool does not have it",
    Agreement.REWORDED: "a text in other words",
    Agreement.OTHER_TEXT: "another text",
    Agreement.OTHER_TYPE: "a value of another type",
    Agreement.OTHER_VALUE: "another value",
    Agreement.EXTRA: "an argument that is not wanted",
    Agreement.LACKING: "an argument is missing",
    Agreement.UNKNOWN_ARGUMENT: "an argument that the tool does not have",
    Agreement.OTHER_FUNCTION: "another function",
    Agreement.NO_SUCH_FUNCTION: "a function that was not offered",
}
"""What a reason calls each."""
