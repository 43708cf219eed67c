"""Expressions that are compiled late: as good as compiled ones, and not one of them broken."""

import re
from importlib import import_module
from typing import Any

import pytest

from router.expression import expression
from tests.test_house import FILES, module_of

MODULES = [
    module_of(path)
    for path in FILES
    if re.search(r"\bexpression\(|\bre\.compile\(", path.read_text(encoding="utf-8"))
]


@pytest.mark.parametrize("module", MODULES)
def test_every_expression_of_ours_compiles(module: str) -> None:
    late = [one for one in vars(import_module(module)).values() if type(one) is type(expression(""))]
    assert not [one for one in late if not one.match("") and one.pattern is None]


def possessive_groups(pattern: str) -> list[Any]:
    """The possessive repetitions of more than a single character in a pattern, as Python parses it."""
    waiting, found = [import_module("re._parser").parse(pattern)], list[Any]()
    while waiting:
        one = waiting.pop()
        if isinstance(one, tuple) and str(one[0]) == "POSSESSIVE_REPEAT":
            [*_, repeated] = one[1]
            found += (
                [repeated] if str(repeated[0][0]) in {"SUBPATTERN", "BRANCH"} or len(repeated) > 1 else []
            )
        if isinstance(one, tuple | list) or hasattr(one, "data"):
            waiting.extend(one)
    return found


@pytest.mark.parametrize("module", MODULES)
def test_no_group_is_repeated_possessively(module: str) -> None:
    """CPython before 3.11.5 takes too much with it (gh-106052); an atomic group means the same."""
    late = [one for one in vars(import_module(module)).values() if type(one) is type(expression(""))]
    compiled = [one for one in vars(import_module(module)).values() if isinstance(one, re.Pattern)]
    assert not [one.pattern for one in (*late, *compiled) if possessive_groups(one.pattern)]


def test_a_possessive_group_is_found() -> None:
    assert possessive_groups(r"a(?:b|c(?:[^d]|e(?!f))*+)g")
    assert not possessive_groups(r"a*+(?>(?:bc|d)*)[ef]++")


def test_it_does_what_a_compiled_one_does() -> None:
    late = expression(r"(A)b?", re.IGNORECASE)
    for text in ("xabx aB a", "", "b"):
        compiled = re.compile(r"(A)b?", re.IGNORECASE)
        assert late.findall(text) == compiled.findall(text)
        assert late.sub("-", text) == compiled.sub("-", text)
        assert late.split(text) == compiled.split(text)
        assert (late.search(text, 1) is None) == (compiled.search(text, 1) is None)
    assert late.pattern == r"(A)b?"


def test_it_is_compiled_with_its_first_use() -> None:
    broken = expression("(")
    with pytest.raises(re.error):
        broken.match("")
