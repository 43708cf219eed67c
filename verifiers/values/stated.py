"""From a response to the literals that it states: in fences and asserts, in tags, behind "the answer is"."""

import re
from collections.abc import Iterator, Sequence

from router.expression import expression
from verifiers.extract import DECLARED, MOST_ANSWERS, Answer, Strategy, answers
from verifiers.values.literals import LONGEST, QUOTED, CutOff, Literal, literal

ANSWER_TAG = expression(r"\[(/?)ANSWER\]")
OUTPUT = expression(
    r"^[*_# ]{0,8}(?:(?:so|thus|hence|therefore),? )?(?:the )?(?:final )?"
    r"(?:(?:output|result|return(?:ed)? value)[*_]{0,2}(?: is|:)"
    r"|(?:function|code|program|call|it|`?[A-Za-z_]\w{0,40}\([^()\n]{0,200}\)`?)"
    r" (?:returns|outputs|evaluates to|gives|prints|->|=>))[*_ ]{0,8}(.{1,2000})$",
    re.IGNORECASE | re.MULTILINE,
)
"""A line that says what is returned."""
FENCE = "```"
OPENS_LITERAL = expression(r"[\s`*]*(?:['\"\[({\d-]|[bru]{1,2}['\"]|(?:True|False|None|set)\b)")
SAYS = expression(
    r"(?:\b(?:is|returns?|gives?|becomes?)|[:=\u2192]|->)[\s`*]{0,6}(?=['\"\[({\d-]|(?:True|False|None)\b)"
)
"""Before a literal that ends a line."""
LONGEST_LINE = 400
CALL = expression(r"(?:assert\s+)?[A-Za-z_]\w*\(")
COMPARES = expression(rf"(?P<quoted>{QUOTED})|['\"]|[=!<>]=")
"""A comparison, text in quotes, or a quote that never closes: the search ends there, so that it is linear."""


def offered(text: str, strategies: Sequence[Strategy]) -> list[Answer]:
    """Return what a spoken text declares, the outputs up to its last line, or else the guesses."""
    found = answers(ANSWER_TAG.sub(r"<\1answer>", text), strategies)
    declared = [Answer(one, "tag") for one in _fenced(text)]
    declared += [Answer(one, "phrase") for one in _behind_the_fences(text)] if declared else []
    declared += [one for one in found if one.strategy in DECLARED]
    outputs = [] if declared else list(OUTPUT.finditer(text))
    if outputs and outputs[-1].end() == len(text):
        return [Answer(said[1], "phrase") for said in outputs[-MOST_ANSWERS:]]
    return declared or found


def _fenced(text: str) -> Iterator[str]:
    """Yield what code fences and lines with an assertion state; other code is no answer."""
    for block in text.split(FENCE, 2 * MOST_ANSWERS)[1::2]:
        language, _, code = block.partition("\n")
        content = (code if language.strip().isalnum() or not language.strip() else block).strip()
        if OPENS_LITERAL.match(content) or _behind_equals(content):
            yield content
    if "assert " in text:
        lines = [line for line in text.splitlines() if line.startswith("assert ")]
        yield from lines[-MOST_ANSWERS:]


def _behind_the_fences(text: str) -> Iterator[str]:
    """Yield the literal that ends the last line, where that stands behind the last fence."""
    last = text[text.rfind("\n") + 1 :][-LONGEST_LINE:]
    if FENCE in text and FENCE not in last:
        ends = (last[said.end() :] for said in SAYS.finditer(last))
        yield from [end for end in ends if isinstance(stated(end), Literal)][:1]


def stated(text: str) -> Literal | CutOff | None:
    """Return the literal that a text is: in backticks, before a full stop, after `f(x) ==`."""
    bare = text.lstrip("`* \t\r\n").rstrip("`*. \t\r\n")
    return literal(bare) or _behind_equals(bare)


def _behind_equals(text: str) -> Literal | CutOff | None:
    """Return the literal behind the first `==` outside of quotes; a second one there leaves none."""
    if len(text) > LONGEST or not CALL.match(text):
        return None
    first = next((mark for mark in COMPARES.finditer(text) if not mark["quoted"]), None)
    if first is None or first[0] != "==" or not text[: first.start()].rstrip().endswith(")"):
        return None
    return literal(text[first.end() :])


def unread(answer: Answer) -> bool:
    """Say whether something is declared that may be a literal, and cannot be read as one."""
    if isinstance(stated(answer.text), Literal):
        return False
    return answer.strategy in ("boxed", "tag") or bool(OPENS_LITERAL.match(answer.text))
