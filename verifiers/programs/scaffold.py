"""What a prompt gives to complete: imports, helpers, and the head of the function that is asked for."""

import ast
import re
from collections.abc import Sequence
from dataclasses import dataclass

from router.expression import expression
from router.types import Message
from verifiers.programs.blocks import fenced, unfenced

LONGEST = 20_000
"""Characters of code in a prompt; more is no head of a function."""
INDENT = "    "
DEFINES = (ast.Import, ast.ImportFrom, ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef, ast.Assign)


@dataclass(frozen=True, slots=True)
class Scaffold:
    """The trainer's code around the function that is asked for."""

    before: str = ""
    """What stands before the function: imports and helpers that a program may rely on."""
    head: str = ""
    """All of it: what a response that is only a body continues."""


def scaffold(prompt: Sequence[Message], entry: str) -> Scaffold:
    """Return the code that the last message with the function's head gives."""
    heads = re.compile(rf"^(?:async[ ]+)?def[ ]+{re.escape(entry)}\b", re.MULTILINE)
    for message in reversed(prompt):
        if message.role == "assistant" or f"def {entry}" not in message.text:
            continue
        blocks = [block.text for block in fenced(message.text) if block.python]
        alone = unfenced(message.text)
        for code in reversed(blocks or [alone.text if alone else ""]):
            if len(code) <= LONGEST and (head := heads.search(code)):
                return Scaffold(_defined(code[: head.start()]), code.rstrip())
    return Scaffold()


def _defined(code: str) -> str:
    """Return what code imports and defines, without what it would do; nothing where it does not parse."""
    try:
        tree = ast.parse(code)
        return "".join(f"{ast.unparse(one)}\n" for one in tree.body if isinstance(one, DEFINES))
    except (SyntaxError, ValueError, MemoryError, RecursionError):
        return ""


RETURNS = expression(r"^[ \t]*(?:return|yield)\b", re.MULTILINE)


def completed(head: str, body: str) -> str:
    """Return the function that a body completes, its indentation mended; nothing where it is no body."""
    lines = body.strip("\n").rstrip().split("\n")
    if not head or not RETURNS.search(body):
        return ""
    if not lines[0][:1].isspace():
        lines = _indented(lines)
    return "\n".join([head, *lines, ""])


def _indented(lines: Sequence[str]) -> list[str]:
    """Indent the first line as the next one demands where it alone lost its indentation; else every line."""
    follows = next((line for line in lines[1:] if line.strip()), "")
    opens = lines[0].rstrip().endswith((":", "(", "[", "{", ",", "\\"))
    lost = len(follows) - len(follows.lstrip()) - len(INDENT) * opens
    if lost > 0:
        return [" " * lost + lines[0], *lines[1:]]
    return [INDENT + line for line in lines]
