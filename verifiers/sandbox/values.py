"""
Plain values as bytes and back, exact and bounded, for both ends of the pipe.

JSON, in which whatever JSON does not have is a list that starts with a tag: 7 and "a" stand for
themselves, (1, {2}) is ["t", 1, ["s", 2]]. A subclass is written as the plain value that it holds, read
past every method that it may have replaced, so that an object that equals everything arrives as what it is.

Reading trusts nothing: any bytes give a plain value or `Unreadable`, in time linear in their number
but for sets and keys, whose collisions are counted before they can cost anything.
"""

import json
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from typing import Any, NoReturn

DEEPEST = 100
MOST_HASHED = 10_000
"""Members of a set or keys of a dict: numbers chosen to collide make each as slow as all before it."""
MOST_ALIKE = 64
"""Members with one hash; -1 and -2 have the same, and so has every tuple made of them."""
SMALL = 2**63
"""Integers from here on are written in hexadecimal, which takes linear time and has no limit of digits."""


class NotPlain(Exception):
    """A value is, or holds, something else than plain values."""


class TooLarge(Exception):
    """A value takes more room or goes deeper than it may."""


class Unreadable(Exception):
    """Bytes are not what `dump` writes."""


def dump(value: object, most: int) -> bytes:
    """Return a value as at most `most` bytes; raise NotPlain or TooLarge, before it takes up the room."""
    written = ENCODER.encode(_Writer(most).write(value, 0)).encode()
    if len(written) > most:
        raise TooLarge
    return written


def load(written: bytes, *, wary: bool = True) -> object:
    """Return the value that `dump` wrote; raise Unreadable for other bytes and, if `wary`, for collisions."""
    try:
        return _read(DECODER.decode(written.decode("ascii")), 0, wary)
    except (ValueError, TypeError, RecursionError) as wrong:
        raise Unreadable from wrong


class _Writer:
    """Turns a value into what JSON holds, on a budget."""

    def __init__(self, most: int) -> None:
        self._left = most

    def write(self, value: object, depth: int) -> object:
        kind = type(value)
        for base, tag, parts in CONTAINERS:
            if issubclass(kind, base):
                self._spend(1)
                if depth == DEEPEST:
                    raise TooLarge
                return [tag, *[self.write(part, depth + 1) for part in parts(value)]]
        return self._scalar(value, kind)

    def _scalar(self, value: Any, kind: type) -> object:
        if value is None or kind is bool:
            self._spend(4)
            return value
        if issubclass(kind, str):
            self._spend(str.__len__(value))
            return str.__str__(value)
        if issubclass(kind, int):
            self._spend(1 + int.bit_length(value) // 4)
            number = int.__int__(value)
            return number if -SMALL < number < SMALL else ["i", format(number, "x")]
        if issubclass(kind, float):
            self._spend(3)
            return _float(float.__float__(value))
        if issubclass(kind, complex):
            self._spend(6)
            pair = complex.__complex__(value)
            return ["c", _float(pair.real), _float(pair.imag)]
        if issubclass(kind, bytes):
            self._spend(2 * bytes.__len__(value))
            return ["b", bytes.hex(value)]
        raise NotPlain

    def _spend(self, room: int) -> None:
        self._left -= room
        if self._left < 0:
            raise TooLarge


def _float(number: float) -> object:
    return number if number - number == 0 else ["f", float.__repr__(number)]


def _pairs(value: Any) -> Iterable[object]:
    return (part for pair in dict.items(value) for part in pair)


CONTAINERS: tuple[tuple[type, str, Callable[[Any], Iterable[object]]], ...] = (
    (list, "l", list.__iter__),
    (tuple, "t", tuple.__iter__),
    (dict, "d", _pairs),
    (set, "s", set.__iter__),
    (frozenset, "z", frozenset.__iter__),
)


def _read(node: Any, depth: int, wary: bool) -> object:
    if node is None or isinstance(node, str | int | float):
        return node
    if not isinstance(node, list) or depth > DEEPEST:
        raise Unreadable
    tag, *parts = node
    if tag in WORDS:
        return WORDS[tag](*parts)
    if tag not in KINDS:
        raise Unreadable
    parts = [_read(part, depth + 1, wary) for part in parts]
    if wary and tag in HASHED:
        _count(parts[:: HASHED[tag]])
    return KINDS[tag](parts)


def _not_finite(name: str) -> float:
    if name not in ("inf", "-inf", "nan"):
        raise Unreadable
    return float(name)


def _complex(real: object, imaginary: object) -> complex:
    match _read(real, DEEPEST, True), _read(imaginary, DEEPEST, True):
        case (float(x), float(y)):
            return complex(x, y)
    raise Unreadable


def _dict(parts: Sequence[object]) -> dict[object, object]:
    return dict(zip(parts[::2], parts[1::2], strict=True))


def _count(members: Sequence[object]) -> None:
    if len(members) > MOST_HASHED or max(Counter(map(hash, members)).values(), default=0) > MOST_ALIKE:
        raise Unreadable


def _refuse(name: str) -> NoReturn:
    raise Unreadable(name)


ENCODER = json.JSONEncoder(allow_nan=False, separators=(",", ":"))
DECODER = json.JSONDecoder(parse_constant=_refuse)

WORDS: dict[str, Callable[..., object]] = {
    "i": lambda digits: int(digits, 16),
    "f": _not_finite,
    "c": _complex,
    "b": bytes.fromhex,
}
KINDS: dict[str, Callable[[list[object]], object]] = {
    "l": list,
    "t": tuple,
    "d": _dict,
    "s": set,
    "z": frozenset,
}
HASHED = {"d": 2, "s": 1, "z": 1}
"""Of how many parts one is hashed."""
