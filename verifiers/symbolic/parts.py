"""The parts of an answer that has several, and which of them belong together."""

from collections.abc import Sequence

from verifiers.symbolic.expression import expression
from verifiers.symbolic.outer import Unreadable
from verifiers.symbolic.structure import Assigned, Collection, Leaf, Ordered, Union, Value


def parts(value: Value) -> Sequence[Value]:
    """Return the parts of a group; a part `a \\pm b` is two."""
    if isinstance(value, Collection):
        return [both for part in value.parts for both in _signed(part)]
    return value.parts if isinstance(value, Ordered | Union) else _signed(value)


def _signed(value: Value) -> Sequence[Value]:
    if not isinstance(value, Leaf) or "\\pm" not in value.text:
        return [value]
    return [
        Leaf(value.text.replace("\\pm", sign).replace("\\mp", other).strip()) for sign, other in ("+-", "-+")
    ]


def by_letter(value: Value) -> Sequence[Value]:
    """Return the parts in order; of `y = 3, x = 5` that of the letters, as in (x, y)."""
    found = parts(value)
    named = [part for part in found if isinstance(part, Assigned) and len(part.name) == 1]
    if isinstance(value, Collection) and len(named) == len(found):
        return sorted(named, key=lambda part: part.name)
    return found


def pairs_by_name(ours: Sequence[Value], theirs: Sequence[Value]) -> list[tuple[Value, Value]]:
    """Return the parts side by side where both sides name every one of them; nothing where one does not."""
    named = [{part.name: part for part in side if isinstance(part, Assigned)} for side in (ours, theirs)]
    if len(named[0]) < len(ours) or len(named[1]) < len(theirs) or len(ours) < 2:
        return []
    if named[0].keys() != named[1].keys():
        raise Unreadable("other names than the reference answer's")
    return [(named[0][name], named[1][name]) for name in named[0]]


def renamed_parameter(ours: Sequence[Value], theirs: Sequence[Value]) -> Sequence[str]:
    """Return the one letter that only one point has, and the one that only the other has; or nothing."""
    one, other = (
        frozenset(name for part in side if isinstance(part, Leaf) for name in expression(part.text).names)
        for side in (ours, theirs)
    )
    return [*(one - other), *(other - one)] if len(one - other) == len(other - one) == 1 else []
