"""
The walls that a process raises around itself, for good: no privileges, limits, and the filter.

They need no privilege, no compiled code and no file: `prctl`, `setrlimit` and `seccomp` through ctypes.
Whoever raises them checks nothing and trusts nothing; `canary` proves that they stand.
"""

import ctypes
import errno
import os
import resource
import signal
import struct
from pathlib import Path

from verifiers.sandbox import syscalls

SET_DEATH_SIGNAL, SET_DUMPABLE, SET_NO_NEW_PRIVILEGES = 1, 4, 38  # linux/prctl.h
INSTALL_FILTER = 1  # SECCOMP_SET_MODE_FILTER
CAPABILITIES_OF_SELF = struct.pack("II", 0x20080522, 0)  # version 3, linux/capability.h
NO_CAPABILITIES = bytes(24)

LONGEST_SECONDS = 900
"""Of processor time, for a child whose parent and helper are gone; each call has its own limit."""


FILTER = syscalls.program(syscalls.MACHINE) if syscalls.MACHINE in syscalls.MACHINES else b""


class WallsRefused(Exception):
    """The kernel, or who started us, does not let us raise a wall."""


class _Program(ctypes.Structure):
    _fields_ = [("length", ctypes.c_ushort), ("steps", ctypes.c_char_p)]


LIBC = ctypes.PyDLL(None, use_errno=True)
"""Called with the interpreter's lock held: a fork must not lose it."""


def fork() -> int:
    """
    Fork as libc does.

    `os.fork` also mends what other threads may have left locked. A helper has one thread, and mending
    nothing would make the child copy 200 pages, a fifth of the time of a run.
    """
    child = int(LIBC.fork())
    if child < 0:
        raise OSError(ctypes.get_errno(), "no process could be forked")
    return child


def hide() -> None:
    """Let no process of the same user read this one's memory, environment or descriptors, where we may."""
    _prctl(SET_DUMPABLE, 0)


def follow(parent: int) -> None:
    """Die with the parent, where we may ask for that."""
    _prctl(SET_DEATH_SIGNAL, signal.SIGKILL)
    if os.getppid() != parent:
        os._exit(1)


def raise_walls(memory: int) -> None:
    """Give up privileges, room and system calls; `memory` is the size of the whole process in bytes."""
    give_up_privileges()
    limit(memory)
    install(FILTER)


def limit(memory: int) -> None:
    """Leave room to compute and nothing else: no descriptor, no file, no process, no core."""
    for what, most in (
        (resource.RLIMIT_AS, memory),
        (resource.RLIMIT_CPU, LONGEST_SECONDS),
        (resource.RLIMIT_NOFILE, 0),
        (resource.RLIMIT_NPROC, 0),
        (resource.RLIMIT_FSIZE, 0),
        (resource.RLIMIT_CORE, 0),
    ):
        hard = resource.getrlimit(what)[1]
        lowest = most if hard == resource.RLIM_INFINITY else min(most, hard)
        resource.setrlimit(what, (lowest, lowest))


def give_up_privileges() -> None:
    """Keep no capability, root or not, and gain none by exec: without that the kernel takes no filter."""
    if LIBC.capset(CAPABILITIES_OF_SELF, NO_CAPABILITIES) and os.geteuid() == 0:
        raise WallsRefused(f"capabilities cannot be dropped here: {_why()}")
    if _prctl(SET_NO_NEW_PRIVILEGES, 1) and not _gave_up():
        raise WallsRefused(f"no_new_privs cannot be set here: {_why()}")


def install(program: bytes) -> None:
    """Have the kernel ask this filter about every call from now on."""
    number = syscalls.SECCOMP[syscalls.MACHINE]
    filter_ = _Program(len(program) // 8, program)
    if LIBC.syscall(ctypes.c_long(number), INSTALL_FILTER, 0, ctypes.byref(filter_)):
        raise WallsRefused(f"seccomp cannot be installed here: {_why()}")


def _gave_up() -> bool:
    """Return whether who started us gave the privileges up: some sandboxes do, and then forbid prctl."""
    return "NoNewPrivs:\t1" in Path("/proc/self/status").read_text(encoding="ascii", errors="replace")


def _prctl(option: int, value: int) -> int:
    zero = ctypes.c_ulong(0)
    return int(LIBC.prctl(option, ctypes.c_ulong(value), zero, zero, zero))


def _why() -> str:
    return errno.errorcode.get(ctypes.get_errno(), "unknown")
