"""IFBench's single prompts: each has one answer, or one form of it."""

import csv
import io
import re
from collections.abc import Sequence
from itertools import islice, pairwise
from unicodedata import normalize

from router.expression import expression
from verifiers.constraints.given import Given
from verifiers.constraints.ifbench_counts import EDGES, NO_PUNCTUATION
from verifiers.constraints.ifbench_words import undoubted

MOST_ROWS = 20
"""More than any of the tables has."""

QUESTION = expression(r"Question \d+[.|):;]?")
OPTION = expression(r"[A-Ea-e][.|)]\s*\w")
DATE = expression(r"(\d{4})-(\d{2})-(\d{2})")
LONGEST_MONTHS = (0, 31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)
MULTIPLES = [str(n) for n in range(14, 51, 7)]
CAPITALS = [
    *("Reykjavik", "Helsinki", "Oslo", "Tallinn", "Stockholm", "Riga", "Moscow", "Copenhagen", "Vilnius"),
    *("Minsk", "Dublin", "Berlin", "Amsterdam", "Warsaw", "London", "Brussels", "Prague", "Luxembourg"),
    *("Paris", "Vienna", "Bratislava", "Budapest", "Vaduz", "Chisinau", "Bern", "Ljubljana", "Zagreb"),
]
"""European capitals north of 45 degrees, from north to south, as the official checker has them."""


def multiples(text: str, given: Given) -> bool:
    """Its numbers are the multiples of seven from 10 to 50."""
    return re.findall(r"\d+", text) == MULTIPLES


def mcq_count_length(text: str, given: Given) -> bool:
    """There are four questions with five options each, every one longer than the one before."""
    if not text.startswith("Question"):
        return False
    questions = [piece.strip() for piece in QUESTION.split(text) if piece.strip()]
    lengths = [_length(question.split("\n")) for question in questions]
    return len(lengths) == 4 and all(0 <= one < following for one, following in pairwise(lengths))


def _length(lines: Sequence[str]) -> int:
    """Return the characters of a question before its five options; -1 where there are not five."""
    lines = [line.strip() for line in lines]
    options = [place for place, line in enumerate(lines) if OPTION.match(line)]
    return len(" ".join(lines[: options[0]]).strip()) if len(options) == 5 else -1


def reverse_newline(text: str, given: Given) -> bool:
    """From Zimbabwe on, there are 52 lines or more in reverse alphabetical order."""
    lines = [bare for line in text.split("\n") if (bare := line.strip(EDGES))]
    start = next((place for place, line in enumerate(lines) if "Zimbabwe" in line), len(lines))
    countries = [_plain(line) for line in lines[start:]]
    return len(countries) >= 52 and all(one >= following for one, following in pairwise(countries))


def _plain(text: str) -> str:
    """Return a text without accents and what else is not ASCII."""
    return normalize("NFKD", text).encode("ascii", "ignore").decode("ascii")


def word_reverse(text: str, given: Given) -> bool:
    """Read from its last word to its first, it is one sentence that names the bald eagle."""
    backwards = " ".join(text.lower().strip().translate(NO_PUNCTUATION).split()[::-1])
    return "bald eagle" in backwards and backwards in undoubted(backwards)


def character_reverse(text: str, given: Given) -> bool:
    """It names the bald eagle from right to left."""
    return "elgae dlab" in text.lower()


def european_capitals_sort(text: str, given: Given) -> bool:
    """It lists the capitals in order."""
    return [one.strip() for one in _plain(text).split(",") if one.strip()] == CAPITALS


def csv_city(text: str, given: Given) -> bool:
    """It is CSV with a head of five columns and seven rows."""
    rows = _rows(text)
    head = ["ID", "Country", "City", "Year", "Count"]
    return len(rows) == 8 and rows[0] == head and all(len(row) == 5 for row in rows)


def csv_special_character(text: str, given: Given) -> bool:
    """It is CSV with a head of five columns, fourteen rows, and a quoted field with a special character."""
    if not _headed(text, "ProductID Category Brand Price Stock", r",[ \t]*"):
        return False
    rows = _rows(text.replace('"', '"""'))
    if len(rows) != 15:
        return False
    for row in rows[1:]:  # officially, rows behind the first special character are not looked at
        if len(row) != 5:
            return False
        if any(_special(field) for field in row):
            return True
    return False


def _special(field: str) -> bool:
    line = field.partition("\n")[0]
    inside = line[1 : max(line.rfind('"'), 1)]
    return line.startswith('"') and any(not char.isspace() and not re.match(r"\w", char) for char in inside)


def csv_quotes(text: str, given: Given) -> bool:
    """It is tab-separated with a head of five columns and three rows, every field in double quotes."""
    if not _headed(text, "StudentID Subject Grade Semester Score", "\t *"):
        return False
    rows = _rows(text.replace('"', '"""'), delimiter="\t")
    fields = [field.strip() for row in rows for field in row]
    quoted = all(field.startswith('"') and field.endswith('"') for field in fields)
    return len(rows) == 4 and all(len(row) == 5 for row in rows) and quoted


def _headed(text: str, columns: str, separator: str) -> bool:
    """Say whether the first line names the columns, quoted or not."""
    head = separator.join(rf'(?:{column}|"{column}")' for column in columns.split())
    return re.fullmatch(head, text.partition("\n")[0].strip()) is not None


def _rows(text: str, delimiter: str = ",") -> list[list[str]]:
    try:
        return list(islice(csv.reader(io.StringIO(text), delimiter=delimiter), MOST_ROWS))
    except csv.Error:
        return []


def date_format_list(text: str, given: Given) -> bool:
    """It lists dates of Napoleon's lifetime."""
    dates = [DATE.fullmatch(date.strip()) for date in text.strip().split(",")]
    return all(
        date is not None
        and 1769 <= int(date[1]) <= 1821
        and int(date[2]) <= 12
        and (not int(date[2]) or int(date[3]) <= LONGEST_MONTHS[int(date[2])])
        for date in dates
    )
