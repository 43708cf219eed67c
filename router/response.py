"""What a response says outside its reasoning. Verifiers and judges alike look at nothing else."""

import re

from router.expression import expression

THOUGHT = r"(?:think|thinking|thought|reasoning)>"
REASONING_ENDS = expression(rf"</{THOUGHT}|<\|end_of_thought\|>", re.IGNORECASE)
REASONING_STARTS = expression(rf"(?<!<)<{THOUGHT}|<\|begin_of_thought\|>", re.IGNORECASE)
"""`<<Thought>>` is a title."""
SOLUTION = expression(r"<\|(?:begin|end)_of_solution\|>|</?solution>", re.IGNORECASE)
UNSAID = expression(
    r"<!--(?>(?:[^-]|-(?!->))*)(?:-->|\Z)|(?<![\d,;})\]$=\\~])~~(?=\S)[^~\n]{1,300}(?<=\S)~~(?!~)"
)
"""An HTML comment, unclosed ones included, and what is struck out; in LaTeX `~~` is a space."""
HIDDEN = expression(r"<[a-z][^<>]{0,200}?\b(?:hidden\b|display\s{0,9}:\s{0,9}none)", re.IGNORECASE)
"""A tag that hides what follows."""

TURN_STARTS = expression(
    r"\s*(?:<\|begin_of_text\|>|<s>)?\s*(?:<\|im_start\|>\s?assistant\b|<\|start_header_id\|>\s?assistant<\|end_header_id\|>"
    r"|<\|assistant\|>|<start_of_turn>\s?model\b)"
)
TURN_ENDS = expression(
    r"<\|(?:im_start|im_end|endoftext|end_of_text|eot_id|eom_id|start_header_id|end|user)\|>"
    r"|<(?:start|end)_of_turn>|<\uff5cend\u2581of\u2581sentence\uff5c>|</s>\s*$"
)
"""Marks of a chat template: what follows is another turn."""
MARK = expression(r"<[^<\d\s=]")
"""How each mark of any kind begins, and neither `a < b` nor `<<2*3=6>>` does: fast, so looked for first."""


def spoken(response: str) -> str:
    """
    Return what a response says outside its reasoning, in its own turn, without solution tags.

    Reasoning ends at the last closing tag, opened or not (chat templates may open it in the
    prompt). Reasoning that never ends hides everything after its start.
    """
    if not MARK.search(response):
        return response.strip()
    response = _own_turn(response)
    if not _may_hold_a_mark(response.lower()):
        return response.strip()
    end = 0
    for match in REASONING_ENDS.finditer(response):
        end = match.end()
    start = REASONING_STARTS.search(response, end)
    return SOLUTION.sub("\n", response[end : start.start() if start else None]).strip()


def aloud(response: str) -> str:
    """Return what is spoken, without comments and what is struck out."""
    text = spoken(response)
    return UNSAID.sub(" ", text).strip() if "<!--" in text or "~~" in text else text


def hides(text: str) -> bool:
    """Say whether markup hides a part of a text."""
    return "<" in text and HIDDEN.search(text) is not None


def _own_turn(response: str) -> str:
    start = TURN_STARTS.match(response)
    end = TURN_ENDS.search(response, start.end() if start else 0)
    return response[start.end() if start else 0 : end.start() if end else None]


def _may_hold_a_mark(lower: str) -> bool:
    """Say in a tenth of the expressions' time that there is none of their words."""
    return "think" in lower or "thought" in lower or "reasoning" in lower or "solution" in lower
