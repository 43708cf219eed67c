"""The sandbox runs nothing where its walls do not stand; what stands is what its page says."""

import ctypes
import os
import re
import subprocess
import sys
import textwrap
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.raw_calls import RAW
from tests.sandboxes import LIMITS, called, helpers, opened
from tests.tools import ROOT
from verifiers.sandbox import Returned, Sandbox, SandboxClosed
from verifiers.sandbox.canary import FORBIDDEN
from verifiers.sandbox.syscalls import ALLOWED, MACHINE, MACHINES, NOT_EXECUTABLE


@pytest.fixture(scope="module")
def box() -> Iterator[Sandbox]:
    with opened() as made:
        yield made


# --- the walls ---------------------------------------------------------------------------------------


ROOT_LOOKS = pytest.mark.skipif(os.geteuid() != 0, reason="only root may look into what is not dumpable")


@ROOT_LOOKS
def test_a_helper_inherits_nothing(box: Sandbox) -> None:
    os.environ["AWS_SECRET_ACCESS_KEY"] = "tangerine"  # noqa: S105 - what must not be inherited
    try:
        fresh = Sandbox()
        assert fresh.closed is None
        [helper] = helpers(fresh)
        environment = Path(f"/proc/{helper}/environ").read_bytes().split(b"\0")
        assert {entry.partition(b"=")[0] for entry in environment} == {
            b"PYTHONHASHSEED",
            b"LD_LIBRARY_PATH",
            b"",
        }
        held = sorted(int(each.name) for each in Path(f"/proc/{helper}/fd").iterdir())
        assert held == [0, 1, 2, 3]
        assert {str(Path(f"/proc/{helper}/fd/{each}").readlink()) for each in held[1:]} == {"/dev/null"}
        assert Path(f"/proc/{helper}/cwd").readlink() == Path("/")
        assert b"tangerine" not in Path(f"/proc/{helper}/cmdline").read_bytes()
        fresh.stop()
    finally:
        del os.environ["AWS_SECRET_ACCESS_KEY"]


def test_the_parent_and_its_helpers_are_not_dumpable(box: Sandbox) -> None:
    assert ctypes.CDLL(None).prctl(3, 0, 0, 0, 0) == 0
    assert box.closed is None
    assert {Path(f"/proc/{each}/mem").stat().st_uid for each in [os.getpid(), *helpers(box)]} == {0}


@ROOT_LOOKS
def test_a_child_holds_its_pipe_and_nothing_else(box: Sandbox) -> None:
    with box.session("", LIMITS) as session:
        process = session._child._process
        held = {each.name: str(each.readlink()) for each in Path(f"/proc/{process}/fd").iterdir()}
        status = Path(f"/proc/{process}/status").read_text()
    assert held.keys() == {"0", "1", "2", "3"}
    assert {held[each] for each in "012"} == {"/dev/null"}
    assert held["3"].startswith("socket:")
    assert "NoNewPrivs:\t1" in status
    assert re.findall(r"Cap(?:Prm|Eff|Amb|Inh):\t(\w+)", status) == ["0" * 16] * 4
    assert "Seccomp:\t2" in status
    assert "Threads:\t1" in status


UNFILTERED = {"x86_64": {335, 336}, "aarch64": set[int]()}
"""uretprobe and uprobe: newer kernels ask no filter, and refuse them outside of trampolines of their own."""


def test_every_system_call_that_is_not_on_the_list_is_refused(box: Sandbox) -> None:
    column = MACHINES.index(MACHINE)
    listed = sorted(numbers[column] for numbers in (ALLOWED | NOT_EXECUTABLE).values())
    source = RAW + "def f(numbers): return [n for n in numbers if raw(n, 0, 0, 0, 0, 0, 0) != (-1, 1)]"
    others = [number for number in range(1024) if number not in {*listed, *UNFILTERED[MACHINE]}]
    assert called(box, source, "f", [*others, 2**20, 2**30 - 1]) == Returned([])


def python(code: str) -> str:
    """What a fresh interpreter prints, that may spoil itself."""
    command = [sys.executable, "-c", textwrap.dedent(code)]
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True, timeout=60).stdout


def test_the_canary_names_every_hole_where_there_are_no_walls() -> None:
    printed = python("from verifiers.sandbox.canary import passed\nprint(sorted(passed()))")
    assert printed == f"{sorted(FORBIDDEN)}\n"


REFUSING = """
    import errno, sys
    from verifiers.sandbox import syscalls, walls
    def refuse(*numbers):
        steps = [syscalls.step(syscalls.LOAD, 0)]
        for number in numbers:
            steps += [syscalls.step(syscalls.IF_EQUAL, number, if_false=1), syscalls.step(syscalls.RETURN, syscalls.REFUSE)]
        walls.install(b"".join([*steps, syscalls.step(syscalls.RETURN, syscalls.ALLOW)]))
    prctl, seccomp = {"x86_64": (157, 317), "aarch64": (167, 277)}[syscalls.MACHINE]
    from verifiers.sandbox import Limits, SandboxClosed, sandbox
    def tell():
        print(sandbox().closed)
        try:
            with sandbox().session("def f(): return 42", Limits()) as session:
                print(session.call("f", []))
        except SandboxClosed as closed:
            print("refused", closed)
"""  # noqa: E501 - one statement


def test_nothing_runs_where_no_filter_can_be_installed() -> None:
    printed = python(REFUSING + "    walls.give_up_privileges()\n    refuse(seccomp)\n    tell()")
    why = "seccomp cannot be installed here: EPERM"
    assert printed.splitlines() == [why, f"refused {why}"]


def test_nothing_runs_where_privileges_cannot_be_given_up() -> None:
    if os.geteuid() != 0:
        pytest.skip("only root may refuse prctl without having given up privileges")
    why = "no_new_privs cannot be set here: EPERM"
    assert python(REFUSING + "    refuse(prctl)\n    tell()").splitlines() == [why, f"refused {why}"]


def test_privileges_that_are_given_up_already_suffice_where_prctl_is_refused() -> None:
    printed = python(REFUSING + "    walls.give_up_privileges()\n    refuse(prctl)\n    tell()")
    assert printed.splitlines() == ["None", "Returned(value=42)"]


def test_nothing_runs_behind_walls_with_a_hole() -> None:
    boot = """
    from verifiers.sandbox import helper
    opened = "from verifiers.sandbox import syscalls\\nsyscalls.ALLOWED['socket'] = (41, 198)\\n"
    command = list(helper.COMMAND)
    command[command.index(helper.BOOT)] = helper.BOOT.replace("from verifiers", opened + "from verifiers", 1)
    helper.COMMAND = command
    tell()
    """
    why = "the walls let through: socket"
    assert python(REFUSING + boot).splitlines() == [why, f"refused {why}"]


def test_a_machine_without_a_table_has_no_sandbox(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("verifiers.sandbox.syscalls.MACHINE", "riscv64")
    box = Sandbox()
    assert box.closed == "the sandbox needs Linux on x86_64 or aarch64"
    box.warm()
    with pytest.raises(SandboxClosed, match="needs Linux"):
        box.program("print(1)", "", LIMITS)


# --- the page -----------------------------------------------------------------------------------------


def test_the_page_lists_every_file_with_its_lines() -> None:
    page = (ROOT / "docs/sandbox.md").read_text(encoding="utf-8")
    lines = {one.name: len(one.read_text().splitlines()) for one in (ROOT / "verifiers/sandbox").glob("*.py")}
    told = {
        tuple(re.findall(r"\w+\.py", files)): int(count)
        for files, count in re.findall(r"^\| ((?:`\w+\.py`(?:, )?)+) \| (\d+) \|", page, re.MULTILINE)
    }
    assert {files: sum(map(lines.__getitem__, files)) for files in told} == told
    assert {name for files in told for name in files} == lines.keys() - {"types.py", "__init__.py"}
    assert f"That is {sum(lines.values()):,} lines" in page
