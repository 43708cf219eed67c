"""
An answer -> what it is.

The kinds are few, because comparing needs few: a number may be written in a thousand ways, and
that is `leaf`'s business; but `(1, 2)` is a point or an interval, and `1, 2` are two answers.
"""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Leaf:
    """One expression, still as text."""

    text: str


@dataclass(frozen=True, slots=True)
class Words:
    """An answer in words: `even`, `no solution`."""

    words: str


@dataclass(frozen=True, slots=True)
class Ordered:
    """Parts in an order that counts: a point, a vector, a row of a matrix."""

    parts: tuple["Value", ...]
    round: bool = True
    """Written with parentheses, so that two parts may be an open interval."""
    text: str = ""
    """Of a matrix, as it is written, to compare it with one that is computed."""
    ratio: bool = False
    """Only the proportions count: `1 : 2 : 3`."""


@dataclass(frozen=True, slots=True)
class Collection:
    """Parts in no order: several answers, a set."""

    parts: tuple["Value", ...]


@dataclass(frozen=True, slots=True)
class Interval:
    """All numbers between two ends."""

    low: "Value"
    high: "Value"
    low_open: bool
    high_open: bool
    said: "Relation | None" = None
    """The inequality that leaves them."""
    domain: str = ""
    """Z in {k in Z | k > 1}; nothing for all real numbers."""


@dataclass(frozen=True, slots=True)
class Union:
    """Several sets of numbers taken together."""

    parts: tuple["Value", ...]


@dataclass(frozen=True, slots=True)
class Relation:
    """A chain of sides and the signs between them: `1 < x \\leq 2`, `2x + y = 3`."""

    sides: tuple[str, ...]
    signs: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Clock:
    """A time of day, `7:30 PM`; without its half of the day it may be a ratio as well."""

    hour: int
    minute: int
    half: str = ""
    """am or pm; nothing where it is not said."""
    ratio: "Leaf | None" = None

    @property
    def told(self) -> bool:
        """Whether it can be only one half of the day."""
        return bool(self.half) or not 1 <= self.hour <= 12

    @property
    def of_day(self) -> int:
        """The hour of the day, from 0 to 23."""
        return self.hour % 12 + 12 * (self.half == "pm") if self.half else self.hour % 24


@dataclass(frozen=True, slots=True)
class Assigned:
    """A name and its value: `x = 5`, `f(x) = 2x`, `Minimum: 1`."""

    name: str
    value: "Value"
    argument: str = ""
    """x in f(x)."""
    sides: tuple[str, str] = ("", "")
    """The equation as text."""
    also: tuple[str, ...] = ()
    """What else the chain says that the value is; it must say the same."""

    @property
    def order(self) -> int:
        """How often the name is derived: what y' is says nothing of y."""
        return self.name.count("'")


Value = Leaf | Words | Ordered | Collection | Interval | Union | Relation | Clock | Assigned
