"""
LaTeX of one expression -> its tree, by recursive descent.

What two readers would read differently is read in the common way; a `Reading` asks for another one.
Whatever the grammar does not know (integrals, limits, prose) is refused, never guessed. Time is
linear in the text but for its depth, which is limited.
"""

from collections.abc import Callable
from fractions import Fraction

from verifiers.symbolic.applications import Reading
from verifiers.symbolic.formula import CONSTANTS, Apply, Number, Symbol, Tree, Unparsed
from verifiers.symbolic.operands import CLOSERS, Operands

TIMES = frozenset({r"\cdot", r"\times", "*", r"\ast"})
OVER = frozenset({"/", r"\div", ":"})
MARKS = {
    (r"\circ",): "degrees",
    ("{", r"\circ", "}"): "degrees",
    ("T",): "transposed",
    (r"\top",): "transposed",
    ("{", "T", "}"): "transposed",
}
"""What follows ^ and is no exponent."""
USUAL = Reading()


def parse(text: str, reading: Reading = USUAL) -> Tree:
    """Return the tree of an expression; raise Unparsed."""
    return Parser(text, reading).whole()


class Parser(Operands):
    """Reads one expression from left to right."""

    def whole(self) -> Tree:
        """Return the tree of everything."""
        tree = self._sum()
        if self._next:
            raise Unparsed(f"a stray {self._kind(self._next)}")
        return tree

    def _sum(self) -> Tree:
        terms = [self._signed(self._product)]
        while self._next in ("+", "-"):
            terms.append(self._signed(self._product))
        return Apply("+", tuple(terms)) if len(terms) > 1 else terms[0]

    def _signed(self, operand: Callable[[], Tree]) -> Tree:
        negative = False
        while self._next in ("+", "-"):
            negative ^= self._take() == "-"
        tree = operand()
        return Apply("neg", (tree,)) if negative else tree

    def _product(self) -> Tree:
        tree = self._factor()
        while True:
            if self._next in TIMES:
                self._take()
                tree = _times(tree, self._signed(self._factor))
            elif self._next in OVER:
                self._take()
                below = self._run if self._reading.tight_slash else self._factor
                tree = Apply("/", (tree, self._signed(below)))
            elif self._begins_operand():
                tree = self._beside(tree)
            else:
                return tree

    def _run(self) -> Tree:
        """Return factors side by side, with no sign between them."""
        tree = self._factor()
        while self._begins_operand():
            tree = self._beside(tree)
        return tree

    def _beside(self, tree: Tree) -> Tree:
        """Return what an expression and the factor right behind it are: a product, a mixed number, `u(t)`."""
        if self._next[-1].isdecimal() and self._last[-1].isdecimal():
            raise Unparsed("two numbers side by side")
        if isinstance(tree, Symbol) and tree.name not in CONSTANTS and (applied := self._argument(tree)):
            return applied
        mixed = isinstance(tree, Number) and tree.value.denominator == 1 and self._next == r"\frac"
        factor = self._factor()
        if mixed and (part := _proper(factor)):
            return Apply("+", (tree, part))
        return _times(tree, factor)

    def _argument(self, function: Symbol) -> Symbol | None:
        """Return I_0 for I(0); and u for u(t), where that is the reading."""
        inside = self._ahead(3)
        if len(inside) < 3 or inside[0] != "(" or inside[2] != ")":
            return None
        if inside[1].isdecimal():
            self._skip(3)
            return Symbol(f"{function.name}_{inside[1]}")
        if self._reading.applied and inside[1].isalpha():
            self._skip(3)
            return function
        return None

    def _begins_operand(self) -> bool:
        piece = self._next
        if piece == "|":
            return not self._bars
        return piece not in CLOSERS and piece not in TIMES and piece not in OVER and piece not in "+-^_!'%"

    def _factor(self) -> Tree:
        tree = self._operand()
        while self._next in ("!", "^") and not _raised_already(tree):
            tree = self._raised(tree) if self._take() == "^" else Apply("factorial", (tree,))
        if self._next == "%":
            self._take()
            return Apply("/", (tree, Number(Fraction(100))))
        return tree

    def _raised(self, base: Tree) -> Tree:
        for mark, operation in MARKS.items():
            if self._ahead(len(mark)) == list(mark) and (operation == "degrees" or _is_matrix(base)):
                self._skip(len(mark))
                return Apply(operation, (base,))
        return Apply("^", (base, self._exponent()))

    def _exponent(self) -> Tree:
        """Return what one brace or one piece after ^ holds."""
        negative = self._next == "-"
        if negative:
            self._take()
        tree = self._operand()
        return Apply("neg", (tree,)) if negative else tree


def _times(tree: Tree, factor: Tree) -> Tree:
    """Return a product; one that goes on stays flat, so that no text makes a deep tree."""
    before = tree.arguments if isinstance(tree, Apply) and tree.operation == "*" else (tree,)
    return Apply("*", (*before, factor))


def _raised_already(tree: Tree) -> bool:
    """Say whether a power or factorial would be one of another, which is written with brackets."""
    return isinstance(tree, Apply) and tree.operation == "factorial"


def _proper(tree: Tree) -> Tree | None:
    """Return a fraction of two whole numbers that is less than one."""
    if not isinstance(tree, Apply) or tree.operation != "/":
        return None
    above, below = tree.arguments
    proper = isinstance(above, Number) and isinstance(below, Number) and above.value < below.value
    return tree if proper else None


def _is_matrix(tree: Tree) -> bool:
    return isinstance(tree, Apply) and tree.operation == "matrix"
