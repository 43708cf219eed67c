r"""
Sets made of another: the same rollouts and labels, the answer told in prose where it was declared.

    gsm8k_openai+prose   without the last line, `A: 18`, where the text before still says 18
    sky_math+prose       `\boxed{X}` becomes X, where there is exactly one box
    mmlu_pro+prose       "the answer is (B)" becomes "option (B) is the correct one", where it is said once

Whoever trains without a format to answer in gets such responses; the recorded ones declare almost always.
"""

import re
from collections.abc import Callable, Mapping
from typing import Any

from verifiers.extract import boxed

Rewording = Callable[[str], str | None]
"""Returns the response in other words; None where it cannot be told so."""

LAST_LINE = re.compile(r"\nA: (?P<answer>[-\d.,]+)\s*$")
ANSWER = re.compile(r"\b[Tt]he answer is \(?([A-J])\)?(?![A-Za-z])")
BOX = re.compile(r"\\(?:boxed|fbox)\s*\{")


def without_last_line(response: str) -> str | None:
    """Leave out the line that declares the answer, if the text before it says the same number."""
    match = LAST_LINE.search(response)
    if not match:
        return None
    before = response[: match.start()]
    return before if re.search(rf"(?<![\d.]){re.escape(match['answer'])}(?!\d)", before[-200:]) else None


def without_box(response: str) -> str | None:
    """Write what is boxed without its box, if there is exactly one."""
    found = boxed(response)
    match = BOX.search(response)
    if len(found) != 1 or not found[0] or not match:
        return None
    end = response.index(found[0], match.end()) + len(found[0])
    rest = response[end:]
    return response[: match.start()] + found[0] + rest[rest.index("}") + 1 :]


def without_answer(response: str) -> str | None:
    """Say that the option is the correct one, if the answer is said once, in the usual words."""
    said = ANSWER.findall(response)
    return ANSWER.sub(r"option (\1) is the correct one", response) if len(said) == 1 else None


REWORDINGS: dict[str, tuple[str, Rewording]] = {
    "gsm8k_openai+prose": ("gsm8k_openai", without_last_line),
    "mmlu_pro+prose": ("mmlu_pro", without_answer),
    "sky_math+prose": ("sky_math", without_box),
}
"""By the name of the set: of which set, and how."""


def reworded(row: Mapping[str, Any], rewording: Rewording) -> dict[str, Any] | None:
    """Return a row with its response in other words; None where it cannot be told so."""
    *prompt, response = row["messages"]
    said = rewording(response["content"]) if isinstance(response["content"], str) else None
    return {**row, "messages": [*prompt, {**response, "content": said}]} if said else None
