"""How a response ends that gives no answer: cut off, with a question, with empty boxes, in others' words."""

from router.expression import expression
from verifiers.extract import BOX
from verifiers.standing import cut_off

EMPTY_BOX = expression(r"\\(?:boxed|fbox|framebox)\s*\{[\s.?_]*\}")
SHORTEST_REPEAT = 25
"""Characters; a shorter line may stand in the prompt as well as in an answer."""


def unanswered(text: str, prompt: str) -> str:
    """Return how a text ends without an answer; nothing where it may hold one."""
    line = text[text.rfind("\n") + 1 :].strip()
    if len(line) >= SHORTEST_REPEAT and line in prompt:
        return "the question repeated"
    if line.endswith("?"):
        return "a question, and no answer"
    if (boxes := len(BOX.findall(text))) and len(EMPTY_BOX.findall(text)) == boxes:
        return "empty boxes, and no answer"
    return "cut off before an answer was declared" if cut_off(text) else ""
