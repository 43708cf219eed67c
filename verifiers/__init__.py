"""
The verifiers by name. Adding one means a file, a line here, its examples, and a rule that uses it.

The registry holds names and classes; it is written by hand, in alphabetical order.
"""

from verifiers.base import Verifier
from verifiers.choice import Choice
from verifiers.exact import Exact
from verifiers.number import Number

VERIFIERS: dict[str, type[Verifier]] = {
    "choice": Choice,
    "exact": Exact,
    "number": Number,
}
