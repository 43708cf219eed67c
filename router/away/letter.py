"""
What travels between the function and the one that runs its programs: plain JSON, read with suspicion. Pure.

    question ->   {"options": {...}, "prompt": [[role, text], ...], "response": ..., "reference": ...,
                   "seconds": 8.0, "briefly": false}
    <- answer     {"score": 1.0, "confidence": 0.98, "reason": "..."}, {"abstain": "..."} or {"later": true}

A question holds what `code` looks at and nothing else: no id, no field, no row. An answer is made by the
other function outside of its sandbox; whatever has another form than these three is none.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass, fields
from typing import Any

from router.types import Abstain, Finding, Message, Sample, Verdict
from verifiers.code import Code

LONGEST_REASON = 500
"""Characters; the reasons of `code` are phrases of its own, with the name of an exception at the most."""


class Unreadable(Exception):
    """What came is no letter."""


@dataclass(frozen=True, slots=True)
class Question:
    """What the other function is to look at."""

    code: Code
    sample: Sample
    seconds: float
    """How long it may look."""
    briefly: bool
    """Whether it is to leave what takes longer than a moment."""


def question(asked: Question) -> bytes:
    """Return a question's letter; ASCII, since not every half character of a rollout has a form in UTF-8."""
    sample = asked.sample
    letter = {
        "options": {each.name: getattr(asked.code, each.name) for each in fields(asked.code)},
        "prompt": [[message.role, message.text] for message in sample.prompt],
        "response": sample.response,
        "reference": sample.reference,
        "seconds": asked.seconds,
        "briefly": asked.briefly,
    }
    return json.dumps(letter, allow_nan=False).encode("ascii")


def read_question(letter: object) -> Question:
    """Return the question in a letter; raise Unreadable."""
    match letter:
        case {
            "options": dict(options),
            "prompt": list(prompt),
            "response": str(response),
            "reference": reference,
            "seconds": int() | float() as seconds,
            "briefly": bool(briefly),
        }:
            sample = Sample("", tuple(_message(one) for one in prompt), response, reference)
            return Question(_code(options), sample, seconds, briefly)
    raise Unreadable("the event is no question of the reward router's")


def answer(found: Finding | None) -> dict[str, object]:
    """Return an answer's letter; None stands for a program that takes longer than a moment."""
    match found:
        case Verdict(score, confidence, reason):
            return {"score": score, "confidence": confidence, "reason": reason}
        case Abstain(reason):
            return {"abstain": reason}
    return {"later": True}


def read_answer(letter: object) -> Finding | None:
    """Return the finding in a letter; raise Unreadable."""
    match letter:
        case {"score": score, "confidence": confidence, "reason": str(reason), **rest} if not rest:
            return Verdict(_share(score), _share(confidence), _bounded(reason))
        case {"abstain": str(reason), **rest} if not rest:
            return Abstain(_bounded(reason))
        case {"later": True, **rest} if not rest:
            return None
    raise Unreadable("the answer is no finding")


def _message(pair: object) -> Message:
    match pair:
        case [str(role), str(text)]:
            return Message(role, text)
    raise Unreadable("a message of the prompt is no pair of texts")


def _code(options: Mapping[str, Any]) -> Code:
    if unknown := options.keys() - {each.name for each in fields(Code)}:
        raise Unreadable(f"`code` has no option {sorted(unknown)[0][:40]!r}")
    return Code(**options)


def _share(number: object) -> float:
    if not isinstance(number, int | float) or isinstance(number, bool):
        raise Unreadable("a score is no number")
    if not 0 <= number <= 1:
        raise Unreadable("a score lies outside of 0 to 1")
    return number


def _bounded(reason: str) -> str:
    if len(reason) > LONGEST_REASON:
        raise Unreadable("a reason is too long")
    return reason
