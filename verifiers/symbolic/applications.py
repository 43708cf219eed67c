"""What applies to an expression: brackets, roots, functions, sums over a range, matrices."""

from abc import ABC, abstractmethod
from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction

from verifiers.symbolic.formula import Apply, Number, Symbol, Tree, Unparsed
from verifiers.symbolic.functions import FUNCTIONS, INVERSES, MANY
from verifiers.symbolic.tokens import Tokens

GROUPS = {"(": ")", "[": "]", "{": "}", r"\{": r"\}", r"\lfloor": r"\rfloor", r"\lceil": r"\rceil",
          r"\lvert": r"\rvert", r"\langle": r"\rangle"}  # fmt: skip
GROUP_FUNCTIONS = {r"\lfloor": "floor", r"\lceil": "ceil", r"\lvert": "abs", "|": "abs"}
MATRICES = frozenset({"matrix", "pmatrix", "bmatrix", "Bmatrix", "vmatrix", "smallmatrix", "array"})
LOGARITHMS = frozenset({"log", "lg"})
FUNCTION_OR_GROUP = frozenset({*FUNCTIONS, *INVERSES, *LOGARITHMS, "("})
"""What ends the argument of a function that stands without brackets."""


@dataclass(frozen=True, slots=True)
class Reading:
    """Which of two usual readings an ambiguous spelling gets."""

    tight_slash: bool = False
    """1/2x is 1/(2x)."""
    applied: bool = False
    """u(t) is the function u, not the product of u and t."""
    common_log: bool = False
    r"""\log without a base has the base 10."""


USUAL = Reading()


class Applications(Tokens, ABC):
    """Reads what applies to expressions; how these are read is the parser's business."""

    def __init__(self, text: str, reading: Reading) -> None:
        super().__init__(text)
        self._reading = reading
        self._bars = 0
        """How many bars of absolute values are open in this group."""

    @abstractmethod
    def _sum(self) -> Tree: ...

    @abstractmethod
    def _product(self) -> Tree: ...

    @abstractmethod
    def _factor(self) -> Tree: ...

    @abstractmethod
    def _signed(self, operand: Callable[[], Tree]) -> Tree: ...

    @abstractmethod
    def _beside(self, tree: Tree) -> Tree: ...

    @abstractmethod
    def _begins_operand(self) -> bool: ...

    @abstractmethod
    def _exponent(self) -> Tree: ...

    @abstractmethod
    def _operand(self) -> Tree: ...

    def _braced(self) -> Tree:
        if self._next != "{":
            return self._operand()
        return self._group(self._take())

    def _group(self, opening: str) -> Tree:
        bars, self._bars = self._bars, 0
        tree = self._sum()
        self._bars = bars
        self._expect(GROUPS[opening])
        function = GROUP_FUNCTIONS.get(opening)
        return Apply(function, (tree,)) if function else tree

    def _root(self) -> Tree:
        index: Tree = Number(Fraction(2))
        if self._next == "[":
            index = self._group(self._take())
        return Apply("root", (self._braced(), index))

    def _function(self, name: str) -> Tree:
        base = exponent = None
        while self._next in ("^", "_"):
            if self._take() == "^":
                exponent = self._exponent()
            else:
                base = self._operand()
        if name in MANY:
            return Apply(name, self._list())
        argument = self._function_argument()
        if exponent == Apply("neg", (Number(Fraction(1)),)) and f"arc{name}" in FUNCTIONS:
            return Apply(f"arc{name}", (argument,))
        tree = self._applied(name, argument, base)
        return Apply("^", (tree, exponent)) if exponent else tree

    def _applied(self, name: str, argument: Tree, base: Tree | None) -> Tree:
        if name not in LOGARITHMS:
            return Apply(INVERSES.get(name, name), (argument,))
        if base is None and (name == "lg" or self._reading.common_log):
            base = Number(Fraction(10))
        logarithm = Apply("ln", (argument,))
        return Apply("/", (logarithm, Apply("ln", (base,)))) if base else logarithm

    def _function_argument(self) -> Tree:
        r"""Return what a function is applied to: one group, or the factors up to the next sign: \sin 2x."""
        if self._next in ("(", "[", "{"):
            return self._group(self._take())
        tree = self._signed(self._factor)
        while self._begins_operand() and self._next.lstrip("\\") not in FUNCTION_OR_GROUP:
            tree = self._beside(tree)
        if self._next == "/" and len(self._ahead(2)) == 2 and _constant(tree):
            self._take()
            tree = Apply("/", (tree, self._factor()))
        return tree

    def _list(self) -> tuple[Tree, ...]:
        opening = self._take()
        if opening not in ("(", r"\{"):
            raise Unparsed("a function without its arguments")
        parts = [self._sum()]
        while self._next == ",":
            self._take()
            parts.append(self._sum())
        self._expect(GROUPS[opening])
        return tuple(parts)

    def _series(self, name: str) -> Tree:
        self._expect("_")
        self._expect("{")
        index = self._operand()
        self._expect("=")
        low = self._sum()
        self._expect("}")
        self._expect("^")
        high = self._exponent()
        return Apply(name, (index, low, high, self._product()))

    def _matrix(self) -> Tree:
        environment = self._flat()
        if environment not in MATRICES:
            raise Unparsed("an environment that is no matrix")
        if environment == "array" and self._next == "{":
            self._flat()
        rows: list[list[Tree]] = [[]]
        while True:
            rows[-1].append(self._sum())
            sign = self._take()
            if sign == r"\\" and self._next != r"\end":
                rows.append([])
            elif sign == r"\end" or (sign == r"\\" and self._take()):
                break
            elif sign not in ("&", r"\\"):
                raise Unparsed("a matrix that does not end")
        if self._flat() != environment or len({len(row) for row in rows}) > 1:
            raise Unparsed("a matrix without its shape")
        matrix = Apply("matrix", tuple(Apply("row", tuple(row)) for row in rows))
        return Apply("abs", (matrix,)) if environment == "vmatrix" else matrix


def _constant(tree: Tree) -> bool:
    nodes = tree.arguments if isinstance(tree, Apply) and tree.operation in ("*", "neg") else (tree,)
    return all(isinstance(node, Number) or node == Symbol("pi") for node in nodes)
