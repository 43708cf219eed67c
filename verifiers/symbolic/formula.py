"""What an expression is once it is parsed: numbers, symbols, and operations applied to them."""

from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction

CONSTANTS = frozenset({"e", "i", "pi", "infty"})
"""Symbols with a value of their own, unless a sum binds them."""


class Unparsed(Exception):
    """An expression cannot be read, or costs too much to compute."""


@dataclass(frozen=True, slots=True)
class Number:
    """An exact number as written."""

    value: Fraction


@dataclass(frozen=True, slots=True)
class Symbol:
    """A letter, with its subscript and primes: `x`, `omega_n`, `v'`."""

    name: str


@dataclass(frozen=True, slots=True)
class Apply:
    """An operation and what it is applied to."""

    operation: str
    arguments: tuple["Tree", ...]


Tree = Number | Symbol | Apply


def walk(tree: Tree) -> Iterator[Tree]:
    """Yield a tree and everything in it."""
    waiting = [tree]
    while waiting:
        node = waiting.pop()
        yield node
        if isinstance(node, Apply):
            waiting.extend(node.arguments)


def symbols(tree: Tree) -> frozenset[str]:
    """Return the names of what is free to have any value."""
    return _free(tree) - CONSTANTS


def _free(tree: Tree) -> frozenset[str]:
    if isinstance(tree, Symbol):
        return frozenset({tree.name})
    if isinstance(tree, Number):
        return frozenset()
    names = [_free(argument) for argument in tree.arguments]
    if tree.operation in ("sum", "prod"):
        index, low, high, body = names
        return low | high | (body - index)
    return frozenset().union(*names)


def operations(tree: Tree) -> frozenset[str]:
    """Return the names of all operations in a tree."""
    return frozenset(node.operation for node in walk(tree) if isinstance(node, Apply))
