"""When two mathematical answers say the same, and the process that compares them."""

import os
import signal
import sys
import threading
import time
from collections.abc import Iterator

import pytest

from router.telemetry import log_bug
from verifiers.symbolic.client import Worker, WorkerBug, WorkerLate
from verifiers.symbolic.compare import compare
from verifiers.symbolic.worker import STRUCK

EQUAL = [
    ("1/2", r"\frac{1}{2}"),
    ("0.5", r"\dfrac12"),
    (".5", "0.5"),
    ("2 1/2", "2.5"),
    (r"15\frac{39}{40}", r"\frac{639}{40}"),
    (r"\frac{1+a}c", r"\frac{a+1}{c}"),
    (r"\sqrt2/2", r"\frac{1}{\sqrt{2}}"),
    ("sqrt(3)/3", r"\frac{\sqrt{3}}{3}"),
    (r"2^{2/3}", r"\sqrt[3]{4}"),
    ("1e11", "10^{11}"),
    ("x^2+2x+1", "(x+1)^2"),
    (r"a(x-y)", "ax - ay"),
    (r"3n+m", "m+3n"),
    ("y = 2x + 1", "2x + 1"),
    ("f(x) = 2x", "f(x)=2 x"),
    ("f(z) = z", "f(x) = x"),
    ("x = 5", "5"),
    ("5", "x = 5"),
    ("y = -x/2 + 3/4", "2x + 4y - 3 = 0"),
    (r"x^2/16 + y^2/12 = 1/4", "x^2/4 + y^2/3 = 1"),
    ("x < 3", r"(-\infty, 3)"),
    (r"3 > x", r"(-\infty, 3)"),
    (r"5 \leq x", r"[5, \infty)"),
    (r"-1 \leqslant a \leqslant 3", "[-1, 3]"),
    (r"x \neq 2", r"(-\infty, 2) \cup (2, \infty)"),
    (r"a \leq -2 \text{ or } a = 1", r"(-\infty, -2] \cup \{1\}"),
    (r"\{x \mid -2 < x < 3\}", "(-2, 3)"),
    (r"x \in [-2, 7]", "[-2,7]"),
    ("0 < x < 12.5", "(0, 12.5)"),
    ("3, 1, 2", r"\{1, 2, 3\}"),
    ("1 and 3", "3, 1"),
    (r"\pm 1", "1, -1"),
    (r"1 \pm \sqrt{19}", r"1 + \sqrt{19}, 1 - \sqrt{19}"),
    ("(1, 2), (3, 4)", "(3,4),(1,2)"),
    ("(1, 2), (3, 4), (1,2)", "(3,4),(1,2)"),
    ("x=1, y=2", "1, 2"),
    ("(x, y) = (1, 2)", "(1, 2)"),
    ("Minimum: 1, Maximum: 3", "1, 3"),
    (r"\begin{pmatrix} 1 \\ 2 \end{pmatrix}", "(1, 2)"),
    (r"\begin{bmatrix} 1 & 0 \\ 0 & 1 \end{bmatrix}", r"\begin{pmatrix}1&0\\0&1\end{pmatrix}"),
    (r"120^\circ", r"\frac{2\pi}{3}"),
    ("3 : 4", r"\frac{3}{4}"),
    (r"\text{Even}", "even"),
    (r"\mathrm{E}", "E"),
    (r"\text{line segment and circle}", "line segment, circle"),
    ("15th", "15"),
    ("3\u03b1", r"3\alpha"),
    ("28,\\!800", "28800"),
    (r"f(n) = n^2 \text{ for all } n \in \mathbb{Z}", "f(n) = n^2"),
    (r"x = 5+5 = 10", "10"),
]

CLOSE = [
    (r"7 \text{ goats and } 4 \text{ toys}", "4, 7"),
    ("85.71", r"\frac{600}{7}"),
    ("6.01", r"6\frac{1}{64}"),
    (r"5 \text{ m}", "5"),
    ("50%", "50"),
]

DIFFERENT = [
    ("x+2", "x+1"),
    ("(2, 5)", "[2, 5)"),
    ("(1, 2)", "(2, 1)"),
    ("1, 2", "1, 2, 3"),
    ("5.001", "5"),
    ("-42", "42"),
    ("y^2+1", "x^2+1"),
    (r"[0, 1)", r"a \geq 0"),
    ("2x + y = 3", "2x + y = 4"),
    ("no", "yes"),
    (r"\sqrt{3}", r"\sqrt{2}"),
    ("n^3", "n^2"),
]

NO_ANSWER = [
    "",
    "x = 41 = 42",
    "((((",
    "}{",
    "so it must be 42 or so",
    r"\frac{dv}{dt}",
    "1" * 200,
    "{" * 500,
    r"\frac{" * 100 + "1" + "}{2}" * 100,
]


@pytest.mark.parametrize(("answer", "reference"), EQUAL)
def test_two_ways_to_say_the_same_are_equal(answer: str, reference: str) -> None:
    assert compare(answer, reference) == "equal"


@pytest.mark.parametrize(("answer", "reference"), CLOSE)
def test_what_rounding_a_unit_or_a_percent_sign_sets_apart_is_close(answer: str, reference: str) -> None:
    assert compare(answer, reference).startswith("close")


@pytest.mark.parametrize(("answer", "reference"), DIFFERENT)
def test_what_says_something_else_is_different(answer: str, reference: str) -> None:
    assert compare(answer, reference).startswith("different")


@pytest.mark.parametrize("answer", NO_ANSWER)
def test_what_commits_to_nothing_readable_is_never_equal(answer: str) -> None:
    assert not compare(answer, "42").startswith(("equal", "close"))


@pytest.fixture
def worker() -> Iterator[Worker]:
    made = Worker()
    yield made
    made.stop()


BOMBS = [
    "9^{9^{9^{9}}}",
    "(10^7)!",
    r"\int_0^{1000} e^{x^x} dx",
    r"\prod_{k=1}^{100000} (1 + k^{k^k})",
    r"\sum_{a=1}^{900}\sum_{b=1}^{900}\sum_{c=1}^{900} abc",
    r"e^{e^{e^{e^{e^{99}}}}}",
    r"\sin(10^{2900})",
    r"\binom{10^{99}}{10^{98}}",
    "0." + "9" * 290 + "^{2999}",
    r"\frac" * 300 + "12",
    "(" * 400 + "1" + ")" * 400,
    "-" * 900 + "1",
    "1" + "+x_{1}" * 150,
    "x" * 900,
    "1,2;" * 200,
    r"k + \sum_{k=1}^{9} k",
    r"\pm " * 200,
    r"5 \text{" + "m " * 300 + "}",
    r"5 \text{ m}^{9}" + r"\text{ kg}^{9}" * 20,
    "5 " + "quetta" * 100,
    r"\begin{pmatrix}" + "&".join("1" * 99) + r"\end{pmatrix}^{99}",
]


@pytest.mark.parametrize("bomb", BOMBS, ids=range(len(BOMBS)))
def test_a_bomb_is_refused_before_it_is_computed(bomb: str) -> None:
    assert not compare(bomb, "5").startswith(("equal", "close"))
    assert not compare(bomb, "2x + y = 3").startswith(("equal", "close"))


UNDECIDED = [
    (r"2\text{ hours and }30\text{ minutes}", r"150 \text{ minutes}"),
    (r"\sqrt{4} \text{ m}", "200"),
    ("11", "1011_2"),
    (r"\int_0^1 x dx", r"\frac{1}{2}"),
    (r"5 \text{ apples}", r"5 \text{ pears}"),
    (r"\sqrt{4} \text{ is wrong}", "2"),
    ("The sum is 2 + 2", "5"),
    ("0", "a + 3z = 0"),
    ("noon", "12:00"),
    ("+".join(f"x_{{{k}}}^{k}" for k in range(14)), "+".join(f"x_{{{13 - k}}}^{k}" for k in range(14))),
]


@pytest.mark.parametrize(("answer", "reference"), UNDECIDED)
def test_nothing_is_said_of_what_cannot_be_told(answer: str, reference: str) -> None:
    assert compare(answer, reference).startswith("unreadable")


STUB = """
from verifiers.symbolic import compare, worker

def answered(answer, reference):
    if answer == "forever":
        while True:
            pass
    return len(None) if answer == "CANARY" else "equal"

compare.compare = answered
worker.main()
"""
"""A worker that computes for ever, or has a bug, when it is told to."""


@pytest.fixture
def stub() -> Iterator[Worker]:
    made = Worker()
    made.command = (sys.executable, "-c", STUB)
    yield made
    made.stop()


def test_what_takes_too_long_is_struck_and_the_next_question_is_answered(stub: Worker) -> None:
    assert stub.ask("forever", "5") == STRUCK
    assert stub.ask("x+1", "1+x") == "equal"


def test_a_bug_says_where_it_struck_and_nothing_of_the_question(
    stub: Worker, caplog: pytest.LogCaptureFixture
) -> None:
    canary = "CAN" + "ARY"  # in two, as the log quotes this line
    with pytest.raises(WorkerBug) as failed:
        stub.ask(canary, "5")
    log_bug("the verifier math", failed.value)
    assert "in the worker: TypeError at" in caplog.text
    assert "in answered" in caplog.text
    assert canary not in caplog.text
    assert stub.ask("x+1", "1+x") == "equal"


def test_a_worker_that_was_killed_is_replaced(worker: Worker) -> None:
    assert worker.ask("x/2", r"\frac{x}{2}") == "equal"
    assert worker._process
    os.kill(worker._process.pid, signal.SIGKILL)
    worker._process.wait()
    assert worker.ask("x/2", r"\frac{x}{2}") == "equal"


def test_threads_share_a_worker_and_get_their_own_answers(worker: Worker) -> None:
    said: dict[int, str] = {}

    def ask(number: int) -> None:
        said[number] = worker.ask(f"x+{number}", f"{number % 2}+x")

    threads = [threading.Thread(target=ask, args=(number,)) for number in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert [said[number] for number in range(8)] == ["equal", "equal"] + ["different"] * 6


def test_the_worker_has_no_environment_to_tell(worker: Worker, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "CANARY")
    worker.ask("1", "1")
    assert worker._process
    with open(f"/proc/{worker._process.pid}/environ", "rb") as environment:  # noqa: PTH123 - not a file to manage
        assert b"CANARY" not in environment.read()


def test_a_worker_that_starts_too_slowly_is_not_waited_for_and_serves_later(worker: Worker) -> None:
    with pytest.raises(WorkerLate):
        worker.ask("x/2", r"\frac{x}{2}", time.monotonic())
    started = worker._process
    assert worker.ask("x/2", r"\frac{x}{2}") == "equal"
    assert worker._process is started is not None


def test_an_answer_that_nobody_waited_for_is_not_the_next_questions(stub: Worker) -> None:
    assert stub.ask("x+1", "1+x") == "equal"
    started = stub._process
    with pytest.raises(WorkerLate):
        stub.ask("forever", "5", time.monotonic() + 0.02)
    assert stub.ask("x+1", "1+x") == "equal"
    assert stub._process is started
