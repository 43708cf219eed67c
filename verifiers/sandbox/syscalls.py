"""
The system calls that a child may make, as a filter for the kernel.

A filter is classic BPF, built here by hand: the kernel runs it on each call, with the call's number,
its architecture and its arguments before it. Everything that is not on the list fails with EPERM:
Python turns that into the exception that an honest program expects (`import` of what is not loaded,
`open`, a thread), and the attacker gets no more than from being killed. Only a call in another ABI
(32 bit, x32), which has other numbers and which no honest program makes, kills.

What is on the list can compute, wait, and talk on descriptors that are open already. Nothing on it
takes a path, a process id or an address, or makes a descriptor or a process.
"""

import errno
import os
import struct

# name: (x86_64, aarch64), from the kernel's asm/unistd_64.h and asm-generic/unistd.h
ALLOWED: dict[str, tuple[int, int]] = {
    # the descriptors it was left with
    "read": (0, 63),
    "write": (1, 64),
    "close": (3, 57),
    "fstat": (5, 80),
    "lseek": (8, 62),
    # memory; what may not be executable is below
    "munmap": (11, 215),
    "brk": (12, 214),
    "mremap": (25, 216),
    "madvise": (28, 233),
    # its own signals, locks and turns
    "rt_sigaction": (13, 134),
    "rt_sigprocmask": (14, 135),
    "rt_sigreturn": (15, 139),
    "sigaltstack": (131, 132),
    "futex": (202, 98),
    "sched_yield": (24, 124),
    "restart_syscall": (219, 128),
    # time and chance
    "nanosleep": (35, 101),
    "gettimeofday": (96, 169),
    "clock_gettime": (228, 113),
    "clock_getres": (229, 114),
    "clock_nanosleep": (230, 115),
    "getrandom": (318, 278),
    # itself
    "getpid": (39, 172),
    "gettid": (186, 178),
    "exit": (60, 93),
    "exit_group": (231, 94),
}
NOT_EXECUTABLE: dict[str, tuple[int, int]] = {"mmap": (9, 222), "mprotect": (10, 226)}
"""Allowed unless the third argument asks for PROT_EXEC: no code but what is loaded."""

SECCOMP = {"x86_64": 317, "aarch64": 277}
"""The call that installs a filter."""

MACHINES = ("x86_64", "aarch64")
MACHINE = os.uname().machine
ARCHITECTURE = {"x86_64": 0xC000003E, "aarch64": 0xC00000B7}  # AUDIT_ARCH_*, linux/audit.h
X32 = 0x4000_0000  # the bit in the number of a call of the x32 ABI, which claims to be x86_64
PROT_EXEC = 4

# linux/bpf_common.h and linux/seccomp.h
LOAD, IF_EQUAL, IF_AT_LEAST, IF_BITS, RETURN = 0x20, 0x15, 0x35, 0x45, 0x06
NUMBER_AT, ARCHITECTURE_AT, THIRD_ARGUMENT_AT = 0, 4, 32
ALLOW, KILL, REFUSE = 0x7FFF_0000, 0x8000_0000, 0x0005_0000 | errno.EPERM


def step(code: int, value: int, if_true: int = 0, if_false: int = 0) -> bytes:
    """Return one instruction; the jumps say how many of the following are left out."""
    return struct.pack("HBBI", code, if_true, if_false, value)


def program(on: str) -> bytes:
    """Return the filter for a machine; its instructions have 8 bytes each."""
    column = MACHINES.index(on)
    steps = [
        step(LOAD, ARCHITECTURE_AT),
        step(IF_EQUAL, ARCHITECTURE[on], if_true=1),
        step(RETURN, KILL),
        step(LOAD, NUMBER_AT),
        step(IF_AT_LEAST, X32, if_false=1),
        step(RETURN, KILL),
    ]
    for numbers in ALLOWED.values():
        steps += [step(IF_EQUAL, numbers[column], if_false=1), step(RETURN, ALLOW)]
    for numbers in NOT_EXECUTABLE.values():
        steps += [
            step(IF_EQUAL, numbers[column], if_false=4),
            step(LOAD, THIRD_ARGUMENT_AT),
            step(IF_BITS, PROT_EXEC, if_false=1),
            step(RETURN, REFUSE),
            step(RETURN, ALLOW),
        ]
    return b"".join([*steps, step(RETURN, REFUSE)])
