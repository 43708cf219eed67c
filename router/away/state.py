"""Where programs run, and whether they can: what `{"router": "about"}` says of `code`."""

import time
from typing import TypedDict

from router.away import HERE
from router.away.place import OFF, TURNED_OFF
from verifiers.sandbox import sandbox

SECONDS = 15.0
"""For the other function to say so, a cold start with it."""
ABOUT = b'{"router": "about"}'


class State(TypedDict):
    """What is said."""

    runs: str
    """`here`, `off`, or the name of the function that runs programs."""
    open: bool
    """Whether the walls of its sandbox were seen to stand."""
    reason: str
    """Why not; empty where they stand."""


def state(where: str) -> State:
    """Say where programs run and whether they can, after having looked."""
    if where == OFF:
        return State(runs=OFF, open=False, reason=TURNED_OFF.reason)
    if where == HERE:
        closed = sandbox().closed
        return State(runs=HERE, open=closed is None, reason=closed or "")
    return _of_function(where)


def _of_function(function: str) -> State:
    from router.away.failures import Unanswered  # noqa: PLC0415 - the AWS SDK
    from router.away.line import line_to  # noqa: PLC0415

    try:
        said = line_to(function).ask(ABOUT, time.monotonic() + SECONDS)
    except TimeoutError:
        said = f"the function {function} did not answer in {SECONDS:g} s"
    except Unanswered as why:
        said = str(why)
    match said:
        case {"open": bool(holds), "reason": str(reason)}:
            return State(runs=function, open=holds, reason=reason)
        case str(reason):
            return State(runs=function, open=False, reason=reason)
    return State(runs=function, open=False, reason=f"the function {function} does not say")
