"""
The parent's side of one helper process: started, asked to fork, asked to end, stopped.

What it inherits is named here and is all of it: no environment but the seed of its hashes and the
place of Python's own library, the root as its folder, the control socket and /dev/null.
"""

import os
import socket
import subprocess
import sys
import threading
from collections.abc import Sequence
from pathlib import Path

from verifiers.sandbox.types import SandboxLost
from verifiers.sandbox.zygote import DROP, END, FAILED, FORK, ORDER, REPLY

PATIENCE = 20.0
"""Seconds; more than a start, a fork or the end of a large child ever takes."""

ROOM = Path(__file__).parent
BOOT = """
import sys, types
for name, folder in (("verifiers", sys.argv[1]), ("verifiers.sandbox", sys.argv[2])):
    sys.modules[name] = types.ModuleType(name)
    sys.modules[name].__path__ = [folder]
from verifiers.sandbox.zygote import main
main()
"""
"""Empty packages stand for ours, so that of all that is ours only this folder is loaded."""
COMMAND = (
    *(sys.executable, "-P", "-s", "-S", "-B", "-X", "utf8"),
    *("-c", BOOT, str(ROOM.parent), str(ROOM)),
)
ENVIRONMENT = {
    "PYTHONHASHSEED": "0",  # the same program gets the same reward
    "LD_LIBRARY_PATH": f"{sys.base_prefix}/lib",  # where Lambda's interpreter has its library
}


MEGABYTES_A_PROCESSOR = 1769
"""Of a Lambda function's memory, with which it is given processor time."""


def processors() -> int:
    """Return how many children may compute at once; Lambda shows two processors and gives less of them."""
    seen = len(os.sched_getaffinity(0)) if sys.platform == "linux" else 1
    megabytes = int(os.environ.get("AWS_LAMBDA_FUNCTION_MEMORY_SIZE", seen * MEGABYTES_A_PROCESSOR))
    return max(1, min(seen, round(megabytes / MEGABYTES_A_PROCESSOR)))


class Helper:
    """One helper process; threads take turns to give it orders."""

    def __init__(self, grammars: str = "") -> None:
        """Start the process, and do not wait for it; with the grammars in that folder, where one is named."""
        self._lock = threading.Lock()
        self._started = False
        self.proven = False
        """Whether the walls of a child of it were seen to stand."""
        self.children = 0
        """How many it has now, for whoever spreads the work."""
        self._control, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        self._control.settimeout(PATIENCE)
        with theirs:
            self._process = subprocess.Popen(  # noqa: S603 - a command of ours
                [*COMMAND, grammars],
                cwd="/",
                env=ENVIRONMENT,
                stdin=theirs.fileno(),
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
                start_new_session=True,
            )

    @property
    def alive(self) -> bool:
        """Whether the process has not ended."""
        return self._process.poll() is None

    def fork(self, descriptors: Sequence[int], megabytes: int) -> int:
        """Return the process id of a new child that has these descriptors; raise SandboxLost."""
        with self._lock:
            child = self._order(ORDER.pack(FORK, megabytes), descriptors)
            if child == FAILED:
                raise SandboxLost("the kernel gave the sandbox no process")
            self.children += 1
            return child

    def end(self, child: int) -> int:
        """Kill and reap a child; return the status that it ended with; raise SandboxLost."""
        with self._lock:
            self.children -= 1
            return self._order(ORDER.pack(END, child))

    def drop(self, child: int) -> None:
        """Have a child killed and reaped, and do not wait for it; raise SandboxLost."""
        with self._lock:
            self.children -= 1
            self._send(ORDER.pack(DROP, child))

    def stop(self) -> None:
        """End the process and all of its children."""
        self._control.close()
        self._process.kill()
        self._process.wait()

    def _order(self, order: bytes, descriptors: Sequence[int] = ()) -> int:
        self._send(order, descriptors)
        if not self._started:
            self._reply()
            self._started = True
        return self._reply()

    def _send(self, order: bytes, descriptors: Sequence[int] = ()) -> None:
        try:
            socket.send_fds(self._control, [order], descriptors)
        except OSError as gone:
            raise self._lost() from gone

    def _reply(self) -> int:
        try:
            said = self._control.recv(REPLY.size)
        except OSError as gone:
            raise self._lost() from gone
        if not said:
            raise self._lost()
        number: int = REPLY.unpack(said)[0]
        return number

    def _lost(self) -> SandboxLost:
        self._process.kill()
        return SandboxLost("a helper of the sandbox went away")
