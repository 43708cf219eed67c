"""The text of an answer -> its structure, by what stands outside every bracket."""

import re

from verifiers.symbolic.cleaned import cleaned
from verifiers.symbolic.outer import TOKEN, Unreadable, encloses, outer, split
from verifiers.symbolic.structure import (
    Assigned,
    Collection,
    Interval,
    Leaf,
    Ordered,
    Relation,
    Union,
    Value,
    Words,
)

MAX_CHARACTERS = 1000
MAX_DEPTH = 12

THOUSANDS = re.compile(r"-?\d{1,3}(?:,\d{3})+(?:\.\d+)?%?")
SEPARATORS = frozenset({",", ";", "and", "or"})
SIGNS = frozenset({"=", "<", ">", r"\leq", r"\geq", r"\neq", r"\in", r"\equiv", r"\approx"})


REFUSED = re.compile(
    r"\\(?:[hv]?phantom|def|let|newcommand|cancel|xcancel|sout|color|textcolor|not|neg|tag|href)(?![A-Za-z])"
)
MARKUP = re.compile(r"\\(?:text|mathrm|mbox|textbf|begin|end)\s?\{[^{}]*\}")
PROSE = re.compile(
    r"(?<![\\A-Za-z])(?!(?:and|max|min|mod|gcd|lcm|det|sin|cos|tan|log|exp|arc|sqrt|frac))[A-Za-z]{4,}(?!\w|:)"
)
"""A word that no command, no function and no product of single letters explains, and that labels nothing."""


def read(text: str) -> Value:
    """Return the structure of an answer; raise Unreadable where it has none."""
    if len(text) > MAX_CHARACTERS:
        raise Unreadable("too long")
    text = cleaned(text)
    if REFUSED.search(text):
        raise Unreadable("a command that hides or denies what it holds")
    if PROSE.search(MARKUP.sub("", text)) and not _words(text):
        raise Unreadable("prose")
    return _value(text, 0)


def _value(text: str, depth: int) -> Value:
    text = text.strip().rstrip(" .;,").lstrip(",;")
    if not text or depth > MAX_DEPTH:
        raise Unreadable("empty, or too deep")
    if words := _words(text):
        return Words(words)
    if THOUSANDS.fullmatch(text):
        return Leaf(text.replace(",", ""))
    parts = split(_plain_connectives(text), SEPARATORS)
    if len(parts) > 1:
        return Collection(tuple(_value(part, depth + 1) for part in parts))
    if len(parts := split(text, {r"\cup"})) > 1:
        return Union(tuple(_value(part, depth + 1) for part in parts))
    if relation := _relation(text, depth):
        return relation
    return _bracketed(text, depth) or _matrix(text, depth) or _labelled(text, depth) or Leaf(text)


TEXT = re.compile(r"\\(?:text|mathrm|mbox|textbf|textit|texttt|rm)\s?\{\s*([^{}]*?)\s*\}")


def _plain_connectives(text: str) -> str:
    text = re.sub(r"\\(?:text|mathrm|mbox)\s?\{\s*(and|or)\s*\}", r" \1 ", text)
    return re.sub(r"\\(text|mathrm|mbox)\s?\{([^{}]*?)\b(and|or)\b([^{}]*)\}", r"\\\1{\2} \3 \\\1{\4}", text)


ANSWERS = frozenset({"no", "yes"})
"""Words too short to be told from products of letters."""
FILLERS = frozenset({"a", "an", "and", "or", "the"})


def _words(text: str) -> str | None:
    """Return the words of an answer that consists of nothing else: at least one of three letters."""
    if text.lower() in ANSWERS:
        return text.lower()
    bare = TEXT.sub(r" \1 ", text).strip()
    if re.fullmatch(r"[A-Za-z][A-Za-z\s.,'’-]*", bare) and re.search(r"[A-Za-z]{3}", bare):
        said = [word for word in re.findall(r"[a-z']+", bare.lower()) if word not in FILLERS]
        return " ".join(said)
    single = TEXT.fullmatch(text)
    return single[1].strip("() ").lower() if single and re.fullmatch(r"\(?[A-Za-z]\)?", single[1]) else None


NAME = re.compile(
    r"\\?[A-Za-z]{1,12}'?(?:\s?_\s?(?:\w|\{[^{}]{1,20}\}))?'?\s?(?:\(\s?(?P<argument>[^()]{1,12})\))?"
    r"|\|\s?[A-Za-z ]{1,5}\||\\angle\s?[A-Z]{1,3}|\([A-Za-z](?:\([a-z]\))?(?:, ?[A-Za-z](?:\([a-z]\))?)*\)"
)
"""What an answer gives a value to: x, S_n, f(x), |AB|, (x, y, z)."""
NUMBER = re.compile(r"-?[\d.,]+")
LOW, HIGH = ("<", r"\leq"), (">", r"\geq")


def _relation(text: str, depth: int) -> Value | None:
    tokens = outer(text, SIGNS)
    if not tokens:
        return None
    sides = split(text, SIGNS)
    if len(sides) != len(tokens) + 1:
        raise Unreadable("a relation without one of its sides")
    if tokens == [r"\in"]:
        if not NAME.fullmatch(sides[0]):
            raise Unreadable("something that is no name lies in a set")
        return _value(sides[1], depth + 1)
    if tokens[-1] == r"\approx" and set(tokens[:-1]) <= {"="}:
        return _rounded(sides, depth)
    if set(tokens) == {"="}:
        return _assigned(sides, depth) or Relation(tuple(sides), tuple(tokens))
    return _range(sides, tokens, depth) or Relation(tuple(sides), tuple(tokens))


def _assigned(sides: list[str], depth: int) -> Assigned | None:
    """Return the value in which a chain of equals signs ends; different numbers contradict each other."""
    numbers = {side for side in sides if NUMBER.fullmatch(side)}
    if len(numbers) > 1:
        raise Unreadable("different numbers are said to be equal")
    name = NAME.fullmatch(sides[0])
    if not name:
        return None
    return Assigned(
        name=sides[0],
        value=_value(sides[-1], depth + 1),
        argument=(name["argument"] or "").strip(),
        sides=(sides[0], sides[-1]),
        also=tuple(sides[1:-1]),
    )


def _rounded(sides: list[str], depth: int) -> Assigned:
    """Return what `x = \\sqrt{2} \\approx 1.41` says: the exact value, which the rounded one must fit."""
    name = sides[0] if NAME.fullmatch(sides[0]) and len(sides) > 2 else ""
    exact = sides[-2]
    return Assigned(
        name,
        _value(exact, depth + 1),
        sides=(name or exact, exact),
        also=(*sides[1 if name else 0 : -2], sides[-1]),
    )


def _range(sides: list[str], signs: list[str], depth: int) -> Value | None:
    """Return the numbers that inequalities about one name leave: `1 < x \\leq 2`, `x > 3`, `x \\neq 2`."""
    if all(sign in HIGH for sign in signs):
        sides, signs = sides[::-1], [LOW[HIGH.index(sign)] for sign in signs[::-1]]
    named = [place for place, side in enumerate(sides) if NAME.fullmatch(side)]
    least, most = Leaf(r"-\infty"), Leaf(r"\infty")
    if signs == [r"\neq"] and named == [0]:
        value = _value(sides[1], depth + 1)
        return Union((Interval(least, value, True, True), Interval(value, most, True, True)))
    if not all(sign in LOW for sign in signs) or len(named) != 1:
        return None
    if len(sides) == 3 and named == [1]:
        low, high = _value(sides[0], depth + 1), _value(sides[2], depth + 1)
        return Interval(low, high, signs[0] == "<", signs[1] == "<")
    if len(sides) == 2 and named == [0]:
        return Interval(least, _value(sides[1], depth + 1), True, signs[0] == "<")
    if len(sides) == 2:
        return Interval(_value(sides[0], depth + 1), most, signs[0] == "<", True)
    return None


def _bracketed(text: str, depth: int) -> Value | None:
    """Return what one pair of brackets around everything encloses."""
    first = next(token[0] for token in TOKEN.finditer(text))
    if first not in ("(", "[", r"\{", "{") or not encloses(text):
        return None
    closing = r"\}" if text.endswith((r"\}",)) else text[-1]
    inner = text[len(first) : len(text) - len(closing)].strip()
    if first in (r"\{", "{"):
        condition = split(inner, {"|", ":"})
        if len(condition) == 2 and first == r"\{":
            return _condition(condition[0], condition[1], depth)
    parts = tuple(_value(part, depth + 1) for part in split(inner, {",", ";"}))
    if first in (r"\{", "{"):
        return Collection(parts) if first == r"\{" or len(parts) > 1 else parts[0]
    if len(parts) == 2 and (first == "[" or closing == "]"):
        return Interval(parts[0], parts[1], first == "(", closing == ")")
    return Ordered(parts) if len(parts) > 1 else parts[0]


def _condition(head: str, condition: str, depth: int) -> Value:
    """Return the numbers that a set builder names: a name, and a relation about it."""
    found = _value(condition, depth + 1)
    if not NAME.fullmatch(head) or not isinstance(found, Interval | Union):
        raise Unreadable("a set builder that names no range")
    return found


MATRIX = re.compile(
    r"\\begin\s?\{(?:[pbB]?matrix|array)\}(?:\{[^{}]*\})?(.*)\\end\s?\{(?:[pbB]?matrix|array)\}",
    re.DOTALL,
)


def _matrix(text: str, depth: int) -> Value | None:
    """Return a matrix as a row of its rows; a single column or row is a vector."""
    match = MATRIX.fullmatch(text)
    if not match or r"\begin" in match[1]:
        return None
    rows = [row.split("&") for row in re.split(r"\\\\|\\cr", match[1]) if row.strip()]
    read_rows = [tuple(_value(cell, depth + 1) for cell in row) for row in rows]
    if len(read_rows) == 1 or all(len(row) == 1 for row in read_rows):
        return Ordered(tuple(cell for row in read_rows for cell in row), round=False)
    return Ordered(tuple(Ordered(row, round=False) for row in read_rows), round=False)


DENIAL = re.compile(r"\b(?:not|no|never|wrong|false|incorrect|except)\b", re.IGNORECASE)
LABEL = re.compile(r"[A-Za-z][A-Za-z ]{0,40}(?:\([^()]{1,12}\))?")


def _labelled(text: str, depth: int) -> Value | None:
    """Return the value behind `Minimum: 1`, or the quotient that `3 : 4` is."""
    parts = split(text, {":"})
    if len(parts) == 2 and LABEL.fullmatch(parts[0]):
        if DENIAL.search(parts[0]):
            raise Unreadable("a label that denies what it names")
        return Assigned(parts[0].strip().lower(), _value(parts[1], depth + 1), sides=(parts[0], parts[1]))
    if len(parts) == 2 and not re.fullmatch(r"\d{1,2}:0\d", text.replace(" ", "")):
        return Leaf(f"\\frac{{{parts[0]}}}{{{parts[1]}}}")
    if len(parts) > 2:
        return Ordered(tuple(_value(part, depth + 1) for part in parts), round=False)
    return Words(text) if len(parts) == 2 else None
