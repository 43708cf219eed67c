"""
The grammar as a JSON Schema, for editors: `python -m router.policy.schema` writes it beside the policy.

What needs more than one place of the policy to be seen (an unreachable rule, a model without a price,
a rubric that does not exist) is `check`'s business.
"""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any, cast

from judges import JUDGES
from router.policy.grammar import PolicyFile, VerifierChoice
from router.policy.judge_sections import JudgeChoice, JudgeDefaults

SCHEMA = Path(__file__).parents[2] / "config" / "policy.schema.json"

BY_NAME = ("properties", "patternProperties", "$defs")
"""Where a schema holds others under names of ours; `title` is a name there, and noise elsewhere."""


def policy_schema() -> dict[str, Any]:
    """Return the schema of `config/policy.yaml`, draft 2020-12."""
    tidied = cast(dict[str, Any], _tidied(PolicyFile.model_json_schema()))
    definitions = tidied.pop("$defs")
    for name in JUDGES:
        _without_defaults(definitions[f"{name}_judge"]["properties"])
    for choice in (VerifierChoice, JudgeChoice):
        definitions[choice.__name__] = _name_or_mapping(definitions[choice.__name__], definitions)
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "Routing policy",
        **tidied,
        "$defs": definitions,
    }


def in_json() -> str:
    """Return the schema as its file holds it."""
    return json.dumps(policy_schema(), indent=2, ensure_ascii=False) + "\n"


def _without_defaults(settings: dict[str, dict[str, Any]]) -> None:
    """Say no default of a judge's settings: it is what stands under `judge:` at the top."""
    for name in JudgeDefaults.known():
        settings[name].pop("default", None)


def _name_or_mapping(section: Mapping[str, Any], definitions: Mapping[str, Any]) -> dict[str, Any]:
    """Offer each name that needs no options by itself, with what it does, and all of them with options."""
    inside = {
        name: definitions[one["$ref"].rpartition("/")[2]] for name, one in section["properties"].items()
    }
    names = [
        {"const": name, "description": one["description"]}
        for name, one in inside.items()
        if "required" not in one
    ]
    return {
        "description": section["description"],
        "anyOf": [
            *names,
            {**section, "description": "With options.", "minProperties": 1, "maxProperties": 1},
        ],
    }


def _tidied(node: Any) -> Any:
    """Take out what no editor should show: made-up titles, empty defaults, line breaks, `number or null`."""
    if isinstance(node, list):
        return [_tidied(one) for one in node]
    if isinstance(node, float) and node.is_integer():
        return int(node)
    if not isinstance(node, dict):
        return node
    tidied: dict[str, Any] = {}
    for key, value in node.items():
        if key in BY_NAME:
            tidied[key] = {name: _tidied(one) for name, one in value.items()}
        elif key == "description":
            tidied[key] = " ".join(value.partition("\n\n")[0].split())
        elif key == "default":
            if value is not None and not isinstance(value, dict) and value != []:
                tidied[key] = _tidied(value)
        elif key != "title":
            tidied[key] = _tidied(value)
    if "patternProperties" in tidied:
        tidied["additionalProperties"] = False
    return _with_null_inside(tidied)


def _with_null_inside(node: dict[str, Any]) -> dict[str, Any]:
    """Write `a number or null` as one type instead of two schemas."""
    match node:
        case {"anyOf": [{"type": str(kind)} as one, {"type": "null"}], **others}:
            choices = {"enum": [*one["enum"], None]} if "enum" in one else {}
            return {**others, **one, **choices, "type": [kind, "null"]}
    return node


if __name__ == "__main__":
    SCHEMA.write_text(in_json(), encoding="utf-8")
