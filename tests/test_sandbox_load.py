"""The sandbox with much to do, and when something in it breaks."""

import os
import signal
import subprocess
import sys
import textwrap
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from pathlib import Path

import pytest

from tests.processes import descriptors, offspring
from tests.sandboxes import LIMITS, SHORT, called, helpers, opened
from tests.tools import ROOT
from verifiers.sandbox import Limits, Returned, Sandbox, SandboxLost, Struck, processors, sandbox


@pytest.fixture(scope="module")
def box() -> Iterator[Sandbox]:
    with opened() as made:
        yield made


# --- under load, and when something breaks -----------------------------------------------------------


def test_the_thousandth_run_is_as_clean_as_the_first() -> None:
    open_before, running_before = descriptors(), offspring(os.getpid())
    box = Sandbox()
    dirty = "import builtins, math\nbuiltins.dirty = math.dirty = 1\nkept = [0] * 10 ** 5\ndef f(): return 1"
    clean = "import builtins, math\ndef f(): return hasattr(builtins, 'dirty') or hasattr(math, 'dirty')"
    assert called(box, clean) == Returned(False)
    open_then, running_then = descriptors(), offspring(os.getpid())
    with ThreadPoolExecutor(4) as threads:
        runs = list(threads.map(lambda _: called(box, dirty), range(1000)))
    assert runs == [Returned(1)] * 1000
    assert called(box, clean) == Returned(False)
    wait_until(lambda: len(offspring(os.getpid())) <= len(running_before) + len(os.sched_getaffinity(0)))
    new = offspring(os.getpid()).keys() - running_then.keys()  # the helpers that the first run did not need
    assert len(descriptors()) <= len(open_then) + len(new)
    box.stop()
    assert descriptors() == open_before
    assert offspring(os.getpid()).keys() <= running_before.keys()


def test_more_sessions_than_processors_are_open_at_once(box: Sandbox) -> None:
    sessions = [box.session("def f(x): return x", LIMITS) for _ in range(12)]
    assert [session.call("f", [n]) for n, session in enumerate(sessions)] == [Returned(n) for n in range(12)]
    for session in sessions:
        session.close()


def test_an_endless_loop_does_not_hold_its_neighbours(box: Sandbox) -> None:
    endless = Limits(seconds=30, wall_seconds=30)
    looping = box.session("def f():\n    while True: pass", endless)

    def loop() -> None:
        with suppress(SandboxLost):
            looping.call("f", [])

    thread = threading.Thread(target=loop)
    thread.start()
    try:
        if len(os.sched_getaffinity(0)) > 1:
            assert called(box, "def f(): return 1") == Returned(1)
    finally:
        box.stop()
        thread.join()


def test_a_helper_that_dies_is_replaced_and_its_children_end() -> None:
    box = Sandbox()
    session = box.session("import time\ndef f(): time.sleep(60)", LIMITS)
    child = session._child._process
    for helper in helpers(box):
        os.kill(helper, signal.SIGKILL)
    with pytest.raises(SandboxLost):
        session.call("f", [])
    assert child not in offspring(os.getpid())
    assert called(box, "def f(): return 1") == Returned(1)
    box.stop()


def test_a_child_that_is_stopped_is_ended_at_the_deadline(box: Sandbox) -> None:
    with box.session("def f(): return 1", SHORT) as session:
        os.kill(session._child._process, signal.SIGSTOP)
        assert session.call("f", []) == Struck("time")
    assert session._child._process not in offspring(os.getpid())


def test_helpers_and_children_end_with_the_process_however_it_ends() -> None:
    code = """
        import os, sys, threading
        from verifiers.sandbox import Limits, sandbox
        session = sandbox().session("def f():\\n    while True: pass", Limits(60, 60))
        threading.Thread(target=lambda: session.call("f", []), daemon=True).start()
        print(session._child._process, *[h._process.pid for h in sandbox()._helpers if h], flush=True)
        sys.stdin.read()
    """
    process = subprocess.Popen(
        [sys.executable, "-c", textwrap.dedent(code)],
        cwd=ROOT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
    )
    assert process.stdin
    assert process.stdout
    below = [int(each) for each in process.stdout.readline().split()]
    process.kill()
    process.wait()
    process.stdin.close()
    process.stdout.close()
    wait_until(lambda: not any(running(each) for each in below))


def running(process: int) -> bool:
    try:
        return Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


def wait_until(holds: Callable[[], bool]) -> None:
    while not holds():
        time.sleep(0.01)


def test_a_process_has_one_sandbox_and_warming_it_starts_helpers() -> None:
    assert sandbox() is sandbox()
    box = Sandbox()
    box.warm()
    assert len(helpers(box)) == len(os.sched_getaffinity(0))
    assert box.closed is None
    box.stop()
    assert helpers(box) == []


# --- how many at once ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("megabytes", "most"), [("128", 1), ("1769", 1), ("2048", 1), ("3008", 2), ("10240", 6)]
)
def test_lambdas_memory_says_how_many_compute_at_once(
    megabytes: str, most: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(os, "sched_getaffinity", lambda process: set(range(6)))
    assert processors() == 6
    monkeypatch.setenv("AWS_LAMBDA_FUNCTION_MEMORY_SIZE", megabytes)
    assert processors() == most
    monkeypatch.setattr(os, "sched_getaffinity", lambda process: {0})
    assert processors() == 1
