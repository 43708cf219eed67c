"""What an expression is made of: numbers, letters, groups, fractions, roots, functions, sums, matrices."""

from verifiers.symbolic.applications import GROUPS, LOGARITHMS, Applications
from verifiers.symbolic.formula import Apply, Symbol, Tree, Unparsed
from verifiers.symbolic.functions import FUNCTIONS, INVERSES, MANY
from verifiers.symbolic.tokens import WRAPPERS, number

DEEPEST = 40
CLOSERS = frozenset({"", *GROUPS.values(), ",", "&", r"\\", r"\end"})
NAMED_FUNCTIONS = frozenset({*FUNCTIONS, *INVERSES, *MANY, *LOGARITHMS})

ACCENTS = frozenset({r"\bar", r"\hat", r"\vec", r"\tilde", r"\overline", r"\overrightarrow"})
LETTERS = """
    alpha beta gamma delta epsilon varepsilon zeta eta theta vartheta iota kappa lambda mu nu xi pi rho varrho
    sigma tau upsilon phi varphi chi psi omega Gamma Delta Theta Lambda Xi Pi Sigma Upsilon Phi Psi Omega
    hbar ell infty odot oplus aleph prime star
"""
GREEK = frozenset(rf"\{name}" for name in LETTERS.split())
UNSUPPORTED = frozenset({"int", "lim", "pm", "mp", "ldots", "cdots", "dots", "propto", "in", "cup", "angle"})


class Operands(Applications):
    """Reads operands; what joins them is the parser's business."""

    _depth = 0

    def _operand(self) -> Tree:
        self._depth += 1
        if self._depth > DEEPEST:
            raise Unparsed("too deep")
        tree = self._begun_by(self._take())
        self._depth -= 1
        return tree

    def _begun_by(self, piece: str) -> Tree:
        if not piece or piece in CLOSERS:
            raise Unparsed("an operand is missing")
        if piece[-1].isdecimal() or piece[0].isdecimal():
            return number(piece)
        if piece == "|":
            return self._absolute()
        if piece in GROUPS:
            return self._group(piece)
        if piece == r"\mathrm" and "_" in self._ahead(3):
            return self._braced()
        if piece in WRAPPERS:
            return self._wrapped()
        return self._named(piece)

    def _named(self, piece: str) -> Tree:
        name = piece.lstrip("\\")
        if piece == r"\frac":
            return Apply("/", (self._braced(), self._braced()))
        if piece == r"\binom":
            return Apply("binomial", (self._braced(), self._braced()))
        if piece == r"\sqrt":
            return self._root()
        if piece in (r"\sum", r"\prod"):
            return self._series(name)
        if piece == r"\begin":
            return self._matrix()
        if piece[0] == "\\" and name in NAMED_FUNCTIONS:
            return self._function(name)
        if piece in ACCENTS:
            return self._symbol(f"{name} {self._flat()}")
        if piece.isalpha() or piece in GREEK:
            return self._symbol(name.removeprefix("var"))
        raise Unparsed(f"the command {name}" if name in UNSUPPORTED else "a strange sign")

    def _symbol(self, name: str) -> Symbol:
        if self._next == "_":
            self._take()
            name += f"_{self._flat()}"
        while self._next == "'":
            name += self._take()
        if name[-1] == "'" and self._next == "_":
            self._take()
            name += f"_{self._flat()}"
        return Symbol(name)

    def _absolute(self) -> Tree:
        self._bars += 1
        tree = self._sum()
        self._expect("|")
        self._bars -= 1
        return Apply("abs", (tree,))

    def _wrapped(self) -> Tree:
        name = self._flat()
        if name in FUNCTIONS:
            return self._function(name)
        if not name.isalpha():
            raise Unparsed("text that is no name")
        return self._symbol(name)
