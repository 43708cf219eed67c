"""
The dates that a wording states, in any order: "9 December 2017", "December 9th, 2017", "2017-12-09",
"Dec. 2017" and "2017". A date names what is known of it; "2017" is a part of "December 9, 2017".
"""

from dataclasses import dataclass

from verifiers.wording.words import words_of

MONTHS = (
    "january", "february", "march", "april", "may", "june",
    "july", "august", "september", "october", "november", "december",
)  # fmt: skip
MONTH = {name: number for number, name in enumerate(MONTHS, start=1)}
MONTH |= {name[:3]: number for name, number in MONTH.items()} | {"sept": 9}
WORDS_TOO = frozenset(
    {"may", "march", "mar", "dec", "jan", "sept", "sep", "jun", "jul", "oct", "nov", "apr", "feb", "aug"}
)
"""No months where they stand alone."""
AROUND = words_of("in on at by of since during around about circa ca c early late mid year the until from")
"""Words that a reference answer may hold beside its date."""
FIRST_YEAR, LAST_YEAR = 1000, 2100
"""Numbers of four digits between them may be years."""


@dataclass(frozen=True, slots=True)
class Date:
    """What is known of a date; 0 stands for what is not."""

    year: int = 0
    month: int = 0
    day: int = 0

    def within(self, other: "Date") -> bool:
        """Whether everything known of this date is so in the other."""
        return all(mine in (0, its) for mine, its in zip(self._parts(), other._parts(), strict=True))

    def _parts(self) -> tuple[int, int, int]:
        return self.year, self.month, self.day


def dates(words: tuple[str, ...]) -> list[tuple[Date, int, int]]:
    """Return the dates among the words, each with where it starts and ends."""
    found = []
    position = 0
    while position < len(words):
        date, end = _date(words, position)
        if date:
            found.append((date, position, end))
        position = max(end, position + 1)
    return found


def date_alone(words: tuple[str, ...]) -> Date | None:
    """Return the date that is all the words say; None where they say anything else."""
    found = dates(words)
    if len(found) != 1:
        return None
    date, start, end = found[0]
    return date if AROUND.issuperset((*words[:start], *words[end:])) else None


def _date(words: tuple[str, ...], at: int) -> tuple[Date | None, int]:
    """Return the date that begins at a word, and where it ends."""
    month, day, end = _month_and_day(words, at)
    if month:
        behind = end + (words[end : end + 1] in (("of",), ("in",)))
        if year := _year(words, behind):
            return Date(year, month, day), behind + 1
        named = day or words[at] in MONTH.keys() - WORDS_TOO
        return (Date(0, month, day), end) if named else (None, at)
    if year := _year(words, at):
        month, day = _number(words, at + 1, 12), _number(words, at + 2, 31)
        return (Date(year, month, day), at + 3) if month and day else (Date(year), at + 1)
    return None, at


def _month_and_day(words: tuple[str, ...], at: int) -> tuple[int, int, int]:
    """Return month, day and where they end, in either order; no month where there is none."""
    if month := _month(words, at):
        day = _day(words, at + 1)
        return month, day, at + 1 + bool(day)
    day = _day(words, at)
    after = at + 1 + (words[at + 1 : at + 2] == ("of",))
    return (month, day, after + 1) if day and (month := _month(words, after)) else (0, 0, at)


def _month(words: tuple[str, ...], at: int) -> int:
    return MONTH.get(words[at], 0) if at < len(words) else 0


def _day(words: tuple[str, ...], at: int) -> int:
    return _number((words[at].rstrip("stndrh"),), 0, 31) if at < len(words) else 0


def _year(words: tuple[str, ...], at: int) -> int:
    year = _number(words, at, LAST_YEAR)
    return year if year >= FIRST_YEAR else 0


def _number(words: tuple[str, ...], at: int, most: int) -> int:
    if at >= len(words) or not (words[at].isascii() and words[at].isdecimal() and len(words[at]) <= 4):
        return 0
    return int(words[at]) if int(words[at]) <= most else 0
