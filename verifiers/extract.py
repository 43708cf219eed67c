r"""
From what a response says outside its reasoning to the answers that it commits to.

Strategies, by name, strongest first:

    boxed        \boxed{...} with nested braces
    tag          <answer>...</answer>
    hashes       `#### 18` or `A: 18` as the last line
    phrase       "the answer is ...", "Answer: ...", to the end of its line
    closing      what the closing sentence concludes: "So she has 12 + 6 = 18 eggs."
    whole        all of it, where it is short
    first_line   the first line, where it is short
    last_formula what stands in the last $...$, \(...\) or \[...\]
    last_line    the last line, where it is short
    last_number  the last number anywhere

With the first four the student declares its answer, and every declaration counts: a response with
two that differ has committed to neither. The others count only where nothing is declared: `closing`
and `whole` are still commitments (it said nothing else, or nothing after it), the rest are guesses.

Every strategy takes time linear in the response, whatever is in it.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from router.expression import expression
from verifiers.closing import concluded, is_prose
from verifiers.guess import SHORT_LINE, first_line, last_formula, last_line, last_number, whole
from verifiers.phrase import phrased

Strategy = Literal[
    "boxed",
    "tag",
    "hashes",
    "phrase",
    "closing",
    "whole",
    "first_line",
    "last_formula",
    "last_line",
    "last_number",
]

FIRM: tuple[Strategy, ...] = ("boxed", "tag", "hashes")
"""Strategies that declare an answer whether or not it can be read."""
DECLARED: tuple[Strategy, ...] = (*FIRM, "phrase")
COMMITTED: tuple[Strategy, ...] = (*DECLARED, "closing", "whole")

MOST_ANSWERS = 16
"""Answers looked at for each strategy; more is a spray, and counts as one that cannot be read."""
LONGEST_ANSWER = 2000
"""Characters; a longer one is an essay in a box."""


@dataclass(frozen=True, slots=True)
class Answer:
    """Something that a response offers as its answer."""

    text: str
    strategy: Strategy

    @property
    def committed(self) -> bool:
        """Whether the student left no doubt that this is its answer."""
        return self.strategy in COMMITTED


def answers(text: str, strategies: Sequence[Strategy]) -> list[Answer]:
    """
    Return the answers that a spoken text offers, by the strategies named and in their order.

    Everything it declares, where it declares anything; else every other candidate, for the verifier to
    take the first it can read. "Answer: The sum of the three is 18." is a closing sentence.
    """
    declared = [
        Answer(found, name) for name in strategies if name in DECLARED for found in FINDERS[name](text)
    ]
    if "closing" in strategies:
        declared = [answer for answer in declared if answer.strategy != "phrase" or not is_prose(answer.text)]
    if declared:
        return declared
    return [
        Answer(found, name) for name in strategies if name not in DECLARED for found in FINDERS[name](text)
    ]


BOX = expression(r"\\(?:boxed|fbox|framebox)\s*")
BRACE = expression(r"\\?[{}]")


def boxed(text: str) -> list[str]:
    r"""Return what stands in each \boxed{...}, braces balanced; a box that never closes is empty."""
    if "box" not in text or "\\" not in text:
        return []
    starts = [match.end() for match in BOX.finditer(text)]
    return _few([_braced(text, start).strip() for start in starts[-MOST_ANSWERS:]], len(starts))


def _few(found: list[str], count: int) -> list[str]:
    return found if count <= MOST_ANSWERS else ["", *found]


def _braced(text: str, start: int) -> str:
    if not text.startswith("{", start):
        return text[start : start + 1]
    depth = 0
    for brace in BRACE.finditer(text, start, start + LONGEST_ANSWER):
        if brace[0] == "{":
            depth += 1
        elif brace[0] == "}":
            depth -= 1
            if depth == 0:
                return text[start + 1 : brace.start()]
    return ""


TAG = expression(r"<(/?)answer>", re.IGNORECASE)


def tagged(text: str) -> list[str]:
    """Return what stands in each <answer>...</answer>."""
    if "<" not in text or ("answer>" not in text and "ANSWER>" not in text.upper()):
        return []
    found: list[str] = []
    start = None
    for tag in TAG.finditer(text):
        if not tag[1]:
            found += [""] if start is not None else []
            start = tag.end()
        elif start is not None:
            found.append(text[start : min(tag.start(), start + LONGEST_ANSWER)].strip())
            start = None
    found += [""] if start is not None else []
    return _few(found[-MOST_ANSWERS:], len(found))


EARLIER_MARK = expression(r"^####[ \t]*([-+$]?\d[\d,.]*%?)[ \t]*\n", re.MULTILINE)
LAST_MARK = expression(r"####\s*|A:\s+")


def hashed(text: str) -> list[str]:
    """Return what follows `####` or `A:` on the last line; elsewhere they head a section or a choice."""
    line = text[text.rfind("\n") + 1 :]
    mark = LAST_MARK.match(line)
    if not mark or len(line) > SHORT_LINE:
        return []
    earlier = EARLIER_MARK.findall(text) if text.count("####") > 1 else []
    return _few([*earlier[-MOST_ANSWERS:], line[mark.end() :].strip()], len(earlier))


FINDERS: Mapping[Strategy, Callable[[str], list[str]]] = {
    "boxed": boxed,
    "tag": tagged,
    "hashes": hashed,
    "phrase": phrased,
    "closing": concluded,
    "whole": whole,
    "first_line": first_line,
    "last_formula": last_formula,
    "last_line": last_line,
    "last_number": last_number,
}
