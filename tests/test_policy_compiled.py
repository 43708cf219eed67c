"""The checked policy that an artifact carries: quick to load, and never in the way of an edit."""

import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from router.errors import PolicyError
from router.policy.build import build
from router.policy.check import check
from router.policy.compiled import COMPILED, read_compiled, write_compiled
from tests.tools import ROOT


@pytest.fixture
def config(tmp_path: Path) -> Path:
    """A copy of `config` with its policy compiled."""
    folder = tmp_path / "config"
    shutil.copytree(ROOT / "config", folder)
    write_compiled(folder)
    return folder


def run(folder: Path, *arguments: str, **environment: str) -> "subprocess.CompletedProcess[str]":
    return subprocess.run(
        [sys.executable, *arguments],
        cwd=folder,
        env=os.environ | environment,
        capture_output=True,
        text=True,
        check=False,
    )


def test_a_compiled_policy_is_the_same_policy(config: Path) -> None:
    compiled = read_compiled(config)
    assert compiled
    assert build(compiled) == build(check(config / "policy.yaml"))


def append(name: str) -> Callable[[Path], object]:
    def edit(config: Path) -> None:
        path = config / name
        path.write_text(path.read_text(encoding="utf-8") + "\n# edited\n", encoding="utf-8")

    return edit


@pytest.mark.parametrize(
    "edit",
    [
        append("policy.yaml"),
        append("prices.yaml"),
        append("rubrics/refusal.yaml"),
        lambda config: (config / "rubrics/refusal.yaml").unlink(),
        lambda config: (config / "rubrics/refusal.yaml").rename(config / "rubrics/refuse.yaml"),
        lambda config: (config / "rubrics/new.yaml").write_text("", encoding="utf-8"),
        lambda config: (config / "prices.yaml").unlink(),
        lambda config: (config / COMPILED).unlink(),
        lambda config: (config / COMPILED).write_text("", encoding="utf-8"),
        lambda config: (config / COMPILED).write_text("[]", encoding="utf-8"),
        lambda config: (config / COMPILED).write_text("{}", encoding="utf-8"),
        lambda config: (config / COMPILED).write_bytes((config / COMPILED).read_bytes()[:-9]),
    ],
)
def test_a_compiled_policy_never_hides_an_edit(config: Path, edit: Callable[[Path], object]) -> None:
    edit(config)
    assert read_compiled(config) is None


def test_a_compiled_policy_still_asks_the_environment_for_its_model(
    config: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    compiled = read_compiled(config)
    assert compiled
    monkeypatch.setenv("JUDGE_MODEL_ID", "eu.amazon.nova-pro-v1:0")
    judge = build(compiled).rules[0].parts[0].judge
    assert judge
    assert (judge.models[0].settings["model"], judge.models[0].price) == (
        "eu.amazon.nova-pro-v1:0",
        (0.8, 3.2),
    )


def test_a_model_without_a_price_in_the_environment_is_refused_at_the_start(
    config: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    compiled = read_compiled(config)
    assert compiled
    monkeypatch.setenv("JUDGE_MODEL_ID", "amazon.nova-unheard-of")
    with pytest.raises(PolicyError, match="nova-unheard-of' has no price: add it to prices"):
        build(compiled)


@pytest.fixture
def artifact(tmp_path: Path) -> Path:
    """What runs, copied as the artifact holds it, its policy compiled by the command that does it there."""
    for name in ("router", "verifiers", "judges", "config"):
        shutil.copytree(ROOT / name, tmp_path / name, ignore=shutil.ignore_patterns("__pycache__"))
    made = run(tmp_path, "-W", "error", "-m", "router.policy.compiled", "config")
    assert (made.returncode, made.stdout, made.stderr) == (0, "", "")
    return tmp_path


LOADED = "print(*sorted({name.split('.')[0] for name in sys.modules}))"


def test_a_compiled_policy_loads_neither_yaml_nor_pydantic_nor_a_judge(artifact: Path) -> None:
    code = f"import sys; from router.policy import load_policy; assert load_policy().rules; {LOADED}"
    loaded = run(artifact, "-c", code).stdout.split()
    assert "router" in loaded
    assert {"yaml", "pydantic", "annotated_types", "judges", "asyncio", "difflib"}.isdisjoint(loaded)


def test_an_edited_policy_is_read_although_a_compiled_one_lies_beside_it(artifact: Path) -> None:
    append("config/policy.yaml")(artifact)
    code = f"import sys; from router.policy import load_policy; assert load_policy().rules; {LOADED}"
    assert "yaml" in run(artifact, "-c", code).stdout.split()


def test_a_policy_with_mistakes_is_not_compiled(artifact: Path) -> None:
    (artifact / "config" / COMPILED).unlink()
    (artifact / "config/policy.yaml").write_text("version: 2\nrules: 5\n", encoding="utf-8")
    made = run(artifact, "-m", "router.policy.compiled", "config")
    assert made.returncode == 1
    assert made.stderr.splitlines() == [
        "config/policy.yaml:1:1: version: must be 1, not the number 2",
        "config/policy.yaml:2:1: rules: must be a list, not the number 5",
    ]
    assert not (artifact / "config" / COMPILED).exists()


def test_compiling_nothing_says_how(artifact: Path) -> None:
    made = run(artifact, "-m", "router.policy.compiled")
    assert (made.returncode, made.stderr) == (1, "usage: python -m router.policy.compiled FOLDER\n")
