"""Bugs: where one struck, without its message, which may quote a sample; and how many did."""

import logging
import threading
import traceback
from collections import Counter

log = logging.getLogger("router")

_lock = threading.Lock()
_struck: Counter[str] = Counter()
"""Since the last batch ended, by what is said of them."""


def log_bug(where: str, bug: BaseException) -> None:
    """
    Log where a bug struck, and its notes, without its message.

    The same bug in the same place is logged once a batch: a verifier that fails over every row of a large
    batch would fill the log with one traceback.
    """
    frames = "".join([*traceback.format_tb(bug.__traceback__), *getattr(bug, "__notes__", ())])
    said = f"bug in {where}: {type(bug).__name__}\n{frames}"
    with _lock:
        _struck[said] += 1
        if _struck[said] > 1:
            return
    log.error("%s", said)


def take_bugs() -> int:
    """Return how many bugs have struck since this was last asked."""
    with _lock:
        count = _struck.total()
        _struck.clear()
    return count
