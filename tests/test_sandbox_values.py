"""Values on their way out of the sandbox: exact, bounded, and read from whatever bytes come."""

import json
import math
import struct
from collections import Counter, OrderedDict
from contextlib import suppress
from enum import IntEnum
from typing import Any, NamedTuple

import pytest
from hypothesis import given
from hypothesis import strategies as st

from verifiers.sandbox.values import MOST_HASHED, NotPlain, TooLarge, Unreadable, dump, load

ROOM = 1_000_000

HASHABLE = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.integers(2**60, 2**400)
    | st.floats()
    | st.complex_numbers()
    | st.text()
    | st.binary(),
    lambda inner: st.tuples(inner, inner) | st.frozensets(inner, max_size=3),
    max_leaves=6,
)
PLAIN = st.recursive(
    HASHABLE,
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(HASHABLE, inner, max_size=4)
        | st.sets(HASHABLE, max_size=4)
        | st.tuples(inner)
    ),
    max_leaves=20,
)


def exactly(value: Any) -> object:
    """A form in which only the same value of the same types is equal, NaN and -0.0 included."""
    match value:
        case float():
            return "float", "nan" if math.isnan(value) else struct.pack("d", value)
        case complex():
            return "complex", exactly(value.real), exactly(value.imag)
        case list() | tuple():
            return type(value).__name__, [exactly(each) for each in value]
        case set() | frozenset():
            return type(value).__name__, sorted(repr(exactly(each)) for each in value)
        case dict():
            return "dict", sorted(repr((exactly(key), exactly(each))) for key, each in value.items())
        case int():
            return type(value).__name__, hex(value)  # repr refuses to write more than 4,300 digits
        case _:
            return type(value).__name__, repr(value)


@given(PLAIN)
def test_what_is_written_is_read_as_it_was(value: object) -> None:
    assert exactly(load(dump(value, ROOM))) == exactly(value)


@pytest.mark.parametrize(
    "value",
    ["\ud800", "a" * 1000, -(2**63), 2**63, 10**5000, -0.0, b"\0\xff", {(): {}}],
    ids=lambda value: type(value).__name__,
)
def test_unusual_values_are_exact(value: object) -> None:
    assert exactly(load(dump(value, ROOM))) == exactly(value)


class Colour(IntEnum):
    RED = 3


class Point(NamedTuple):
    x: int
    y: int


@pytest.mark.parametrize(
    ("value", "plain"),
    [
        (Counter("aab"), {"a": 2, "b": 1}),
        (OrderedDict(a=1), {"a": 1}),
        (Point(1, 2), (1, 2)),
        (Colour.RED, 3),
    ],
)
def test_a_subclass_is_the_plain_value_that_it_holds(value: object, plain: object) -> None:
    assert exactly(load(dump(value, ROOM))) == exactly(plain)


@pytest.mark.parametrize(
    "value",
    [
        object(),
        range(3),
        bytearray(b"x"),
        {1: object()},
        len,
        Exception(),
        iter([]),
    ],
)
def test_what_is_not_plain_is_refused(value: object) -> None:
    with pytest.raises(NotPlain):
        dump(value, ROOM)


def endless() -> list[object]:
    nested: list[object] = []
    nested.append(nested)
    return nested


@pytest.mark.parametrize(
    "value",
    [endless(), "x" * ROOM, b"x" * ROOM, 1 << 8 * ROOM, [0] * ROOM, [[]] * ROOM],
    ids=lambda value: type(value).__name__,
)
def test_what_is_too_large_is_refused(value: object) -> None:
    with pytest.raises(TooLarge):
        dump(value, ROOM)


@given(st.binary())
def test_any_bytes_are_a_value_or_unreadable(written: bytes) -> None:
    with suppress(Unreadable):
        load(written)


JSON = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.sampled_from(["l", "t", "d", "s", "z", "i", "f", "c", "b", "inf", "zz", "é", "0x1"]),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
)


@given(JSON)
def test_any_json_is_a_value_or_unreadable(value: object) -> None:
    try:
        read = load(json.dumps(value).encode())
    except Unreadable:
        return
    assert exactly(load(dump(read, ROOM))) == exactly(read)


@pytest.mark.parametrize(
    "written",
    [
        b"[" * 100_000,
        b'["l",' * 200 + b"1" + b"]" * 200,
        b'["l",1',
        b"NaN",
        b"Infinity",
        b"9" * 5000,
        b"\xff\xfe",
        b'{"a":1}',
        b"[]",
        b"[1]",
        b'[["l"],1]',
        b'["x",1]',
        b'["d",1]',
        b'["d",["l"],1]',
        b'["s",["l"]]',
        b'["i","zz"]',
        b'["i",1]',
        b'["i"]',
        b'["i","1","2"]',
        b'["f","1.5"]',
        b'["f",["l"]]',
        b'["c",1,2]',
        b'["c","a"]',
        b'["b","x"]',
        b'["b",null]',
    ],
)
def test_what_dump_does_not_write_is_unreadable(written: bytes) -> None:
    with pytest.raises(Unreadable):
        load(written)


def test_members_that_collide_are_unreadable_from_a_stranger_and_read_from_a_friend() -> None:
    alike = {(*signs,) for signs in ([-1 - (n >> bit & 1) for bit in range(10)] for n in range(1024))}
    assert len({hash(member) for member in alike}) == 1
    written = dump(alike, ROOM)
    with pytest.raises(Unreadable):
        load(written)
    assert load(written, wary=False) == alike


def test_a_set_larger_than_any_answer_is_unreadable_from_a_stranger() -> None:
    large = set(range(MOST_HASHED + 1))
    with pytest.raises(Unreadable):
        load(dump(large, ROOM))
    assert load(dump(large, ROOM), wary=False) == large
    assert load(dump(set(range(MOST_HASHED)), ROOM)) == set(range(MOST_HASHED))
