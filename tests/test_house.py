"""The house keeps its walls: who may import whom, what is loaded when, and how a plugin is added."""

import ast
import subprocess
import sys
from collections.abc import Iterator
from importlib.metadata import packages_distributions
from pathlib import Path

import pytest

from judges import JUDGES
from router.policy import load_policy
from router.policy.check import check
from verifiers import VERIFIERS

ROOT = Path(__file__).parents[1]
OURS = ("router", "verifiers", "judges")
FILES = sorted(path for name in OURS for path in (ROOT / name).rglob("*.py"))

GROUND = {"router.types", "router.errors", "router.expression", "router.response", "router.strangers"}
"""What everybody may import; it imports nothing of ours but itself."""

MAY_IMPORT = {
    "router.types": set[str](),
    "router.errors": set[str](),
    "router.expression": set[str](),
    "router.response": {"router.expression"},
    "router.strangers": set[str](),
    "router.wire": {"router.wire"} | GROUND,
    "verifiers": {"verifiers"} | GROUND,
    "judges.bedrock": {"judges.bedrock", "judges.base", "judges.dialect"} | GROUND,
    "judges.switchboard": {"judges.switchboard", "judges.base"} | GROUND,
    "judges": {"judges"} | GROUND,
    "router.s3": set[str]() | GROUND,
    "router.service": set[str]() | GROUND,
    "router.policy": {"router.policy", "router.s3", "verifiers", "judges"} | GROUND,
    "router.case": {"router.policy", "verifiers.base"} | GROUND,
    "router.telemetry": {"router.telemetry", "router.policy", "router.s3", "router.wire"} | GROUND,
    "router.pricing": {"router.case", "router.policy"} | GROUND,
    "router.observe": {"router.case", "router.policy", "router.telemetry", "verifiers.base"} | GROUND,
    "router.aside": {"router.case", "router.observe", "verifiers.base", "verifiers.sandbox"} | GROUND,
    "router.audit": {"router.case", "router.observe", "router.policy"} | GROUND,
    "router.route": {
        "router.aside",
        "router.audit",
        "router.case",
        "router.observe",
        "router.policy",
        "router.pricing",
    }
    | GROUND,
    "router.away": {"router.away", "router.policy", "router.service", "verifiers"} | GROUND,
    "router.code_function": {"router.away.letter", "router.telemetry", "verifiers.sandbox"} | GROUND,
    "router.cache": set[str]() | GROUND,
    "router.panel": {"router.policy"} | GROUND,
    "router.query": {"router.case", "router.policy", "judges"} | GROUND,
    "router.hearing": {"router.cache", "router.panel", "router.query", "judges"} | GROUND,
    "router.shared": {
        "router.shared",
        "router.cache",
        "router.service",
        "judges.switchboard",
    }
    | GROUND,
    "router.consult": {
        "router.cache",
        "router.case",
        "router.hearing",
        "router.put",
        "router.shared",
        "router.telemetry",
        "judges",
    }
    | GROUND,
}
"""The longest prefix that fits a module says what of ours it may import; others (the door) may import all."""

OWNERS = {
    "eld": {"verifiers.form.language"},
    "re2": {"verifiers.form.patterns", "verifiers.values.json_pattern"},
    "aioboto3": {"judges.bedrock", "router.service"},
    "boto3": {"router.commands.checks.account"},
    "botocore": {
        "judges.bedrock",
        "router.away.failures",
        "router.commands.checks",
        "router.s3",
        "router.service",
        "router.shared.table",
    },
    "tenacity": {"judges.switchboard"},
    "aiohttp": {"judges.bedrock"},
    "cachetools": {"router.cache"},
    "yaml": {"router.policy"},
    "pydantic": {"router.policy"},
    "asyncio": {
        "router.away.line",
        "router.cache",
        "router.consult",
        "router.hearing",
        "router.service",
        "router.shared",
        "judges.bedrock",
        "judges.switchboard",
    },
    "jsonschema": {"verifiers.values.json_schema", "verifiers.values.json_keywords"},
    "langdetect": {"verifiers.constraints"},
    "mpmath": {"verifiers.symbolic"},
    "pint": {"verifiers.symbolic.quantities"},
    "rapidfuzz": {"verifiers.form.overlap", "verifiers.similarity"},
    "sqlite3": {"verifiers.queries.cage", "verifiers.queries.copies", "verifiers.queries.database"},
    "tree_sitter": {"verifiers.sandbox.grammars"},
    "tqdm": {"router.commands"},
    "tabulate": {"router.commands"},
}
"""Heavy or foreign libraries, and the only rooms that may import them."""

BEHIND_WALLS = {"verifiers.sandbox.inside"}
"""Where a program is run: in a child that can reach nothing; see docs/sandbox.md."""


POLICIES = [ROOT / "config/policy.yaml", *sorted((ROOT / "examples/policies").glob("*.yaml"))]
USED = {
    verifier.name
    for path in POLICIES
    for rule in load_policy(path).rules
    for verify in (rule.gate, *(part.verify for part in rule.parts))
    for _, verifier in verify
}


def module_of(path: Path) -> str:
    return ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__")


def imports(path: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, "imports name the whole path"
            yield node.module or ""


def within(module: str, rooms: set[str]) -> bool:
    return any(module == room or module.startswith(f"{room}.") for room in rooms)


@pytest.mark.parametrize("path", FILES, ids=module_of)
def test_a_module_imports_only_what_its_room_may(path: Path) -> None:
    rooms = [room for room in MAY_IMPORT if within(module_of(path), {room})]
    if rooms:
        allowed = MAY_IMPORT[max(rooms, key=len)]
        stray = [name for name in imports(path) if name.split(".")[0] in OURS and not within(name, allowed)]
        assert stray == []


@pytest.mark.parametrize("path", FILES, ids=module_of)
def test_a_library_is_imported_only_by_its_owner(path: Path) -> None:
    stray = [
        name
        for name in imports(path)
        if name.split(".")[0] in OWNERS and not within(module_of(path), OWNERS[name.split(".")[0]])
    ]
    assert stray == []


@pytest.mark.parametrize("path", FILES, ids=module_of)
def test_nothing_that_a_model_wrote_could_be_evaluated(path: Path) -> None:
    calls = [
        node.func.id
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name)
    ]
    evaluating = {"eval", "exec", "compile", "sympify", "parse_expr"} & set(calls)
    assert not evaluating or module_of(path) in BEHIND_WALLS


@pytest.mark.parametrize("path", FILES, ids=module_of)
def test_a_module_opens_with_a_sentence(path: Path) -> None:
    assert ast.get_docstring(ast.parse(path.read_text(encoding="utf-8")))


def test_no_dependency_installs_a_package_with_one_of_our_names() -> None:
    ours = {path.name for path in ROOT.iterdir() if path.is_dir() and not path.name.startswith(".")}
    installed = packages_distributions()
    assert {name: installed[name] for name in ours & installed.keys()} == {}


def test_config_holds_no_code() -> None:
    assert list((ROOT / "config").rglob("*.py")) == []


@pytest.mark.parametrize("name", VERIFIERS)
def test_a_verifier_follows_the_recipe(name: str) -> None:
    module = sys.modules[VERIFIERS[name].__module__]
    assert VERIFIERS[name].name == name
    assert module.__name__ == f"verifiers.{name}"
    assert f"\n    {name!r}: ".replace("'", '"') in (ROOT / "verifiers/__init__.py").read_text(
        encoding="utf-8"
    )
    assert name in USED


@pytest.mark.parametrize("policy", POLICIES, ids=lambda path: path.name)
def test_every_policy_that_we_ship_is_sound(policy: Path) -> None:
    assert check(policy)["rules"]


@pytest.mark.parametrize("name", JUDGES)
def test_a_judge_follows_the_recipe(name: str) -> None:
    module = JUDGES[name].__module__
    assert JUDGES[name].name == name
    assert module == f"judges.{name}"
    prompt = (ROOT / "judges" / f"{name}.md").read_text(encoding="utf-8")
    assert "\n---\n" in prompt
    assert "{{response}}" in prompt


@pytest.mark.parametrize("registry", [VERIFIERS, JUDGES], ids=["verifiers", "judges"])
def test_a_registry_is_alphabetical(registry: dict[str, object]) -> None:
    assert list(registry) == sorted(registry)


def loaded_after(code: str) -> set[str]:
    """Return the top-level modules that a fresh interpreter has loaded after running `code`."""
    told = "\nimport sys; print(*{name.split('.')[0] for name in sys.modules})"
    run = subprocess.run(
        [sys.executable, "-c", code + told], cwd=ROOT, capture_output=True, text=True, check=True
    )
    return set(run.stdout.splitlines()[-1].split())


@pytest.mark.parametrize(
    "package",
    [
        "router.away.place",
        "router.code_function",
        "router.route",
        "router.wire",
        "verifiers",
        "router.policy.build",
    ],
)
def test_the_verified_path_loads_nothing_heavy(package: str) -> None:
    heavy = {
        "aioboto3",
        "boto3",
        "botocore",
        "tenacity",
        "pydantic",
        "yaml",
        "asyncio",
        "mpmath",
        "pint",
        "aiohttp",
    }
    assert loaded_after(f"import {package}") & heavy == set()


def test_the_offline_stand_in_loads_nothing_of_aws() -> None:
    loaded = loaded_after("from router.consult import line_to; line_to('offline')")
    assert loaded & {"aioboto3", "boto3", "botocore", "aiohttp"} == set()


def test_a_judged_sample_waits_for_no_pydantic() -> None:
    assert "pydantic" not in loaded_after("import router.consult, judges.bedrock")
