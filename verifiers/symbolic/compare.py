"""When two answers say the same, structure by structure; what no structure decides, `leaf` does."""

import re
from collections.abc import Sequence

from verifiers.symbolic.equations import same_relation
from verifiers.symbolic.formula import Unparsed
from verifiers.symbolic.leaf import Asked, same
from verifiers.symbolic.outer import Unreadable
from verifiers.symbolic.parts import by_letter, pairs_by_name, parts, renamed_parameter
from verifiers.symbolic.reading import read
from verifiers.symbolic.sameness import DIFFERENT, EQUAL, RANK, READ, Sameness, worst
from verifiers.symbolic.sets import is_set, pieces, same_ends
from verifiers.symbolic.structure import Assigned, Clock, Collection, Leaf, Ordered, Relation, Value, Words
from verifiers.symbolic.times import same_hour
from verifiers.symbolic.units import without_unit
from verifiers.symbolic.wordy import OtherWords, WordsInstead, same_words

MOST_PARTS = 40
HAS_LETTER = re.compile(r"(?<![\\A-Za-z])[a-zA-Z](?![A-Za-z])")


class OtherKind(Exception):
    """The two are no answers of one kind: one value against several, a point against a number."""


OTHERWISE = {
    OtherKind: "different in kind",
    OtherWords: "different in words",
    WordsInstead: "words where none are asked for",
}


def compare(answer: str, reference: str) -> str:
    """Return how two answers compare: a Sameness, `different ...`, `words ...` or `unreadable: why`."""
    try:
        return _same(read(answer), read(reference), Asked())
    except (Unreadable, Unparsed) as problem:
        return f"unreadable: {problem}"
    except tuple(OTHERWISE) as other:
        return OTHERWISE[type(other)]


def _same(one: Value, other: Value, asked: Asked) -> Sameness:
    if isinstance(one, Relation) or isinstance(other, Relation):
        return same_relation(one, other, asked)
    if isinstance(one, Assigned) and isinstance(other, Assigned) and one.argument and other.argument:
        asked = asked.renaming(one.argument, other.argument)
    if isinstance(one, Assigned) or isinstance(other, Assigned):
        return _same_assigned(one, other, asked)
    if isinstance(one, Clock) or isinstance(other, Clock):
        return _same_time(one, other, asked)
    if isinstance(one, Words) or isinstance(other, Words):
        return same_words(one, other)
    if isinstance(one, Leaf) and isinstance(other, Leaf) and "\\pm" not in one.text + other.text:
        return same(one.text, other.text, asked)
    if is_set(one) or is_set(other):
        return _same_set(one, other, asked)
    if isinstance(one, Leaf) or isinstance(other, Leaf):
        return _same_number_of_parts(one, other, asked)
    if isinstance(one, Ordered) or isinstance(other, Ordered):
        return _in_order(one, other, asked)
    return _in_any_order(parts(one), parts(other), asked)


def _same_assigned(one: Value, other: Value, asked: Asked) -> Sameness:
    """Compare the values; where they differ, perhaps one relation is solved for different letters."""
    if isinstance(one, Assigned) and isinstance(other, Assigned) and one.order != other.order:
        return same_relation(one, other, asked)
    values = (_value_of(one, asked), _value_of(other, asked))
    found = _same(*values, asked)
    if found != DIFFERENT or not all(isinstance(value, Leaf) for value in values):
        return found
    lettered = any(isinstance(value, Leaf) and HAS_LETTER.search(value.text) for value in values)
    return same_relation(one, other, asked) if lettered and _names(one) != _names(other) else found


def _names(value: Value) -> str:
    return value.name if isinstance(value, Assigned) and not value.argument else ""


def _value_of(value: Value, asked: Asked) -> Value:
    while isinstance(value, Assigned):
        if isinstance(value.value, Leaf):
            for also in value.also:
                if same(also, value.value.text, asked) == DIFFERENT:
                    raise Unreadable("a chain of equals signs that does not hold")
        value = value.value
    return value


def _same_number_of_parts(one: Value, other: Value, asked: Asked) -> Sameness:
    """Compare a single expression with a group: one part stands for itself, `a \\pm b` for two."""
    ours, theirs = parts(one), parts(other)
    leaf, group = (one, other) if isinstance(one, Leaf) else (other, one)
    if len(ours) == len(theirs) == 1 and not isinstance(group, Leaf):
        return _same(ours[0], theirs[0], asked)
    if isinstance(leaf, Leaf) and "\\pm" in leaf.text:
        return _in_any_order(ours, theirs, asked)
    if isinstance(leaf, Leaf) and isinstance(group, Ordered) and group.text and "\\begin" in leaf.text:
        return same(leaf.text, group.text, asked)
    if isinstance(leaf, Leaf) and isinstance(group, Collection):
        return _same_run_together(leaf, group)
    raise OtherKind


def _same_run_together(leaf: Leaf, group: Collection) -> Sameness:
    """Compare `AC` with `A, C`; nothing is said of `1 hour and 30 minutes`, which may be one quantity."""
    texts = [part.text for part in group.parts if isinstance(part, Leaf)]
    if "".join(texts) == leaf.text and leaf.text.isalpha() and leaf.text.isupper():
        return READ
    if len(texts) > 1 and len({bool(without_unit(text)[1]) for text in (leaf.text, *texts)} | {True}) == 1:
        raise Unreadable("one quantity in several units")
    raise OtherKind


def _in_order(one: Value, other: Value, asked: Asked) -> Sameness:
    ours, theirs = by_letter(one), by_letter(other)
    if len(ours) != len(theirs) or len(ours) > MOST_PARTS:
        raise OtherKind
    if isinstance(one, Ordered) and isinstance(other, Ordered) and one.ratio and other.ratio:
        ours, theirs = _proportions(ours), _proportions(theirs)
    found = worst(_same(a, b, asked) for a, b in zip(ours, theirs, strict=True))
    if found == DIFFERENT and len(renamed := renamed_parameter(ours, theirs)) == 2:
        inside = asked.renaming(*renamed)
        if worst(_same(a, b, inside) for a, b in zip(ours, theirs, strict=True)) == EQUAL:
            return READ
    return found


def _proportions(shares: Sequence[Value]) -> Sequence[Value]:
    first, *rest = [share.text for share in shares if isinstance(share, Leaf)] or [""]
    return [Leaf(f"\\frac{{{text}}}{{{first}}}") for text in rest] if len(rest) + 1 == len(shares) else shares


def _in_any_order(ours: Sequence[Value], theirs: Sequence[Value], asked: Asked) -> Sameness:
    """Match every part with one of the other side's, each used once."""
    if len(ours) > MOST_PARTS or len(theirs) > MOST_PARTS:
        raise Unreadable("too many parts")
    if len(ours) != len(theirs):
        ours, theirs = list(dict.fromkeys(ours)), list(dict.fromkeys(theirs))  # an answer said twice is one
    if len(ours) != len(theirs):
        return DIFFERENT
    if named := pairs_by_name(ours, theirs):
        return worst([_same(one, other, asked) for one, other in named])
    left = list(theirs)
    found: list[Sameness] = []
    for one in ours:
        nearest, place = min((RANK[_tried(one, other, asked)], place) for place, other in enumerate(left))
        found += [sameness for sameness, rank in RANK.items() if rank == nearest]
        if found[-1] == DIFFERENT:
            return DIFFERENT
        del left[place]
    return worst(found)


def _tried(one: Value, other: Value, asked: Asked) -> Sameness:
    try:
        return _same(one, other, asked)
    except tuple(OTHERWISE):
        return DIFFERENT


def _same_set(one: Value, other: Value, asked: Asked) -> Sameness:
    ours, theirs = pieces(one), pieces(other)
    if len(ours) > 1 or len(theirs) > 1:
        return _in_any_order(ours, theirs, asked)
    ends = same_ends(ours[0], theirs[0])
    if ends is None:
        raise OtherKind
    return worst([ends[0], *(_same(a, b, asked) for a, b in ends[1])]) if ends[0] != DIFFERENT else DIFFERENT


def _same_time(one: Value, other: Value, asked: Asked) -> Sameness:
    if isinstance(one, Clock) and isinstance(other, Clock):
        return same_hour(one, other)
    time, value = (one, other) if isinstance(one, Clock) else (other, one)
    if isinstance(time, Clock) and isinstance(value, Leaf):
        if time.ratio:
            return same(time.ratio.text, value.text, asked)
        if same(str(time.hour), value.text, asked) == EQUAL and not time.minute:
            return READ
        raise Unreadable("a time against a number")
    if isinstance(value, Words):
        raise Unreadable("a time against words")
    raise OtherKind
