"""Whether a function's value is the one that a JSON reference answer gives."""

import math


def same_value(value: object, expected: object, tolerance: float) -> bool:
    """
    Say whether a plain value is an expected JSON value.

    JSON has lists only and text as keys only: a tuple is a list, a set is the list of its items in any
    order, and 1 is "1" as a key. Numbers are equal as Python has it, or within `tolerance` where one is
    no whole number.
    """
    match value, expected:
        case int() | float(), int() | float():
            return value == expected or _near(value, expected, tolerance)
        case list() | tuple(), list() | tuple():
            return len(value) == len(expected) and all(
                same_value(one, other, tolerance) for one, other in zip(value, expected, strict=True)
            )
        case set() | frozenset(), list():
            return len(value) == len(expected) and value == set(map(_hashable, expected))
        case dict(), dict():
            named = {_key(key): one for key, one in value.items()}
            return named.keys() == expected.keys() and all(
                same_value(named[key], other, tolerance) for key, other in expected.items()
            )
    return type(value) is type(expected) and value == expected


def _near(value: float, expected: float, tolerance: float) -> bool:
    if isinstance(value, int) and isinstance(expected, int):
        return False
    try:
        return math.isclose(value, expected, rel_tol=tolerance, abs_tol=tolerance)
    except OverflowError:
        return False


def _key(key: object) -> object:
    """Return a key as JSON would write it."""
    return str(key) if isinstance(key, int | float) and abs(key) < 2**63 else key


def _hashable(value: object) -> object:
    """Return a JSON value as one that may stand in a set."""
    return tuple(map(_hashable, value)) if isinstance(value, list) else value
