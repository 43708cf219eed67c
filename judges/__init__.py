"""
The judges by name. Adding one means a file, its prompt beside it, a line here, and a rule that uses it.

The registry holds names and classes; it is written by hand, in alphabetical order.
"""

from judges.base import Judge
from judges.reference import Reference
from judges.rubric import Rubric

JUDGES: dict[str, type[Judge]] = {
    "reference": Reference,
    "rubric": Rubric,
}
