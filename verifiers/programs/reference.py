"""From a reference answer to the tests in it."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from router.expression import expression
from verifiers.programs.testcode import Untestable, asked, parsed

LONGEST_TEST = 200_000
"""Characters of test code that are parsed."""
METHOD = expression(r"(?:\w+(?:\(\))?\.)?([A-Za-z_]\w*)\Z")
"""`two_sum`, `Solution.two_sum` or `Solution().two_sum`."""


@dataclass(frozen=True, slots=True)
class Calls:
    """A function, and what it returns for arguments."""

    entry: str
    tests: Sequence[tuple[object, object]]
    """(arguments, expected value), JSON both."""


@dataclass(frozen=True, slots=True)
class Asserts:
    """Test code: it asserts something about what functions return."""

    entries: Sequence[str]
    """The student's functions that it calls; the first is what is asked for."""
    source: str

    @property
    def entry(self) -> str:
        """The function that is asked for."""
        return self.entries[0]


@dataclass(frozen=True, slots=True)
class Stdio:
    """What a program prints for what it reads."""

    tests: Sequence[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class Compiles:
    """No tests: the program only has to compile; in another language than Python, to parse."""

    language: str = "python"


Suite = Calls | Asserts | Stdio | Compiles


def suite(reference: object) -> Suite:
    """Return the tests of a reference answer; raise Untestable."""
    match _decoded(reference):
        case {"test": str(source), **rest}:
            return Asserts([_entry(rest)], _bounded(source))
        case {"asserts": [_, *_] as asserts, **rest} if all(isinstance(one, str) for one in asserts):
            return _asserts(asserts, [_entry(rest)] if "entry_point" in rest else [])
        case [_, *_] as asserts if all(isinstance(one, str) for one in asserts):
            return _asserts(asserts, [])
        case {"io_tests": [_, *_] as tests, **rest}:
            return Calls(_entry(rest), [_pair(one) for one in tests])
        case {"stdio": [_, *_] as tests}:
            return Stdio([_texts(one) for one in tests])
    raise Untestable("the reference answer holds no tests")


def _asserts(asserts: Sequence[Any], entries: Sequence[str]) -> Asserts:
    source = _bounded("\n".join(asserts))
    entries = entries or asked(parsed(source))
    if not entries:
        raise Untestable("the asserts call no function")
    return Asserts(entries, source)


def _decoded(reference: object) -> object:
    """Return the value of a reference answer that trainers may have written into a string."""
    if isinstance(reference, str) and reference.lstrip().startswith(("{", "[")):
        try:
            return json.loads(reference)
        except ValueError:
            return None
    return reference


def _entry(fields: Mapping[Any, object]) -> str:
    named = fields.get("entry_point")
    found = METHOD.match(named.strip()) if isinstance(named, str) else None
    if not found:
        raise Untestable("the reference answer names no function in `entry_point`")
    return found[1]


def _bounded(source: str) -> str:
    if len(source) > LONGEST_TEST:
        raise Untestable(f"the test code is longer than {LONGEST_TEST} characters")
    return source


def _pair(test: object) -> tuple[object, object]:
    match test:
        case [arguments, expected]:
            return arguments, expected
        case {"input": arguments, "output": expected}:
            return arguments, expected
    raise Untestable("a test in `io_tests` is no [arguments, expected]")


def _texts(test: object) -> tuple[str, str]:
    match test:
        case {"input": given, "output": expected} | [given, expected]:
            return _text(given), _text(expected)
    raise Untestable('a test in `stdio` is no {"input": text, "output": text}')


def _text(value: object) -> str:
    """Return a text, or lines as the text that they are."""
    match value:
        case str():
            return value
        case list() if all(isinstance(line, str) for line in value):
            return "\n".join(value)
    raise Untestable('a test in `stdio` is no {"input": text, "output": text}')
