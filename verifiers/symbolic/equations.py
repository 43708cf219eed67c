"""When two relations say the same: equations, inequalities, and a value against a relation that gives it."""

from mpmath import mp

from verifiers.symbolic.expression import expression
from verifiers.symbolic.formula import Apply, Symbol, Tree, symbols, walk
from verifiers.symbolic.leaf import Asked, same
from verifiers.symbolic.outer import Unreadable
from verifiers.symbolic.sameness import DIFFERENT, EQUAL, READ, Sameness, worst
from verifiers.symbolic.solving import TURNS, difference, gives, points_of, same_equation
from verifiers.symbolic.structure import Assigned, Clock, Interval, Leaf, Relation, Value
from verifiers.symbolic.value import Work, value

STRICT, LOOSE = "<", r"\leq"
TURNED = {">": STRICT, r"\geq": LOOSE}


def same_relation(one: Value, other: Value, asked: Asked) -> Sameness:
    """Compare two relations, or a relation with something else; raise Unreadable where that says nothing."""
    ours, theirs = _equation(one), _equation(other)
    if ours and theirs:
        return same_equation(ours, theirs, asked.work)
    if isinstance(one, Interval) and one.said and isinstance(other, Relation):
        one = one.said
    if isinstance(other, Interval) and other.said and isinstance(one, Relation):
        other = other.said
    if isinstance(one, Relation) and isinstance(other, Relation):
        return _same_signs(one, other, asked)
    for stated, given in ((one, other), (other, one)):
        leaf = given.ratio if isinstance(given, Clock) else given
        if isinstance(stated, Relation | Assigned) and isinstance(leaf, Leaf):
            return _given(stated, leaf, asked)
    raise Unreadable("a relation against something else")


def _equation(stated: Value) -> tuple[str, str] | None:
    if isinstance(stated, Assigned):
        return stated.sides
    if isinstance(stated, Relation) and set(stated.signs) == {"="}:
        return stated.sides[0], stated.sides[-1]
    return None


def _given(stated: Relation | Assigned, leaf: Leaf, asked: Asked) -> Sameness:
    """
    Compare a value with an equation that gives it.

    An equation gives its right side where the left is no more than a name (`V_o/V_i = X`) or the same
    value written otherwise, and the value of a letter in which it is linear.
    """
    if isinstance(stated, Relation) and set(stated.signs) != {"="}:
        raise Unreadable("a relation against something else")
    first, *middle, last = stated.sides
    if any(same(side, last, asked) == DIFFERENT for side in middle):
        raise Unreadable("a chain of equals signs that does not hold")
    if same(first, last, asked) == EQUAL:
        return same(leaf.text, last, asked)
    if (middle or _is_name(expression(first).tree)) and (found := same(leaf.text, last, asked)) != DIFFERENT:
        return worst([READ, found])
    if gives((first, last), leaf.text, asked.work):
        return READ
    if isinstance(stated, Assigned):
        return DIFFERENT
    raise Unreadable("a relation against something else")


def _is_name(tree: Tree) -> bool:
    """Say whether an expression names a quantity: letters and their products, quotients and powers."""
    return all(
        isinstance(node, Symbol) or (isinstance(node, Apply) and node.operation in ("*", "/", "^"))
        for node in walk(tree)
    )


def _same_signs(one: Relation, other: Relation, asked: Asked) -> Sameness:
    """Compare two inequalities, or two chains of relations side by side."""
    one, other = _ascending(one), _ascending(other)
    if one.signs == other.signs and _alike_by_side(one, other, asked):
        return EQUAL
    if one.signs == other.signs and len(one.signs) > 1:
        return DIFFERENT
    if len(one.signs) != 1 or len(other.signs) != 1:
        raise Unreadable("chains of relations that differ")
    signs = (one.signs[0], other.signs[0])
    if not {*signs} <= {STRICT, LOOSE}:
        raise Unreadable("relations that do not compare")
    if signs[0] != signs[1]:
        return DIFFERENT
    return _same_inequality(one, other, asked.work)


def _ascending(stated: Relation) -> Relation:
    """Return a chain of inequalities from its least side to its greatest."""
    if not all(sign in TURNED for sign in stated.signs):
        return stated
    return Relation(stated.sides[::-1], tuple(TURNED[sign] for sign in stated.signs[::-1]))


def _alike_by_side(one: Relation, other: Relation, asked: Asked) -> bool:
    return all(same(left, right, asked) == EQUAL for left, right in zip(one.sides, other.sides, strict=True))


def _same_inequality(one: Relation, other: Relation, work: Work) -> Sameness:
    """Compare two inequalities of one strictness: the same border, and the same side of it."""
    ours, theirs = (one.sides[0], one.sides[1]), (other.sides[0], other.sides[1])
    if same_equation(ours, theirs, work) != EQUAL:
        return DIFFERENT
    first, second = difference(ours), difference(theirs)
    names = sorted(symbols(first) | symbols(second))
    for turn in range(TURNS):
        a, b = (value(tree, points_of(names, turn), work) for tree in (first, second))
        if a is None or b is None or mp.im(a) or mp.im(b) or (a > 0) != (b > 0):
            return DIFFERENT
    return EQUAL
