"""
Where code stands in a text: in fences, or from its first line of code to its last.

A fence closes at a line of its own mark, at most three columns deeper than it opened (as in CommonMark),
so that a fence inside a docstring closes nothing. Every pass is linear; nothing is parsed.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from textwrap import dedent

from router.expression import expression

OPENS = expression(r"(?<![\w`~])(?P<mark>`{3,}+|~{3,}+)[ \t]*+(?P<language>[\w+#.-]*+)[^\n`]*+(?:\n|\Z)")
CLOSES = expression(r"^(?P<indent>[ \t]*)(?P<mark>`{3,}|~{3,})[ \t]*$", re.MULTILINE)
DEEPER = 3

MOST_FENCES = 32
"""The last ones; whoever needs more shows no program."""

LONGEST_LINE = 200
"""Characters of the line before a program that are looked at, from its end."""

PYTHON = {"", "python", "python3", "py", "py3"}
PROMPTED = expression(r"\s*(?:>>>|In \[\d+\]:|\$ )")
"""A session at a prompt: shows what a program does, and is none."""

TAGS = expression(
    r"</?(?:answer|code|python|solution)>|\[/?(?:python|answer|code)\]|\[(?:begin|done)\]", re.IGNORECASE
)
BEGINS = expression(
    r"^(?:import[ ]\w|from[ ][\w.]+[ ]import\b|(?:async[ ]+)?def[ ]+\w+[ ]*[(\[]|class[ ]+\w+[ ]*[(:\[]|@\w"
    r"|[A-Za-z_][\w.]*(?:[ ]*,[ ]*\w+)*[ ]*[-+*/]?=[^=]|print\(|if[ ]__name__|try:|while[ ][^\n]*:[ ]*$"
    r"|for[ ]\w+(?:[ ]*,[ ]*\w+)*[ ]in[ ]|with[ ][\w.]+\(|\"\"\"|''')",
    re.MULTILINE,
)
"""A line of code that a program may begin with."""
GOES_ON = expression(
    r"[ \t]|$|[)\]}#@\"']|(?:def|class|import|from|async|return|raise|assert|del|pass|global|yield)\b"
    r"|(?:if|for|while|try|with|else|elif|except|finally|match)\b[^\n]*:[ \t]*(?:#.*)?$"
    r"|[A-Za-z_][\w.]*(?:\[[^\n\]]*\]|[ ]*,[ ]*\w+)*[ ]*(?:[-+*/%|&^]?=|:[ ]*\w+[ ]*=)|[A-Za-z_][\w.]*\("
)
"""A line that may go on with a program behind an empty one."""
PROSE = expression(r"[A-Z][\w'\u2019]*(?:[ ][\w'\u2019`\"(-]+){2}|\*\*|[-*][ ]|\d+\.[ ]")
"""A line that is no code, wherever it stands."""


@dataclass(frozen=True, slots=True)
class Block:
    """A piece of code, and where it stands."""

    text: str
    language: str = ""
    before: str = ""
    """The line of prose before it."""
    end: int = 0
    """Where in the text it ends, its fence with it."""

    @property
    def python(self) -> bool:
        """Whether this may be a Python program."""
        return self.language.lower() in PYTHON and not PROMPTED.match(self.text)


def fenced(text: str) -> list[Block]:
    """Return what stands in each fence, in order; one that never closes reaches to the end."""
    return list(_fenced(text))[-MOST_FENCES:]


def _fenced(text: str) -> Iterator[Block]:
    at = 0
    while opens := OPENS.search(text, at):
        line = text[text.rfind("\n", 0, opens.start()) + 1 : opens.start()]
        depth = len(line) if line.isspace() else 0
        before = _line_before(text, opens.start())
        end, at = _end(text, opens.end(), opens["mark"], depth)
        code = text[opens.end() : end]
        yield Block(dedent(code) if depth else code, opens["language"], before, at)


def _end(text: str, start: int, mark: str, depth: int) -> tuple[int, int]:
    """Return where the text of a fence ends, and where what follows it begins."""
    for closes in CLOSES.finditer(text, start):
        if closes["mark"].startswith(mark) and len(closes["indent"]) <= depth + DEEPER:
            return closes.start(), closes.end()
    return len(text), len(text)


def unfenced(text: str) -> Block | None:
    """Return a text from its first line of code to its last, without the prose before and behind."""
    text = TAGS.sub("\n\n", text)
    begins = BEGINS.search(text)
    if not begins:
        return None
    kept: list[str] = []
    quoted = 0
    for line in text[begins.start() :].split("\n"):
        if kept and not quoted % 2 and _ends(kept[-1], line):
            break
        quoted += line.count('"""') + line.count("'''")
        kept.append(line)
    code = "\n".join(kept)
    return Block(code, before=_line_before(text, begins.start()), end=begins.start() + len(code))


def _line_before(text: str, start: int) -> str:
    return text[max(start - LONGEST_LINE, 0) : start].rstrip().rpartition("\n")[2]


def _ends(before: str, line: str) -> bool:
    """Say whether a program ends before a line."""
    return PROSE.match(line) is not None or (not before.strip() and not GOES_ON.match(line))
