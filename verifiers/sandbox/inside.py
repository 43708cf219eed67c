"""
What a child does behind its walls: run a source, and answer for it over its pipe.

Everything here shares its memory with the student's code and may be rewritten by it. Nothing depends on
it: the parent reads each answer as a claim about that one call, and knows what it should have been.
"""

import atexit
import builtins
import errno
import os
import sys
import threading
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from types import CodeType, ModuleType
from typing import Any

from verifiers.sandbox import canary, grammars
from verifiers.sandbox.channel import MOST_SENT, receive, send
from verifiers.sandbox.values import NotPlain, TooLarge, dump

LONGEST_NAME = 100
STANDARD: dict[int, os.stat_result] = {}
"""What `os.fstat` said of a program's input and output before the walls, which no longer let it ask."""


class Stopped(BaseException):
    """The run ends here, for a reason that is no exception of the source's own."""


def serve() -> None:
    """Take the order, and carry it out."""
    kind, *order = receive()
    SERVICES[kind](*order)


def session(source: str, library: str, most: int) -> None:
    """Execute a source, and then call what it defined until the parent has had enough."""
    names = namespace("solution")

    def start() -> None:
        for text in (library, source):
            exec(compiled(text), names)  # noqa: S102 - what this process is for

    answer(start, most)
    while True:
        function, arguments, keywords = receive()
        answer(partial(call, names, function, arguments, keywords), most)


def call(
    names: Mapping[str, Any], function: str, arguments: Sequence[object], keywords: Mapping[str, object]
) -> object:
    """Call a function by its name."""
    if function not in names:
        raise NameError
    return names[function](*arguments, **keywords)


def program(source: str, most: int) -> None:
    """Run a source as a program does, to the end."""
    names = namespace("__main__")
    os.fstat = fstat  # type: ignore[assignment]
    # Programs start one to have more stack, and wait for it: it runs at once, in place.
    threading.Thread.start = threading.Thread.run  # type: ignore[method-assign]
    threading.Thread.join = lambda self, timeout=None: None  # type: ignore[method-assign]

    def run() -> None:
        code = compiled(source)
        try:
            exec(code, names)  # noqa: S102 - what this process is for
        except SystemExit as left:
            if left.code not in (None, 0):
                raise
        finally:
            atexit._run_exitfuncs()
            sys.stdout.flush()

    answer(run, most)


def fstat(descriptor: int) -> os.stat_result:
    """Stand for `os.fstat`, which programs call before they read their input at once."""
    if descriptor not in STANDARD:
        raise OSError(errno.EBADF, os.strerror(errno.EBADF))
    return STANDARD[descriptor]


def examine(tests: str, entry_point: str, most: int) -> None:
    """Run trusted tests, whose every call of the candidate goes out to the parent."""
    names = namespace("tests")
    names["candidate"] = names[entry_point] = candidate

    def run() -> bool:
        exec(compiled(tests), names)  # noqa: S102 - what this process is for
        return True

    answer(run, most)


def parse(language: str, source: str, most: int) -> None:
    """Say where a source breaks its language's grammar."""
    answer(partial(grammars.first_error, language, source), most)


def prove(most: int) -> None:
    """Say what the walls let through."""
    answer(canary.passed, most)


def candidate(*arguments: object, **keywords: object) -> object:
    """Stand for the student's function, which lives in another process."""
    try:
        called = dump(("called", list(arguments), keywords), MOST_SENT)
    except (NotPlain, TooLarge):
        raise Stopped("not plain") from None
    send(called)
    how, what = receive()
    if how == "returned":
        return what
    raise exception(what)


def exception(name: str) -> Exception:
    """Return an exception of that name: the built-in one, or one that only `except Exception` catches."""
    kind = getattr(builtins, name, None)
    if isinstance(kind, type) and issubclass(kind, Exception):
        return kind.__new__(kind)  # UnicodeDecodeError and others could not be called with nothing
    made: Exception = type(name, (Exception,), {})()
    return made


def namespace(name: str) -> dict[str, Any]:
    """Return the names of a fresh module."""
    module = sys.modules[name] = ModuleType(name)
    module.__dict__["__builtins__"] = builtins
    return module.__dict__


def compiled(source: str) -> CodeType:
    """Compile, or stop with the line that is wrong."""
    try:
        return compile(source, "<answer>", "exec", dont_inherit=True)
    except SyntaxError as wrong:
        raise Stopped(f"syntax: line {wrong.lineno or 0}") from None
    except (ValueError, RecursionError, MemoryError):
        raise Stopped("syntax: line 0") from None


def answer(act: Callable[[], object], most: int) -> None:
    """Do it, and say how it went."""
    send(written(outcome(act), most))


def outcome(act: Callable[[], object]) -> tuple[str, object]:
    """Return what it returned, the type's name of what it raised, or why it stopped."""
    try:
        return "returned", act()
    except Stopped as stopped:
        return "struck", str(stopped)
    except MemoryError:
        return "struck", "memory"
    except BaseException as raised:  # a student may raise anything
        return "raised", str(type.__dict__["__name__"].__get__(type(raised)))[:LONGEST_NAME]


def written(said: tuple[str, object], most: int) -> bytes:
    """Return an outcome as a message, or as one that says why it cannot be one."""
    try:
        return dump(said, most)
    except TooLarge:
        reason = "output"
    except MemoryError:
        reason = "memory"
    except Exception:  # a student may have rewritten anything
        reason = "not plain"
    return dump(("struck", reason), MOST_SENT)


SERVICES: Mapping[str, Callable[..., None]] = {
    "session": session,
    "program": program,
    "examine": examine,
    "prove": prove,
    "parse": parse,
}
