r"""
From a response that declares nothing to what its closing sentence concludes.

    "So she has 12 + 6 = 18 eggs."            18 eggs
    "Thus, the area of the disc is $4\pi$."   4\pi
    "Hence 21 melons were not ready."         21 melons
    "The roots are $2$ and $-2$."             2, -2

A conclusion is what stands behind the last "is", "are" or "=", or else the only value there is. There is
none in a sentence that doubts, asks or leaves a choice, and none where the same words have concluded
something else before.
"""

from collections.abc import Sequence
from itertools import pairwise

from router.expression import expression
from verifiers.wording.concluding import (
    BOUNDED,
    CHOICE,
    CONCLUDES,
    COURTESY,
    DANGLING,
    DENIES,
    DOUBT,
    MERELY_MENTIONED,
    NEGATED,
    OPEN,
    RATE,
    REMARK,
)
from verifiers.wording.valued import MASK, NUMERAL, VALUE, inside, masked, states_a_value, unmarked

END = 1200
"""Characters at the end of a response in which its closing sentence is looked for."""
MOST_LINKS = 8
NAMES = expression(r"\\text\s?\{[^{}]*\}|\b[A-Z][a-z]+:\s?(?=\d)")
PROSE = expression(r"['’]s\b|(?<![\\A-Za-z{])[A-Za-z]{2,}(?![A-Za-z]|\s?[(}^_])")
FEWEST_WORDS = 3
SHORTEST_PROSE = 6
WORDS_OF_A_LEAD = 2
NEAR = 100
"""Characters in which even "there are" before two values says two things of one."""
CALCULATOR = expression(r"<<[^<>\n]{0,200}>>")
"""GSM8K's computations in line: `12 + 6 = <<12+6=18>>18`."""
EMPHASIS = expression(r"(?<![\w)])(?:\*{1,3}|_{2}|`)(?=\S)|(?<=\S)(?:\*{1,3}|_{2}|`)(?![\w(])")
SENTENCE_ENDS = expression(r"(?:(?<=[\d)}\]$%][.!?])|(?<=[a-z]{3}[.!?])|(?<=[.!?]\$))\s+(?=[A-Z$\\])")

LINK = expression(
    r"\b(?:is|are|was|were|be|equals?|becomes?|equivalent to|has|have|had|gets?|gives?|yields?)\b"
    r"|['’]s\b|[=≈]|:(?=\s|$)|\\approx\b|\bfor(?=\s+[a-z]\s?[<>=≤≥])"
)
FILLER = expression(
    r"(?:[\s=≈:,]|\\approx\b|\b(?:also|only|just|exactly|precisely|approximately|about|around|roughly|simply"
    r"|therefore|then|now|indeed|given by|equal to|a total of)\b)*"
)
JOINT = expression(r"\s*(?:,\s*(?:and\b)?|\band\b)\s*")
LISTED = expression(r"[,;]|\b(?:and|times|plus|minus)\b")
ANOTHER = expression(
    rf"[=≈]\s*(?:{NUMERAL})\s*[=≈]$|[A-Za-z]\w*\s?=\s?\S{{1,20}}(?:,|\sand)\s+(?:and\s+)?[A-Za-z]\w*\s?="
)
"""Before the link: something else was said to be equal, or another name has its value."""


def concluded(text: str) -> list[str]:
    """Return what the closing sentence concludes, if anything."""
    end = plain_end(text)
    lines = [line.strip() for line in end.splitlines() if line.strip()]
    while lines and _afterword(lines[-1]):
        lines.pop()
    if not lines or DANGLING.search(lines[-1]) or not is_prose(end):
        return []
    said = _displayed(lines) if lines[-1].rstrip(" .,").endswith(("\\]", "$$")) else _stated(lines[-1], end)
    return [said] if said else []


def plain_end(text: str) -> str:
    """Return the end of a text without emphasis and computations in line."""
    return EMPHASIS.sub("", CALCULATOR.sub("", text[-END:].replace("\\$", "")))


def is_prose(text: str) -> bool:
    """Say whether a text has words enough to be a sentence; with fewer it is a bare answer."""
    return len(text) > SHORTEST_PROSE and len(PROSE.findall(NAMES.sub(" ", text))) >= FEWEST_WORDS


def _afterword(line: str) -> bool:
    """Say whether a line takes leave, or talks about what was said without a value, a doubt or a denial."""
    unsaid = states_a_value(line) or DOUBT.search(line) or OPEN.search(line)
    return COURTESY.match(line) is not None or (REMARK.match(line) is not None and not unsaid)


def _displayed(lines: Sequence[str]) -> str:
    """Return the formula in a display that ends the response."""
    end = "\n".join(lines).rstrip(" .,")
    for opens, closes in ((r"\[", r"\]"), ("$$", "$$")):
        if end.endswith(closes):
            lead, _, formula = end.removesuffix(closes).rpartition(opens)
            return "" if DOUBT.search(lead.rstrip().rpartition("\n")[2]) else formula.strip()
    return ""


def _stated(line: str, end: str) -> str:
    """Return what the last sentence that holds a value states; nothing behind it may deny."""
    for sentence in reversed(SENTENCE_ENDS.split(line)[-3:]):
        if DOUBT.search(sentence):
            return ""
        words = masked(sentence.rstrip(" ."))
        if states_a_value(words):
            return _conclusion(sentence, words, end)
        if not _afterword(sentence):
            return ""
    return ""


def _conclusion(sentence: str, words: str, end: str) -> str:
    """Return the one thing that a sentence concludes; `words` is the sentence with its formulas masked."""
    links = list(LINK.finditer(words))[-MOST_LINKS:]
    for link in reversed(links):
        start = link.end() + len(FILLER.findall(words, link.end())[0])
        if said := _behind(sentence, words, start):
            lead = words[: link.end()].rpartition(",")[2].strip()
            bounded = _bounded(words, start, computed=link[0] == "=")
            open_ended = (
                bounded or OPEN.search(words, link.end()) or DENIES.search(lead) or ANOTHER.search(lead)
            )
            return "" if open_ended or _concluded_before(end, sentence, lead, said) else said
    values = list(VALUE.finditer(words))
    if len(values) != 1:
        values = [value for value in values if value[0].startswith(MASK)]
    if len(values) != 1:
        return "" if OPEN.search(words) else unmarked(words)
    before, after = words[: values[0].start()], words[values[0].end() :]
    if not (CONCLUDES.search(words) or values[0][0].startswith(MASK)):
        return ""
    open_ended = OPEN.search(before) or CHOICE.search(after) or NEGATED.match(after)
    mentioned = MERELY_MENTIONED.search(before) or _bounded(words, values[0].start())
    return "" if open_ended or mentioned else inside(sentence, values[0])


def _bounded(words: str, start: int, *, computed: bool = False) -> bool:
    """Say whether the value that begins there is a bound or a rate."""
    return bool(BOUNDED.search(words, start) or (not computed and RATE.search(words, start)))


def _behind(sentence: str, words: str, start: int) -> str:
    """Return the value, or the list of values, that begins right here."""
    values = list(VALUE.finditer(words, start))
    if not values or values[0].start() > start:
        return unmarked(words[start:].strip())
    gaps = [words[one.end() : other.start()] for one, other in pairwise(values)]
    if all(JOINT.fullmatch(gap) for gap in gaps):
        return ", ".join(inside(sentence, value) for value in values)
    return "" if any(LISTED.search(gap) for gap in gaps) else inside(sentence, values[0])


def _concluded_before(end: str, sentence: str, lead: str, said: str) -> bool:
    """Say whether the same words stand before another value as well."""
    earlier, lead = end[: end.rfind(sentence) + sentence.rfind(said)].lower(), lead.lower()
    earlier = earlier[: max(0, earlier.rfind(lead))]
    if lead.count(" ") < WORDS_OF_A_LEAD:
        earlier = earlier[-NEAR:]
    place = earlier.find(lead) if " " in lead else -1
    while place >= 0:
        rest = earlier[place + len(lead) :].lstrip()
        value = rest.lstrip(" $\\(")
        if (value != rest or VALUE.match(rest)) and not value.startswith(said.lower().lstrip(" $\\(")):
            return True
        place = earlier.find(lead, place + 1)
    return False
