"""Whether Lambda takes a reply: measured as its own runtime client writes it, which is not how we do."""

import json

MAX_REPLY = 6 * 1024 * 1024
"""
What Lambda documents for a reply to a synchronous call. Its error message says 6,291,556 bytes, 100 more,
which nobody has promised.
"""
ENVELOPE_BYTES = 200
"""More than `statusCode` and `headers` ever take."""

RUNTIME = json.JSONEncoder(ensure_ascii=False)
"""Writes what awslambdaric 4.2.2 writes on Python 3.12 and later: UTF-8, a space behind each separator."""


def excess(reply: object, encoded: str) -> int:
    """
    Return how many bytes a reply has on the wire if those are too many; 0 where it fits.

    `encoded` is the reply's list as compact JSON. Spaces, or the escapes of a list that travels as a text,
    make no byte of it more than two, so that only a large reply has to be written once more to be measured.
    """
    if 2 * len(encoded.encode()) + ENVELOPE_BYTES <= MAX_REPLY:
        return 0
    size = len(RUNTIME.encode(reply).encode())
    return size if size > MAX_REPLY else 0
