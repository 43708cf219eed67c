"""What the sandbox does for honest programs, and that it runs nothing where its walls do not stand."""

import ctypes
import os
import re
import signal
import subprocess
import sys
import textwrap
import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from pathlib import Path

import pytest

from tests.processes import descriptors, offspring
from tests.raw_calls import RAW
from verifiers.sandbox import (
    Limits,
    Outcome,
    Printed,
    Raised,
    Returned,
    Sandbox,
    SandboxClosed,
    SandboxLost,
    Struck,
    processors,
    sandbox,
)
from verifiers.sandbox.canary import FORBIDDEN
from verifiers.sandbox.syscalls import ALLOWED, MACHINE, MACHINES, NOT_EXECUTABLE
from verifiers.sandbox.zygote import LOADED_LATE, PRELOADED

ROOT = Path(__file__).parents[1]
LIMITS = Limits(seconds=5, wall_seconds=60)
"""For honest programs on a machine that is busy."""
SHORT = Limits(seconds=0.3, wall_seconds=1)


@pytest.fixture(scope="module")
def box() -> Iterator[Sandbox]:
    made = Sandbox()
    assert made.closed is None
    yield made
    made.stop()


def called(
    box: Sandbox, source: str, function: str = "f", *arguments: object, limits: Limits = LIMITS
) -> Outcome:
    with box.session(source, limits) as session:
        return session.call(function, arguments)


# --- sessions ----------------------------------------------------------------------------------------


def test_a_session_keeps_what_its_source_defined_from_call_to_call(box: Sandbox) -> None:
    with box.session(
        "seen = []\ndef f(x, *, y=0):\n    seen.append(x + y)\n    return seen", LIMITS
    ) as session:
        assert session.started == Returned(None)
        assert session.call("f", [1]) == Returned([1])
        assert session.call("f", [2], {"y": 3}) == Returned([1, 5])
        assert session.call("g", []) == Raised("NameError")
        assert session.call("seen", []) == Raised("TypeError")
        assert session.call("f", [3]) == Returned([1, 5, 3])


def test_the_library_is_there_before_the_source(box: Sandbox) -> None:
    with box.session(
        "def f(x): return helper(x) + 1", LIMITS, library="def helper(x): return 2 * x"
    ) as session:
        assert session.call("f", [20]) == Returned(41)


def test_a_session_is_not_the_main_program(box: Sandbox) -> None:
    assert called(box, "if __name__ == '__main__': 1 / 0\ndef f(): return __name__") == Returned("solution")


def test_a_source_that_fails_says_so_and_every_call_with_it(box: Sandbox) -> None:
    with box.session("1 / 0", LIMITS) as session:
        assert session.started == session.call("f", []) == Raised("ZeroDivisionError")
    with box.session("x = 1\nif", LIMITS) as session:
        assert session.started == session.call("f", []) == Struck("syntax: line 2")


def test_what_struck_a_call_strikes_those_after_it(box: Sandbox) -> None:
    with box.session("def f():\n    while True: pass\ndef g(): return 1", SHORT) as session:
        assert session.call("g", []) == Returned(1)
        assert session.call("f", []) == session.call("g", []) == Struck("time")


def test_what_is_too_large_or_not_plain_strikes_only_its_own_call(box: Sandbox) -> None:
    with box.session("def f(n): return 'x' * n\ndef g(): return g", LIMITS) as session:
        assert session.call("f", [LIMITS.output_bytes]) == Struck("output")
        assert session.call("g", []) == Struck("not plain")
        assert session.call("f", [3]) == Returned("xxx")


def test_a_closed_session_takes_no_call(box: Sandbox) -> None:
    session = box.session("def f(): return 1", LIMITS)
    session.close()
    session.close()
    assert session.call("f", []) == Struck("closed")


def test_values_go_in_and_out_unchanged(box: Sandbox) -> None:
    values = [None, True, 2**70, 1.5, float("inf"), 1j, "é\ud800", b"\0", [()], {(1, 2): {3}}, frozenset({4})]
    assert called(box, "def f(x): return x", "f", values) == Returned(values)
    assert called(box, "def f(x): return x == {*range(20_000)}", "f", {*range(20_000)}) == Returned(True)


def test_time_is_the_processors_not_the_walls(box: Sandbox) -> None:
    patient = Limits(seconds=0.2, wall_seconds=60)
    assert called(box, "import time\ndef f(): time.sleep(0.5); return 1", limits=patient) == Returned(1)


def test_who_computes_on_after_the_answer_pays_in_the_next_call(box: Sandbox) -> None:
    source = """
        import os
        def f():
            os.write(3, b'\\0\\0\\0\\x15["t","returned",null]')
            while True: pass
    """
    with box.session(textwrap.dedent(source), SHORT) as session:
        assert session.call("f", []) == Returned(None)
        time.sleep(2 * SHORT.seconds)
        assert session.call("f", []) == Struck("time")


def test_the_same_program_says_the_same_again(box: Sandbox) -> None:
    source = "import random\ndef f(): return random.random(), list({'a', 'b', 'c', 'd'}), hash('x')"
    box.stop()
    assert called(box, source) == called(box, source)


@pytest.mark.parametrize("module", (PRELOADED + LOADED_LATE).split())
def test_what_programs_import_is_there(box: Sandbox, module: str) -> None:
    if module != "_pylong" or sys.version_info >= (3, 12):
        assert called(box, f"import {module}\ndef f(): return 1") == Returned(1)


@pytest.mark.parametrize(
    "expression",
    [
        "__import__('datetime').datetime.strptime('2024-02-29', '%Y-%m-%d').year",
        "__import__('time').localtime(0).tm_hour",
        "'%.3f' % __import__('decimal').Decimal('2').sqrt()",
        "'ß'.encode('latin-1').decode('cp1252').encode('utf-16').decode('utf-16')",
        "__import__('hashlib').md5(b'x').hexdigest()",
        "__import__('hashlib').sha3_256(b'x').hexdigest()",
        "len(str(10 ** 4000))",
        "__import__('collections').namedtuple('P', 'x y')(1, 2)",
        "__import__('dataclasses').make_dataclass('D', ['x'])(1).x",
        "__import__('calendar').monthrange(2024, 2)[1]",
        "'%s' % __import__('fractions').Fraction(1, 3)",
        "__import__('unicodedata').name('é')",
        "__import__('statistics').stdev([1, 2, 4])",
        "__import__('json').dumps({'a': [1.5, None]}, indent=1)",
        "__import__('traceback').format_exc()",
        "__import__('re').sub(r'(\\w)(\\d)', r'\\2\\1', 'a1')",
        "__import__('textwrap').fill('a b c', 3)",
        "__import__('string').Template('$x').substitute(x=1)",
    ],
)
def test_an_honest_expression_is_worth_what_it_is_worth_here(box: Sandbox, expression: str) -> None:
    assert called(box, f"def f(): return {expression}") == Returned(eval(expression))  # noqa: S307 - from above


# --- programs ----------------------------------------------------------------------------------------

FAST_INPUT = """
import os, sys
from io import BytesIO, IOBase
class FastIO(IOBase):
    def __init__(self, file):
        self.descriptor = file.fileno()
        self.buffer = BytesIO()
    def read(self):
        while True:
            b = os.read(self.descriptor, max(os.fstat(self.descriptor).st_size, 8192))
            if not b: break
            place = self.buffer.tell()
            self.buffer.seek(0, 2), self.buffer.write(b), self.buffer.seek(place)
        return self.buffer.read()
print(sum(map(int, FastIO(sys.stdin).read().split())))
"""


@pytest.mark.parametrize(
    ("source", "printed"),
    [
        ("print(int(input()) + int(input()))", "42\n"),
        ("import sys\nprint(sum(map(int, sys.stdin)))", "42\n"),
        ("import sys\nsys.stdout.write(str(sum(map(int, sys.stdin.read().split()))))", "42"),
        ("print(sum(map(int, open(0).read().split())))", "42\n"),
        ("import sys\nprint(sum(map(int, sys.stdin.buffer.readlines())))", "42\n"),
        (FAST_INPUT, "42\n"),
        ("if __name__ == '__main__': print(42)", "42\n"),
        ("import threading\nt = threading.Thread(target=lambda: print(42))\nt.start()\nt.join()", "42\n"),
        ("import atexit\natexit.register(print, 42)", "42\n"),
        ("print(42)\nraise SystemExit", "42\n"),
        ("import os\nprint(42, flush=True)\nos._exit(0)", "42\n"),
        ("import sys\nprint('no', file=sys.stderr)\nprint('é', end='')", "é"),
        ("import os\nos.write(1, b'\\xff')", "\ufffd"),
        ("import sys\nsys.stdin.close()\nprint(42)", "42\n"),
        ("", ""),
    ],
)
def test_a_program_reads_and_prints_as_it_would_anywhere(box: Sandbox, source: str, printed: str) -> None:
    assert box.program(source, "20\n22\n", LIMITS) == Printed(printed, Returned(None))


@pytest.mark.parametrize(
    ("source", "outcome"),
    [
        ("print(1, flush=True)\n1 / 0", Raised("ZeroDivisionError")),
        ("print(1, flush=True)\nraise SystemExit(1)", Raised("SystemExit")),
        ("print(1, flush=True)\nimport os; os._exit(3)", Struck("died")),
        ("print(1, flush=True)\nimport os; os.abort()", Struck("died")),
        ("print(1, flush=True)\nwhile True: pass", Struck("time")),
        ("print(1)\ninput(); input(); input()", Raised("EOFError")),
    ],
)
def test_what_a_program_printed_before_it_failed_is_kept(box: Sandbox, source: str, outcome: Outcome) -> None:
    assert box.program(source, "1\n2\n", SHORT) == Printed("1\n", outcome)


def test_a_program_that_prints_too_much_is_struck_and_no_more_is_kept(box: Sandbox) -> None:
    few = Limits(output_bytes=1000, wall_seconds=60)
    assert box.program("print('x' * 999)", "", few) == Printed("x" * 999 + "\n", Returned(None))
    assert box.program("print('x' * 1000)", "", few) == Printed("x" * 1000, Struck("output"))
    assert box.program("while True: print('x' * 100)", "", few) == Printed(
        (("x" * 100 + "\n") * 10)[:1000], Struck("output")
    )


def test_a_large_input_goes_in_while_as_large_an_output_comes_out(box: Sandbox) -> None:
    text = "".join(f"{n}\n" for n in range(200_000))
    roomy = Limits(seconds=20, wall_seconds=60, output_bytes=2 * len(text))
    assert box.program("import sys\nfor line in sys.stdin: print(line, end='')", text, roomy).text == text


def test_a_program_that_reads_nothing_ends_all_the_same(box: Sandbox) -> None:
    assert box.program("print(1)", "x" * 1_000_000, LIMITS) == Printed("1\n", Returned(None))


# --- examinations ------------------------------------------------------------------------------------

TESTS = """
def check(candidate):
    assert candidate(2) == 4
    assert candidate(n=3) == 9
check(candidate)
"""


def square(arguments: Sequence[object], keywords: Mapping[str, object]) -> Outcome:
    [number] = [*arguments, *keywords.values()]
    assert isinstance(number, int)
    return Returned(number**2)


def test_tests_run_in_a_process_of_their_own_and_ask_for_each_call(box: Sandbox) -> None:
    asked = []

    def call(arguments: Sequence[object], keywords: Mapping[str, object]) -> Outcome:
        asked.append((arguments, keywords))
        return square(arguments, keywords)

    assert box.examine(TESTS, "square", call, LIMITS) == Returned(True)
    assert asked == [([2], {}), ([], {"n": 3})]
    assert box.examine("assert square(2) == 4", "square", square, LIMITS) == Returned(True)
    assert box.examine("assert square(2) == 5", "square", square, LIMITS) == Raised("AssertionError")


@pytest.mark.parametrize(
    ("tests", "answer", "outcome"),
    [
        ("f()", Struck("time"), Struck("time")),
        ("try:\n    f()\nexcept BaseException:\n    pass", Struck("died"), Struck("died")),
        ("try:\n    f()\nexcept ValueError:\n    pass", Raised("ValueError"), Returned(True)),
        ("try:\n    f()\nexcept Exception as e:\n    assert 'Mi' in repr(e)", Raised("Mine"), Returned(True)),
        ("f()", Raised("UnicodeDecodeError"), Raised("UnicodeDecodeError")),
        ("f()", Raised("SystemExit"), Raised("SystemExit")),
        ("f(object())", Returned(1), Struck("not plain")),
        ("while True: pass", Returned(1), Struck("time")),
        ("while True: f()", Returned(1), Struck("time")),
        ("def", Returned(1), Struck("syntax: line 1")),
        ("import os; os._exit(0)", Returned(1), Struck("died")),
    ],
)  # fmt: skip
def test_an_examination_ends_as_its_tests_do(
    box: Sandbox, tests: str, answer: Outcome, outcome: Outcome
) -> None:
    left = iter([answer] * 1000)
    assert box.examine(tests, "f", lambda *_: next(left, Struck("time")), SHORT) == outcome


def test_trusted_tests_may_ask_with_more_than_a_student_may_answer(box: Sandbox) -> None:
    tests = "assert f({*range(20_000)}, 'x' * 1_000_000) == 42"
    assert box.examine(tests, "f", lambda *_: Returned(42), LIMITS) == Returned(True)


def test_the_students_process_answers_tests_that_it_never_sees(box: Sandbox) -> None:
    source = """
        import gc, sys
        def f(x):
            seen = [str(frame) for frame in sys._current_frames().values()]
            seen += [each for each in gc.get_objects() if isinstance(each, dict) and "check" in each]
            return "tangerine" in str(seen)
    """
    tests = "tangerine = 'tangerine'\ndef check(f):\n    assert f('x') is False\ncheck(f)"
    with box.session(textwrap.dedent(source), LIMITS) as student:
        assert box.examine(tests, "f", lambda *given: student.call("f", *given), LIMITS) == Returned(True)


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


def helpers(box: Sandbox) -> list[int]:
    return [helper._process.pid for helper in box._helpers if helper]


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


# --- the walls ---------------------------------------------------------------------------------------


ROOT_LOOKS = pytest.mark.skipif(os.geteuid() != 0, reason="only root may look into what is not dumpable")


@ROOT_LOOKS
def test_a_helper_inherits_nothing(box: Sandbox) -> None:
    os.environ["AWS_SECRET_ACCESS_KEY"] = "tangerine"  # noqa: S105 - what must not be inherited
    try:
        fresh = Sandbox()
        assert fresh.closed is None
        [helper] = helpers(fresh)
        environment = Path(f"/proc/{helper}/environ").read_bytes().split(b"\0")
        assert {entry.partition(b"=")[0] for entry in environment} == {
            b"PYTHONHASHSEED",
            b"LD_LIBRARY_PATH",
            b"",
        }
        held = sorted(int(each.name) for each in Path(f"/proc/{helper}/fd").iterdir())
        assert held == [0, 1, 2, 3]
        assert {str(Path(f"/proc/{helper}/fd/{each}").readlink()) for each in held[1:]} == {"/dev/null"}
        assert Path(f"/proc/{helper}/cwd").readlink() == Path("/")
        assert b"tangerine" not in Path(f"/proc/{helper}/cmdline").read_bytes()
        fresh.stop()
    finally:
        del os.environ["AWS_SECRET_ACCESS_KEY"]


def test_the_parent_and_its_helpers_are_not_dumpable(box: Sandbox) -> None:
    assert ctypes.CDLL(None).prctl(3, 0, 0, 0, 0) == 0
    assert box.closed is None
    assert {Path(f"/proc/{each}/mem").stat().st_uid for each in [os.getpid(), *helpers(box)]} == {0}


@ROOT_LOOKS
def test_a_child_holds_its_pipe_and_nothing_else(box: Sandbox) -> None:
    with box.session("", LIMITS) as session:
        process = session._child._process
        held = {each.name: str(each.readlink()) for each in Path(f"/proc/{process}/fd").iterdir()}
        status = Path(f"/proc/{process}/status").read_text()
    assert held.keys() == {"0", "1", "2", "3"}
    assert {held[each] for each in "012"} == {"/dev/null"}
    assert held["3"].startswith("socket:")
    assert "NoNewPrivs:\t1" in status
    assert re.findall(r"Cap(?:Prm|Eff|Amb|Inh):\t(\w+)", status) == ["0" * 16] * 4
    assert "Seccomp:\t2" in status
    assert "Threads:\t1" in status


UNFILTERED = {"x86_64": {335, 336}, "aarch64": set[int]()}
"""uretprobe and uprobe: newer kernels ask no filter, and refuse them outside of trampolines of their own."""


def test_every_system_call_that_is_not_on_the_list_is_refused(box: Sandbox) -> None:
    column = MACHINES.index(MACHINE)
    listed = sorted(numbers[column] for numbers in (ALLOWED | NOT_EXECUTABLE).values())
    source = RAW + "def f(numbers): return [n for n in numbers if raw(n, 0, 0, 0, 0, 0, 0) != (-1, 1)]"
    others = [number for number in range(1024) if number not in {*listed, *UNFILTERED[MACHINE]}]
    assert called(box, source, "f", [*others, 2**20, 2**30 - 1]) == Returned([])


def python(code: str) -> str:
    """What a fresh interpreter prints, that may spoil itself."""
    command = [sys.executable, "-c", textwrap.dedent(code)]
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True, timeout=60).stdout


def test_the_canary_names_every_hole_where_there_are_no_walls() -> None:
    printed = python("from verifiers.sandbox.canary import passed\nprint(sorted(passed()))")
    assert printed == f"{sorted(FORBIDDEN)}\n"


REFUSING = """
    import errno, sys
    from verifiers.sandbox import syscalls, walls
    def refuse(*numbers):
        steps = [syscalls.step(syscalls.LOAD, 0)]
        for number in numbers:
            steps += [syscalls.step(syscalls.IF_EQUAL, number, if_false=1), syscalls.step(syscalls.RETURN, syscalls.REFUSE)]
        walls.install(b"".join([*steps, syscalls.step(syscalls.RETURN, syscalls.ALLOW)]))
    prctl, seccomp = {"x86_64": (157, 317), "aarch64": (167, 277)}[syscalls.MACHINE]
    from verifiers.sandbox import Limits, SandboxClosed, sandbox
    def tell():
        print(sandbox().closed)
        try:
            with sandbox().session("def f(): return 42", Limits()) as session:
                print(session.call("f", []))
        except SandboxClosed as closed:
            print("refused", closed)
"""  # noqa: E501 - one statement


def test_nothing_runs_where_no_filter_can_be_installed() -> None:
    printed = python(REFUSING + "    walls.give_up_privileges()\n    refuse(seccomp)\n    tell()")
    why = "seccomp cannot be installed here: EPERM"
    assert printed.splitlines() == [why, f"refused {why}"]


def test_nothing_runs_where_privileges_cannot_be_given_up() -> None:
    if os.geteuid() != 0:
        pytest.skip("only root may refuse prctl without having given up privileges")
    why = "no_new_privs cannot be set here: EPERM"
    assert python(REFUSING + "    refuse(prctl)\n    tell()").splitlines() == [why, f"refused {why}"]


def test_privileges_that_are_given_up_already_suffice_where_prctl_is_refused() -> None:
    printed = python(REFUSING + "    walls.give_up_privileges()\n    refuse(prctl)\n    tell()")
    assert printed.splitlines() == ["None", "Returned(value=42)"]


def test_nothing_runs_behind_walls_with_a_hole() -> None:
    boot = """
    from verifiers.sandbox import helper
    opened = "from verifiers.sandbox import syscalls\\nsyscalls.ALLOWED['socket'] = (41, 198)\\n"
    command = list(helper.COMMAND)
    command[command.index(helper.BOOT)] = helper.BOOT.replace("from verifiers", opened + "from verifiers", 1)
    helper.COMMAND = command
    tell()
    """
    why = "the walls let through: socket"
    assert python(REFUSING + boot).splitlines() == [why, f"refused {why}"]


def test_a_machine_without_a_table_has_no_sandbox(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("verifiers.sandbox.syscalls.MACHINE", "riscv64")
    box = Sandbox()
    assert box.closed == "the sandbox needs Linux on x86_64 or aarch64"
    box.warm()
    with pytest.raises(SandboxClosed, match="needs Linux"):
        box.program("print(1)", "", LIMITS)


# --- the page -----------------------------------------------------------------------------------------


def test_the_page_lists_every_file_with_its_lines() -> None:
    page = (ROOT / "docs/sandbox.md").read_text(encoding="utf-8")
    lines = {one.name: len(one.read_text().splitlines()) for one in (ROOT / "verifiers/sandbox").glob("*.py")}
    told = {
        tuple(re.findall(r"\w+\.py", files)): int(count)
        for files, count in re.findall(r"^\| ((?:`\w+\.py`(?:, )?)+) \| (\d+) \|", page, re.MULTILINE)
    }
    assert {files: sum(map(lines.__getitem__, files)) for files in told} == told
    assert {name for files in told for name in files} == lines.keys() - {"types.py", "__init__.py"}
    assert f"That is {sum(lines.values()):,} lines" in page


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
