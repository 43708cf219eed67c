"""Expressions that are compiled late: as good as compiled ones, and not one of them broken."""

import re
from importlib import import_module

import pytest

from router.expression import expression
from tests.test_house import FILES, module_of

MODULES = [module_of(path) for path in FILES if "expression(" in path.read_text(encoding="utf-8")]


@pytest.mark.parametrize("module", MODULES)
def test_every_expression_of_ours_compiles(module: str) -> None:
    late = [one for one in vars(import_module(module)).values() if type(one) is type(expression(""))]
    assert not [one for one in late if not one.match("") and one.pattern is None]


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
