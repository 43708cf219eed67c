"""Rollouts as GSM8K's look: a word problem, worked out over some lines, ending in its number."""

from random import Random
from typing import Any

STORY = (
    "{name} buys {boxes} boxes of pencils with {each} pencils each.\n"
    "That makes {boxes} * {each} = <<{boxes}*{each}={product}>>{product} pencils.\n"
    "{name} then gives {given} of them to the neighbour's children, who need them for school.\n"
    "So {product} - {given} = <<{product}-{given}={rest}>>{rest} pencils are left in the drawer.\n"
    "To check: {rest} + {given} = {product}, which is what {name} had at the beginning.\n"
    "{ending}"
)
ENDINGS = ("#### {answer}", "A: {answer}", "The answer is {answer}.", "So the answer is \\boxed{{{answer}}}.")
NAMES = ("Natalia", "Weng", "Betty", "Julie", "James", "Mark")


def rollouts(count: int, seed: int = 0) -> list[dict[str, Any]]:
    """Return this many rows as a training job sends them; three of four are right."""
    rng = Random(seed)
    return [_rollout(rng, index) for index in range(count)]


def _rollout(rng: Random, index: int) -> dict[str, Any]:
    boxes, each = rng.randint(2, 40), rng.randint(5, 60)
    given = rng.randint(1, boxes * each - 1)
    rest = boxes * each - given
    answer = rest if rng.random() < 0.75 else rest + rng.randint(1, 9)
    ending = rng.choice(ENDINGS).format(answer=answer)
    numbers = {"boxes": boxes, "each": each, "product": boxes * each, "given": given, "rest": rest}
    response = STORY.format(name=rng.choice(NAMES), ending=ending, **numbers)
    question = f"How many pencils are left of {boxes} boxes of {each} after {given} are given away?"
    return {
        "id": f"story-{index}",
        "messages": [{"role": "user", "content": question}, {"role": "assistant", "content": response}],
        "reference_answer": str(rest),
        "metadata": {"task": "math"},
    }
