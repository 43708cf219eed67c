"""
What the function's instances share, where the stack has a DynamoDB table: verdicts, and the day's budget.

    shared     a batch's dealings with the others: spend within the day, recall what they know, tell them
    records    a verdict -> an item without a word of a sample, and back, strictly
    day        dollars leased from the day's budget, and what is left of them for the next batch
    counters   what the day has spent: counted in the table, or, without one, in this instance alone
    table      the table itself: given little time, and left alone for a while after a failure

Nothing here can hold up a batch for long, or fail it: a table that is slow, down or garbled is a table
that knows nothing.
"""

from router.shared.counters import InstanceCounter
from router.shared.shared import Shared, Waits, shared_by

__all__ = ["InstanceCounter", "Shared", "Waits", "shared_by"]
