"""
The verifiers by name. Adding one means a file, a line here, its examples, and a rule that uses it.

The registry holds names and classes; it is written by hand, in alphabetical order. A verifier's module
is loaded when its name is first looked up: a policy pays for what it names.
"""

from collections.abc import Iterator, Mapping
from importlib import import_module

from verifiers.base import Verifier

CLASSES = {
    "choice": "Choice",
    "code": "Code",
    "exact": "Exact",
    "format": "Format",
    "grounded": "Grounded",
    "instructions": "Instructions",
    "json": "Json",
    "length": "Length",
    "math": "Math",
    "number": "Number",
    "python_literal": "PythonLiteral",
    "repetition": "Repetition",
    "short_answer": "ShortAnswer",
    "similarity": "Similarity",
    "sql": "Sql",
    "tool_calls": "ToolCalls",
}


class Registry(Mapping[str, type[Verifier]]):
    """The classes by name."""

    def __getitem__(self, name: str) -> type[Verifier]:
        """Return the class from `verifiers/NAME.py`; raise KeyError for a name that is none of ours."""
        verifier = CLASSES[name]
        found: type[Verifier] = getattr(import_module(f"verifiers.{name}"), verifier)
        return found

    def __iter__(self) -> Iterator[str]:
        """Go through the names."""
        return iter(CLASSES)

    def __len__(self) -> int:
        """Count the names."""
        return len(CLASSES)


VERIFIERS = Registry()
