"""
The keywords of JSON Schema as we run them: counted, and some of them our own.

What takes too many keywords or goes too deep (a `$ref` in a circle, alternatives that double at each
level) is refused by that count, the same on every machine.
"""

from collections.abc import Callable, Iterator, Mapping
from contextvars import ContextVar
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any

from verifiers.values.json_pattern import matches, steps
from verifiers.values.json_text import frozen

MOST_WORK = 12_000
"""Keywords applied, a large value or a slow pattern counting as several; more is refused."""
DEEPEST_WORK = 150
"""Keywords within each other; more is refused, and Python's own limit is never met."""

Keyword = Callable[[Any, Any, Any, Any], Iterator[Any] | None]


class SchemaRefused(ValueError):
    """A schema that cannot be applied, or not within the limits."""


TOO_MUCH = "the schema takes too much work on this value"


@dataclass(slots=True)
class Work:
    """What one validation has taken so far."""

    sizes: dict[int, int] = field(default_factory=dict)
    """How much each array and object holds, by identity."""
    done: int = 0
    depth: int = 0

    def spend(self, work: int) -> None:
        """Count work, and refuse too much of it."""
        self.done += work
        if self.done > MOST_WORK or self.depth > DEEPEST_WORK:
            raise SchemaRefused(TOO_MUCH)

    def size(self, value: object) -> int:
        """Return about how many values a value holds; 64 characters of text count as one."""
        if isinstance(value, str):
            return 1 + len(value) // 64
        return self.sizes.get(id(value), 1)

    def measure(self, value: object) -> int:
        """Note the size of a value and of all it holds."""
        if isinstance(value, dict):
            size = 1 + sum(self.size(key) + self.measure(one) for key, one in value.items())
        elif isinstance(value, list):
            size = 1 + sum(self.measure(one) for one in value)
        else:
            return self.size(value)
        self.sizes[id(value)] = size
        return size


WORK: ContextVar[Work] = ContextVar("WORK")


def counted(keyword: Keyword) -> Keyword:
    """Return the keyword with its work counted, ending at its first error: one is enough to be invalid."""

    def run(validator: Any, value: Any, instance: Any, schema: Any) -> Iterator[Any]:
        work = WORK.get()
        work.depth += 1
        try:
            work.spend(1 + work.size(instance) // 16)
            for error in keyword(validator, value, instance, schema) or ():
                yield error
                return
        finally:
            work.depth -= 1

    return run


def _pattern(validator: Any, pattern: Any, instance: Any, _schema: Any) -> Iterator[Any]:
    if isinstance(instance, str) and not _occurs(pattern, instance):
        yield _error("no match")


def _pattern_properties(validator: Any, patterns: Any, instance: Any, _schema: Any) -> Iterator[Any]:
    if isinstance(instance, dict):
        for pattern, schema in patterns.items():
            for key, value in instance.items():
                if _occurs(pattern, key):
                    yield from validator.descend(value, schema, path=key, schema_path=pattern)


def _additional_properties(validator: Any, additional: Any, instance: Any, schema: Any) -> Iterator[Any]:
    if isinstance(instance, dict):
        named, patterns = schema.get("properties", {}), schema.get("patternProperties", ())
        for key, value in instance.items():
            if key not in named and not any(_occurs(pattern, key) for pattern in patterns):
                yield from validator.descend(value, additional, path=key)


def _unique_items(_validator: Any, unique: Any, instance: Any, _schema: Any) -> Iterator[Any]:
    if unique and isinstance(instance, list) and len({frozen(one) for one in instance}) < len(instance):
        yield _error("not unique")


def _multiple_of(_validator: Any, divisor: Any, instance: Any, _schema: Any) -> Iterator[Any]:
    """Divide as written, in decimals: 0.0075 is a multiple of 0.0001, which no binary fraction shows."""
    number = isinstance(instance, int | float) and not isinstance(instance, bool)
    if number and Fraction(str(instance)) % Fraction(str(divisor)):
        yield _error("not a multiple")


def _occurs(pattern: str, text: str) -> bool:
    WORK.get().spend(1 + steps(pattern, text) // 2500)
    return matches(pattern, text)


def _error(message: str) -> Any:
    from jsonschema.exceptions import ValidationError  # type: ignore[import-untyped,unused-ignore]  # noqa: PLC0415 - only schemas need it

    return ValidationError(message)


OURS: Mapping[str, Keyword] = {
    "multipleOf": _multiple_of,
    "pattern": _pattern,
    "patternProperties": _pattern_properties,
    "additionalProperties": _additional_properties,
    "uniqueItems": _unique_items,
}
"""Keywords that the library gives to Python's regular expressions, to quadratic time or to rounding."""


def without_line_ends(keyword: Keyword) -> Keyword:
    """Return the keyword with keys refused on which Python's `$` differs from that of ECMA-262."""

    def unevaluated(validator: Any, value: Any, instance: Any, schema: Any) -> Iterator[Any] | None:
        if isinstance(instance, dict) and any(key.endswith("\n") for key in instance):
            raise SchemaRefused("unevaluatedProperties on a key that ends its line")
        return keyword(validator, value, instance, schema)

    return unevaluated
