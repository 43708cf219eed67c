"""
Test code that is more than simple asserts, as it is, in a process of its own: one test.

What it calls of the student's goes through this process into the student's, as plain values. Helpers that the
prompt gives stand before it; where the program defines one of them anew, the tests have to pass with its
version too, as they would in one process - and with the prompt's, which no student can bend.
"""

import ast
from collections.abc import Iterator, Mapping, Sequence

from verifiers.programs.bench import Bench
from verifiers.programs.extraction import Program, given_names
from verifiers.programs.reference import Asserts
from verifiers.programs.student import PASSED, WRONG, Student, Trial, failure
from verifiers.programs.testcode import Untestable, changes_arguments, check_of, functions, parsed
from verifiers.sandbox import Outcome, Raised, Returned, Struck

BROKEN = {
    "NameError",
    "ImportError",
    "ModuleNotFoundError",
    "SyntaxError",
    "UnboundLocalError",
    "FileNotFoundError",
}
"""What tests raise of themselves, and no value of a student's makes them raise."""
ENDS_A_LOOP = (Raised("StopIteration"), Raised("StopAsyncIteration"))
"""What would end a loop of the test code over `map(candidate, ...)` early, and with it the asserts in it."""
NAMED = "__function__"
"""The argument with which a stand-in says for which of the program's functions it stands."""


def examined(tests: Asserts, program: Program, bench: Bench) -> Iterator[Trial]:
    """Yield the one trial; raise Untestable where the tests fail of themselves."""
    tree = parsed(tests.source)
    check = check_of(tree)
    if changes_arguments(tree, [*tests.entries, *([check.args.args[0].arg] if check else [])]):
        raise Untestable("the tests look at an argument that the function changes")
    called = any(isinstance(one, ast.Expr) and isinstance(one.value, ast.Call) for one in tree.body)
    source = tests.source if called or not check else f"{tests.source}\n\ncheck(candidate)\n"
    trial = PASSED
    for helpers in _helpers(tree, tests, program):
        trial = trial if trial.failed else _examined(f"{helpers}\n{source}", tests.entry, program, bench)
    yield trial


def _helpers(tree: ast.Module, tests: Asserts, program: Program) -> list[str]:
    """Return what has to stand before test code: the prompt's helpers, then the program's own version."""
    needed = [name for name in functions(tree) if name != tests.entry]
    own = [name for name in needed if name in given_names(program.source)]
    stand_ins = "".join(
        f"def {name}(*args, **kwargs):\n    return candidate(*args, **kwargs, {NAMED}={name!r})\n"
        for name in own
    )
    if own and not given_names(program.given).issuperset(own):
        return [f"{program.given}\n{stand_ins}"]
    return [program.given, f"{program.given}\n{stand_ins}"] if own else [program.given]


def _examined(source: str, entry: str, program: Program, bench: Bench) -> Trial:
    with Student(program, bench) as student:
        last: list[Outcome] = [Returned(None)]

        def call(args: Sequence[object], kwargs: Mapping[str, object]) -> Outcome:
            named = {name: value for name, value in kwargs.items() if name != NAMED}
            last[0] = student.call(str(kwargs.get(NAMED, entry)), args, named)
            return Raised("RuntimeError") if last[0] in ENDS_A_LOOP else last[0]

        outcome = bench.sandbox.examine(source, entry, call, bench.for_test_code())
        return _trial(outcome, last[0], called=student.calls > 0)


def _trial(outcome: Outcome, last: Outcome, *, called: bool) -> Trial:
    """Tell what the student's values fail from what the tests fail of themselves."""
    if isinstance(outcome, Returned) and called:
        return PASSED
    if not isinstance(outcome, Returned) and not isinstance(last, Returned):
        return failure(last)
    match outcome:
        case Raised(error) if called and error not in BROKEN:
            return WRONG
        case Raised(told) | Struck(told):
            raise Untestable(f"the test code itself fails ({told})")
    raise Untestable("the test code calls no function of the program's")
