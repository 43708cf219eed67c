"""The JSON that a response commits to, against a schema or field by field; what is special to `json`."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

import verifiers.json as module
from router.types import Finding, Sample, Verdict
from tests.manuals import Example, examples
from verifiers.json import CONFIDENCE, Json

MANUAL = examples(module.__doc__ or "")


def found(
    response: str, reference: object, fields: dict[str, object] | None = None, **options: Any
) -> Finding:
    return Json(**options).verify(Sample("a", (), response, reference, fields or {}))


def score(answer: object, reference: object, **options: Any) -> float:
    finding = found(json.dumps(answer), reference, **options)
    assert isinstance(finding, Verdict)
    return finding.score


@pytest.mark.parametrize("example", MANUAL, ids=lambda example: example.line)
def test_an_example_in_the_manual_holds(example: Example) -> None:
    assert example.holds(Json)


def test_the_file_does_not_hide_the_standard_library() -> None:
    code = "import verifiers.json, json; print(json.dumps({'a': 1}), verifiers.values.json_text.json is json)"
    run = subprocess.run(
        [sys.executable, "-c", code],
        capture_output=True,
        text=True,
        check=True,
        cwd=Path(__file__).parents[1],
    )
    assert run.stdout.split() == ['{"a":', "1}", "True"]
    as_main = [sys.executable, "-m", "verifiers.json"]
    assert subprocess.run(as_main, check=True, cwd=Path(__file__).parents[1]).returncode == 0


def test_importing_it_loads_no_library() -> None:
    code = (
        "import verifiers.json, sys; print({'jsonschema', 'referencing', 're2', 'attrs'} & set(sys.modules))"
    )
    run = subprocess.run(
        [sys.executable, "-c", code],
        capture_output=True,
        text=True,
        check=True,
        cwd=Path(__file__).parents[1],
    )
    assert run.stdout.strip() == "set()"


# --- options, and the table of confidences -------------------------------------------------------------


@pytest.mark.parametrize(
    ("options", "told"),
    [
        ({"schema": {"type": "integer"}, "ignore": ["a"]}, "write no schema"),
        ({"weights": {"a": -1}}, "write 0"),
        ({"weights": {"a": float("nan")}}, "write 0"),
    ],
)
def test_a_mistake_in_the_options_says_what_to_write(options: dict[str, Any], told: str) -> None:
    with pytest.raises(ValueError, match=told):
        Json(**options)


def test_every_situation_is_reached() -> None:
    aimed: list[tuple[str, object, dict[str, Any]]] = [
        ("1", {"type": "integer"}, {"check": "schema"}),
        ("[1]!", {}, {"check": "schema"}),
        ("1", False, {"check": "schema"}),
        ("[1]!", False, {"check": "schema"}),
        ("[1]!", [1], {"where": "alone"}),
        ("1", 1, {}),
        ("[1]!", [1], {}),
        ("[1, 2]", [1, 3], {}),
        ('[1, "a"]', [1, "b"], {}),
        ("[1, 2]", [1, 3], {"partial_credit": False}),
        ('[1, "a"]', [1, "b"], {"partial_credit": False}),
        ("1", 2, {}),
        ('"a"', "b", {}),
        ("[1,", [1], {}),
        ("one", [1], {}),
        ("", [1], {}),
    ]
    findings = [found(response, reference, **options) for response, reference, options in aimed]
    reached = {finding.reason.partition(" (")[0] for finding in findings}
    assert reached == set(CONFIDENCE)


@pytest.mark.parametrize(
    "response",
    [
        '<!-- {"a": 1} -->', '~~{"a": 1}~~', '<span hidden>{"a": 1}</span>', '// {"a": 1}', '/* {"a": 1} */',
        'Maybe {"a": 1}', 'It could be {"a": 1}', 'I refuse. {"a": 1}', '{"a": 1} (incorrect)',
        '{"a": 1}\nActually a is 2.', '{"a": 1}\nI made that up.', '<!-- {"a": 1} --> {"a": 2}',
    ],
)  # fmt: skip
def test_what_is_not_said_or_doubted_is_not_paid(response: str) -> None:
    finding = Json().verify(Sample("a", (), response, {"a": 1}))
    assert not (isinstance(finding, Verdict) and finding.score)


@pytest.mark.parametrize(
    "response",
    ['<!-- {"a": 2} --> {"a": 1}', '~~{"a": 2}~~ {"a": 1}', '# The answer\n{"a": 1}', '{"a": 1} ~~or~~'],
)
def test_what_is_said_beside_it_is_paid(response: str) -> None:
    finding = Json().verify(Sample("a", (), response, {"a": 1}))
    assert isinstance(finding, Verdict)
    assert (finding.score, finding.confidence) == (1, 0.97)


def test_comments_inside_a_text_are_a_part_of_it() -> None:
    finding = Json().verify(Sample("a", (), 'Here: {"a": "<!-- x --> ~~y~~"}', {"a": "<!-- x --> ~~y~~"}))
    assert isinstance(finding, Verdict)
    assert finding.score == 1
