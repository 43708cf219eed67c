"""Sets of numbers: the intervals and points that they are made of."""

from collections.abc import Sequence

from verifiers.symbolic.sameness import DIFFERENT, EQUAL, READ, Sameness
from verifiers.symbolic.structure import Assigned, Collection, Interval, Ordered, Union, Value


def is_set(value: Value) -> bool:
    """Say whether a value is made of intervals."""
    return isinstance(value, Interval | Union) or (
        isinstance(value, Collection) and any(is_set(_bare(part)) for part in value.parts)
    )


def pieces(value: Value) -> Sequence[Value]:
    """Return the intervals and points of a set; a pair in parentheses is an open interval here."""
    if isinstance(value, Union | Collection):
        return [piece for part in value.parts for piece in pieces(_bare(part))]
    if isinstance(value, Ordered) and value.round and len(value.parts) == 2:
        return [Interval(value.parts[0], value.parts[1], True, True)]
    return [value]


def same_ends(one: Value, other: Value) -> tuple[Sameness, Sequence[tuple[Value, Value]]] | None:
    """Return whether two intervals include their ends alike, and their ends in pairs; None for others."""
    if not isinstance(one, Interval) or not isinstance(other, Interval):
        return None
    if (one.low_open, one.high_open) != (other.low_open, other.high_open):
        return DIFFERENT, []
    ends = [(one.low, other.low), (one.high, other.high)]
    if one.domain == other.domain:
        return EQUAL, ends
    return (DIFFERENT if one.domain and other.domain else READ), ends


def _bare(value: Value) -> Value:
    while isinstance(value, Assigned):
        value = value.value
    return value
