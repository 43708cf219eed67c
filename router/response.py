"""What a response says outside its reasoning. Verifiers and judges alike look at nothing else."""

import re

THOUGHT = r"(?:think|thinking|thought|reasoning)>"
REASONING_ENDS = re.compile(rf"</{THOUGHT}|<\|end_of_thought\|>", re.IGNORECASE)
REASONING_STARTS = re.compile(rf"(?<!<)<{THOUGHT}|<\|begin_of_thought\|>", re.IGNORECASE)
"""`<<Thought>>` is a title."""
SOLUTION = re.compile(r"<\|(?:begin|end)_of_solution\|>|</?solution>", re.IGNORECASE)


def spoken(response: str) -> str:
    """
    Return what a response says outside its reasoning, without solution tags.

    Reasoning ends at the last closing tag, opened or not (chat templates may open it in the
    prompt). Reasoning that never ends hides everything after its start.
    """
    if "<" not in response or not _may_hold_a_mark(response.lower()):
        return response.strip()
    end = 0
    for match in REASONING_ENDS.finditer(response):
        end = match.end()
    start = REASONING_STARTS.search(response, end)
    return SOLUTION.sub("\n", response[end : start.start() if start else None]).strip()


def _may_hold_a_mark(lower: str) -> bool:
    """Say in a tenth of the expressions' time that there is none of their words."""
    return "think" in lower or "thought" in lower or "reasoning" in lower or "solution" in lower
