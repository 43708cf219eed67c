"""Whether an answer stands: or is denied before it, taken back behind it, cut off before it was reached."""

import re
from collections.abc import Sequence

from router.expression import expression

DENIED = expression(
    r"(?:\b(?:not|never|neither|nor)|n['’]t|\\neq?|≠)[\s*_$({\\]*"
    r"(?:\b(?:be|been|being|equals?|an?|the|it|that|this|is|are|was|has|as|of|to|in|at|on|by|from|with|our|my"
    r"|right|correct|true|final|actual|answer|option|choice|label|value|number|result|solution|case|possible"
    r"|just|exactly|really|necessarily|always|simply|think|believe|say|claim|mean|write|choose|pick|select|accept"
    r"|there|so|true)\b[\s,:=*_$({\\]*){0,8}$",
    re.IGNORECASE,
)
"""A denial with none but small words between it and the answer; "not divisible by 3 is" denies nothing."""
TAKEN_BACK = expression(
    r"\b(?:wait|scratch that|on second thought|otherwise"
    r"|(?:is|was|would be) (?:(?:the |an? )?(?:wrong|incorrect|false)|not)"
    r"|(?:is|was)n['’]t (?:right|correct|true|it|the)|unless|no, )"
    r"|\b(?:actually|rather|instead),? (?:it|the)\b"
    r"|\b(?:correction|edit)\s?:|\bon reflection\b|\bkidding\b|\bI (?:meant?\b|take (?:it|that) back)"
    r"|\b(?:ignore|disregard) (?:that|this|the above)\b|\b(?:not sure|do(?: not|n['’]t) know)\b"
    r"|\A[\s})$\]]*(?:\\ne|≠|!=)"
    r"|(?:^|[.!?>}*]|\n)\s*\(?(?:no|or|possibly|alternatively|actually|sorry)\b(?! (?:one|other|more|doubt)\b"
    r"|\s*\$?(?:\\boxed|<answer))",
    re.IGNORECASE,
)
"""The last line: a sentence that begins so turns away from an answer, unless to another declaration."""
DISCREDITED = expression(
    r"\b(?:(?:wrong|incorrect|worst)\b(?! statement)|least (?:likely|correct|plausible|suitable|good)"
    r"|avoid|whether|(?<!no )(?<!without )(?<!without a )doubt|disagree"
    r"|opposite (?:answer|of (?:the|my|that))|unclear|unless|anything but"
    r"|it is(?: not|n['’]t) true|false that|trap|distractor"
    r"|(?:people|students|solvers?|models?|everyone|everybody|many|some|others|they|one)"
    r" (?:(?:might|may|could|would|will|often|usually|wrongly) )*"
    r"(?:say|think|believe|answer|claim|guess|assume)s?)\b[^.!?\n]*$"
    r"|\b(?:previous|former|earlier|old|initial|naive|tempting|possible|alternative|(?:an)?other)"
    r" (?:answer|result)(?:\s?:| (?:is|was|would be))(?:[\s*_$({\\]|f?boxed|<answer>)*$",
    re.IGNORECASE,
)
"""Before an answer in its sentence: it is named as what one should not say."""
STRUCK = expression(
    r"\\(?:[bx]?cancel|sout|st|[hv]?phantom)\s?\{[\s$]*(?:\\f?boxed\s?\{\s*)?\Z"
    r"|\\iffalse\b(?!.*\\fi)|\\begin\{comment\}(?!.*\\end)|^\s*%"
)
"""Before an answer in its line: LaTeX that strikes it out, or does not show it."""
HINTS = (
    "wrong", "incorrect", "worst", "least", "avoid", "whether", "doubt", "disagree", "opposite", "unclear",
    "unless", "anything", "true", "false", "trap", "distractor", "answer", "result", "say", "think",
    "believe", "claim", "guess", "assume",
)  # fmt: skip
"""One of these stands in each of them; they are looked for first, because the expression is slow."""
DENIES = expression(r"\b(?:not|never|neither|nor)\b|n['’]t\b|\\ne|≠", re.IGNORECASE)
HINTS_OF_DENIAL = ("no", "ne", "n't", "n’t", "≠")
"""The same for a denial."""
NEAR, FAR = 40, 400
SHORTEST = 3
"""Characters behind an answer in which nothing can be taken back."""


def discredited(before: str) -> bool:
    """Say whether what stands before an answer names it as one that is not meant, or strikes it out."""
    return (_holds(before, HINTS) and DISCREDITED.search(before) is not None) or struck_out(before)


def struck_out(before: str) -> bool:
    """Say whether LaTeX in the line of an answer strikes it out, or does not show it."""
    line = before[max(0, before.rfind("\n")) :]
    return ("\\" in line or "%" in line) and STRUCK.search(line) is not None


def denies(text: str) -> bool:
    """Say whether a short text holds a denial."""
    return _holds(text, HINTS_OF_DENIAL) and DENIES.search(text) is not None


def _holds(text: str, hints: Sequence[str]) -> bool:
    lower = text.lower()
    return True in [hint in lower for hint in hints]


def taken_back(text: str, answer: str) -> bool:
    """Say whether a text denies or discredits an answer before it, or takes it back behind it."""
    start = text.rfind(answer)
    before, after = text[max(0, start - NEAR) : start], text[start + len(answer) : start + len(answer) + FAR]
    if discredited(before) or (len(after) > SHORTEST and TAKEN_BACK.search(after)):
        return True
    if not denies(before):
        return False
    before = before.rstrip(" $*_{([<>\\").removesuffix("\\boxed").removesuffix("<answer").rstrip(" $*_\\(")
    return DENIED.search(before) is not None


LONG = 400
"""Characters; a shorter text may lack its full stop for other reasons than a limit of tokens."""
WHOLE_ENDS = expression(r"""[.!?:)\]}$*_"'`>|\d]\s*$""")


def cut_off(text: str) -> bool:
    """Say whether a long text ends in the middle of a sentence, as at a limit of tokens."""
    return len(text) >= LONG and WHOLE_ENDS.search(text[-8:]) is None
