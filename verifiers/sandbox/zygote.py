"""
The helper process: it has loaded what programs import, and forks one child for each run.

It starts with an environment of nothing and three descriptors: the control socket as its standard input,
/dev/null as the others. It never sees a source or a value: each child has a pipe to the parent of its own,
which arrives over the control socket and is passed on. What it does for the parent is two things, one
after the other: fork with these descriptors; kill and reap.
"""

import atexit
import gc
import importlib
import os
import random
import resource
import select
import signal
import socket
import struct
import sys
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from typing import NoReturn

from verifiers.sandbox import channel, grammars, inside, walls

ORDER = struct.Struct("=cI")
"""FORK and megabytes, or END or DROP and a process id; DROP is END without an answer."""
FORK, END, DROP = b"F", b"E", b"D"
REPLY = struct.Struct("=i")
"""A process id or FAILED, or the status that a process ended with."""
FAILED = -1

MOST_DESCRIPTORS = 64
REAP_SECONDS = 0.002
"""How soon what was dropped is reaped where there is nothing else to do."""

PRELOADED = """
abc argparse array ast base64 binascii bisect builtins calendar cmath collections.abc contextlib copy
dataclasses datetime decimal difflib enum errno fractions functools gc graphlib hashlib heapq hmac inspect
io itertools json keyword locale logging math numbers operator os.path pprint queue random re sched secrets
select shlex signal statistics string struct sys textwrap threading time timeit traceback types typing
unicodedata unittest warnings weakref zlib
"""
"""What programs import."""
LOADED_LATE = """
_strptime _pylong encodings.ascii encodings.cp1252 encodings.hex_codec encodings.latin_1
encodings.rot_13 encodings.unicode_escape encodings.utf_16 encodings.utf_16_le encodings.utf_32
encodings.utf_8_sig linecache tokenize
"""
"""What those load when it is first used; `_pylong`, the decimals of large integers, is there since 3.12."""
FORGOTTEN = ("ctypes", "_ctypes", "socket", "_socket", "resource", "verifiers")
"""What only the helper needs; a program that imports it is told that there is no such module."""


def main() -> None:
    """Load, say so, and do as the parent says until it is gone."""
    walls.hide()
    resource.setrlimit(resource.RLIMIT_NOFILE, (MOST_DESCRIPTORS, MOST_DESCRIPTORS))
    os.dup2(2, channel.CHANNEL)  # kept free: what arrives later has a higher number
    preload()
    if sys.argv[3:] > [""]:
        grammars.load(sys.argv[3])
    control = socket.socket(fileno=0)
    size = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[0]) * resource.getpagesize()
    forget()
    control.send(REPLY.pack(os.getpid()))
    serve(control, size)


def serve(control: socket.socket, size: int) -> None:
    """Fork, and end what was forked."""
    children: set[int] = set()
    dying: set[int] = set()
    try:
        while True:
            ready, _, _ = select.select([control], [], [], REAP_SECONDS if dying else None)
            dying -= {child for child in dying if os.waitpid(child, os.WNOHANG)[0]}
            if not ready:
                continue
            order, descriptors, _, _ = socket.recv_fds(control, ORDER.size, 3)
            if not order:
                return
            what, number = ORDER.unpack(order)
            if what == FORK:
                child = fork(descriptors, size + number * 2**20)
                children |= {child} - {FAILED}
                control.send(REPLY.pack(child))
                continue
            children.remove(number)
            os.kill(number, signal.SIGKILL)
            if what == DROP:
                dying.add(number)
            else:
                control.send(REPLY.pack(os.waitpid(number, 0)[1]))
    finally:
        for child in children:
            os.kill(child, signal.SIGKILL)


def fork(descriptors: Sequence[int], memory: int) -> int:
    """Return the process id of a child that serves behind walls, FAILED where the kernel gives none."""
    helper = os.getpid()
    try:
        child = walls.fork()
    except OSError:
        child = FAILED
    if child == 0:
        become(helper, descriptors, memory)
    for descriptor in descriptors:
        os.close(descriptor)
    return child


def become(helper: int, descriptors: Sequence[int], memory: int) -> NoReturn:
    """Be the child: keep the pipe, and the program's input and output where it has them; then the walls."""
    try:
        walls.follow(helper)
        pipe, stdin, stdout = (*descriptors, 2, 2)[:3]
        for old, new in ((pipe, channel.CHANNEL), (stdin, 0), (stdout, 1)):
            os.dup2(old, new)
        inside.STANDARD.update({number: os.fstat(number) for number in (0, 1, 2)})
        os.closerange(channel.CHANNEL + 1, MOST_DESCRIPTORS)
        walls.raise_walls(memory)
        inside.serve()
    except walls.WallsRefused as refused:
        channel.receive()  # whatever is asked
        channel.send(inside.written(("struck", str(refused)), channel.MOST_SENT))
    finally:
        os._exit(0)


def preload() -> None:
    """Import what children cannot: they open no file."""
    sys.modules["_hashlib"] = None  # type: ignore[assignment] # hashlib has the same without OpenSSL
    for name in (PRELOADED + LOADED_LATE).split():
        with suppress(ModuleNotFoundError):
            importlib.import_module(name)
    os.environ["TZ"] = "UTC0"
    importlib.import_module("time").tzset()
    random.seed(0)  # for all children: the same program gets the same reward


def forget() -> None:
    """Leave nothing to find but the modules themselves, and nothing for a child to collect or to flush."""
    os.environ.clear()
    sys.argv[:] = [""]
    sys.orig_argv[:] = [""]
    sys.path.clear()
    sys.path_importer_cache.clear()
    for name in [name for name in sys.modules if name.split(".")[0] in FORGOTTEN]:
        del sys.modules[name]
    atexit._clear()
    gc.collect()
    gc.freeze()
