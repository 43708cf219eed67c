"""The filter of system calls: the numbers are the kernel's, and no others get through, on either machine."""

import re
import struct
from pathlib import Path

import pytest

from tests.raw_calls import NUMBERS
from verifiers.sandbox import syscalls
from verifiers.sandbox.canary import FORBIDDEN
from verifiers.sandbox.syscalls import ALLOWED, MACHINES, NOT_EXECUTABLE, SECCOMP

ROOT = Path(__file__).parents[1]

HEADERS = {
    "x86_64": Path("/usr/include/x86_64-linux-gnu/asm/unistd_64.h"),
    "aarch64": Path("/usr/include/asm-generic/unistd.h"),
}


KERNEL_CALLS = {
    name: (int(x86_64), int(aarch64))
    for name, x86_64, aarch64 in map(
        str.split, (ROOT / "tests/kernel_calls.txt").read_text(encoding="ascii").splitlines()[1:]
    )
}
CALLED = {"prlimit": "prlimit64", "fork": "clone", "exec": "execve", "stat": "newfstatat", "open": "openat"}
"""What the kernel calls that which we call otherwise."""


def test_the_tables_are_the_kernels() -> None:
    forbidden = {CALLED.get(name, name).split()[0]: numbers for name, (numbers, _) in FORBIDDEN.items()}
    seccomp = {"seccomp": (SECCOMP["x86_64"], SECCOMP["aarch64"])}
    for table in (ALLOWED, NOT_EXECUTABLE, forbidden, seccomp, NUMBERS):
        assert table == {name: KERNEL_CALLS[name] for name in table}


@pytest.mark.parametrize("machine", MACHINES)
def test_the_kernels_tables_are_those_of_its_headers(machine: str) -> None:
    if not HEADERS[machine].exists():
        pytest.skip("the kernel's headers are not installed")
    defined = dict(re.findall(r"#define __NR(?:3264)?_(\w+)\s+(\d+)\b", HEADERS[machine].read_text()))
    generic = {"newfstatat": "fstatat"} if machine == "aarch64" else {}
    column = MACHINES.index(machine)
    assert {name: defined.get(generic.get(name, name)) for name in KERNEL_CALLS} == {
        name: str(numbers[column]) for name, numbers in KERNEL_CALLS.items()
    }


def filtered(program: bytes, number: int, architecture: int, third_argument: int) -> int:
    """What the kernel does with a call: the filter's answer, as linux/bpf_common.h says that it runs."""
    data = struct.pack("=IIQ6Q", number, architecture, 0, 0, 0, third_argument, 0, 0, 0)
    held, at = 0, 0
    while True:
        code, if_true, if_false, value = struct.unpack_from("HBBI", program, at * 8)
        at += 1
        if code == syscalls.LOAD:
            [held] = struct.unpack_from("=I", data, value)
        elif code == syscalls.RETURN:
            return int(value)
        else:
            holds = {
                syscalls.IF_EQUAL: held == value,
                syscalls.IF_AT_LEAST: held >= value,
                syscalls.IF_BITS: bool(held & value),
            }[code]
            at += if_true if holds else if_false


@pytest.mark.parametrize("machine", MACHINES)
def test_the_filter_of_either_machine_lets_through_what_is_listed_and_nothing_else(machine: str) -> None:
    column = MACHINES.index(machine)
    program, own = syscalls.program(machine), syscalls.ARCHITECTURE[machine]
    listed = {numbers[column] for numbers in ALLOWED.values()}
    not_executable = {numbers[column] for numbers in NOT_EXECUTABLE.values()}
    numbers = [*range(2048), 2**20, 2**30 - 1]
    for protection in (3, 4, 7):
        allowed = {n for n in numbers if filtered(program, n, own, protection) == syscalls.ALLOW}
        assert allowed == listed | (not_executable if protection == 3 else set())
    refused = {filtered(program, n, own, 4) for n in set(numbers) - listed}
    assert refused == {syscalls.REFUSE}
    foreign = {filtered(program, n, other, 3) for n in numbers for other in (0, own ^ 1, 0x40000003)}
    assert foreign == {syscalls.KILL}
    assert filtered(program, syscalls.X32 | 1, own, 3) == syscalls.KILL
