"""Sections made of the classes they configure: fields, their docstrings, their bounds."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import pytest
from pydantic import ValidationError

from router.policy.sections import one_of, section_of


@dataclass(frozen=True)
class Json:
    """A class whose name and options pydantic's models have methods for."""

    schema: str
    """What it must look like."""
    copy: Sequence[str] = ("a",)
    depth: int = field(default=3, metadata={"ge": 1})
    """How deep it may be."""
    extra: dict[str, str] = field(default_factory=dict)


SECTION = section_of(Json, "json_verifier")
CHOICE = one_of("Verifier", {"json": SECTION})


def refused(value: object) -> list[tuple[Any, ...]]:
    with pytest.raises(ValidationError) as caught:
        SECTION.model_validate(value)
    return [(*error["loc"], error["type"]) for error in caught.value.errors()]


def test_a_field_is_a_key_whatever_pydantic_calls_its_methods() -> None:
    assert list(SECTION.known()) == ["schema", "copy", "depth", "extra"]
    assert CHOICE.model_validate({"json": {"schema": "x"}}).chosen == ("json", {"schema": "x"})


def test_the_name_in_the_code_is_no_key() -> None:
    assert refused({"schema": "x", "depth_": 4}) == [("depth_", "extra_forbidden")]


def test_the_docstring_under_a_field_is_its_description() -> None:
    assert [one.description for one in SECTION.known().values()] == [
        "What it must look like.",
        None,
        "How deep it may be.",
        None,
    ]


def test_bounds_come_from_the_metadata_of_a_field() -> None:
    assert refused({"schema": "x", "depth": 0}) == [("depth", "greater_than_equal")]


def test_a_sequence_is_written_as_a_list_and_never_empty() -> None:
    assert refused({"schema": "x", "copy": []}) == [("copy", "too_short")]
    assert refused({"schema": "x", "copy": "ab"}) == [("copy", "list_type")]


def test_what_has_no_default_must_be_written() -> None:
    assert refused({}) == [("schema", "missing")]


def test_only_what_is_written_reaches_the_class() -> None:
    [(_, options)] = [CHOICE.model_validate({"json": {"schema": "x", "copy": ["b"]}}).chosen]
    assert Json(**options) == Json("x", ["b"], 3, {})
