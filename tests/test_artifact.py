"""What `sam build` makes: only what runs, small, with byte code, and it answers as the clone does."""

import json
import platform
import re
import subprocess
import zipfile
from collections.abc import Callable
from functools import cache
from importlib.metadata import packages_distributions
from pathlib import Path

import pytest

from tests.local.emulator import RIE, emulated
from tests.test_emulator import EVENTS
from tests.tools import ROOT, sam, tool

TOLD = (".dist-info", ".egg-info")
"""What says which library this is; pip before 23.1 writes the second for a library that has no wheel."""
OURS = ["router", "verifiers", "judges", "config"]
NEVER_RUN = {"commands", "__main__.py", "policy.schema.json", "__pycache__"}
UNCHECKED = b"\1\0\0\0"
"""The second word of byte code that is loaded without a look at its source."""

Build = Callable[[str], Path]


@pytest.fixture(scope="session")
def build(tmp_path_factory: pytest.TempPathFactory) -> Build:
    """Build for an architecture, once, beside whatever .aws-sam holds."""

    @cache
    def built(architecture: str) -> Path:
        folder = tmp_path_factory.mktemp(architecture)
        done = sam(
            *("sam", "build", "--build-in-source"),
            *("--parameter-overrides", f"Architecture={architecture}"),
            *("--build-dir", str(folder / "build"), "--cache-dir", str(folder / "cache")),
        )
        assert done.returncode == 0, done.stderr
        return folder / "build" / "RewardRouterFunction"

    return built


@pytest.fixture(scope="session")
def artifact(build: Build) -> Path:
    return build("arm64")


@pytest.fixture(scope="session")
def python() -> str:
    """An interpreter of the function's runtime, where there is one."""
    ask = ["make", "-s", "python-of-the-function"]
    found = subprocess.run(ask, cwd=ROOT, capture_output=True, text=True, check=False)
    if found.returncode:
        pytest.skip("no Python 3.13 here: the artifact has no byte code and cannot be run")
    return found.stdout.strip()


def files(folder: Path) -> set[str]:
    """Every file below `folder` that is no byte code."""
    return {
        str(path.relative_to(folder))
        for path in folder.rglob("*")
        if path.is_file() and path.suffix != ".pyc"
    }


def locked(lock: str) -> set[str]:
    return set(re.findall(r"^([a-z0-9-]+)==", (ROOT / "requirements" / lock).read_text(), re.M))


def normal(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


def test_no_dependency_installs_a_package_with_one_of_our_names() -> None:
    names = {*OURS, "tests", "benchmarks", "examples", "docs", "requirements"}
    clashes = {name: who for name, who in packages_distributions().items() if name in names}
    assert not clashes


def test_it_holds_our_folders_as_they_are_less_what_never_runs(artifact: Path) -> None:
    for folder in OURS:
        source = {name for name in files(ROOT / folder) if not NEVER_RUN & set(Path(folder, name).parts)}
        made = {"policy.json"} if folder == "config" else set()
        assert files(artifact / folder) == source | made


def test_it_holds_the_locked_libraries_and_nothing_beside_them(artifact: Path) -> None:
    shipped = {path.name for path in artifact.iterdir()} - set(OURS)
    libraries = {normal(name.partition("-")[0]) for name in shipped if name.endswith(TOLD)}
    assert libraries == locked("lambda.txt")
    owners = packages_distributions()
    for name in sorted(shipped - {"__pycache__"}):
        if not name.endswith(TOLD):
            assert libraries & {normal(owner) for owner in owners[name.removesuffix(".py")]}, name


def test_it_holds_no_tests_no_programs_and_no_path_of_this_machine(artifact: Path) -> None:
    assert not list(artifact.rglob("tests"))
    assert not (artifact / "bin").exists()
    here = str(ROOT).encode()
    assert not [path for path in artifact.rglob("*") if path.is_file() and here in path.read_bytes()]


@pytest.mark.parametrize(("architecture", "machine"), [("arm64", 0xB7), ("x86_64", 0x3E)])
def test_its_libraries_are_for_the_templates_architecture(
    build: Build, architecture: str, machine: int
) -> None:
    compiled = list(build(architecture).rglob("*.so"))
    assert compiled
    for path in compiled:
        assert path.name.rpartition(".cpython-")[2].startswith("313-") or ".abi3." in path.name
        assert int.from_bytes(path.read_bytes()[18:20], "little") == machine  # e_machine of the ELF header


def test_it_is_far_below_lambdas_limits(artifact: Path, tmp_path: Path) -> None:
    packed = tmp_path / "artifact.zip"
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for path in artifact.rglob("*"):
            archive.write(path, path.relative_to(artifact))
    unpacked = sum(path.stat().st_size for path in artifact.rglob("*") if path.is_file())
    print(f"the artifact: {unpacked / 1e6:.1f} MB, zipped {packed.stat().st_size / 1e6:.1f} MB")  # noqa: T201
    assert unpacked < 175e6  # of the 250 MB that Lambda unpacks
    assert packed.stat().st_size < 50e6  # what Lambda takes without S3


def test_each_module_has_byte_code_that_needs_no_look_at_its_source(artifact: Path, python: str) -> None:
    for source in artifact.rglob("*.py"):
        code = source.parent / "__pycache__" / f"{source.stem}.cpython-313.pyc"
        assert code.read_bytes()[4:8] == UNCHECKED, source


def test_the_built_function_answers_as_the_clone_does(build: Build, python: str) -> None:
    artifact = build(RIE[platform.machine()])
    env = {"JUDGE": "offline"}
    with (
        emulated("router.handler.lambda_handler", env=env) as clone,
        emulated(
            "router.handler.lambda_handler",
            env=env | {"PYTHONPATH": str(tool("runtime"))},
            cwd=artifact,
            python=python,
        ) as built,
    ):
        for path in EVENTS:
            event = json.loads(path.read_text())
            assert built.invoke(event) == clone.invoke(event), path.stem
