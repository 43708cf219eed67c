"""The tests of a reference answer against one program: a trial for each, made one after the other."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from router.expression import expression
from verifiers.programs.asserts import TestCode
from verifiers.programs.bench import Bench
from verifiers.programs.examined import examined
from verifiers.programs.expressions import Unsupported
from verifiers.programs.extraction import Program
from verifiers.programs.printed import same_output
from verifiers.programs.reference import Asserts, Calls, Compiles, Stdio, Suite
from verifiers.programs.student import LATE, PASSED, WRONG, Student, Trial, failure
from verifiers.programs.testcode import Untestable, parsed
from verifiers.programs.values import same_value
from verifiers.sandbox import Raised, Returned, Struck

BEFORE_TESTS = {
    "it does not compile",
    "it does not parse",
    "the program does not compile",
    "the program fails before any test",
}
NOT_FOUND = ("ModuleNotFoundError", "ImportError")
FOREIGN = expression(
    r"^\s*(?:import|from)\s+(numpy|pandas|scipy|sympy|networkx|sklearn|torch|sortedcontainers|matplotlib)\b",
    re.MULTILINE,
)
"""What an honest program may need."""


@dataclass(frozen=True, slots=True)
class Tried:
    """What the tests showed of one program."""

    passed: int
    total: int
    first: tuple[int, Trial] | None
    """The first test that failed, and how."""
    late: bool
    """Whether a test took too long."""

    @property
    def began(self) -> bool:
        """Whether a test has begun; else there was only the beginning of a program."""
        return self.first is None or self.first[1].failed not in BEFORE_TESTS

    @property
    def told(self) -> str:
        """What is told of the first test that failed: which one it was, and no word of it."""
        if self.first is None:
            return ""
        number, trial = self.first
        place = f"test {number}" if self.began else ""
        return " in ".join(part for part in (trial.detail, place) if part)


def tried(suite: Suite, program: Program, bench: Bench, *, to_the_end: bool) -> Tried:
    """Return what the tests show, all of them or up to the first that fails; raise Untestable."""
    seen = _tried(suite, program, bench, to_the_end=to_the_end)
    if (
        seen.first
        and seen.first[1].detail in NOT_FOUND
        and (foreign := FOREIGN.search(f"{program.given}\n{program.source}"))
    ):
        raise Untestable(f"the program needs {foreign[1]}, and only the standard library is here")
    return seen


def _tried(suite: Suite, program: Program, bench: Bench, *, to_the_end: bool) -> Tried:
    try:
        return _counted(trials(suite, program, bench), bench, to_the_end=to_the_end)
    except Unsupported:
        if not isinstance(suite, Asserts):
            raise
        return _counted(examined(suite, program, bench), bench, to_the_end=True)


def _counted(trials: Iterator[Trial], bench: Bench, *, to_the_end: bool) -> Tried:
    passed = total = 0
    first, late = None, False
    for trial in trials:
        total += 1
        passed += not trial.failed
        late = late or trial.failed == LATE or trial.detail == "time"
        if trial.failed and first is None:
            first = total, trial
        if first and (not to_the_end or (late and bench.briefly)):
            break
    if not total:
        raise Untestable("the reference answer holds no tests")
    return Tried(passed, total, first, late)


def trials(suite: Suite, program: Program, bench: Bench) -> Iterator[Trial]:
    """Make the trials; raise Unsupported where test code has to run as it is."""
    if isinstance(suite, Stdio):
        yield from _programs(suite, program, bench)
        return
    if isinstance(suite, Compiles):
        python = suite.language == "python"
        yield compiled(program, bench) if python else well_formed(suite.language, program, bench)
        return
    with Student(program, bench) as student:
        started = student.start()
        if not isinstance(started, Returned):
            yield _does_not_start(started)
        elif isinstance(suite, Calls):
            yield from _calls(suite, student, bench.tolerance)
        else:
            yield from _asserts(suite, student)


def _does_not_start(outcome: Raised | Struck) -> Trial:
    if isinstance(outcome, Raised):
        return Trial("the program fails before any test", outcome.error)
    return failure(outcome)


COMPILER = "def compiles(source):\n    compile(source, 'program', 'exec')\n"


def compiled(program: Program, bench: Bench) -> Trial:
    """Compile a program in a process that does nothing else: the parser is no match for hostile text here."""
    with bench.sandbox.session(COMPILER, bench.limits_in(bench.left())) as session:
        outcome = session.call("compiles", [program.source])
    if isinstance(outcome, Returned):
        return PASSED
    return Trial("it does not compile", outcome.error if isinstance(outcome, Raised) else outcome.reason)


def well_formed(language: str, program: Program, bench: Bench) -> Trial:
    """Parse a program in another language; raise Untestable where that was too much for the parser."""
    outcome = bench.sandbox.parse(language, program.source, bench.limits_in(bench.left()))
    match outcome:
        case Returned(None):
            return PASSED
        case Returned(int(line)):
            return Trial("it does not parse", f"line {line}")
        case Struck("time"):
            return Trial("it does not parse", "time")
    raise Untestable("the parser failed, which says nothing about the program")


def _asserts(suite: Asserts, student: Student) -> Iterator[Trial]:
    yield from TestCode(parsed(suite.source), suite.entries, student).trials()
    if not student.calls:
        raise Untestable("the tests call no function of the student's")


def _calls(suite: Calls, student: Student, tolerance: float) -> Iterator[Trial]:
    for arguments, expected in suite.tests:
        args, kwargs = _arguments(arguments)
        outcome = student.call(suite.entry, args, kwargs)
        if isinstance(outcome, Returned):
            yield PASSED if same_value(outcome.value, expected, tolerance) else WRONG
        else:
            yield failure(outcome)


def _arguments(given: object) -> tuple[Sequence[object], Mapping[str, object]]:
    """Return positional and named arguments; what is neither a list nor an object is the one argument."""
    if isinstance(given, dict):
        return [], given
    return (given if isinstance(given, list) else [given]), {}


def _programs(suite: Stdio, program: Program, bench: Bench) -> Iterator[Trial]:
    for given, expected in suite.tests:
        if (left := bench.left()) <= 0:
            yield failure(Struck("time"))
            continue
        printed = bench.sandbox.program(program.source, given, bench.limits_in(left))
        if not isinstance(printed.outcome, Returned) and printed.outcome != Raised("SystemExit"):
            yield failure(printed.outcome)
        else:
            yield PASSED if same_output(printed.text, expected, bench.tolerance) else WRONG
