"""System calls as a hostile program makes them: by number, through the helper's own libc."""

from verifiers.sandbox.syscalls import MACHINE, MACHINES

NUMBERS = {
    "openat": (257, 56),
    "openat2": (437, 437),
    "open_by_handle_at": (304, 265),
    "socket": (41, 198),
    "socketpair": (53, 199),
    "connect": (42, 203),
    "sendmsg": (46, 211),
    "clone": (56, 220),
    "clone3": (435, 435),
    "execve": (59, 221),
    "execveat": (322, 281),
    "kill": (62, 129),
    "tkill": (200, 130),
    "tgkill": (234, 131),
    "rt_sigqueueinfo": (129, 138),
    "pidfd_open": (434, 434),
    "pidfd_send_signal": (424, 424),
    "pidfd_getfd": (438, 438),
    "ptrace": (101, 117),
    "process_vm_readv": (310, 270),
    "process_vm_writev": (311, 271),
    "prctl": (157, 167),
    "seccomp": (317, 277),
    "prlimit64": (302, 261),
    "bpf": (321, 280),
    "io_uring_setup": (425, 425),
    "userfaultfd": (323, 282),
    "perf_event_open": (298, 241),
    "memfd_create": (319, 279),
    "mount": (165, 40),
    "unshare": (272, 97),
    "setns": (308, 268),
    "chroot": (161, 51),
    "setuid": (105, 146),
    "keyctl": (250, 219),
    "shmget": (29, 194),
    "timer_create": (222, 107),
    "setitimer": (38, 103),
    "dup3": (292, 24),
    "pipe2": (293, 59),
    "fcntl": (72, 25),
    "ioctl": (16, 29),
    "statx": (332, 291),
    "personality": (135, 92),
    "sched_setaffinity": (203, 122),
    "init_module": (175, 105),
    "mmap": (9, 222),
    "mprotect": (10, 226),
}
"""On x86_64 and aarch64: what Python has no function for, or one that could hide the kernel's answer."""

RAW = """
CDLL = next(kind for kind in object.__subclasses__() if kind.__name__ == "CDLL")
ctypes = CDLL.__init__.__globals__
libc = CDLL(None, use_errno=True)
def raw(number, *arguments):
    given = [ctypes["c_long"](each) if isinstance(each, int) else each for each in arguments]
    return libc.syscall(ctypes["c_long"](number), *given), ctypes["get_errno"]()
"""
"""How a program gets at the kernel although `import ctypes` fails: the helper's ctypes is in its memory."""


def number(name: str) -> int:
    """Return a call's number on this machine."""
    return NUMBERS[name][MACHINES.index(MACHINE)]
