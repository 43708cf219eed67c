"""When two answers say the same, structure by structure; what no structure decides, `leaf` does."""

import re
from collections.abc import Mapping, Sequence

from verifiers.symbolic.leaf import Sameness, Unparsed, proportional, same
from verifiers.symbolic.outer import Unreadable
from verifiers.symbolic.reading import read
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

Names = Mapping[str, str]

MOST_PARTS = 40
HAS_LETTER = re.compile(r"(?<![\\\\A-Za-z])[a-zA-Z](?![A-Za-z])")
OPPOSITES = frozenset({"yes", "no", "true", "false", "even", "odd", "neither", "both", "always", "never"})
RANK: dict[Sameness, int] = {"equal": 0, "close": 1, "different": 2}


def compare(answer: str, reference: str) -> str:
    """Return how two answers compare: equal, close, `different ...`, `words ...` or `unreadable: why`."""
    try:
        return _same(read(answer), read(reference), {})
    except (Unreadable, Unparsed) as problem:
        return f"unreadable: {problem}"
    except OtherKind:
        return "different in kind"
    except OtherWords:
        return "different in words"
    except WordsInstead:
        return "words where none are asked for"


class WordsInstead(Exception):
    """The answer is in words, and the reference answer is not."""


class OtherWords(Exception):
    """Two answers in words that are not the same words."""


class OtherKind(Exception):
    """The two are no answers of one kind: one value against several, a point against a number."""


def _same(one: Value, other: Value, names: Names) -> Sameness:
    if isinstance(one, Relation) or isinstance(other, Relation):
        return _same_relation(one, other)
    if isinstance(one, Assigned) and isinstance(other, Assigned):
        if _turned_around(one, other):
            return _same_relation(one, other)
        if one.argument and other.argument:
            names = {**names, one.argument: other.argument}
    one, other = _value_of(one), _value_of(other)
    if isinstance(one, Words) or isinstance(other, Words):
        return _same_words(one, other)
    if isinstance(one, Leaf) and isinstance(other, Leaf):
        return same(one.text, other.text, names)
    if _is_set(one) or _is_set(other):
        return _same_set(one, other, names)
    if isinstance(one, Leaf) or isinstance(other, Leaf):
        return _same_number_of_parts(one, other, names)
    if isinstance(one, Ordered) or isinstance(other, Ordered):
        return _in_order(_by_letter(one), _by_letter(other), names)
    return _in_any_order(_parts(one), _parts(other), names)


def _turned_around(one: Assigned, other: Assigned) -> bool:
    """Say whether two equations solve one relation for different letters: `y = 2x` and `x = y/2`."""
    values = (one.value, other.value)
    return (
        one.name != other.name
        and not one.argument
        and all(isinstance(value, Leaf) and HAS_LETTER.search(value.text) for value in values)
    )


def _by_letter(value: Value) -> Sequence[Value]:
    """Return the parts in order; of `y = 3, x = 5` that of the letters, as in (x, y)."""
    parts = _parts(value)
    if isinstance(value, Collection) and all(
        isinstance(part, Assigned) and len(part.name) == 1 for part in parts
    ):
        return sorted(parts, key=lambda part: part.name if isinstance(part, Assigned) else "")
    return parts


def _value_of(value: Value) -> Value:
    while isinstance(value, Assigned):
        if isinstance(value.value, Leaf):
            for also in value.also:
                if same(also, value.value.text, {}) == "different":
                    raise Unreadable("a chain of equals signs that does not hold")
        value = value.value
    return value


def _parts(value: Value) -> Sequence[Value]:
    if isinstance(value, Collection):
        return [signed for part in value.parts for signed in _both_signs(part)]
    return value.parts if isinstance(value, Ordered | Union) else (value,)


def _same_number_of_parts(one: Value, other: Value, names: Names) -> Sameness:
    """Compare a single expression with a group: one part stands for itself, `a \\pm b` for two."""
    ours, theirs = _parts(one), _parts(other)
    if len(ours) == len(theirs) == 1:
        return _same(ours[0], theirs[0], names)
    if any(isinstance(leaf, Leaf) and "\\pm" in leaf.text for leaf in (one, other)):
        return _in_any_order(_both_signs(one), _both_signs(other), names)
    raise OtherKind


def _both_signs(value: Value) -> Sequence[Value]:
    if isinstance(value, Leaf) and "\\pm" in value.text:
        return [Leaf(value.text.replace("\\pm", sign).strip()) for sign in "+-"]
    return (value,) if not isinstance(value, Collection) else _parts(value)


def _in_order(ours: Sequence[Value], theirs: Sequence[Value], names: Names) -> Sameness:
    if len(ours) != len(theirs) or len(ours) > MOST_PARTS:
        raise OtherKind
    return _worst([_same(one, other, names) for one, other in zip(ours, theirs, strict=True)])


def _in_any_order(ours: Sequence[Value], theirs: Sequence[Value], names: Names) -> Sameness:
    """Match every part with one of the other side's, each used once."""
    if len(ours) > MOST_PARTS or len(theirs) > MOST_PARTS:
        raise Unreadable("too many parts")
    if len(ours) != len(theirs):
        ours, theirs = list(dict.fromkeys(ours)), list(dict.fromkeys(theirs))  # an answer said twice is one
    if len(ours) != len(theirs):
        return "different"
    if named := _pairs_by_name(ours, theirs):
        return _worst([_same(one, other, names) for one, other in named])
    left = list(theirs)
    found: list[Sameness] = []
    for one in ours:
        ranked = sorted(((RANK[_tried(one, other, names)], place) for place, other in enumerate(left)))
        rank, place = ranked[0]
        if rank == RANK["different"]:
            return "different"
        found.append("close" if rank else "equal")
        del left[place]
    return _worst(found)


def _pairs_by_name(ours: Sequence[Value], theirs: Sequence[Value]) -> list[tuple[Value, Value]]:
    """Return the parts side by side where both sides name every one of them; nothing where one does not."""
    named = [{part.name: part for part in parts if isinstance(part, Assigned)} for parts in (ours, theirs)]
    if len(named[0]) < len(ours) or len(named[1]) < len(theirs) or len(ours) < 2:
        return []
    if named[0].keys() != named[1].keys():
        raise Unreadable("other names than the reference answer's")
    return [(named[0][name], named[1][name]) for name in named[0]]


def _tried(one: Value, other: Value, names: Names) -> Sameness:
    try:
        return _same(one, other, names)
    except (OtherKind, OtherWords, WordsInstead):
        return "different"


def _worst(found: Sequence[Sameness]) -> Sameness:
    return max(found, key=lambda sameness: RANK[sameness])


def _is_set(value: Value) -> bool:
    return isinstance(value, Interval | Union) or (
        isinstance(value, Collection) and any(_is_set(_value_of(part)) for part in value.parts)
    )


def _same_set(one: Value, other: Value, names: Names) -> Sameness:
    return (
        _in_any_order(_pieces(one), _pieces(other), names)
        if _many(one, other)
        else _same_interval(_as_interval(one), _as_interval(other), names)
    )


def _many(one: Value, other: Value) -> bool:
    return len(_pieces(one)) > 1 or len(_pieces(other)) > 1


def _pieces(value: Value) -> Sequence[Value]:
    """Return the intervals and points of a set of numbers; a pair in parentheses is an open interval here."""
    if isinstance(value, Union | Collection):
        return [piece for part in value.parts for piece in _pieces(_value_of(part))]
    return [_as_interval(value) if isinstance(value, Ordered) else value]


def _as_interval(value: Value) -> Interval:
    if isinstance(value, Ordered) and value.round and len(value.parts) == 2:
        return Interval(value.parts[0], value.parts[1], True, True)
    if isinstance(value, Interval):
        return value
    raise OtherKind


def _same_interval(one: Interval, other: Interval, names: Names) -> Sameness:
    if (one.low_open, one.high_open) != (other.low_open, other.high_open):
        return "different"
    return _worst([_same(one.low, other.low, names), _same(one.high, other.high, names)])


def _same_words(one: Value, other: Value) -> Sameness:
    if isinstance(one, Words) and isinstance(other, Words):
        if one.words == other.words:
            return "equal"
        if OPPOSITES.issuperset({one.words, other.words}):
            return "different"
        raise OtherWords
    texts = [_spelled(value) for value in (one, other)]
    if texts[0] and texts[0] == texts[1]:
        return "equal"
    if isinstance(one, Words):
        raise WordsInstead
    raise Unreadable("words are asked for")


def _spelled(value: Value) -> str:
    if isinstance(value, Words):
        return value.words
    return value.text.lower() if isinstance(value, Leaf) else ""


def _same_relation(one: Value, other: Value) -> Sameness:
    ours, theirs = _equation(one), _equation(other)
    if ours and theirs:
        return "equal" if proportional(ours, theirs) else "different"
    if isinstance(one, Relation) and isinstance(other, Relation) and one.signs == other.signs:
        pairs = zip(one.sides, other.sides, strict=True)
        return _worst([same(left, right, {}) for left, right in pairs])
    raise Unreadable("a relation against something else")


def _equation(value: Value) -> tuple[str, str] | None:
    if isinstance(value, Assigned):
        return value.sides
    if isinstance(value, Relation) and set(value.signs) == {"="}:
        return value.sides[0], value.sides[-1]
    return None
