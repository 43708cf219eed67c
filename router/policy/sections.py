"""Sections of the grammar made from the classes they configure: a field is an option, with its docstring."""

import ast
import inspect
import textwrap
from collections.abc import Collection, Mapping
from dataclasses import MISSING, fields
from typing import Any, Self, get_type_hints

from pydantic import BaseModel, ConfigDict, Field, create_model, model_validator

from judges.rubric import Criteria


class Section(BaseModel):
    """A mapping of the policy: unknown keys are refused, and so is text where a number belongs."""

    model_config = ConfigDict(extra="forbid", strict=True, use_attribute_docstrings=True)


class OneOf(Section):
    """A name, `exact`, or a name with options, `{number: {relative_tolerance: 0.01}}`."""

    @model_validator(mode="before")
    @classmethod
    def _named(cls, value: object) -> object:
        if isinstance(value, str):
            return {value: {}}
        if isinstance(value, dict):
            return {name: {} if options is None else options for name, options in value.items()}
        return value

    @model_validator(mode="after")
    def _is_one(self) -> Self:
        if len(self.model_fields_set) != 1:
            raise ValueError(f"name exactly one of {', '.join(type(self).model_fields)}")
        return self

    @property
    def chosen(self) -> tuple[str, dict[str, Any]]:
        """Return the name and the options that are set."""
        [name] = self.model_fields_set
        section: Section = getattr(self, name)
        return name, section.model_dump(exclude_unset=True)


def one_of(title: str, sections: Mapping[str, type[Section]]) -> type[OneOf]:
    """Return the section that names exactly one of these."""
    chosen: Any = {name: (section | None, None) for name, section in sections.items()}
    made: type[OneOf] = create_model(title, __base__=OneOf, **chosen)
    made.model_config["json_schema_extra"] = _also_as_a_name
    return made


def _also_as_a_name(schema: dict[str, Any]) -> None:
    mapping = {"type": "object", "properties": schema["properties"], "additionalProperties": False}
    names = list(schema["properties"])
    for name in names:
        mapping["properties"][name] = mapping["properties"][name]["anyOf"][0]
    schema.clear()
    schema["anyOf"] = [{"enum": names}, {**mapping, "minProperties": 1, "maxProperties": 1}]


def section_of(cls: type, *, base: type[Section] = Section, leave_out: Collection[str] = ()) -> type[Section]:
    """Return the section whose keys are the fields of a frozen dataclass."""
    hints = get_type_hints(cls, include_extras=True)
    docs = field_docs(cls)
    keys: Any = {
        one.name: (
            str if hints[one.name] is Criteria else hints[one.name],
            Field(... if one.default is MISSING else one.default, description=docs.get(one.name)),
        )
        for one in fields(cls)
        if one.name not in leave_out
    }
    return create_model(cls.__name__, __base__=base, __doc__=inspect.getdoc(cls), **keys)


def field_docs(cls: type) -> dict[str, str]:
    """Return the docstring under each field of a class."""
    tree = ast.parse(textwrap.dedent(inspect.getsource(cls)))
    [definition] = tree.body
    assert isinstance(definition, ast.ClassDef)  # noqa: S101 - the source of a class is a class
    docs = {}
    for statement, below in zip(definition.body, definition.body[1:], strict=False):
        if isinstance(statement, ast.AnnAssign) and isinstance(statement.target, ast.Name):
            match below:
                case ast.Expr(value=ast.Constant(value=str(text))):
                    docs[statement.target.id] = inspect.cleandoc(text)
    return docs
