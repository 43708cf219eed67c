"""
From a sample to the calls that its response makes, and how it makes them.

Calls may be given as such, apart from the text; then the text makes none. Else the text is read, place by
place. Who writes calls twice, in two places, commits to them where they are the same, and else to none.
"""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from typing import Literal

from router.response import spoken
from router.types import Sample
from verifiers.calls.places import AMID_PROSE, FOREIGN, READERS, Where
from verifiers.calls.shapes import json_calls
from verifiers.calls.syntax import Broken, ToolCall, Unread

LONGEST_TEXT = 30_000
"""Characters of a response in which calls are looked for; a literal takes 4 microseconds."""
MOST_ARGUMENTS = 500
"""Arguments of all calls of one response."""

How = Where | Literal["given", "none"]


@dataclass(frozen=True, slots=True)
class Reading:
    """The calls of a response, and how it makes them."""

    calls: Sequence[ToolCall]
    how: How
    text: str
    """What it says besides, or all of it where it makes no call."""

    @property
    def amid_prose(self) -> bool:
        """Whether a call may be talk about a call."""
        return self.how in AMID_PROSE


def read_calls(sample: Sample, known: Collection[str]) -> Reading:
    """Return the calls of a response; raise Broken or Unread where that cannot be done."""
    text = spoken(sample.response)
    reading = _given(sample, known, text) if sample.calls else _written(text, known)
    if sum(len(call.arguments) + len(call.positional) for call in reading.calls) > MOST_ARGUMENTS:
        raise Unread(f"more than {MOST_ARGUMENTS} arguments")
    return reading


def _given(sample: Sample, known: Collection[str], text: str) -> Reading:
    found = json_calls(list(sample.calls), known)
    if found is None:
        raise Broken("a tool call without a name")
    return Reading(found, "given", text)


def _written(text: str, known: Collection[str]) -> Reading:
    if len(text) > LONGEST_TEXT:
        raise Unread(f"a response of more than {LONGEST_TEXT} characters")
    for how, reader in READERS.items():
        if place := reader(text, known):
            if not _consistent(place.calls, place.rest, known):
                raise Unread("calls are written in two ways, and differ")
            return Reading(place.calls, how, text)
    if FOREIGN.search(text):
        raise Unread("calls in a syntax that is not read here")
    return Reading((), "none", text)


def _consistent(calls: Iterable[ToolCall], rest: str, known: Collection[str]) -> bool:
    """Say whether the text around calls makes none, or the same ones in any order."""
    again = [place.calls for reader in AMID_PROSE.values() if (place := reader(rest, known))]
    return all(_same(calls, others) for others in again)


def _same(calls: Iterable[ToolCall], others: Iterable[ToolCall]) -> bool:
    left = list(others)
    for call in calls:
        if call not in left:
            return False
        left.remove(call)
    return not left
