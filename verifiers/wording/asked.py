"""
Whether a closing sentence gives its value to something else than the question asks for.

"Each shelf has 42 books." speaks of a part, "At first she had 42." of a beginning, "Method B gives 42." of
one way of several, "The sum is 41. The product is 42." of one value of several. Where the question uses the
same words it is what was asked; where the sentence computes its value, only one way of several counts.
"""

import re
from collections.abc import Iterator, Sequence

from router.expression import expression
from router.types import Abstain, Sample
from verifiers.closing import plain_end
from verifiers.wording.concluding import CONCLUDES
from verifiers.wording.valued import masked, states_a_value

ANOTHER = Abstain("the closing sentence speaks of something else than is asked for")

SENTENCE_ENDS = expression(r"(?<=[^\s.][.!?])\s+|\n+")
ASKED = expression(r"[^.?!\n]*\?")
COMPUTED = expression(r"[=≈][\s$€£({\\*]*$")
HEAD = (
    r"^\W*(?:(?:so|thus|hence|therefore|then|now|and|also|finally|(?:this|that|which) means(?: that)?)\b\W*)*"
    r"(?:(?:in|for|on|to|from|with|at|by|using|under) )?(?:the )?"
)
EACH = r"(?:each|every|per|apiece)"
ONE = r"(?:another|a single|one(?= [a-z]+ (?:is|has|costs?|weighs?|takes?|holds?|gives?)\b))"
PART = expression(
    rf"{HEAD}(?P<of>{EACH}|{ONE}|half|twice|double|triple)\b(?: (?P<noun>[a-z]+))?"
    rf"|\bof (?P<whose>{EACH}|{ONE})\b(?: (?P<owner>[a-z]+))?(?= (?:is|are|was|were)\b)",
    re.IGNORECASE,
)
"""How a sentence begins that speaks of one of several things, or of a multiple."""
RATED = expression(
    rf"(?:\s?[A-Za-z]+){{0,2}}\s(?:(?P<of>{EACH})\b(?: (?P<noun>[a-z]+))?"
    r"|(?P<per>an?) (?P<time>minute|hour|day|week|month|year)\b)",
    re.IGNORECASE,
)
"""Right behind a value."""
BEGINNING = expression(
    r"\b(?P<of>at first|so far|in the beginning|at the (?:start|beginning|outset)|initially|originally"
    r"|previously|beforehand|start(?:s|ed)? (?:with|out|off)|beg[ai]ns? with)\b",
    re.IGNORECASE,
)
WAYS = (
    r"(?:method|approach|way|case|option|scenario|estimate|attempt|count|possibility|interpretation|reading"
    r"|version|guess|step)"
)
WAY = expression(
    rf"{HEAD}(?P<of>(?:one|other|another|first|second|third|fourth|next|alternative) {WAYS}"
    rf"|{WAYS} (?:[A-Z]|\d|one|two))\b",
    re.IGNORECASE,
)
"""How a sentence begins that speaks of one of several ways to count."""
RATES = expression(rf"\b(?:{EACH}|an?)\b")
HOW_MANY = expression(r"\bhow many\b", re.IGNORECASE)
UNIT = expression(r"[\d.,]+\s?(?P<unit>[A-Za-z]{2,})")
SHORTEST_LEAD = 2
"""Words before a value that may be compared with those before another."""
STEM = 4
"""Letters in which two forms of a noun agree."""

CONCLUSIVE = expression(r"[=≈]|\\[\[\]]|\$\$|\b(?:answer|result|solution|value of)\b", re.IGNORECASE)
LAST = 2
"""Lines at the end, of which one may say that the other one concludes."""
SHORTEST_END = 60


def speaks_of_another(end: str, said: str, sample: Sample) -> bool:
    """Say whether the sentence at a plain end that says something says it of what is not asked for."""
    place = end.rfind(said)
    if not said or place < 0:
        return False
    *before, lead = SENTENCE_ENDS.split(end[:place])
    behind = SENTENCE_ENDS.split(end[place + len(said) :])[0]
    asked = _asked(sample)
    if _unasked(WAY.search(lead), asked):
        return True
    if COMPUTED.search(lead):
        return False
    said_of = (PART.search(lead), RATED.match(behind), BEGINNING.search(f"{lead} {behind}"))
    return (
        any(_unasked(found, asked) for found in said_of)
        or _another_noun(said, asked)
        or _one_of_several(lead, before, asked)
    )


def last_words(text: str, said: str, sample: Sample) -> str:
    """
    Return the end of a text in which it may say what it means, if its closing sentence says something else.

    The last line, or as many as it takes to be a sentence; more where that line concludes nothing, or
    speaks of something else: a remark may follow the answer.
    """
    end = plain_end(text)
    last = "\n".join(end.splitlines()[-LAST:])
    if speaks_of_another(end, said, sample) or not (CONCLUSIVE.search(last) or CONCLUDES.search(last)):
        return end
    return end[end.rfind("\n", 0, max(0, len(end) - SHORTEST_END)) + 1 :]


def _asked(sample: Sample) -> str:
    """Return the last sentence that asks, and what follows it; the whole message where none does."""
    prompt = sample.prompt[-1].text if sample.prompt else ""
    questions = list(ASKED.finditer(prompt))
    return (prompt[questions[-1].start() :] if questions else prompt).lower()


def _unasked(found: re.Match[str] | None, asked: str) -> bool:
    """Whether something is said in words that the question does not use; "per shelf" asks for each shelf."""
    if found is None:
        return False
    of, *noun = (group.lower() for group in found.groups() if group)
    if noun and noun[0][:STEM] not in asked:
        return True
    return of not in asked and not (RATES.fullmatch(of) and RATES.search(asked))


def _another_noun(said: str, asked: str) -> bool:
    """Whether other things are counted than "how many" asks for, and the question does not know them."""
    counted = UNIT.search(said) if HOW_MANY.search(asked) else None
    return counted is not None and counted["unit"][:STEM].lower() not in asked


def _one_of_several(lead: str, before: Sequence[str], asked: str) -> bool:
    """Whether a sentence before says another value of something else in the same words, but for one."""
    words = lead.lower().split()
    return len(words) >= SHORTEST_LEAD and any(
        word not in asked for earlier in before for word in _turned(words, earlier)
    )


def _turned(words: Sequence[str], earlier: str) -> Iterator[str]:
    """Yield the one word in which two sentences differ that go on with a value."""
    said = earlier.lower().split()
    others = [word for word, other in zip(words, said, strict=False) if word != other]
    if len(others) == 1 and states_a_value(masked(" ".join(said[len(words) :]))):
        yield from others
