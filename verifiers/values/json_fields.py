"""
How far a JSON value agrees with a reference, field by field.

A field is a scalar, an empty array or object, or a key or item that only one side has. A path names it
from the outside in: `customer.name`, `items.0.price`, with `*` for any key or index (`items.*.price`); `$`
is the whole value, and may stand in front. A path stands for all that is below it.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from typing import TypeGuard

from verifiers.values.json_text import frozen
from verifiers.values.pairing import MOST_ITEMS, best_pairs

MOST_COMPARED = 20_000
"""Fields compared; matching lists in lists compares each with each, and more is refused."""

Path = tuple[str, ...]


class TooMuch(ValueError):
    """More to compare than is compared."""


@dataclass(frozen=True, slots=True)
class Agreement:
    """How much of a weight agrees, and of what kind the rest is."""

    earned: float = 0
    total: float = 0
    reworded: float = 0
    """The weight of fields that hold two different texts: other words may say the same."""

    def __add__(self, other: "Agreement") -> "Agreement":
        """Return both together."""
        return Agreement(self.earned + other.earned, self.total + other.total, self.reworded + other.reworded)

    @property
    def lost(self) -> float:
        """The weight of the fields that do not agree."""
        return self.total - self.earned


def path(written: str) -> Path:
    """Return the path that a policy writes."""
    return tuple(step for step in written.replace("[*]", ".*").removeprefix("$").split(".") if step)


@dataclass(frozen=True, slots=True)
class Comparison:
    """What counts, and for how much."""

    weights: Mapping[Path, float] = field(default_factory=dict)
    ignored: Sequence[Path] = ()
    unordered: Sequence[Path] = ()
    extra_keys_count: bool = True
    same_text: Callable[[str], str] = str
    tolerance: float = 0
    """Largest difference between equal numbers, relative to the reference."""

    def agreement(self, reference: object, answer: object) -> Agreement:
        """Return how far an answer agrees with a reference; raise `TooMuch`."""
        return _Run(self).compare(reference, answer, ())


@dataclass(slots=True)
class _Run:
    terms: Comparison
    compared: int = 0

    def compare(self, reference: object, answer: object, at: Path) -> Agreement:
        self._count()
        if _named(at, self.terms.ignored):
            return Agreement()
        if isinstance(reference, dict) and isinstance(answer, dict) and (reference or answer):
            return self._objects(reference, answer, at)
        if isinstance(reference, list) and isinstance(answer, list) and (reference or answer):
            unordered = any(_fits(one, at) and len(one) == len(at) for one in self.terms.unordered)
            return (self._sets if unordered else self._lists)(reference, answer, at)
        if isinstance(reference, dict | list) and reference:
            return self._missing(reference, at)
        weight = self._weight(at)
        if self._same(reference, answer):
            return Agreement(weight, weight)
        texts = isinstance(reference, str) and isinstance(answer, str) and answer.strip() != ""
        return Agreement(0, weight, weight if texts else 0)

    def _objects(self, reference: dict[str, object], answer: dict[str, object], at: Path) -> Agreement:
        agreed = Agreement()
        for key, value in reference.items():
            below = (*at, key)
            agreed += (
                self.compare(value, answer[key], below) if key in answer else self._missing(value, below)
            )
        if not reference and not self.terms.extra_keys_count:
            return Agreement(self._weight(at), self._weight(at))
        for key in answer.keys() - reference.keys() if self.terms.extra_keys_count else ():
            agreed += self._extra((*at, key))
        return agreed

    def _lists(self, reference: list[object], answer: list[object], at: Path) -> Agreement:
        agreed = Agreement()
        for index in range(max(len(reference), len(answer))):
            below = (*at, str(index))
            if index >= len(reference):
                agreed += self._extra(below)
            elif index >= len(answer):
                agreed += self._missing(reference[index], below)
            else:
                agreed += self.compare(reference[index], answer[index], below)
        return agreed

    def _sets(self, reference: list[object], answer: list[object], at: Path) -> Agreement:
        """Compare lists whose order does not count: equal items are paired, then the rest as it fits best."""
        below = (*at, "*")
        agreed, reference, answer = self._equal_items(reference, answer, below)
        if max(len(reference), len(answer)) > MOST_ITEMS and reference and answer:
            raise TooMuch(f"more than {MOST_ITEMS} items to match")
        table = [[self.compare(one, other, below) for other in answer] for one in reference]
        gains = [[one.earned - 1e-9 * one.total for one in row] for row in table]
        paired = best_pairs(gains)
        for one, row, column in zip(reference, table, paired, strict=True):
            agreed += row[column] if column >= 0 else self._missing(one, below)
        for column in range(len(answer)):
            if column not in paired:
                agreed += self._extra(below)
        return agreed

    def _equal_items(
        self, reference: list[object], answer: list[object], below: Path
    ) -> tuple[Agreement, list[object], list[object]]:
        """Return what equal items earn, and the items that are left on both sides."""
        agreed = Agreement()
        waiting: dict[object, list[object]] = {}
        for other in answer:
            waiting.setdefault(frozen(other), []).append(other)
        left = []
        for one in reference:
            if same := waiting.get(frozen(one)):
                agreed += self.compare(one, same.pop(), below)
            else:
                left.append(one)
        return agreed, left, [other for others in waiting.values() for other in others]

    def _missing(self, reference: object, at: Path) -> Agreement:
        """Return what a field or a whole branch weighs that the answer does not have."""
        self._count()
        if _named(at, self.terms.ignored):
            return Agreement()
        if isinstance(reference, dict | list) and reference:
            items = reference.items() if isinstance(reference, dict) else enumerate(reference)
            return sum((self._missing(value, (*at, str(key))) for key, value in items), Agreement())
        return Agreement(0, self._weight(at))

    def _extra(self, at: Path) -> Agreement:
        self._count()
        return Agreement(0, 0 if _named(at, self.terms.ignored) else self._weight(at))

    def _same(self, reference: object, answer: object) -> bool:
        if isinstance(reference, str) and isinstance(answer, str):
            return self.terms.same_text(reference) == self.terms.same_text(answer)
        if self.terms.tolerance and _number(reference) and _number(answer):
            one, other = Fraction(reference), Fraction(answer)
            return abs(other - one) <= Fraction(self.terms.tolerance) * abs(one)
        return frozen(reference) == frozen(answer)

    def _weight(self, at: Path) -> float:
        """Return the weight that the longest fitting path names."""
        fitting = [one for one in self.terms.weights if _fits(one, at)]
        return self.terms.weights[max(fitting, key=len)] if fitting else 1.0

    def _count(self) -> None:
        self.compared += 1
        if self.compared > MOST_COMPARED:
            raise TooMuch(f"more than {MOST_COMPARED} fields to compare")


def _number(value: object) -> TypeGuard[int | float]:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _named(at: Path, written: Sequence[Path]) -> bool:
    return any(_fits(one, at) for one in written)


def _fits(written: Path, at: Path) -> bool:
    """Say whether a written path names this place or one around it; in an unordered list all are `*`."""
    return len(written) <= len(at) and all(
        step in ("*", here) for step, here in zip(written, at, strict=False)
    )
