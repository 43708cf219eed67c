"""
The verifiers by name. Adding one means a file, a line here, its examples, and a rule that uses it.

The registry holds names and classes; it is written by hand, in alphabetical order.
"""

from verifiers.base import Verifier
from verifiers.choice import Choice
from verifiers.exact import Exact
from verifiers.format import Format
from verifiers.grounded import Grounded
from verifiers.instructions import Instructions
from verifiers.json import Json
from verifiers.length import Length
from verifiers.math import Math
from verifiers.number import Number
from verifiers.python_literal import PythonLiteral
from verifiers.repetition import Repetition
from verifiers.short_answer import ShortAnswer
from verifiers.similarity import Similarity
from verifiers.sql import Sql
from verifiers.tool_calls import ToolCalls

VERIFIERS: dict[str, type[Verifier]] = {
    "choice": Choice,
    "exact": Exact,
    "format": Format,
    "grounded": Grounded,
    "instructions": Instructions,
    "json": Json,
    "length": Length,
    "math": Math,
    "number": Number,
    "python_literal": PythonLiteral,
    "repetition": Repetition,
    "short_answer": ShortAnswer,
    "similarity": Similarity,
    "sql": Sql,
    "tool_calls": ToolCalls,
}
