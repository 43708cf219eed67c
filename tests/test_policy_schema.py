"""`config/policy.schema.json`: fresh, valid, and of one mind with `check`."""

import json
from collections.abc import Iterator
from pathlib import Path

from router.policy.schema import SCHEMA, in_json, policy_schema
from router.policy.source import load
from tests.policies import HEAD, REST, RICH, gallery
from tests.tools import ROOT, sam

VALIDATE = """
import json, sys
from jsonschema import Draft202012Validator
schema = json.load(open("config/policy.schema.json", encoding="utf-8"))
Draft202012Validator.check_schema(schema)
print(json.dumps([Draft202012Validator(schema).is_valid(value) for value in json.loads(sys.argv[1])]))
"""

ONLY_CHECK_SEES = (
    "a key must be text",
    "comes out empty",
    "has `parts`",
    "has no price",
    "is too large a number",
    "labels are invisible: name",
    "must ascend",
    "must lie in the range",
    "nothing can be audited here",
    "names neither",
    "no reference answer stands there",
    "not the number 300.0",  # a whole number to JSON Schema
    "only Python programs are run",
    "rules.0.judge.rubric.criteria: '",
    "the environment",
)
"""Mistakes that more than one place of a policy makes, or that are gone once YAML is JSON."""


def accepts(*values: object) -> list[bool]:
    """What an independent validator, the SAM CLI's, says about each value."""
    done = sam("python", "-W", "ignore", "-c", VALIDATE, json.dumps(values))
    assert done.returncode == 0, done.stderr
    return list(json.loads(done.stdout))


def loaded(folder: Path, text: str) -> object:
    """What YAML reads in this text."""
    path = folder / "policy.yaml"
    path.write_text(text, encoding="utf-8")
    return load(path).value


def test_the_schema_is_fresh() -> None:
    assert SCHEMA.read_text(encoding="utf-8") == in_json(), "run `python -m router.policy.schema`"


def test_the_shipped_policy_points_to_it() -> None:
    first = (ROOT / "config/policy.yaml").read_text(encoding="utf-8").splitlines()[0]
    assert first == f"# yaml-language-server: $schema={SCHEMA.name}"


def test_it_is_a_valid_schema_that_accepts_sound_policies(tmp_path: Path) -> None:
    assert policy_schema()["$schema"] == "https://json-schema.org/draft/2020-12/schema"
    assert accepts(load(ROOT / "config/policy.yaml").value, loaded(tmp_path, RICH)) == [True, True]


def test_it_refuses_every_mistake_that_one_place_shows(tmp_path: Path) -> None:
    policies = list(mistaken_policies())
    values = [loaded(tmp_path, text) for text, _ in policies]
    missed = [said for (_, said), fine in zip(policies, accepts(*values), strict=True) if fine]
    assert [said for said in missed if not any(words in said for words in ONLY_CHECK_SEES)] == []


def mistaken_policies() -> Iterator[tuple[str, str]]:
    """Every policy of the gallery, and what is said about it."""
    for rule, said in gallery("rule"):
        yield f"{HEAD}rules: [{rule}]", f"rules.0.{said}"
    for when, said in gallery("when"):
        yield f"{HEAD}rules:\n  - {{name: a, when: {{{when} , b: c}}, judge: reference}}\n{REST}", said
    for setting, said in gallery("setting"):
        yield f"{HEAD}rules: [{{name: a, judge: {{reference: {{{setting}}}}}}}]", said
    for section, said in gallery("top"):
        yield f"{HEAD}{section}\nrules:\n{REST}", said


def test_every_key_says_what_it_is() -> None:
    schema = policy_schema()
    silent = [
        f"{name}.{key}"
        for name, section in {"policy": schema, **schema["$defs"]}.items()
        for key, one in section.get("properties", {}).items()
        if "description" not in {**schema["$defs"].get(one.get("$ref", "").rpartition("/")[2], {}), **one}
    ]
    assert silent == []


def test_it_holds_none_of_the_generators_noise() -> None:
    text = in_json()
    assert text.count('"title"') == 1
    for noise in ('"default": null', '"default": []', '"default": {}', "\\n", "Section:", "pydantic"):
        assert noise not in text
