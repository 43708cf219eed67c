"""
The trainers' language: events in, replies out. No other room knows a contract.

    read(event)               -> Batch    every row a Sample, or an Unscorable that says why
    write(batch, rewards ...) -> reply    one result a row, same order, same id, checked before it leaves
"""

from router.wire.events import Batch, Envelope, read
from router.wire.replies import write

__all__ = ["Batch", "Envelope", "read", "write"]
