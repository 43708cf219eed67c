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
    nodes = list(walk(tree))
    bound = {
        name.name
        for node in nodes
        if isinstance(node, Apply) and node.operation in ("sum", "prod")
        for name in node.arguments[:1]
        if isinstance(name, Symbol)
    }
    return frozenset(node.name for node in nodes if isinstance(node, Symbol)) - bound - CONSTANTS


def operations(tree: Tree) -> frozenset[str]:
    """Return the names of all operations in a tree."""
    return frozenset(node.operation for node in walk(tree) if isinstance(node, Apply))
