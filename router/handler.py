"""
Cold start and Lambda's entry point, `lambda_handler`; nothing else.

The environment says which policy (ROUTER_POLICY, default the packaged one) and which way to the
models (JUDGE: bedrock, offline or none). The command line makes the same handler with arguments.
"""

import os
import time
from collections.abc import Callable, Sequence
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from router.case import Judged, Question
from router.policy import DEFAULT_POLICY, Policy, load_policy
from router.route import route
from router.telemetry import batch_line
from router.wire import read, write

if TYPE_CHECKING:
    from router.consult import Consult

Handler = Callable[[object, object], object]

FINISHING_SECONDS = 1.0
"""What is kept of the remaining time to price, write and send the reply."""
DEFAULT_SECONDS = 300.0
"""The time for a batch where there is no Lambda context: as much as the template gives."""


def make_handler(
    policy: Policy, judge: str = "bedrock", *, trail: bool = False, emit: Callable[[str], None] = print
) -> Handler:
    """
    Return a handler: (event, context) -> reply.

    `judge` is bedrock, offline or none; `trail` adds what each reward rests on to the reply; `emit`
    takes the one line that is said of each batch.
    """
    if judge not in ("bedrock", "offline", "none"):
        raise ValueError(f"judge is {judge!r}: choose bedrock, offline or none")

    @cache
    def consult() -> "Consult":
        from router.consult import Consult, line_to  # noqa: PLC0415 - asyncio and the judges wait for a question

        return Consult(line_to(judge))

    def handler(event: object, context: object) -> object:
        started = time.monotonic()
        deadline = started + seconds_left(context) - FINISHING_SECONDS

        def ask(questions: Sequence[Question]) -> Sequence[Judged]:
            return consult()(questions, deadline)

        batch = read(event)
        rewards = route(policy, batch.rows, None if judge == "none" else ask)
        envelope = batch.envelope if policy.envelope == "mirror" else policy.envelope
        reply = write(batch.rows, rewards, envelope, trail=trail)
        emit(batch_line(policy, rewards, time.monotonic() - started))
        return reply

    return handler


def seconds_left(context: object) -> float:
    """Return the time that Lambda leaves this invocation; a fixed one where there is no Lambda."""
    remaining = getattr(context, "get_remaining_time_in_millis", None)
    return remaining() / 1000 if remaining else DEFAULT_SECONDS


@cache
def _from_environment() -> Handler:
    policy = load_policy(Path(os.environ.get("ROUTER_POLICY") or DEFAULT_POLICY))
    return make_handler(policy, os.environ.get("JUDGE") or "bedrock")


def lambda_handler(event: object, context: object) -> object:
    """Reward one batch of rollouts; see `router/wire` for what comes in and what goes out."""
    return _from_environment()(event, context)


if "AWS_LAMBDA_RUNTIME_API" in os.environ:
    _from_environment()  # in the init phase, which is fast, and where a policy with a mistake should fail
