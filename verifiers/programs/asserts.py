"""
Test code in the style of HumanEval and MBPP, carried out statement by statement in this process.

Each assert is a test: what it calls runs in the student's process, what it says about the value is worked
out here, where the student's process cannot see it. Test code beyond that raises Unsupported.
"""

import ast
from collections.abc import Iterator, Mapping, Sequence

from verifiers.programs.expressions import Expressions, Unsupported
from verifiers.programs.student import PASSED, WRONG, Student, Trial, failure
from verifiers.programs.testcode import check_of
from verifiers.sandbox import Raised, Returned, Struck

MOST_TURNS = 10_000
"""Of a loop in the test code."""


class Failed(Exception):
    """What the test called returned no value."""

    def __init__(self, outcome: Raised | Struck) -> None:
        self.outcome = outcome


def _body(tree: ast.Module, check: ast.FunctionDef | None) -> Sequence[ast.stmt]:
    """Return the statements that test; other functions are only there to call `check`."""
    if check is None:
        return tree.body
    for one in tree.body:
        if (
            isinstance(one, ast.Expr)
            and isinstance(one.value, ast.Call)
            and not _calls_check(one.value, tree)
        ):
            raise Unsupported("a call beside check")
        if not isinstance(one, ast.FunctionDef | ast.Import | ast.ImportFrom | ast.Expr | ast.Assign):
            raise Unsupported(type(one).__name__)
    return check.body


def _calls_check(call: ast.Call, tree: ast.Module) -> bool:
    name = ast.unparse(call.func)
    bodies = [one.body for one in tree.body if isinstance(one, ast.FunctionDef) and one.name == name]
    return name == "check" or [ast.unparse(line)[:6] for body in bodies for line in body] == ["check("]


class TestCode:
    """Test code against one student."""

    def __init__(self, tree: ast.Module, names: Sequence[str], student: Student) -> None:
        check = check_of(tree)
        self._body = _body(tree, check)
        self._alias = {check.args.args[0].arg: names[0]} if check else {}
        self._scope: dict[str, object] = {}
        self._student = student
        self._expressions = Expressions(self._scope, {*names, *self._alias}, self._call)

    def trials(self) -> Iterator[Trial]:
        """Carry the tests out, one after the other."""
        yield from self._run(self._body)

    def _run(self, statements: Sequence[ast.stmt]) -> Iterator[Trial]:
        for statement in statements:
            match statement:
                case ast.Assert(test=ast.Constant()) | ast.Pass() | ast.Import() | ast.ImportFrom():
                    pass
                case ast.Expr(value=ast.Constant()):
                    pass
                case ast.Assert():
                    yield self._trial(statement.test)
                case ast.Assign(targets=[target]):
                    yield from self._assign(target, statement.value)
                case ast.For(orelse=[]):
                    yield from self._loop(statement)
                case _:
                    raise Unsupported(type(statement).__name__)

    def _trial(self, test: ast.expr) -> Trial:
        """Say what one assert shows; an error in comparing is the value's fault."""
        try:
            return PASSED if self._expressions.value(test) else WRONG
        except Failed as failed:
            return failure(failed.outcome)
        except (TypeError, ValueError, ArithmeticError, LookupError, RecursionError):
            return WRONG

    def _assign(self, target: ast.expr, value: ast.expr) -> Iterator[Trial]:
        try:
            self._bind(target, self._expressions.value(value))
        except Failed as failed:
            yield failure(failed.outcome)
            raise Unsupported("a name without a value") from None

    def _loop(self, loop: ast.For) -> Iterator[Trial]:
        turns = self._expressions.value(loop.iter)
        if not isinstance(turns, list | tuple) or len(turns) > MOST_TURNS:
            raise Unsupported("a loop")
        for turn in turns:
            self._bind(loop.target, turn)
            yield from self._run(loop.body)

    def _bind(self, target: ast.expr, value: object) -> None:
        match target:
            case ast.Name():
                self._scope[target.id] = value
            case ast.Tuple() | ast.List() if isinstance(value, list | tuple) and len(value) == len(
                target.elts
            ):
                for one, part in zip(target.elts, value, strict=True):
                    self._bind(one, part)
            case _:
                raise Unsupported("an assignment")

    def _call(self, function: str, args: Sequence[object], kwargs: Mapping[str, object]) -> object:
        outcome = self._student.call(self._alias.get(function, function), args, kwargs)
        if isinstance(outcome, Returned):
            return outcome.value
        raise Failed(outcome)
