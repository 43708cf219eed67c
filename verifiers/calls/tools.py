"""
The tools that a sample offers: their parameters, defaults and types, in every usual spelling.

`{"name", "parameters"}` alone, or within `{"function": ...}` (OpenAI), `{"toolSpec": {"inputSchema":
{"json": ...}}}` (Bedrock), or with `input_schema`. Types may be JSON Schema's or those of BFCL, the
Berkeley function-calling benchmark ("dict", "float", "tuple", "any", and Java's and JavaScript's).
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

MISSING = object()
"""A parameter without a default."""

FOREIGN_TYPES = frozenset({
    "String", "Boolean", "Bigint", "HashMap", "Hashtable", "ArrayList", "Array", "Queue", "Stack", "Set",
    "long", "short", "byte", "char", "double", "any",
})  # fmt: skip
"""Types of Java and JavaScript, whose values are written in another syntax."""
FOREIGN_ENDS = ("is in Java 8 SDK syntax.", "is in JavaScript syntax.")
"""How BFCL's descriptions of such tools end."""


TEXT_TYPES = frozenset({"", "string", "str", "String", "char", "any", "Any"})


@dataclass(frozen=True, slots=True)
class Tool:
    """One tool as declared."""

    name: str
    parameters: Mapping[str, Mapping[str, object]] = field(default_factory=dict)
    required: frozenset[str] = frozenset()
    open: bool = False
    """Arguments may be given that it does not declare."""
    described_as_foreign: bool = False

    def kind(self, argument: str) -> str:
        """Return the type that an argument is declared with, as written; empty where it is not one name."""
        declared = self.parameters.get(argument, {}).get("type")
        return declared if isinstance(declared, str) else ""

    def item_kind(self, argument: str) -> str:
        """Return the type that the items of a list are declared with; empty where it is not one name."""
        items = self.parameters.get(argument, {}).get("items")
        declared = items.get("type") if isinstance(items, dict) else None
        return declared if isinstance(declared, str) else ""

    def is_text(self, argument: str) -> bool:
        """Say whether an argument may be a text, for all that is declared."""
        return self.kind(argument) in TEXT_TYPES

    def default(self, argument: str) -> object:
        """Return an argument's default, or MISSING."""
        return self.parameters.get(argument, {}).get("default", MISSING)

    def closed(self, argument: str) -> bool:
        """Say whether an argument's values are enumerated."""
        return "enum" in self.parameters.get(argument, {})

    @property
    def foreign(self) -> bool:
        """Whether it is declared in Java's or JavaScript's types, or as one of theirs."""
        return self.described_as_foreign or any(self.kind(one) in FOREIGN_TYPES for one in self.parameters)


def tools_of(declared: Iterable[object]) -> dict[str, Tool]:
    """Return the tools declared, by name; what declares none is left out."""
    return {tool.name: tool for one in declared if (tool := _tool(one))}


def _tool(declared: object) -> Tool | None:
    if not isinstance(declared, dict):
        return None
    for key in ("function", "toolSpec"):
        if isinstance(declared.get(key), dict):
            return _tool(declared[key])
    name = declared.get("name")
    schema = next(
        (declared[key] for key in ("parameters", "inputSchema", "input_schema") if key in declared), None
    )
    schema = schema if isinstance(schema, dict) else {"additionalProperties": True}
    schema = schema["json"] if isinstance(schema.get("json"), dict) else schema
    parameters = schema.get("properties")
    parameters = parameters if isinstance(parameters, dict) else {}
    required = schema.get("required")
    return (
        Tool(
            name,
            {key: value if isinstance(value, dict) else {} for key, value in parameters.items()},
            frozenset(one for one in required if isinstance(one, str))
            if isinstance(required, list)
            else frozenset(),
            schema.get("additionalProperties") not in (None, False),
            str(declared.get("description")).rstrip().endswith(FOREIGN_ENDS),
        )
        if isinstance(name, str)
        else None
    )


PREFIXES = ("functions.", "default_api.", "tools.")
"""Name spaces that trainers put before a tool's name."""


def spellings(name: str) -> set[str]:
    """Return how a tool's name may be written; several trainers allow no dot in it."""
    return {name, name.replace(".", "_"), *(f"{prefix}{name}" for prefix in PREFIXES)}
