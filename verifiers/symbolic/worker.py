"""
The process that compares: `python -m verifiers.symbolic.worker`.

A warm parent loads the libraries once and forks the child that works, one question after the other.
Each question has an alarm that the kernel keeps: a child that computes too long dies of it, whatever
it is computing, and the parent forks another in some milliseconds and says so. Pipes only: no
threads, no semaphores, no shared memory, so that it works in Lambda and under any thread.

One line in, one line out, both JSON: ["answer", "reference answer"] -> "equal".
"""

import json
import os
import resource
import signal
import sys

SECONDS = 0.12
"""Of processor time for one question, so that a busy neighbour does not change a verdict."""
MEGABYTES = 1024

STRUCK = "struck: it took too long"


def main() -> None:
    """Fork a child; when it dies of a question, answer that question and fork the next."""
    warm_up()
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
            said = f"bug: {type(bug).__name__}"
        signal.setitimer(signal.ITIMER_PROF, 0)
        say(said)


WARM = (
    (r"\frac{x}{2}", "x/2"),
    (r"(1, \sqrt{2}]", r"1 < x \leq \sqrt{2}"),
    ("2x+y=3", "y=3-2x"),
    (r"\frac{s+\sigma}{(s+\sigma)^2+\omega_d^2}", r"\frac{\omega_d}{(\sigma+s)^2+\omega_d^2}"),
    (r"C_1 e^{-2t} + \frac{\cos(2t)}{15} + C_2 \sin t", r"\frac{1}{15}\cos 2t - e^{t} \ln(t)"),
    (r"\frac{-1+\sqrt[3]{5}}{2^{n-1}}", r"3^{2/3} \cdot \pi + 2\left|x\right| - n!"),
    (r"\sqrt{a^2b^2 + 2ab\sqrt{c}}", r"\log_2 8 + \lceil n/2 \rceil"),
    (r"\sin^2\theta + \tan\frac{\pi}{4}", r"\binom{5}{2} - 3.25 \times 10^{-3}"),
    (r"x \in (-\infty, 3) \cup [5, \infty)", "x < 3 or x >= 5"),
)
"""Between them these use most of the parser's grammar; it learns its way through each form only once."""


def warm_up() -> None:
    """Load and run every part once, so that the first question is as fast as the thousandth."""
    from verifiers.symbolic.compare import compare  # noqa: PLC0415 - half a second, in this process only

    for answer, reference in WARM:
        compare(answer, reference)
    say("ready")


def say(text: str) -> None:
    """Write one line, at once and whole."""
    os.write(1, (json.dumps(text) + "\n").encode())


if __name__ == "__main__":
    main()
