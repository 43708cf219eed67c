"""`compiles` for other languages than Python: what their grammars allow, whatever a text does to a parser."""

import os
import time
from typing import Any

import pytest

from router.types import Abstain, Finding, Verdict
from tests.fakes import sample
from tests.processes import offspring
from verifiers.code import Code
from verifiers.programs.bench import Bench
from verifiers.programs.extraction import Program
from verifiers.programs.run import well_formed
from verifiers.programs.student import PASSED
from verifiers.programs.syntax import TAGS
from verifiers.programs.testcode import Untestable
from verifiers.sandbox import Limits, Raised, Returned, Struck, parsing, sandbox
from verifiers.sandbox.grammars import LANGUAGES

SHORT = Limits(seconds=0.3, wall_seconds=2)

PROGRAMS = {
    "c": ("int twice(int n)\n{\n    return 2 * n;\n}", "int twice(int n)\n{\n    return 2 *;\n}", 3),
    "cpp": ("template <class T> T twice(T n) { return n + n; }", "class A { int f( };", 1),
    "go": ("package main\n\nfunc main() { println(1) }", "package main\n\nfunc main( { println(1) }", 3),
    "java": ("class A {\n    int f() { return 1; }\n}", "class A {\n    int f() { return 1 }\n}", 2),
    "javascript": ("const f = (n) => 2 * n;", "const f = (n) => {", 1),
    "rust": ('fn main() {\n    println!("{}", 1);\n}', "fn main() {\n    let x = ;\n}", 2),
    "typescript": ("const f = (n: number): number => 2 * n;", "const f = (n: number => 2;", 1),
}
"""(One that parses, one that does not, the line of its error) by language."""


def found(language: str, response: str, **options: Any) -> Finding:
    return Code(check="compiles", language=language, **options).verify(sample(response))  # type: ignore[arg-type]


def fenced(language: str, source: str) -> str:
    return f"Here it is:\n```{language}\n{source}\n```\nIt doubles."


def test_every_language_has_a_grammar_tags_and_an_option() -> None:
    options = Code.__annotations__["language"].__args__
    assert sorted(PROGRAMS) == sorted(TAGS) == sorted(LANGUAGES) == sorted(set(options) - {"python"})


@pytest.mark.parametrize("language", PROGRAMS)
def test_a_program_parses_or_the_first_wrong_line_is_told(language: str) -> None:
    right, wrong, line = PROGRAMS[language]
    assert found(language, fenced(language, right)) == Verdict(1, 0.95, "it parses")
    assert found(language, fenced(language, wrong)) == Verdict(0, 0.8, f"it does not parse (line {line})")


MISSED = {
    "c": '#define FOR(i, n) for (int i = 0; i < n; i++)\nint main() { FOR(i, 9) puts(""); }',
    "cpp": "int f(int x) { return x > 0 ? x : throw x; }",
    "go": "package a\n\nvar p = new(3)",
    "java": "import module java.base;\nclass A {}",
    "javascript": "class A { accessor x = 1; }",
    "rust": 'unsafe extern "C" { safe fn f(x: i32); }',
    "typescript": "interface A<in T, out U> { f(x: T): U }",
}
"""Sound programs that the grammars do not know."""


@pytest.mark.parametrize("language", MISSED)
def test_what_a_grammar_does_not_know_is_not_settled(language: str) -> None:
    verdict = found(language, fenced(language, MISSED[language]))
    assert isinstance(verdict, Verdict)
    assert (verdict.score, verdict.confidence) == (0, 0.8)


def test_a_last_line_needs_no_end() -> None:
    source = 'package a\n\ntype A struct { X int `json:"x"` }'
    assert found("go", fenced("go", source)) == Verdict(1, 0.95, "it parses")


def test_what_is_missing_between_two_words_has_a_line_too() -> None:
    assert parsing().parse("c", '\n#include "a.h";\nint x;', SHORT) == Returned(2)


@pytest.mark.parametrize("tag", ["js", "JavaScript", ""])
def test_a_fence_may_be_marked_as_people_do_or_not_at_all(tag: str) -> None:
    assert found("javascript", fenced(tag, "let x = 1;")) == Verdict(1, 0.95, "it parses")


def test_a_fence_in_another_language_is_not_looked_at() -> None:
    assert found("go", fenced("python", "x = 1")) == Abstain("no go program is committed to")
    assert found("c", fenced("sh", "gcc x.c") + fenced("c", "int x;")) == Verdict(1, 0.95, "it parses")


def test_words_are_no_program() -> None:
    assert found("javascript", "yes") == Verdict(0, 0.95, "no program in the response")


def test_of_several_programs_the_last_counts_and_is_doubted_where_they_differ() -> None:
    right, wrong, _ = PROGRAMS["java"]
    last = found("java", fenced("java", right) + fenced("java", wrong))
    assert isinstance(last, Verdict)
    assert (last.score, last.confidence) == (0, 0.8)


def test_tests_are_run_in_python_only() -> None:
    with pytest.raises(ValueError, match="for rust add `check: compiles`"):
        Code(language="rust")


HOSTILE = {
    "javascript": "(" * 400_000,
    "cpp": "a<" * 200_000,
    "c": "{" * 400_000,
    "java": "\x00\ud800" * 1000,
    "rust": "r#" * 100_000,
    "typescript": "<" * 200_000,
    "go": "`" + "x" * 400_000,
}


@pytest.mark.parametrize("language", HOSTILE)
def test_hostile_text_is_no_program_and_takes_bounded_time(language: str) -> None:
    verdict = found(language, fenced(language, HOSTILE[language]), seconds=0.3)
    if verdict != Abstain("the parser failed, which says nothing about the program"):
        assert isinstance(verdict, Verdict)
        assert (verdict.score, verdict.confidence) == (0, 0.8)
        assert verdict.reason.startswith("it does not parse (")
    assert found(language, fenced(language, PROGRAMS[language][0])) == Verdict(1, 0.95, "it parses")


def test_a_parser_that_fails_says_nothing_about_the_program() -> None:
    bench = Bench(parsing(), Limits(megabytes=1), float("inf"), 0.0)
    assert well_formed("c", Program("int x;"), bench) == PASSED
    with pytest.raises(Untestable, match="the parser failed"):
        well_formed("c", Program("f(" * 200_000), bench)


def test_a_text_that_keeps_the_parser_busy_waits_for_its_turn(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("verifiers.code.BRIEF_SECONDS", 0.01)
    busy = sample(fenced("cpp", "a<" * 20_000))
    assert Code(check="compiles", language="cpp").glance(busy, float("inf")) is None


def test_the_parser_stands_behind_the_walls_and_others_do_without_it() -> None:
    assert parsing().closed is None
    assert parsing().parse("klingon", "", SHORT) == Raised("KeyError")
    assert sandbox().parse("c", "int x;", SHORT) == Raised("KeyError")
    assert parsing().parse("c", "int x;", Limits(megabytes=300)) == Returned(None)
    assert parsing().parse("cpp", "a<" * 50_000, SHORT) == Struck("time")


def test_nothing_is_left_of_a_parse() -> None:
    parsing().parse("c", "int x;", SHORT)
    before = offspring(os.getpid()).keys()
    for _ in range(20):
        parsing().parse("c", "int x;", SHORT)
    for _ in range(500):
        if offspring(os.getpid()).keys() <= before:
            break
        time.sleep(0.01)
    assert offspring(os.getpid()).keys() <= before
