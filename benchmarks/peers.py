"""
How others grade the same rollouts: a library that is installed, and published rules in a few lines each.

A grader takes a labelled row and says whether it would accept the response. What it cannot read it
refuses, as the frameworks do that call it.
"""

import ast
import json
import logging
import re
from collections import Counter
from collections.abc import Callable, Mapping
from importlib.metadata import version
from string import punctuation
from typing import Any

import jsonschema  # type: ignore[import-untyped,unused-ignore]
from math_verify import parse, verify

Row = Mapping[str, Any]
Grader = Callable[[Row], bool]

MATH_VERIFY = f"math-verify {version('math-verify')}"
logging.getLogger("math_verify").setLevel(logging.CRITICAL)


def response(row: Row) -> str:
    """Return what the student wrote."""
    return str(row["messages"][-1]["content"])


def math_verify(row: Row) -> bool:
    """Ask math-verify with its defaults, timeouts included, which need the main thread."""
    kind = row["metadata"].get("kind")
    reference = str(row["reference_answer"])
    said = boxed(response(row)) if kind == "bare_answer" else response(row)
    return bool(verify(parse(reference if kind == "as_is" else boxed(reference)), parse(said)))


def boxed(text: str) -> str:
    """Put a bare answer where every grader of mathematics looks for it."""
    return text if "\\boxed" in text or "$" in text else f"\\boxed{{{text}}}"


def last_number(row: Row) -> bool:
    """Compare the last number in the response, to the letter: verl's flexible rule for GSM8K."""
    numbers = [found for found in re.findall(r"-?[0-9.,]+", response(row)) if found not in ("", ".")]
    return bool(numbers) and numbers[-1] == str(row["reference_answer"])


def last_letter(row: Row) -> bool:
    """Extract the option as MMLU-Pro's own evaluation does, which labelled its set as well."""
    text = response(row)
    found = (
        re.search(r"answer is \(?([A-J])\)?", text)
        or re.search(r".*[aA]nswer:\s*([A-J])", text)
        or re.search(r"\b([A-J])\b(?!.*\b[A-J]\b)", text, re.DOTALL)
    )
    return found is not None and found[1] == str(row["reference_answer"]).strip("() ")


def same_text(row: Row) -> bool:
    """Compare the whole response, normalised as SQuAD does: exact match."""
    return any(normal(response(row)) == normal(accepted) for accepted in _accepted(row))


def holds_text(row: Row) -> bool:
    """Look for the accepted answer anywhere in the response, as a run of characters: verl's subEM."""
    return any(normal(accepted) in normal(response(row)) for accepted in _accepted(row))


def token_f1(least: float) -> Grader:
    """Return the rule that accepts a token F1 (SQuAD) of at least this."""

    def grade(row: Row) -> bool:
        return max(f1(response(row), accepted) for accepted in _accepted(row)) >= least

    return grade


def f1(said: str, accepted: str) -> float:
    """Return the harmonic mean of precision and recall over the words of two texts."""
    words, wanted = normal(said).split(), normal(accepted).split()
    common = (Counter(words) & Counter(wanted)).total()
    return 2 * common / (len(words) + len(wanted)) if common else 0.0


def normal(text: str) -> str:
    """Lower a text, and leave out punctuation, articles and double spaces."""
    kept = "".join(letter for letter in text.lower() if letter not in punctuation)
    return " ".join(re.sub(r"\b(a|an|the)\b", " ", kept).split())


def _accepted(row: Row) -> list[str]:
    reference = row["reference_answer"]
    return [str(one) for one in reference] if isinstance(reference, list) else [str(reference)]


def same_literal(row: Row) -> bool:
    """Read both sides as Python literals and compare."""
    return bool(ast.literal_eval(response(row).strip()) == ast.literal_eval(row["reference_answer"]))


def fits_schema(row: Row) -> bool:
    """Ask jsonschema, the library that ours asks too, about the whole response."""
    dialect = row["metadata"]["draft"].removeprefix("draft").replace("-", "")
    validator = getattr(jsonschema, f"Draft{dialect}Validator")
    return bool(validator(row["reference_answer"]).is_valid(json.loads(response(row))))


PEERS: dict[str, dict[str, Grader]] = {
    "math": {MATH_VERIFY: math_verify, "last number": last_number},
    "mcq": {"MMLU-Pro's extraction": last_letter},
    "exact": {"exact match": same_text},
    "qa": {
        "exact match": same_text,
        "held as text": holds_text,
        "token F1 >= 0.5": token_f1(0.5),
        "token F1 >= 0.3": token_f1(0.3),
    },
    "python_literal": {"literal_eval": same_literal},
    "json_schema": {"jsonschema": fits_schema},
}
"""The peers for each kind of task."""
