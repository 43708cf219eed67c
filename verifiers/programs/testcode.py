"""What trusted test code says of itself: its tree, its `check`, and whom it calls."""

import ast
import builtins
from collections.abc import Sequence


class Untestable(Exception):
    """The tests can say nothing about the program; the message says why."""


def parsed(source: str) -> ast.Module:
    """Return the tree of test code; raise Untestable where it is no Python."""
    try:
        return ast.parse(source)
    except (SyntaxError, ValueError, MemoryError, RecursionError):
        raise Untestable("the test code does not parse") from None


def check_of(tree: ast.Module) -> ast.FunctionDef | None:
    """Return the function `check(candidate)` of test code."""
    checks = [one for one in tree.body if isinstance(one, ast.FunctionDef) and one.name == "check"]
    return checks[-1] if checks and len(checks[-1].args.args) == 1 else None


def functions(tree: ast.Module) -> list[str]:
    """Return the functions that test code calls and neither defines, imports nor has from Python."""
    defined = {node.name for node in ast.walk(tree) if isinstance(node, ast.FunctionDef | ast.ClassDef)}
    imported = {
        (name.asname or name.name).partition(".")[0]
        for node in ast.walk(tree)
        if isinstance(node, ast.Import | ast.ImportFrom)
        for name in node.names
    }
    known = imported | defined
    return [name for name in _called(tree) if name not in known and not hasattr(builtins, name)]


def asked(tree: ast.Module) -> list[str]:
    """Return the functions that asserts are about; one may have the name of Python's own, such as `sum`."""
    return functions(tree) or _called(tree)[:1]


def _called(tree: ast.Module) -> list[str]:
    calls = (node.func for node in ast.walk(tree) if isinstance(node, ast.Call))
    return list(dict.fromkeys(function.id for function in calls if isinstance(function, ast.Name)))


def changes_arguments(tree: ast.Module, names: Sequence[str]) -> bool:
    """Say whether a call is made for nothing but what it does to an argument that has a name."""
    return any(
        isinstance(node, ast.Expr)
        and isinstance(node.value, ast.Call)
        and isinstance(node.value.func, ast.Name)
        and node.value.func.id in names
        and any(isinstance(argument, ast.Name) for argument in node.value.args)
        for node in ast.walk(tree)
    )
