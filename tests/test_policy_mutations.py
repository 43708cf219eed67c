"""Whatever is done to a sound policy: it is sound still, or every mistake is told at its place."""

import re
from collections.abc import Iterator
from copy import deepcopy
from functools import reduce
from operator import getitem
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from router.errors import PolicyError
from router.policy.check import check
from router.policy.phrases import dotted
from router.policy.words import in_words
from tests.policies import RICH

SOUND: dict[str, Any] = yaml.safe_load(RICH)
SOUND["judge"] |= {
    "hedge": 0.1,
    "panel": {"models": [SOUND["judge"]["model"], "amazon.nova-pro-v1:0"]},
}
SOUND["prices"] = {
    "amazon.nova-lite-v1:0": {"input": 1, "output": 2},
    "amazon.nova-pro-v1:0": {"input": 1, "output": 2},
}
SOUND["prices"]["amazon.nova-micro-v1:0"] = {"input": 0, "output": 0.5}
SOUND["rubrics"] = {
    name: {
        "version": 1,
        "about": "a",
        "criteria": [{"name": "c", "question": "q", "scale": {0: "bad", 1: "good"}}],
    }
    for name in ("support_tone", "helpfulness")
}
SOUND["rules"][1]["when"] |= {"level": [1, True, {"like": "x-*"}]}

LINE = re.compile(r"\S+/policy\.yaml:[1-9]\d*:[1-9]\d*: [^\n]+")
"""A mistake; no other file is named, because the packaged rubrics and prices are sound."""

JARGON = re.compile(r"Input should|NoneType|\b(?:dict|str|int|bool|pydantic|Traceback)\b")


def ways(tree: object, here: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """The way to every value inside a tree."""
    steps = tree.items() if isinstance(tree, dict) else enumerate(tree) if isinstance(tree, list) else ()
    for step, value in steps:
        yield (*here, step)
        yield from ways(value, (*here, step))


WORDS = sorted({step for way in ways(SOUND) for step in way if isinstance(step, str)})
SCALARS = (
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8) | st.sampled_from(WORDS)
)
VALUES = st.recursive(
    SCALARS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(SCALARS, inner, max_size=3),
    max_leaves=6,
)


@st.composite
def mutated(draw: st.DrawFn) -> Any:
    """The sound policy with one to three values deleted, replaced or inserted."""
    tree = deepcopy(SOUND)
    for _ in range(draw(st.integers(1, 3))):
        mutate(tree, draw)
    return tree


def mutate(tree: Any, draw: st.DrawFn) -> None:
    """Delete, replace or insert one value."""
    choices = list(ways(tree))
    if not choices:
        return
    *way, last = draw(st.sampled_from(choices))
    for step in way:
        tree = tree[step]
    match draw(st.sampled_from(["delete", "replace", "insert"])):
        case "delete":
            del tree[last]
        case "replace":
            tree[last] = draw(VALUES)
        case _ if isinstance(tree, list):
            tree.insert(last, draw(VALUES))
        case _:
            tree[draw(SCALARS)] = draw(VALUES)


@pytest.fixture(scope="module")
def path(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("mutations") / "policy.yaml"


def test_of_what_rests_on_a_mistake_nothing_is_said(path: Path) -> None:
    path.write_text(yaml.safe_dump(SOUND), encoding="utf-8")
    check(path)
    for *way, last in ways(SOUND):
        if way or last != "rubrics":  # whose names are gone with it
            tree = deepcopy(SOUND)
            spot = reduce(getitem, way, tree)
            spot[last] = {"?": [[]]}
            path.write_text(yaml.safe_dump(tree, allow_unicode=True), encoding="utf-8")
            with pytest.raises(PolicyError) as caught:
                check(path)
            told = [f"{line.split(': ')[1]}." for line in caught.value.mistakes]
            here = f"{dotted((*way, last))}."
            assert [one for one in told if not (one.startswith(here) or here.startswith(one))] == [], here


@settings(max_examples=500, deadline=None)
@given(tree=mutated())
def test_a_mutated_policy_is_sound_or_told_what_is_wrong(path: Path, tree: Any) -> None:
    path.write_text(yaml.safe_dump(tree, allow_unicode=True), encoding="utf-8")
    told = []
    try:
        in_words("it", check(path))
    except PolicyError as error:
        told = error.mistakes or ["nothing is told"]
    assert [line for line in told if not LINE.fullmatch(line)] == []
    assert [line for line in told if JARGON.search(line.partition(": ")[2])] == []
