"""What the sandbox does for honest programs."""

import sys
import textwrap
import time
from collections.abc import Iterator, Mapping, Sequence

import pytest

from tests.sandboxes import LIMITS, SHORT, called, opened
from verifiers.sandbox import Limits, Outcome, Printed, Raised, Returned, Sandbox, Struck
from verifiers.sandbox.zygote import LOADED_LATE, PRELOADED


@pytest.fixture(scope="module")
def box() -> Iterator[Sandbox]:
    with opened() as made:
        yield made


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
