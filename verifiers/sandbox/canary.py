"""
Prove, in a real child, that the walls stand: try what they forbid, with raw system calls.

Each try reaches the kernel with arguments that do no harm where there is no wall, and that fail there
with anything but EPERM.
"""

import ctypes
import errno
import os

from verifiers.sandbox.syscalls import MACHINE, MACHINES
from verifiers.sandbox.walls import LIBC

HERE = -100  # AT_FDCWD
FORBIDDEN: dict[str, tuple[tuple[int, int], tuple[int | bytes, ...]]] = {
    # name: ((x86_64, aarch64), arguments)
    "open": ((257, 56), (HERE, b"/dev/null", 0, 0)),
    "stat": ((262, 79), (HERE, b"/", 0, 0)),
    "socket": ((41, 198), (1, 1, 0)),
    "fork": ((56, 220), (17, 0, 0, 0, 0)),
    "clone3": ((435, 435), (0, 0)),
    "exec": ((59, 221), (b"/", 0, 0)),
    "kill": ((62, 129), (0, 0)),
    "tgkill": ((234, 131), (0, 0, 0)),
    "ptrace": ((101, 117), (16, 0, 0, 0)),  # PTRACE_ATTACH
    "process_vm_readv": ((310, 270), (0, 0, 0, 0, 0, 0)),
    "prctl": ((157, 167), (3, 0, 0, 0, 0)),
    "prlimit": ((302, 261), (0, 0, 0, 0)),
    "bpf": ((321, 280), (-1, 0, 0)),
    "io_uring_setup": ((425, 425), (0, 0)),
    "mount": ((165, 40), (0, 0, 0, 0, 0)),
    "unshare": ((272, 97), (0,)),
    "dup": ((32, 23), (0,)),
    "mmap of executable memory": ((9, 222), (0, 4096, 7, 0x22, -1, 0)),
}


def passed() -> list[str]:
    """Return what the walls let through: nothing, where they stand."""
    column = MACHINES.index(MACHINE)
    return [name for name, (numbers, given) in FORBIDDEN.items() if not _refused(numbers[column], given)]


def _refused(number: int, arguments: tuple[int | bytes, ...]) -> bool:
    me = os.getpid()
    given = [ctypes.c_long(each) if isinstance(each, int) else each for each in arguments]
    answer = LIBC.syscall(ctypes.c_long(number), *given)
    if os.getpid() != me:
        os._exit(0)  # the fork that should not have been
    return bool(answer == -1 and ctypes.get_errno() == errno.EPERM)
