"""What this machine runs and what this process holds open, as the kernel tells it."""

import os
from contextlib import suppress
from pathlib import Path

MOST_DESCRIPTORS = 4096


def offspring(ancestor: int) -> dict[int, str]:
    """Return the state of every process below one, zombies included, by process id."""
    parents: dict[int, tuple[int, str]] = {}
    for folder in Path("/proc").glob("[0-9]*"):
        with suppress(OSError):
            state, parent = (folder / "stat").read_text().rpartition(")")[2].split()[:2]
            parents[int(folder.name)] = (int(parent), state)
    found: dict[int, str] = {}
    above = {ancestor}
    while above:
        below = {child: state for child, (parent, state) in parents.items() if parent in above}
        found |= below
        above = set(below)
    return found


def descriptors() -> set[int]:
    """Return the descriptors that this process holds open."""
    return {number for number in range(MOST_DESCRIPTORS) if is_open(number)}


def is_open(descriptor: int) -> bool:
    """Return whether a descriptor is open."""
    try:
        os.fstat(descriptor)
    except OSError:
        return False
    return True
