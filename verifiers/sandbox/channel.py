"""Messages over a child's pipe to the parent, as the child sends and receives them."""

import os
from typing import Any

from verifiers.sandbox.values import load

CHANNEL = 3
"""The descriptor of the pipe to the parent."""
HEADER = 4
"""Bytes before each message: its length, the highest first."""
MOST_SENT = 64 * 2**20
"""Bytes of a message from a side that is trusted."""


def send(message: bytes) -> None:
    """Write one message, whole."""
    rest = memoryview(len(message).to_bytes(HEADER, "big") + message)
    while rest:
        rest = rest[os.write(CHANNEL, rest) :]


def receive() -> Any:
    """Read one message; end where there is no more."""
    return load(_read(int.from_bytes(_read(HEADER), "big")), wary=False)


def _read(size: int) -> bytes:
    parts = bytearray()
    while len(parts) < size:
        part = os.read(CHANNEL, size - len(parts))
        if not part:
            os._exit(0)
        parts += part
    return bytes(parts)
