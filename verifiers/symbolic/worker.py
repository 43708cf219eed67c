"""
The process that compares: `python -m verifiers.symbolic.worker`.

A warm parent loads the libraries once and forks the child that works, one question after the other.
Each question has an alarm that the kernel keeps: a child that computes too long dies of it, whatever
it is computing, and the parent forks another in some milliseconds and says so. Pipes only: no
threads, no semaphores, no shared memory, so that it works in Lambda and under any thread.

One line in, one line out, both JSON: ["answer", "reference answer"] -> "equal".
"""

import gc
import json
import os
import resource
import signal
import sys
import traceback
from pathlib import Path

SECONDS = 0.12
"""Of processor time for one question, so that a busy neighbour does not change a verdict."""
MEGABYTES = 1024

STRUCK = "struck: it took too long"
BUG = "bug: "
MOST_FRAMES = 8


def main() -> None:
    """Fork a child; when it dies of a question, answer that question and fork the next."""
    warm_up()
    gc.freeze()  # what is loaded stays; looking through it again and again would cost each question
    while True:
        child = os.fork()
        if child == 0:
            serve()
            os._exit(0)
        _, status = os.waitpid(child, 0)
        if not os.WIFSIGNALED(status):
            return
        say(STRUCK)


def serve() -> None:
    """Answer questions until the other end closes."""
    from verifiers.symbolic.compare import compare  # noqa: PLC0415 - already loaded by the parent

    limit = MEGABYTES * 2**20
    resource.setrlimit(resource.RLIMIT_AS, (limit, limit))
    signal.signal(signal.SIGPROF, signal.SIG_DFL)
    for line in iter(sys.stdin.readline, ""):
        signal.setitimer(signal.ITIMER_PROF, SECONDS)
        try:
            said = compare(*json.loads(line))
        except (RecursionError, MemoryError) as limit_struck:
            said = f"struck: {type(limit_struck).__name__}"
        except Exception as bug:
            said = f"{BUG}{where(bug)}"
        signal.setitimer(signal.ITIMER_PROF, 0)
        say(said)


def where(bug: Exception) -> str:
    """Return the kind of a bug and where it struck; never its message, which may quote a sample."""
    frames = traceback.extract_tb(bug.__traceback__)[-MOST_FRAMES:]
    places = [f"{Path(frame.filename).name}:{frame.lineno} in {frame.name}" for frame in reversed(frames)]
    return f"{type(bug).__name__} at {', from '.join(places)}"


WARM = (
    (r"\frac{x}{2}", "x/2"),
    (r"(1, \sqrt{2}]", r"1 < x \leq \sqrt{2}"),
    ("2x+y=3", "y=3-2x"),
    (r"\sin^2\theta + \ln 2", r"\binom{5}{2} - 3.25 \times 10^{-3}"),
    (r"5 \text{ m}", "500 cm"),
)
"""What makes the libraries load and fill their tables."""


def warm_up() -> None:
    """Load and run every part once, so that the first question is as fast as the thousandth."""
    from verifiers.symbolic.compare import compare  # noqa: PLC0415 - slow, and in this process only
    from verifiers.symbolic.quantities import warm_up as load_units  # noqa: PLC0415 - as slow

    load_units()
    for answer, reference in WARM:
        compare(answer, reference)
    say("ready")


def say(text: str) -> None:
    """Write one line, at once and whole."""
    os.write(1, (json.dumps(text) + "\n").encode())


if __name__ == "__main__":
    main()
