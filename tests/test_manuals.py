"""Every verifier's manual says what it covers, what it does not, and gives examples that hold."""

import sys

import pytest

from tests.manuals import Example, examples
from verifiers import VERIFIERS
from verifiers.base import Verifier

MANUALS = {name: sys.modules[verifier.__module__].__doc__ or "" for name, verifier in VERIFIERS.items()}

EXAMPLES = [
    pytest.param(VERIFIERS[name], example, id=f"{name}: {example.line}")
    for name, manual in MANUALS.items()
    for example in examples(manual)
]


@pytest.mark.parametrize(("verifier", "example"), EXAMPLES)
def test_an_example_in_a_manual_holds(verifier: type[Verifier], example: Example) -> None:
    assert example.holds(verifier)


@pytest.mark.parametrize("name", MANUALS)
def test_a_manual_says_what_is_covered_and_what_is_not(name: str) -> None:
    assert "\nCovered: " in MANUALS[name]
    assert "\nNot covered: " in MANUALS[name]
    assert "It abstains where" in MANUALS[name]


@pytest.mark.parametrize("name", MANUALS)
def test_every_arrow_in_a_manual_is_an_example_that_runs(name: str) -> None:
    assert MANUALS[name].count("->") == len(examples(MANUALS[name])) >= 5
