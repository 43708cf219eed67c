"""A rule's `when`: what may stand there."""

from collections.abc import Callable, Mapping
from typing import Any

from router.policy.phrases import shown, unknown

HAS = ("reference", "system", "tools")

LABELS = frozenset({"label", "label_detail"})
STRUCTURE = frozenset(
    {"id", "messages", "metadata", "tools", "reference_answer", "reward_model", "ground_truth"}
)
"""What rules cannot see of a row, beside its labels."""

Mistake = Callable[[tuple[str | int, ...], str], None]

Condition = dict[str, Any]
"""`{"fields": [[field, [value or {"like": glob}, ...]], ...], "has": [...]}`, plain JSON."""


def read_when(when: Mapping[str, Any], mistake: Mistake) -> Condition:
    """Return the condition that a `when` states; report what is wrong with it, at its path in the `when`."""
    for field in when:
        if field in LABELS:
            mistake((field,), "labels are invisible to rules: choose another field")
        elif field in STRUCTURE:
            mistake((field,), "is no field that rules see: choose another, or say what the row `has`")
        elif "." in field:
            mistake((field,), "no nested paths: put the value into a field of its own in `metadata`")
    return {
        "fields": [
            [field, _values(field, wanted, mistake)] for field, wanted in when.items() if field != "has"
        ],
        "has": _values("has", when["has"], mistake) if "has" in when else [],
    }


def _values(field: str, wanted: object, mistake: Mistake) -> list[Any]:
    """Return what a field may be as a list; report what it may not, and leave that out."""
    if wanted == []:
        mistake((field,), "an empty list asks for nothing: name a value, or leave the field out")
    values = []
    for place, value in enumerate(wanted if isinstance(wanted, list) else [wanted]):
        if wrong := _wrong_with(field, value):
            mistake((field, place) if isinstance(wanted, list) else (field,), wrong)
        else:
            values.append(value)
    return values


def _wrong_with(field: str, value: object) -> str | None:
    if field == "has":
        return None if value in HAS else unknown(value, HAS)
    if isinstance(value, dict):
        glob = list(value) == ["like"] and isinstance(value["like"], str)
        return None if glob else "a mapping here is a glob, such as {like: math-*}"
    if isinstance(value, str | int | float):
        return None
    return f"must be text, a number, true or false, a glob, or a list of these, not {shown(value)}"


_VALUE = {
    "anyOf": [
        {"type": ["string", "number", "boolean"]},
        {
            "type": "object",
            "properties": {"like": {"description": "A glob that the whole text fits.", "type": "string"}},
            "required": ["like"],
            "additionalProperties": False,
        },
    ]
}

WHEN = {
    "type": "object",
    "properties": {
        "has": {
            "description": "What must be there: a reference answer, a system message, tools; of a list, all.",
            "anyOf": [{"enum": HAS}, {"type": "array", "items": {"enum": HAS}, "minItems": 1}],
        }
    },
    "propertyNames": {"pattern": r"^[^.]*$", "not": {"enum": sorted(LABELS | STRUCTURE)}},
    "additionalProperties": {
        "description": "A field of metadata or row, and what it must be: a value or a glob; of a list, any.",
        "anyOf": [*_VALUE["anyOf"], {"type": "array", "items": _VALUE, "minItems": 1}],
    },
}
"""The same as a JSON Schema, for the editor."""
