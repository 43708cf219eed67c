"""What goes into the sandbox and what comes out: plain values, an exception's name, or why it was struck."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Limits:
    """What one call may take."""

    seconds: float = 2.0
    """Of processor time, so that a busy neighbour does not change a verdict."""
    wall_seconds: float = 4.0
    """Of the clock on the wall, for what waits and does not compute."""
    megabytes: int = 256
    """Of memory beside what the interpreter itself takes."""
    output_bytes: int = 65536
    """Of one answer as it is written down, or of all that a program prints."""


@dataclass(frozen=True, slots=True)
class Returned:
    """It returned."""

    value: object
    """None, bool, int, float, complex, str, bytes, or list, tuple, dict, set, frozenset of such."""


@dataclass(frozen=True, slots=True)
class Raised:
    """It raised."""

    error: str
    """The exception's type name, such as `ValueError`; never its message."""


@dataclass(frozen=True, slots=True)
class Struck:
    """It met a limit or a wall, or died."""

    reason: str
    """`time`, `memory`, `output`, `not plain`, `died`, `out of turn`, `syntax: line 3` ..."""


Outcome = Returned | Raised | Struck


@dataclass(frozen=True, slots=True)
class Printed:
    """What a program wrote to its standard output, and how it ended."""

    text: str
    outcome: Outcome


class SandboxClosed(Exception):
    """The sandbox may not be used here; the message says why."""


class SandboxLost(Exception):
    """A helper process went away under a run. This says nothing about the student."""
