"""Sections of the grammar, made from the classes they configure: a field is an option, with its docstring."""

import ast
import inspect
import textwrap
from collections.abc import Collection, Mapping, Sequence
from dataclasses import MISSING, fields
from dataclasses import Field as DataclassField
from typing import Annotated, Any, Literal, Self, get_args, get_origin, get_type_hints

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, create_model, model_validator
from pydantic.fields import FieldInfo

from judges.base import Price
from judges.rubric import Criteria
from router.policy.phrases import shown

NAME = r"^[a-z][a-z0-9_]{0,40}$"

Name = Annotated[str, Field(pattern=NAME)]
Weight = Annotated[float, Field(gt=0, le=1e6)]
Share = Annotated[float, Field(ge=0, le=1)]


def _one(value: object) -> object:
    """Refuse anything but 1, true as well, which Python takes for it."""
    if type(value) is not int or value != 1:
        raise ValueError(f"must be 1, not {shown(value)}")
    return value


Version = Annotated[Literal[1], BeforeValidator(_one)]


def _key(field: str) -> str:
    """Return the key of a field: `json` for `json_`, because a model has methods of its own named so."""
    return field.removesuffix("_")


class Section(BaseModel):
    """A mapping of the policy: unknown keys are refused, and so is text where a number belongs."""

    model_config = ConfigDict(
        extra="forbid",
        strict=True,
        allow_inf_nan=False,
        use_attribute_docstrings=True,
        alias_generator=_key,
        serialize_by_alias=True,
    )

    @classmethod
    def known(cls) -> dict[str, FieldInfo]:
        """Return the fields by the key that each has in a policy."""
        return {_key(name): one for name, one in cls.model_fields.items()}


class OneOf(Section):
    """A name, `exact`, or a name with options, `{number: {relative_tolerance: 0.01}}`."""

    @model_validator(mode="before")
    @classmethod
    def _named(cls, value: object) -> object:
        if isinstance(value, str):
            return {value: {}}
        if not isinstance(value, dict):
            raise ValueError(f"must be a name, or a name with its options in a mapping, not {shown(value)}")  # noqa: TRY004 - pydantic makes a mistake of it
        return value

    @model_validator(mode="after")
    def _is_one(self) -> Self:
        if len(self.model_fields_set) != 1:
            raise ValueError(f"must name exactly one of {', '.join(self.known())}")
        return self

    @property
    def chosen(self) -> tuple[str, dict[str, Any]]:
        """Return the name and the options that are set."""
        [(name, options)] = self.model_dump(exclude_unset=True).items()
        return name, options


def one_of(title: str, sections: Mapping[str, type[Section]]) -> type[OneOf]:
    """Return the section that names exactly one of these."""
    keys: Any = {f"{name}_": (section, None) for name, section in sections.items()}
    doc = f"A {title.lower()}: its name, or its name with options."
    return create_model(title, __base__=OneOf, __doc__=doc, **keys)


def made(cls: type) -> type[Section]:
    """Return the base of a section that makes its class once, to hear what that says of its options."""

    class Made(Section):
        @model_validator(mode="after")
        def _make(self) -> Self:
            cls(**self.model_dump(exclude_unset=True))
            return self

    return Made


def section_of(
    cls: type,
    title: str,
    doc: str | None = None,
    *,
    base: type[Section] = Section,
    optional: Collection[str] = (),
) -> type[Section]:
    """
    Return the section whose keys are the fields of a frozen dataclass.

    The `metadata` of a field holds its bounds in pydantic's words, `{"ge": 0, "le": 1}`; in that form they
    cost the class no import.
    """
    hints = get_type_hints(cls)
    docs = field_docs(cls)
    keys: Any = {}
    for one in fields(cls):
        if hints[one.name] is not Price:  # which stands in prices.yaml
            default = {"default": None} if one.name in optional else _default(one)
            field = Field(description=docs.get(one.name), **default, **one.metadata)
            keys[f"{one.name}_"] = (_as_written(hints[one.name]), field)
    return create_model(title, __base__=base, __doc__=doc or inspect.getdoc(cls), **keys)


def _default(option: DataclassField[Any]) -> dict[str, Any]:
    given = {"default": option.default, "default_factory": option.default_factory}
    return {name: default for name, default in given.items() if default is not MISSING}


def _as_written(hint: Any) -> Any:
    """Return the type of an option as the policy writes it: a rubric by its name, a sequence as a list."""
    if hint is Criteria:
        return str
    if get_origin(hint) in (Sequence, tuple):
        return Annotated[list[get_args(hint)[0]], Field(min_length=1)]  # type: ignore[misc]
    return hint


def field_docs(cls: type) -> dict[str, str]:
    """Return the docstring under each field of a class."""
    tree = ast.parse(textwrap.dedent(inspect.getsource(cls)))
    [definition] = tree.body
    assert isinstance(definition, ast.ClassDef)  # noqa: S101 - the source of a class is a class
    docs = {}
    for statement, below in zip(definition.body, definition.body[1:], strict=False):
        match statement, below:
            case ast.AnnAssign(target=ast.Name(id=name)), ast.Expr(value=ast.Constant(value=str(text))):
                docs[name] = inspect.cleandoc(text)
    return docs
