"""What `code` runs, what it reads from a response and a reference answer, and what it says of it."""

import math
import time
from typing import Any

import pytest

from router.types import Abstain, Finding, Message, Sample, Verdict
from tests.fakes import sample
from verifiers.code import Code
from verifiers.programs.bench import Bench
from verifiers.sandbox import Sandbox, SandboxClosed, sandbox

ADD = {"asserts": ["assert add(2, 3) == 5", "assert add(-1, 1) == 0", "assert add(0, 7) == 7"]}
RIGHT = "def add(a, b): return a + b"
STUB = "from math import pi\n\ndef three():\n    return 3\n\ndef add(a, b):\n    '''Add them.'''\n"


def found(response: str, reference: object = ADD, *, prompt: str = "?", **options: Any) -> Finding:
    return Code(**options).verify(sample(response, reference, prompt=prompt))


def score(response: str, reference: object = ADD, **others: Any) -> float:
    finding = found(response, reference, **others)
    assert isinstance(finding, Verdict), finding
    return finding.score


def reason(response: str, reference: object = ADD, **others: Any) -> str:
    return found(response, reference, **others).reason


def test_the_sandbox_holds_here() -> None:
    assert sandbox().closed is None, "`code` abstains on this machine, and its tests say nothing"


def checked(*lines: str, head: str = "") -> dict[str, str]:
    """A reference answer in the style of HumanEval."""
    body = "".join(f"    {line}\n" for line in lines)
    return {"test": f"{head}\ndef check(candidate):\n{body}", "entry_point": "f"}


HOLDS = [
    ("def f(x): return x", "assert candidate([1, (2, 3)]) == [1, (2, 3)]"),
    ("def f(x): return x > 0", "assert candidate(1) is True"),
    ("def f(x): return x > 0", "assert candidate(1) and not candidate(0)"),
    ("def f(x): return None", "assert candidate(1) is None"),
    ("def f(x): return x / 3", "assert abs(candidate(1) - 0.3333) < 1e-3"),
    ("import math\ndef f(x): return math.sqrt(x)", "assert math.isclose(candidate(2), 2 ** 0.5)"),
    ("def f(x): return [x, 1]", "assert set(candidate(2)) == {1, 2} and len(candidate(2)) == 2"),
    ("def f(x): return x + 1", "assert candidate(x=1) in (2, 3)"),
    ("def f(x): return x + 1", "assert candidate(1) == candidate(0) + 1"),
    ("def f(x): return {x: 1}", "assert candidate(1)[1] == 1 < 2"),
    ("def f(x): return x", "assert candidate('a' * 3) == 'aaa', 'f of ' + 'aaa'"),
    ("def f(x): return x", "for a, b in [(1, 1), (2, 2)]: assert candidate(a) == b"),
    ("def f(x): return x", "value = candidate(3); assert value == 3"),
    ("def f(x): return x", "assert f(3) == 3"),
    ("def f(x): return x", "assert all(candidate(a) == a for a in range(9))"),
    ("def f(x): return x", "assert isinstance(candidate(3), int)"),
    (
        "def f(x): return int(x)",
        "try:\n        candidate('a')\n        assert False\n    except ValueError: pass",
    ),
]


@pytest.mark.parametrize(("program", "assertion"), HOLDS)
def test_what_test_code_asserts_is_worked_out(program: str, assertion: str) -> None:
    assert score(program, checked(assertion, head="import math")) == 1
    assert score("def f(x): return 'another'", checked(assertion, head="import math")) == 0


class Closed:
    """A sandbox whose walls do not stand."""

    def open(self) -> None:
        raise SandboxClosed("no filter of system calls")


@pytest.mark.parametrize("reference", [ADD, {"stdio": [{"input": "", "output": ""}]}])
@pytest.mark.parametrize("check", ["tests", "compiles"])
def test_where_the_walls_do_not_stand_nothing_runs(
    monkeypatch: pytest.MonkeyPatch, reference: object, check: str
) -> None:
    monkeypatch.setattr("verifiers.sandbox.sandbox", Closed)
    finding = found(RIGHT, reference, check=check)
    assert finding == Abstain("programs cannot be run here (no filter of system calls)")


def test_the_tests_and_the_program_share_no_memory() -> None:
    bends = "import random, builtins\nrandom.randint = lambda *a: 1\nbuiltins.sorted = lambda *a: []\n"
    tests = checked("import random", "a = [random.randint(2, 9)]", "assert candidate(a) == sorted(a)")
    assert score(f"{bends}def f(x): return []", tests) == 0
    assert score(f"{bends}def f(x): return x", tests) == 1


def test_a_program_ends_no_loop_of_the_tests() -> None:
    tests = checked("for a, b in zip(map(candidate, [1, 2]), [1, 2]): assert a == b")
    assert score("def f(a): return a", tests) == 1
    assert score("def f(a): raise StopIteration", tests) == 0


def test_a_helper_of_the_prompt_is_the_prompts_and_the_programs() -> None:
    prompt = "def shift(a):\n    return a + 1\n\ndef f(a):\n    '''Undo it.'''\n"
    tests = checked("for a in range(9): assert candidate(shift(a)) == a")
    assert score("def f(a): return a - 1", tests, prompt=prompt) == 1
    assert score("def shift(a): return 1 + a\ndef f(a): return a - 1", tests, prompt=prompt) == 1
    assert score("def shift(a): return a\ndef f(a): return a", tests, prompt=prompt) == 0
    assert score("def shift(a): return a + 2\ndef f(a): return a - 1", tests, prompt=prompt) == 0


ABSTAINS: list[tuple[str, object]] = [
    (RIGHT, None),
    (RIGHT, "3"),
    (RIGHT, {"asserts": []}),
    (RIGHT, {"asserts": ["assert add("]}),
    (RIGHT, {"asserts": ["assert 1 == 1"]}),
    (RIGHT, {"io_tests": [[[1, 2], 3]]}),
    (RIGHT, {"entry_point": "os system", "io_tests": [[[1, 2], 3]]}),
    (RIGHT, {"entry_point": "add", "io_tests": [[1, 2, 3]]}),
    (RIGHT, {"stdio": [{"input": 1, "output": 2}]}),
    (RIGHT, {"test": "def check(candidate):\n    assert True", "entry_point": "add"}),
    (
        RIGHT,
        {"test": "import numpy\ndef check(c):\n    assert numpy.sum(c(1, 2)) == 3", "entry_point": "add"},
    ),
    (RIGHT, {"test": "def check(c):\n    assert c(1, 2) == missing", "entry_point": "add"}),
    ("import numpy as np\ndef add(a, b): return int(np.add(a, b))", ADD),
    ("It is `def add(a, b): return a + b`.", ADD),
    ("def f(x): x.sort()", checked("a = [2, 1]", "candidate(a)", "assert a == [1, 2]")),
    ("\n".join(f"```\ndef add(a, b): return {n}\n```" for n in range(9)), ADD),
]


@pytest.mark.parametrize(("response", "reference"), ABSTAINS)
def test_it_abstains_where_the_tests_say_nothing(response: str, reference: object) -> None:
    assert isinstance(found(response, reference), Abstain)


PROGRAMS = {
    "alone": RIGHT,
    "with prose around": f"Here you are.\n\n{RIGHT}\n\nThis adds (both) of them: simple.",
    "with prose at once": f"# My answer\nIt adds:\n{RIGHT}\nThis function returns the sum.\n- It is fast.",
    "with a heading behind": f"{RIGHT}\n\n### Explanation\nThe function returns the sum.",
    "fenced": f"```python\n{RIGHT}\n```",
    "fenced in a list": "1. So:\n\n   ```py\n   def add(a, b):\n       return a + b\n   ```\n2. Done.",
    "fenced behind a colon": f"Here: ```python\n{RIGHT}\n```",
    "with a fence in a line": f"Not ```add```\n\n```python\n{RIGHT}\n```",
    "never closed": f"```python\n{RIGHT}\n# wait, that is wrong",
    "with a fence inside": "```\ndef add(a, b):\n    '''\n    ```\n    '''\n    return a + b\n```",
    "in two fences": "```\ndef plus(a, b): return a + b\n```\nso\n```\ndef add(a, b): return plus(a, b)\n```",
    "with its steps shown": "```\nc = a + no\n```\nso\n```\ndef add(a, b):\n    c = a + b\n    return c\n```",
    "with its beginning shown": f"```\ndef add(a, b):\n```\nand then\n```\n{RIGHT}\n```",
    "with a constant": "```\nZERO = 0\n```\n```\ndef add(a, b): return a + b + ZERO\n```",
    "with usage": f"```\n{RIGHT}\n```\nso\n```\n>>> add(1, 2)\n3\n```\nand\n```bash\npython add.py\n```",
    "in tags": f"<answer>\n{RIGHT}\n</answer>",
    "with Windows' line ends": "```python\r\ndef add(a, b):\r\n    return a + b\r\n```\r\n",
    "guarded": f"{RIGHT}\n\nif __name__ == '__main__':\n    print(add(int(input()), 1))",
    "the prompt's function repeated": f"You gave\n```\n{STUB}```\nso\n```\n{RIGHT}\n```",
    "a body": "    c = a + b\n    return c",
    "a body that lost its first indentation": "if a is None:\n        return b\n    return a + b",
    "a body that lost all indentation": "if a is None:\n    return b\nreturn a + b",
    "a body in a fence": "```python\nreturn a + b + three() - three()\n```",
    "with the prompt's imports": "def add(a, b): return a + b + int(pi) - 3",
}


@pytest.mark.parametrize("response", PROGRAMS.values(), ids=PROGRAMS)
def test_a_program_is_found(response: str) -> None:
    assert score(response, prompt=STUB) == 1


def test_what_other_verifiers_call_reasoning_runs_nowhere() -> None:
    assert reason(f"<think>{RIGHT}</think>") == "no answer outside the reasoning"
    assert reason(f"<think>{RIGHT}</think>I cannot.") == "no program in the response"


def test_several_programs_settle_only_where_they_agree() -> None:
    wrong = "def add(a, b): return a"
    assert found(f"```\n{wrong}\n```\n```\n{RIGHT}\n```") == Verdict(
        1, 0.8, "the last of several programs passes"
    )
    assert found(f"```\n{RIGHT}\n```\n```\n{wrong}\n```") == Verdict(
        0, 0.8, "the last of several programs fails"
    )
    assert reason(f"```\n{wrong}\n```\n```\ndef add(a, b): return 5\n```") == "a test fails (test 2)"
    assert reason(f"```\n{RIGHT} # 1\n```\n```\n{RIGHT} # 2\n```") == "every test passes"


@pytest.mark.parametrize(
    "said", ["Final version:", "### The complete code", "Here is it, corrected.", "The full one"]
)
def test_a_program_that_replaces_the_others_settles(said: str) -> None:
    draft = "Let me think.\n```\ndef add(a, b): ...\n```\n"
    assert reason(f"{draft}{said}\n\n```\n{RIGHT}\n```") == "every test passes"
    assert reason(f"```\n{RIGHT}\n```\n{said}\n```\ndef add(a, b): ...\n```") == "a test fails (test 1)"


REASONS = [
    ("def add(a, b): return 5", "a test fails (test 2)"),
    ("def add(a, b): return a.b", "a test raises an error (AttributeError in test 1)"),
    ("def add(a, b):\n    while b: pass\n    return a", "a test takes too long (test 1)"),
    ("def add(a, b): return [0] * 10 ** 9", "a test takes too much memory (test 1)"),
    ("def add(a, b): return 'a' * 10 ** 6", "a test prints or returns too much (test 1)"),
    ("def add(a, b): return object()", "a test returns no plain value (test 1)"),
    ("import os\ndef add(a, b): os._exit(0)", "a test ends the process (died in test 1)"),
    ("def add(a, b):\n    return (", "the program does not compile (line 2)"),
    (
        "import missing\ndef add(a, b): ...",
        "the program fails before any test (ModuleNotFoundError)",
    ),
]


@pytest.mark.parametrize(("response", "told"), REASONS)
def test_the_first_failing_test_and_its_failure_are_named_and_nothing_else(response: str, told: str) -> None:
    assert reason(response, seconds=0.2) == told


def test_the_share_of_tests_can_be_paid() -> None:
    half = "def add(a, b):\n    if a == -1: raise ValueError\n    return a + b"
    finding = found(half, partial_credit=True)
    assert finding == Verdict(
        2 / 3, 0.97, "some tests pass (2 of 3, a test raises an error: ValueError in test 2)"
    )
    dies = half.replace("raise ValueError", "import os; os._exit(0)")
    assert score(dies, partial_credit=True) == pytest.approx(2 / 3)
    assert score("def add(a, b): return 9", partial_credit=True) == 0
    assert score(RIGHT, partial_credit=True) == 1


IO = [
    ([[1, 2], 3], "def f(a, b): return a + b", 1),
    ([{"b": 1, "a": 3}, 2], "def f(a, b): return a - b", 1),
    ([7, 8], "def f(a): return a + 1", 1),
    ([[[1, 2]], [2, 1]], "def f(a): return tuple(a[::-1])", 1),
    ([[[1, 2]], {"1": 2}], "def f(a): return {1: 2}", 1),
    ([[[1, 2]], [1, 2]], "def f(a): return set(a)", 1),
    ([[1], 0.3], "def f(a): return 0.1 + 0.2", 1),
    ([[1], 1], "def f(a): return True", 1),
    ([[1], False], "def f(a): return None", 0),
    ([[1], None], "def f(a): return 0", 0),
    ([[1], "1"], "def f(a): return 1", 0),
    ([[1], [1, 2]], "def f(a): return [1]", 0),
    ([[1], 10**12], "def f(a): return 10 ** 12 + 1", 0),
    ([[1], 1.5], "def f(a): return 10 ** 9999", 0),
    ([[1], {"1": 2}], "def f(a): return {10 ** 9999: 2, (1, 2): 3}", 0),
]


@pytest.mark.parametrize(("test", "program", "right"), IO)
def test_values_are_compared_with_what_json_can_say(test: object, program: str, right: float) -> None:
    assert score(program, {"entry_point": "f", "io_tests": [test]}) == right


def test_a_program_that_reads_is_preferred_to_one_that_shows() -> None:
    reads = "```\ndef add(a, b): return a + b\nprint(add(*map(int, input().split())))\n```"
    shows = "For example:\n```\nprint(add(1, 2))\n```\nprints\n```\n3\n```"
    assert reason(f"{reads}\n{shows}", {"stdio": [{"input": "2 3", "output": "5"}]}) == "every test passes"


def test_another_language_is_left_to_others() -> None:
    assert isinstance(found("```js\nlet a = 1\n```", check="compiles"), Abstain)


PRINTED = [
    ("print(1, 2)", "1 2\n", 1),
    ("print(' 1   2 \\n')", "1 2", 1),
    ("print('1\\n\\n2')", "1\n2\n", 1),
    ("print('1\\n2')", "1 2", 0),
    ("print(0.1 + 0.2)", "0.3", 1),
    ("print(2.0)", "2", 1),
    ("print('2.5')", "2.6", 0),
    ("print(10 ** 12 + 1)", str(10**12), 0),
    ("print('yes')", "Yes", 0),
    ("print('nan')", "0", 0),
    ("print(1); raise ValueError", "1", 0),
    ("import sys\nprint(1); sys.exit()", "1", 1),
    ("print(input()[::-1])", "cba", 1),
]


@pytest.mark.parametrize(("program", "output", "right"), PRINTED)
def test_what_a_program_prints_is_compared_line_by_line(program: str, output: str, right: float) -> None:
    assert score(f"```\n{program}\n```", {"stdio": [{"input": "abc\n", "output": output}]}) == right


def test_a_function_may_have_the_name_of_pythons_own() -> None:
    tests = {"asserts": ["assert sum(10, 15) == 6"]}
    assert score("def sum(a, b): return 6", tests) == 1
    assert score("def add(a, b): return 6", tests) == 0


def test_a_reference_answer_may_be_written_as_json() -> None:
    assert score(RIGHT, '{"asserts": ["assert add(1, 2) == 3"]}') == 1
    assert score(RIGHT, '["assert add(1, 2) == 3"]') == 1


def test_whether_it_compiles_is_asked_of_the_sandbox() -> None:
    assert score("x = [1,\n", check="compiles") == 0
    assert score(f"x = {'(' * 5000}{')' * 5000}", check="compiles") == 0
    assert score("import os\nos._exit(1)\nwhile True: pass", check="compiles") == 1


def test_a_slow_program_is_not_found_at_a_glance() -> None:
    endless = sample("def add(a, b):\n    while True: pass", ADD)
    assert Code(seconds=0.2).glance(sample(RIGHT, ADD), math.inf) == found(RIGHT)
    assert Code(seconds=0.2).glance(endless, math.inf) is None


def test_a_glance_stops_at_the_first_test_that_takes_longer(monkeypatch: pytest.MonkeyPatch) -> None:
    looks = []

    def left(bench: Bench) -> float:
        looks.append(bench)
        return math.inf

    monkeypatch.setattr(Bench, "left", left)
    many = {"io_tests": [[[n], n] for n in range(50)], "entry_point": "add"}
    endless = "def add(a, b=0):\n    while True:\n        pass"
    several = sample("\nor\n".join(f"```python\n{endless} # {n}\n```" for n in range(4)), many)
    assert Code(seconds=0.05, partial_credit=True).glance(several, math.inf) is None
    assert len(looks) < 10


def test_a_program_that_had_no_moment_is_not_blamed_for_the_end_of_the_batch() -> None:
    endless = sample("def add(a, b):\n    while True: pass", ADD)
    assert Code().glance(endless, time.monotonic() + 0.2) == Abstain("the time for the batch was over")


def test_a_sandbox_that_opens_slowly_is_not_a_slow_program(monkeypatch: pytest.MonkeyPatch) -> None:
    class Cold(Sandbox):
        def open(self) -> None:
            super().open()
            time.sleep(0.7)

    late, right = sample("def add(a, b):\n    while True: pass", ADD), found(RIGHT)
    cold = Cold()
    monkeypatch.setattr("verifiers.sandbox.sandbox", lambda: cold)
    try:
        assert Code().glance(late, time.monotonic() + 1.0) == Abstain("the time for the batch was over")
        assert Code(sample_seconds=0.5).glance(sample(RIGHT, ADD), math.inf) == right
    finally:
        cold.stop()


@pytest.mark.parametrize("program", ["while True: pass", "import time; time.sleep(60)"])
@pytest.mark.parametrize("seconds", [0.0, 0.2])
def test_a_program_that_had_its_glance_is_not_paid_for_being_slow(program: str, seconds: float) -> None:
    slow = sample(f"def add(a, b):\n    {program}", ADD)
    assert Code().glance(slow, math.inf) is None
    finding = Code().verify_by(slow, time.monotonic() + seconds)
    said = "a test takes too long (test 1, for which the batch left no more time)"
    assert finding == Verdict(0, 0.95, said)


def test_many_tests_that_are_each_fast_enough_do_not_make_a_glance_long(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("verifiers.code.GLANCE_SECONDS", 0.6)
    many = {"io_tests": [[[n], n] for n in range(50)], "entry_point": "wait"}
    program = "import time\ndef wait(n):\n    time.sleep(0.1)\n    return n"
    assert Code().glance(sample(program, many), math.inf) is None


def test_the_prompt_may_hold_other_turns() -> None:
    turns = (
        Message("user", STUB),
        Message("assistant", "def add(a, b): return 0"),
        Message("user", "Again!"),
    )
    assert Code().verify(Sample("a", turns, "    return a + b", ADD)).reason == "every test passes"


HOSTILE = [
    "```" + "a" * 100_000 + "`",
    "```" + " " * 100_000 + "`",
    "```\n" * 50_000,
    "~~~~\n" + "```\n" * 50_000,
    "def add(" * 20_000,
    "a, " * 50_000,
    "def add(a, b): return a\n\n" + "a" * 100_000,
    "```\ndef add(a, b): return a\n```\n" * 5_000,
    "class A:\n" + " " * 100_000,
    "if " * 50_000 + "a: ",
    "for a" + " in b" * 50_000,
    "wrong" + ":" * 100_000 + "\n```\ndef add(a, b): return a\n```",
    "x" + ": " * 50_000,
]


@pytest.mark.parametrize("response", HOSTILE, ids=range(len(HOSTILE)))
def test_text_made_to_be_slow_to_read_is_read_and_not_paid(response: str) -> None:
    assert score(response) == 0
