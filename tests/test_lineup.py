"""A rule's verifiers are made, and their modules loaded, when the first sample reaches them."""

import subprocess
import sys

import pytest

from router.policy.lineup import Lineup
from verifiers.length import Length
from verifiers.math import Math

LOADED = """
import sys
from router.policy.lineup import Lineup
from router.types import Sample
from verifiers import CLASSES

def loaded():
    return [name for name in CLASSES if f"verifiers.{name}" in sys.modules]

every = Lineup(tuple((name, name, {}) for name in CLASSES))
print(loaded())
[(_, math)] = Lineup((("math", "math", {}),))
math.verify(Sample("a", (), "The answer is 4.", "4"))
print(loaded(), "verifiers.commitment" in sys.modules)
"""


def test_it_holds_what_the_policy_names_in_its_order() -> None:
    lineup = Lineup((("short", "length", {"target": 3}), ("math", "math", {})))
    assert list(lineup) == [("short", Length(target=3)), ("math", Math())]
    assert (lineup[1], lineup[:1]) == (("math", Math()), (("short", Length(target=3)),))


def test_a_verifier_is_made_once() -> None:
    lineup = Lineup((("math", "math", {}),))
    assert lineup[0][1] is lineup[0][1]


def test_counting_makes_none() -> None:
    lineup = Lineup((("a", "nobody", {}),))
    assert lineup
    assert len(lineup) == 1
    with pytest.raises(KeyError):
        list(lineup)


def test_a_sample_loads_the_verifiers_of_its_rule_and_a_plain_number_not_what_compares_formulas() -> None:
    done = subprocess.run([sys.executable, "-c", LOADED], capture_output=True, text=True, check=True)
    assert done.stdout.splitlines() == ["[]", "['math', 'number'] False"]
