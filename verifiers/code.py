r"""
Run the response's Python program against the tests of the reference answer, behind walls, or only compile it.

The tests are {"test": source with `check(candidate)`, "entry_point": NAME}, {"asserts": [source, ...]},
{"entry_point": NAME, "io_tests": [[arguments, expected], ...]} (arguments are a list, or an object of named
ones), or {"stdio": [{"input": text, "output": text}, ...]} for whole programs.
Covered: a program in a code fence, with what it needs of other fences; without fences, prose around it left
out; a method of a class, `entry_point` its name; a body that completes the function in the prompt. The
program runs in a process that reaches nothing and never sees a test: values come out and are compared here,
asserts are worked out here; test code beyond simple asserts runs in another such process, where values of the
program's stand for it. Printed numbers may differ by rounding, and white space does not count.
With `language: java` or the like, `compiles` parses a program in a fence of that language with its tree-sitter
grammar: its syntax, nothing else. A grammar lags behind its language, so a refusal is held at .8, for a judge
to settle; a rule without one wants `escalate_below: 0.8`.
Not covered: running other languages than Python, modules outside the standard library, functions that change
their arguments in place, tests that look at more than values or that nothing calls (unittest, pytest).

It abstains where the sandbox does not hold on this machine, there are no tests or they fail of themselves,
the program needs numpy or the like, or is taken back. Of several programs the last one counts, and settles
only where all agree or it is said to replace the others ("the corrected version:").

    "```python\ndef add(a, b):\n    return a + b\n```" against {"asserts": ["assert add(1, 2) == 3"]} -> score 1, confidence .98
    "def add(a, b):\n    return a - b" against {"asserts": ["assert add(1, 2) == 3"]} -> score 0, confidence .98
    "def add(a, b):\n    return a + b" against {"test": "def check(candidate):\n    assert candidate(1, 2) == 3", "entry_point": "add"} -> score 1, confidence .98
    "def half(a):\n    return a / 2" against {"entry_point": "half", "io_tests": [[[3], 1.5], [[2], 1]]} -> score 1, confidence .98
    "def half(a):\n    return a // 2" against {"entry_point": "half", "io_tests": [[[2], 1], [[3], 1.5]]} with {"partial_credit": true} -> score .5, confidence .97
    "```\nprint(sum(map(int, input().split())))\n```" against {"stdio": [{"input": "1 2\n", "output": "3"}]} -> score 1, confidence .98
    "class Solution:\n    def add(self, a, b):\n        return a + b" against {"entry_point": "Solution().add", "io_tests": [[[1, 2], 3]]} -> score 1, confidence .98
    "def add(a, b):\n    return a +" against {"asserts": ["assert add(1, 2) == 3"]} -> score 0, confidence .97
    "def add(a, b):\n    raise ValueError" against {"asserts": ["assert add(1, 2) == 3"]} -> score 0, confidence .98
    "import os\nos._exit(0)\ndef add(a, b): ..." against {"asserts": ["assert add(1, 2) == 3"]} -> score 0, confidence .97
    "```python\ndef f(a):\n    return 1\n```\nor\n```python\ndef f(a):\n    return 2\n```" against {"asserts": ["assert f(1) == 2"]} -> score 1, confidence .8
    "I would add the two." against {"asserts": ["assert add(1, 2) == 3"]} -> score 0, confidence .95
    "<think>def add(a, b): return a + b</think>" against {"asserts": ["assert add(1, 2) == 3"]} -> score 0, confidence .99
    "def add(a, b): return a + b" against {"asserts": ["assert add(1, 2) == undefined"]} -> abstains
    "def add(a, b): return a + b" against "3" -> abstains
    "```python\nprint(1)\n```" against "" with {"check": "compiles"} -> score 1, confidence .99
    "```python\nprint(1\n```" against "" with {"check": "compiles"} -> score 0, confidence .99
    "```java\nclass A { int f() { return 1; } }\n```" against "" with {"check": "compiles", "language": "java"} -> score 1, confidence .95
    "```rust\nfn main() { let x = ; }\n```" against "" with {"check": "compiles", "language": "rust"} -> score 0, confidence .8
"""  # noqa: E501 - an example is a line

import math
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, ClassVar, Literal

from router.response import spoken
from router.types import Abstain, Finding, Sample, Verdict
from verifiers.base import OUT_OF_TIME, Verifier
from verifiers.programs.committed import committed
from verifiers.programs.reference import Compiles, Suite, suite
from verifiers.programs.testcode import Untestable

if TYPE_CHECKING:
    from verifiers.programs.bench import Bench
    from verifiers.programs.run import Tried

LONGEST_RESPONSE = 500_000
"""Characters with the reasoning; longer responses are not looked at."""
BRIEF_SECONDS = 0.25
"""Of processor time for a test at a glance: honest programs take a hundredth, endless ones can wait."""
NO_MORE = ", for which the batch left no more time"
"""What is said of a test that might have taken longer in a batch with more time."""
GLANCE_SECONDS = 2.0
"""On the clock for a whole glance, so that no program takes the time in which all others get theirs."""

CONFIDENCE = {
    "every test passes": 0.98,
    "a test fails": 0.98,
    "a test raises an error": 0.98,
    "a test takes too long": 0.95,
    "a test takes too much memory": 0.95,
    "a test prints or returns too much": 0.95,
    "a test returns no plain value": 0.95,
    "a test ends the process": 0.97,
    "the program does not compile": 0.97,
    "the program fails before any test": 0.97,
    "some tests pass": 0.97,
    "the last of several programs passes": 0.8,
    "the last of several programs fails": 0.8,
    "it compiles": 0.99,
    "it does not compile": 0.99,
    "it parses": 0.95,
    "it does not parse": 0.8,
    "no program in the response": 0.95,
    "no answer outside the reasoning": 0.99,
}
"""How often each situation's score is right; `python -m benchmarks.accuracy` prints what was measured."""


@dataclass(frozen=True, slots=True)
class Code(Verifier):
    """The response's program against tests, or compiled."""

    name: ClassVar[str] = "code"
    cost: ClassVar[int] = 10_000
    aside: ClassVar[bool] = True

    check: Literal["tests", "compiles"] = "tests"
    """Run the tests of the reference answer, or only compile, which takes no reference answer."""
    language: Literal["python", "c", "cpp", "go", "java", "javascript", "rust", "typescript"] = "python"
    """The program's language; others than Python are parsed only, so they want `check: compiles`."""
    partial_credit: bool = False
    """Score the share of the tests that pass; otherwise 1 for all of them and 0 for fewer."""
    seconds: float = field(default=2.0, metadata={"gt": 0, "le": 60})
    """Processor time that a test may take; on the clock it may take twice that."""
    sample_seconds: float = field(default=8.0, metadata={"gt": 0, "le": 300})
    """Time on the clock that all tests of a sample may take."""
    megabytes: int = field(default=256, metadata={"ge": 16, "le": 4096})
    """Memory that the program may take."""
    output_bytes: int = field(default=65_536, metadata={"ge": 64, "le": 10_000_000})
    """What a test may print or return."""
    relative_tolerance: float = field(default=1e-6, metadata={"ge": 0, "le": 1})
    """Largest difference between equal numbers in `stdio` and `io_tests`, where one is no whole number."""

    def __post_init__(self) -> None:
        """Refuse to run what is no Python."""
        if self.language != "python" and self.check != "compiles":
            raise ValueError(f"only Python programs are run: for {self.language} add `check: compiles`")

    def verify(self, sample: Sample) -> Finding:
        """Return 1 for a program that passes, else 0, or the share of tests; see the module's manual."""
        return self.verify_by(sample, math.inf)

    def verify_by(self, sample: Sample, ends: float) -> Finding:
        """Do the same by `ends`, where a glance has not sufficed: what needs longer still is too slow."""
        return self._look(sample, ends, briefly=False)[0]

    def glance(self, sample: Sample, ends: float) -> Finding | None:
        """Look for a moment; None for a program that takes longer, OUT_OF_TIME where there was no moment."""
        finding, late = self._look(sample, ends, briefly=True)
        return None if late else finding

    def _look(self, sample: Sample, ends: float, *, briefly: bool) -> tuple[Finding, bool]:
        """Return what is found, and whether a test took longer than it may."""
        text = spoken(sample.response)
        if not text:
            return _verdict(0, "no answer outside the reasoning"), False
        if len(sample.response) > LONGEST_RESPONSE:
            return Abstain(f"the response is longer than {LONGEST_RESPONSE} characters"), False
        from verifiers.sandbox import SandboxClosed, SandboxLost  # noqa: PLC0415 - only what is run loads it

        try:
            tests = Compiles(self.language) if self.check == "compiles" else suite(sample.reference)
            return self._tested(sample, text, tests, ends, briefly=briefly)
        except Untestable as none:
            return Abstain(str(none)), False
        except (SandboxClosed, SandboxLost) as gone:
            return Abstain(f"programs cannot be run here ({gone})"), False

    def _tested(
        self, sample: Sample, text: str, tests: Suite, ends: float, *, briefly: bool
    ) -> tuple[Finding, bool]:
        """Find the programs, and try them: what one of several shows counts only where all show it."""
        from verifiers.programs.run import tried  # noqa: PLC0415 - only what is run loads it

        programs = committed(sample, text, tests)
        if isinstance(programs, Abstain):
            return programs, False
        if not programs:
            return _verdict(0, "no program in the response"), False
        bench, had = self._bench(ends, briefly=briefly), ends - time.monotonic()
        seen: list[Tried] = []
        for program in programs:
            seen.append(tried(tests, program, bench, to_the_end=self.partial_credit))
            if briefly and seen[-1].late:
                break
        late = any(one.late for one in seen)
        if late and briefly and had < 2 * BRIEF_SECONDS:  # whoever had more could buy its group's mean
            return OUT_OF_TIME, False
        return self._found(seen, cut="" if briefly or had >= self.sample_seconds else NO_MORE), late

    def _bench(self, ends: float, *, briefly: bool) -> "Bench":
        """Return where programs are tried, once it is open, and within what: its start is not their time."""
        from verifiers.programs.bench import Bench  # noqa: PLC0415 - only what is run loads it
        from verifiers.sandbox import Limits, parsing, sandbox  # noqa: PLC0415 - only what is run loads it

        where = sandbox if self.language == "python" else parsing
        seconds = min(self.seconds, BRIEF_SECONDS) if briefly else self.seconds
        limits = Limits(seconds, 2 * seconds, self.megabytes, self.output_bytes)
        most = min(self.sample_seconds, GLANCE_SECONDS) if briefly else self.sample_seconds
        box = where()
        box.open()
        return Bench(box, limits, min(time.monotonic() + most, ends), self.relative_tolerance, briefly)

    def _found(self, seen: "Sequence[Tried]", cut: str) -> Verdict:
        """Say what the tests of the last program amount to; the others must not say otherwise."""
        last = seen[-1]
        score = self._score(last)
        if {self._score(one) for one in seen if one.began} - {score}:
            return _verdict(score, f"the last of several programs {'fails' if last.first else 'passes'}")
        if last.first is None:
            passes = "it compiles" if self.language == "python" else "it parses"
            return _verdict(score, passes if self.check == "compiles" else "every test passes")
        if score:
            told = f"{last.passed} of {last.total}, {last.first[1].failed}: {last.told}"
            return _verdict(score, "some tests pass", told)
        return _verdict(0, last.first[1].failed, last.told + (cut if last.late else ""))

    def _score(self, seen: "Tried") -> float:
        return seen.passed / seen.total if self.partial_credit else float(seen.first is None)


def _verdict(score: float, situation: str, detail: str = "") -> Verdict:
    return Verdict(score, CONFIDENCE[situation], f"{situation} ({detail})" if detail else situation)
