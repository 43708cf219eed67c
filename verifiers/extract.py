r"""
From what a response says outside its reasoning to the answers that it commits to.

Strategies, by name, strongest first:

    boxed        \boxed{...} with nested braces
    tag          <answer>...</answer>
    hashes       `#### 18` or `A: 18` as the last line
    phrase       "the answer is ...", "Answer: ...", to the end of its line
    whole        all of it, where it is short
    first_line   the first line, where it is short
    last_formula what stands in the last $...$, \(...\) or \[...\]
    last_line    the last line, where it is short
    last_number  the last number anywhere

With the first four the student declares its answer, and every declaration counts: a response with
two that differ has committed to neither. The others count only where nothing is declared: `whole`
is still a commitment (there is nothing else in the response), the rest are guesses.

Every strategy takes time linear in the response, whatever is in it.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

Strategy = Literal[
    "boxed", "tag", "hashes", "phrase", "whole", "first_line", "last_formula", "last_line", "last_number"
]

FIRM: tuple[Strategy, ...] = ("boxed", "tag", "hashes")
"""Strategies that declare an answer whether or not it can be read."""
DECLARED: tuple[Strategy, ...] = (*FIRM, "phrase")

MOST_ANSWERS = 16
"""Answers looked at for each strategy; more is a spray, and counts as one that cannot be read."""
LONGEST_ANSWER = 2000
"""Characters; a longer one is an essay in a box."""
SHORT_LINE = 200
"""Characters; a longer last line is prose, not an answer."""


@dataclass(frozen=True, slots=True)
class Answer:
    """Something that a response offers as its answer."""

    text: str
    strategy: Strategy

    @property
    def committed(self) -> bool:
        """Whether the student left no doubt that this is its answer."""
        return self.strategy == "whole" or self.strategy in DECLARED


def answers(text: str, strategies: Sequence[Strategy]) -> list[Answer]:
    """
    Return the answers that a spoken text offers, by the strategies named and in their order.

    Everything it declares, where it declares anything; else every other candidate, for the verifier to
    take the first it can read.
    """
    declared = [
        Answer(found, name) for name in strategies if name in DECLARED for found in FINDERS[name](text)
    ]
    if declared:
        return declared
    return [
        Answer(found, name) for name in strategies if name not in DECLARED for found in FINDERS[name](text)
    ]


BOX = re.compile(r"\\(?:boxed|fbox|framebox)\s*")
BRACE = re.compile(r"\\?[{}]")


def boxed(text: str) -> list[str]:
    r"""Return what stands in each \boxed{...}, braces balanced; a box that never closes is empty."""
    if "box" not in text:
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


TAG = re.compile(r"<(/?)answer>", re.IGNORECASE)


def tagged(text: str) -> list[str]:
    """Return what stands in each <answer>...</answer>."""
    if "answer>" not in text and "ANSWER>" not in text.upper():
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


EARLIER_MARK = re.compile(r"^####[ \t]*([-+$]?\d[\d,.]*%?)[ \t]*\n", re.MULTILINE)
LAST_MARK = re.compile(r"####\s*|A:\s+")


def hashed(text: str) -> list[str]:
    """Return what follows `####` or `A:` on the last line; elsewhere they head a section or a choice."""
    line = text[text.rfind("\n") + 1 :]
    mark = LAST_MARK.match(line)
    if not mark or len(line) > SHORT_LINE:
        return []
    earlier = EARLIER_MARK.findall(text) if text.count("####") > 1 else []
    return _few([*earlier[-MOST_ANSWERS:], line[mark.end() :].strip()], len(earlier))


PHRASE = re.compile(
    r"\b(?:(?:answer|option|choice)\b[*_]{0,2}(?:\s{1,3}is|\s{1,3}would\s{1,3}be|\s?[:=])|final\s{1,3}result[*_]{0,2}\s?:)"
    r"[*_:]{0,4}(?!\w)",
    re.IGNORECASE,
)
PHRASE_WORDS = ("answer", "option", "choice", "final result")
NEXT_DECLARATION = re.compile(
    r"\\(?:boxed|fbox|framebox)\b|<answer>"
    rf"|(?:\b(?:so|thus|therefore|hence|and|the|my|final|correct|right|best)\b[\s,]*){{0,4}}{PHRASE.pattern}",
    re.IGNORECASE,
)
"""Where a line declares once more; that declaration is found by itself."""


SENTENCE_ENDS = re.compile(r"(?:(?<=[\d)}\]$*])|(?<=[a-z]{4}))[.!?]\s+(?=[A-Z])|<\|")
"""Where another sentence begins, or a chat template; never behind an initial or a title."""


def phrased(text: str) -> list[str]:
    """Return what follows each "the answer is" or "Answer:", to the end of that line or of the next."""
    ends = [match.end() for start in _starts(text, PHRASE_WORDS) if (match := PHRASE.match(text, start))]
    found = [_rest_of_line(text, end) for end in ends[-MOST_ANSWERS:]]
    return [rest for rest in found if rest.strip(" $*_([\\")]


def _starts(text: str, words: Sequence[str]) -> list[int]:
    """Return where each word starts, in any case; much faster than a regular expression's search."""
    lower = text.lower()
    if len(lower) != len(text):
        lower = text
    starts = []
    for word in words:
        start = lower.find(word)
        while start >= 0:
            starts.append(start)
            start = lower.find(word, start + 1)
    return sorted(starts)


def _rest_of_line(text: str, start: int) -> str:
    rest = text[start : start + LONGEST_ANSWER].lstrip()
    line, _, below = rest.partition("\n")
    if line.strip() in ("\\[", "$$", "\\("):
        line = below.partition("\n")[0]
    line = SENTENCE_ENDS.split(line, maxsplit=1)[0]
    again = NEXT_DECLARATION.search(line) if _starts(line, (*PHRASE_WORDS, "box")) else None
    return (line[: again.start()] if again else line).strip()


def first_line(text: str) -> list[str]:
    """Return the first line, where it is short and more follows."""
    line, _, rest = text.partition("\n")
    return [line.strip()] if rest and line and len(line) <= SHORT_LINE else []


FORMULA = re.compile(
    r"\$\$([^$]{1,500})\$\$|\$([^$\n]{1,500})\$"
    r"|\\\((.{1,500}?)\\\)|\\\[(.{1,500}?)\\\]",
    re.DOTALL,
)


def last_formula(text: str) -> list[str]:
    """Return what stands in the last formula."""
    found = [next(filter(None, match.groups())) for match in FORMULA.finditer(text[-LONGEST_ANSWER:])]
    return [found[-1].strip()] if found else []


def last_line(text: str) -> list[str]:
    """Return the last line, where it is short."""
    line = text[text.rfind("\n") + 1 :].strip()
    return [line] if line and len(line) <= SHORT_LINE else []


DIGITS = re.compile(r"[-+−]?[$€£]?(?:\d+(?:,\d{3})*(?:\.\d+)?|\.\d+)%?")


def last_number(text: str) -> list[str]:
    """Return the last number, with its sign, currency and percent sign."""
    tail = text[-LONGEST_ANSWER:]
    numbers = DIGITS.findall(tail)
    return numbers[-1:]


def whole(text: str) -> list[str]:
    """Return all of it, where it is short enough to be an answer."""
    return [text] if text and len(text) <= SHORT_LINE else []


FINDERS: Mapping[Strategy, Callable[[str], list[str]]] = {
    "boxed": boxed,
    "tag": tagged,
    "hashes": hashed,
    "phrase": phrased,
    "whole": whole,
    "first_line": first_line,
    "last_formula": last_formula,
    "last_line": last_line,
    "last_number": last_number,
}
