"""The key of a verdict: whatever could change the verdict changes it, and nothing else does."""

from dataclasses import fields, replace
from typing import Any

import pytest

from judges import dialect, reference
from judges.base import Judge, Price, Quota, Seat, Settings
from judges.reference import Reference
from judges.rubric import Criteria, Criterion, Rubric
from router import query
from router.query import Query
from router.types import Message, Sample
from tests.fakes import sample

SETTINGS = Settings(model="nova", price=Price(1.0, 2.0))
SAMPLE = sample("4", "four", prompt="2+2?")

MATTERS: dict[str, list[object]] = {
    "model": ["another", "us.nova"],
    "max_tokens": [400],
    "temperature": [0.5, None],
    "reply": ["schema", "text"],
}
DOES_NOT_MATTER: dict[str, list[object]] = {
    "price": [Price(3.0, 4.0)],
    "region": ["eu-west-1"],
    "max_input_tokens": [5000],
    "timeout_seconds": [1.0],
    "service_tier": ["default", "flex", "priority"],
}


def key(
    settings: Settings = SETTINGS, asked: Sample = SAMPLE, judge: Judge | None = None, **seat: Any
) -> str:
    """The key of a question to one model."""
    at = Seat(settings, **seat)
    return Query(judge or Reference(), asked, "all", (at,), (), None).key(at)


def changed(changes: dict[str, list[object]]) -> list[Settings]:
    return [replace(SETTINGS, **{name: value}) for name, values in changes.items() for value in values]  # type: ignore[arg-type]


def test_every_setting_matters_or_does_not() -> None:
    assert {one.name for one in fields(Settings)} == MATTERS.keys() | DOES_NOT_MATTER.keys()


@pytest.mark.parametrize("settings", changed(MATTERS))
def test_a_setting_that_the_model_hears_of_changes_the_key(settings: Settings) -> None:
    assert key(settings) != key()


@pytest.mark.parametrize("settings", changed(DOES_NOT_MATTER))
def test_where_how_fast_and_for_how_much_a_model_is_asked_does_not(settings: Settings) -> None:
    assert key(settings) == key()


def test_what_is_done_with_a_verdict_afterwards_does_not() -> None:
    assert key(quota=Quota(1.0), hedge=0.5, scores=(0.1, 0.9)) == key()


@pytest.mark.parametrize(
    "change",
    [
        {"prompt": (Message("user", "2+3?"),)},
        {"prompt": (Message("system", "2+2?"),)},
        {"response": "5"},
        {"reference": "five"},
        {"reference": ["four"]},
        {"calls": ({"name": "add"},)},
        {"unread": ("image",)},
    ],
)
def test_what_the_judge_reads_changes_the_key(change: dict[str, Any]) -> None:
    assert key(asked=replace(SAMPLE, **change)) != key()


@pytest.mark.parametrize("change", [{"response": "4 \n"}, {"prompt": (Message("user", "2+2? \t"),)}])
def test_blanks_that_nobody_sees_do_not(change: dict[str, Any]) -> None:
    assert key(asked=replace(SAMPLE, **change)) == key()


def test_what_the_judge_does_not_read_does_not() -> None:
    assert key(asked=replace(SAMPLE, id="b", fields={"task": "x"}, row={"a": 1}, flags=("b",))) == key()


SCALE = ((0, "bad"), (1, "good"))
RUBRIC = Criteria("mine", "about", (Criterion("tone", "is it kind?", 1.0, SCALE),))


@pytest.mark.parametrize(
    "judge",
    [
        Reference(confidence=0.9),
        Rubric(RUBRIC),
        Rubric(replace(RUBRIC, about="another")),
        Rubric(replace(RUBRIC, pass_at=0.5)),
        Rubric(replace(RUBRIC, criteria=(replace(RUBRIC.criteria[0], question="is it short?"),))),
        Rubric(replace(RUBRIC, criteria=(replace(RUBRIC.criteria[0], weight=2.0),))),
        Rubric(replace(RUBRIC, criteria=(replace(RUBRIC.criteria[0], scale=((0, "bad"), (1, "fine"))),))),
    ],
)
def test_each_judge_rubric_and_option_has_a_key_of_its_own(judge: Judge) -> None:
    others = [Reference(), Rubric(RUBRIC)]
    assert all(key(judge=judge) != key(judge=other) for other in others if other != judge)


@pytest.mark.parametrize(
    ("module", "words", "reply"),
    [
        (reference, "SYSTEM", "tool"),
        (reference, "PROMPT", "tool"),
        (dialect, "TOOL", "tool"),
        (dialect, "TOOL_DESCRIPTION", "tool"),
        (dialect, "TOOL", "schema"),
        (dialect, "ASK_FOR_JSON", "text"),
        (query, "AGAIN", "tool"),
    ],
)
def test_all_that_we_say_ourselves_changes_the_key(
    module: Any, words: str, reply: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings = replace(SETTINGS, reply=reply)
    before = key(settings)
    monkeypatch.setattr(module, words, f"{getattr(module, words)} please")
    assert key(settings) != before


def test_a_lone_surrogate_has_a_key() -> None:
    assert key(asked=replace(SAMPLE, response="\ud800"))
