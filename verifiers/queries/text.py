"""
From a response to the queries it offers, and what a query says at its top level.

A statement ends at a semicolon outside of quotes and comments, or where prose begins: at an empty line
that no clause follows. Every pass is linear.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice

from router.expression import expression
from verifiers.extract import tagged

LONGEST_QUERY = 5_000
"""Characters; a longer one is not run."""
MOST_QUERIES = 8
"""Places looked at of each kind, the last ones; more is a spray, not an answer."""

TOKEN = expression(
    r"(?P<comment>--[^\n]*|/\*(?>(?:[^*]|\*(?!/))*)(?:\*/|\Z))"
    r"|(?P<quoted>'(?>(?:[^']|'')*)(?:'|\Z)|\"(?>(?:[^\"]|\"\")*)(?:\"|\Z)|`[^`]*+(?:`|\Z)|\[[^\]]*+(?:\]|\Z))"
    r"|(?P<word>\w++)|(?P<space>\s++)|(?P<mark>[();,])|[^\w\s'\"`\[();,/-]++|.",
    re.DOTALL,
)
SPACE = r"(?>(?:\s|--[^\n]*\n|/\*(?>(?:[^*]|\*(?!/))*)\*/|\()*)"
ASKING = r"SELECT\b|VALUES\s*\(|WITH\s+(?:RECURSIVE\s+)?[\w\"`\[\]]+\s*(?:\(|AS\b)"
MEDDLING = (
    r"(?:INSERT\s+(?:OR|INTO)|REPLACE\s+INTO|UPDATE\s+\S+\s+SET|DELETE\s+FROM|EXPLAIN|PRAGMA|(?:ATTACH|DETACH)\s+DATABASE"
    r"|(?:CREATE|DROP|ALTER)\s+(?:TEMP\w*\s+|UNIQUE\s+|VIRTUAL\s+)?(?:TABLE|VIEW|INDEX|TRIGGER))\b"
)
STATES = expression(rf"{SPACE}(?:{ASKING}|{MEDDLING})", re.IGNORECASE)
MENTIONED = expression(rf"(?:^|[:`\n])[ \t*]*(?=(?:{ASKING}))", re.IGNORECASE)
LABEL = expression(
    r"[*_#` ]*(?:final )?(?:sqlite|sql|query|answer)(?: query)?[*_]* ?:[*_]*\s*", re.IGNORECASE
)
SQL_TAG = expression(r"<(/?)(?:sql|query)>", re.IGNORECASE)
FENCE = "```"
OPEN_ENDS = frozenset("""
    , ( select from where group order by having limit offset join left right full inner outer cross natural
    on using union all intersect except and or not as when then else case distinct with in between like is
    values
""".split())  # fmt: skip  # noqa: SIM905 - they read best as words
"""Behind these a clause goes on, whatever the next line looks like."""
GOES_ON = expression(
    r"(?:select|from|where|group|order|having|limit|offset|join|left|right|full|inner|outer|cross|natural|union"
    r"|intersect|except|and|or|on|as|when|then|else|end|values|using|window)\b|[(),;-]|/\*|\Z",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Query:
    """A statement that a response offers."""

    text: str
    committed: bool
    """Whether the student left no doubt that this is its answer."""
    delimited: bool
    """Whether the student said where it begins and ends."""


def queries(text: str) -> list[Query]:
    """Return the different statements that a spoken text declares; without any, those it may mean."""
    blocks = text.split(FENCE)[1::2][-MOST_QUERIES:]
    tags = tagged(SQL_TAG.sub(r"<\1answer>", text))[-MOST_QUERIES:]
    declared = [*tags, *map(_without_language, blocks)]
    if found := [one for part in declared for one in _statements(part)]:
        return _different(found, committed=True, delimited=True)
    alone = text[label.end() :] if (label := LABEL.match(text)) else text
    if alone.startswith("`") and alone.find("`", 1) == len(alone) - 1:
        alone = alone[1:-1]
    if STATES.match(alone):
        return _different(list(_statements(alone)), committed=True, delimited=False)
    found = [one for part in _mentioned(text) for one in _statements(part)]
    return _different(found, committed=False, delimited=False)


def _different(found: list[str], *, committed: bool, delimited: bool) -> list[Query]:
    unique = {" ".join(one.split()): one for one in found}
    return [Query(one, committed, delimited) for one in unique.values()]


def _without_language(block: str) -> str:
    first, _, rest = block.partition("\n")
    return rest if first.strip().isalnum() and not STATES.match(f"{first} ") else block


def _mentioned(text: str) -> Iterator[str]:
    """Yield what begins like a query somewhere in prose, each up to the next."""
    starts = [match.end() for match in MENTIONED.finditer(text)][-MOST_QUERIES:]
    for start, end in zip(starts, [*starts[1:], None], strict=False):
        part = text[start:end]
        yield part.partition("`")[0] if text[start - 1 : start] == "`" else part


def _statements(text: str) -> Iterator[str]:
    """Yield the statements of a text, without the prose behind an empty line."""
    for part in _parts(text[: LONGEST_QUERY + 1]):
        if STATES.match(part):
            yield part


def _parts(text: str) -> Iterator[str]:
    start, before = 0, ""
    for token in TOKEN.finditer(text):
        if token["space"]:
            ends = (
                token[0].count("\n") > 1 and before not in OPEN_ENDS and not GOES_ON.match(text, token.end())
            )
        else:
            ends = token[0] == ";"
        if ends and before:
            yield text[start : token.start()].strip()
            start, before = token.end(), ""
        elif not token["space"] and not token["comment"]:
            before = token[0].lower()
    if before:
        yield text[start:].strip()


def ordered(query: str) -> bool:
    """Say whether a query has an ORDER BY at its top level, so that the order of its rows counts."""
    depth, before = 0, ""
    for token in TOKEN.finditer(query):
        if token["space"] or token["comment"]:
            continue
        depth += (token[0] == "(") - (token[0] == ")")
        word = token[0].lower()
        if depth == 0 and (before, word) == ("order", "by"):
            return True
        before = word
    return False


NUMBER = expression(r"(?<![\w.])\d{1,15}(?:\.\d{1,15})?(?![\w.])")
MOST_NUMBERS = 10


def numbers(query: str) -> list[float]:
    """Return the numbers that a query names, the first ones, each with its neighbours."""
    named = [float(found[0]) for found in islice(NUMBER.finditer(query), MOST_NUMBERS)]
    return [near for one in named for near in (one - 1, one, one + 1)]
