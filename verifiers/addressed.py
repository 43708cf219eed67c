r"""
Whether a response speaks to who grades it: names its own verdict, score or correctness.

Who answers a question has no use for that, so no answer beside it is settled as right; a judge, who is
told what the student may not decide, reads it. What a question itself may ask about (a z-score, a
judge in a court, "B. Correct") is none.
"""

import re

from router.expression import expression

ADDRESSED = expression(
    r"\[\[\s?[A-Z]\s?\]\]"
    r"|\b(?:my|final)\s{1,3}verdict\b|\bverdict\W{0,3}[:=]"
    r"|^\W{0,4}(?:grader|grading|judge|evaluator|system|score|grade)(?:\s\w{1,12})?\s?[:=]"
    r"|[\"'](?:score|correct|reward|verdict|grade)[\"']\s?:"
    r"|\b(?:ignore|disregard)\s(?:\w{1,10}\s){0,3}(?:instructions|rules|rubric|reference)\b"
    r"|\b(?:reference|candidate|gold)\s(?:answer|solution)\b"
    r"|\b(?:my|this|the)\s(?:answer|response)\s(?:above\s)?is\s(?:fully\s|completely\s)?correct\s*(?:[.!,;]|$)"
    r"|[\]}]\s{0,3}correct\W{0,3}\Z",
    re.IGNORECASE | re.MULTILINE,
)


LOOKED_AT = 4000
"""Characters at either end of a text; in the middle of a longer one nobody reads a plea."""


def addresses_a_judge(text: str) -> bool:
    """Say whether a text grades itself or speaks to who grades it."""
    return any(ADDRESSED.search(part) for part in (text[:LOOKED_AT], text[LOOKED_AT:][-LOOKED_AT:]))
