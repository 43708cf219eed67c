"""
From a response to the programs that it offers, the last one last.

A program is the fence that defines what is asked for, with what it needs of the other fences; a fence that
only shows usage or output, or repeats the prompt, is none. Without fences it is the response, prose around
it left out, or what completes the prompt's function.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from router.expression import expression
from router.types import Sample
from verifiers.programs.blocks import Block, fenced, unfenced
from verifiers.programs.scaffold import Scaffold, completed


@dataclass(frozen=True, slots=True)
class Program:
    """A program and what the trainer gives it beforehand."""

    source: str
    given: str = ""


@dataclass(frozen=True, slots=True)
class Offer:
    """A program that a response offers, and what it says of it."""

    source: str
    behind: str
    """All that is said behind it."""
    disowned: bool = False
    """Whether the line before it calls it wrong."""
    final: bool = False
    """Whether the line before it says that it replaces those before it."""


NAME = expression(r"[A-Za-z_]\w*")
GIVEN = expression(
    r"^(?:(?:async[ ]+)?def[ ]+(\w+)|class[ ]+(\w+)|([A-Z][A-Z0-9_]*)[ ]*(?::[^=\n]*)?=[^=]"
    r"|(?:from[ ][\w.]+[ ])?import[ ]+([^\n]+))",
    re.MULTILINE,
)
READS = expression(r"\binput\(|\bstdin\b|\bopen\(0")
PRINTS = expression(r"\bprint\(|\bstdout\b")

SENTENCE = expression(r"[.!?]\s+")
DISOWNS = expression(
    r"^\W*(?:never|do not|don['\u2019]t|avoid)\b"
    r"|\b(?:wrong|incorrect|not correct|buggy|broken|bad)"
    r"(?: (?:code|solution|version|attempt|way|approach|answer|implementation|example|program))?\W*:\W*$",
    re.IGNORECASE,
)
FINAL = expression(
    r"\b(?:final|finally|correct|corrected|fixed|improved|optimi[sz]ed|updated|revised|complete|full)\b",
    re.IGNORECASE,
)
MENDS = expression(r"\b(?:fix|correct|repair|mend|instead)", re.IGNORECASE)


def defines(code: str, name: str) -> bool:
    """Say whether code defines a function, or a class with a method, of this name."""
    assigned = rf"^{re.escape(name)}[ ]*=[^=]"
    return _head(code, name) is not None or re.search(assigned, code, re.MULTILINE) is not None


def _head(code: str, name: str) -> re.Match[str] | None:
    method = r"|[ \t]+" if "class " in code else ""
    return re.search(rf"^(?:{method})(?:async[ ]+)?def[ ]+{re.escape(name)}\b", code, re.MULTILINE)


def offers(sample: Sample, text: str, entry: str, given: Scaffold) -> list[Offer]:
    """Return the different programs in a spoken text; without `entry`, those that read or print."""
    asked = "\n".join(message.text for message in sample.prompt)
    fences = fenced(text)
    blocks = [one for one in fences if one.python and one.text.strip() and one.text.strip() not in asked]
    if not fences and (alone := unfenced(text)):
        blocks = [alone]
    chosen = _chosen(blocks, entry)
    if not chosen and entry:
        last = blocks[-1] if fences and blocks else Block(_raw(sample, text), end=len(text))
        body = completed(given.head, last.text)
        return [Offer(body, text[last.end :])] if body else []
    found = [_offer(one, blocks, chosen, text) for one in chosen]
    return list({one.source: one for one in found}.values())


def _offer(chosen: Block, blocks: Sequence[Block], others: Sequence[Block], text: str) -> Offer:
    source = _with_needed(chosen, [one for one in blocks if one is chosen or one not in others])
    return Offer(source, text[chosen.end :], disowned(chosen.before), replaces(chosen.before))


def _chosen(blocks: Sequence[Block], entry: str) -> list[Block]:
    if entry:
        return [block for block in blocks if defines(block.text, entry)]
    for does in (READS, PRINTS):
        if found := [block for block in blocks if does.search(block.text)]:
            return found
    return list(blocks[-1:])


def replaces(before: str) -> bool:
    """Say whether the line before a program says that it replaces those before it."""
    return FINAL.search(before) is not None


def disowned(before: str) -> bool:
    """Say whether the line before a program says that it is wrong."""
    last = SENTENCE.split(before)[-1]
    return DISOWNS.search(last) is not None and MENDS.search(last) is None


def _raw(sample: Sample, text: str) -> str:
    """Return a spoken text with the indentation of its first line."""
    start = sample.response.find(text)
    line = sample.response[sample.response.rfind("\n", 0, start) + 1 : start] if start > 0 else ""
    return line + text if line.isspace() else text


def _with_needed(program: Block, blocks: Sequence[Block]) -> str:
    """Return a program with the fences that define what it uses and does not define itself, in order."""
    needs = set(NAME.findall(program.text)) - given_names(program.text)
    return "\n\n".join(one.text for one in blocks if one is program or given_names(one.text) & needs)


def given_names(code: str) -> set[str]:
    """Return what code defines, imports and sets as constants; `c = []` only shows a step."""
    return {name for found in GIVEN.findall(code) for part in found for name in NAME.findall(part)}


CLASS = expression(r"^class[ ]+(\w+)", re.MULTILINE)
IMPORTED = """\
import bisect, collections, functools, heapq, itertools, math, operator, random, re, string
from bisect import *
from collections import *
from functools import *
from heapq import *
from itertools import *
from math import *
from typing import *
"""
"""What the sites that ask for a class with a method import beforehand."""


def prepared(source: str, entry: str, given: Scaffold) -> Program:
    """
    Return a program in which `entry` can be called by its name, and what is given beforehand.

    Where it is a method, such as `Solution.two_sum`, a function of that name is put behind the class.
    """
    head = _head(source, entry) if entry else None
    classes = list(CLASS.finditer(source, 0, head.start())) if head and head[0][:1].isspace() else []
    if not classes:
        return Program(source, given.before)
    calls = f"def {entry}(*args, **kwargs):\n    return {classes[-1][1]}().{entry}(*args, **kwargs)\n"
    return Program(f"{source}\n\n{calls}", IMPORTED + given.before)
