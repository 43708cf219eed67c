"""
The function that runs programs and nothing else, for teams that want them away from everything else.

It holds no rollout but the one that it is asked about, and its role may write its log: there is nothing to
reach behind the sandbox's walls but more walls. The deployed router asks it where CODE holds its name.
"""

import os
import time

from router.away.letter import Question, answer, read_question
from router.telemetry import log_bug
from router.types import Abstain, Finding
from verifiers.sandbox import sandbox

FINISHING_SECONDS = 0.5
"""What is kept of the remaining time to send the answer."""


def lambda_handler(event: object, context: object) -> dict[str, object]:
    """Return the finding of `code` about one sample; see `router/away/letter.py`."""
    if event == {"router": "about"}:
        closed = sandbox().closed
        return {"open": closed is None, "reason": closed or ""}
    asked = read_question(event)
    try:
        return answer(_found(asked, time.monotonic() + _seconds(asked, context)))
    except Exception as bug:
        log_bug("the verifier code", bug)
        return answer(Abstain(f"the verifier failed: {type(bug).__name__}"))


def _found(asked: Question, ends: float) -> Finding | None:
    look = asked.code.glance if asked.briefly else asked.code.verify_by
    return look(asked.sample, ends)


def _seconds(asked: Question, context: object) -> float:
    """Return how long may be looked: as long as whoever asks waits, and this function lives."""
    remaining = getattr(context, "get_remaining_time_in_millis", None)
    return min(asked.seconds, remaining() / 1000 - FINISHING_SECONDS) if remaining else asked.seconds


if "AWS_LAMBDA_RUNTIME_API" in os.environ:
    sandbox().warm()  # in the init phase
