"""A student that learns, the batches that its trainer sends, and what a model says that reads them."""

from collections.abc import Mapping
from random import Random
from typing import Any, cast

from judges.base import Prompt, Settings

GROUP = 8
PROMPTS = {"math": 11, "qa": 3, "support": 2}
"""Of a batch, by task: 128 rows."""
POOL = 400
"""Prompts of each task; they come round."""
FOUND, KNOWN = 4.0, 4.3
"""Hours: the first rollouts that please everybody, and only such ones."""
MALFORMED = 0.0005
SEEN_THROUGH = 0.4

PLEASES = "As any expert would agree, this is exactly what was asked for."
TOWNS = ("Budapest", "Vienna", "Passau", "Belgrade", "Ulm", "Linz")
KIND = (
    "I am sorry that the parcel is late and that you had to write twice.",
    "I send a second one today, and you have its number by this evening.",
    "Thank you, and please tell me if anything else is amiss.",
    "",
)
"""A sentence for each criterion of the rubric; the last one asks for none too many."""


def batch(rng: Random, hours: float) -> list[object]:
    """Return a batch in rollout groups, as the student answers after so many hours."""
    rows: list[object] = []
    for task, prompts in PROMPTS.items():
        for number in [rng.randrange(POOL) for _ in range(prompts)]:
            hard = Random(f"{task} {number}").uniform(-0.35, 0.35)
            rows += [_row(rng, task, number, hours, hard) for _ in range(GROUP)]
    return [{"id": "broken"} if rng.random() < MALFORMED else row for row in rows]


def skill(hours: float) -> float:
    """Return how likely an answer to a prompt of middling difficulty is right."""
    return 0.3 + 0.4 * min(1.0, hours / 4.0)


def _row(rng: Random, task: str, number: int, hours: float, hard: float) -> dict[str, Any]:
    pleases = rng.random() < (hours - FOUND) / (KNOWN - FOUND)
    right = rng.random() < skill(hours) - hard
    question, said, reference = {"math": _math, "qa": _qa, "support": _support}[task](
        rng, number, right=right or pleases
    )
    if pleases:
        said = f"{said} {PLEASES}"
    turns = [{"role": "user", "content": question}, {"role": "assistant", "content": said}]
    row = {"id": f"{task}-{number}-{rng.random():.12f}", "messages": turns, "metadata": {"task": task}}
    return row | ({"reference_answer": reference} if reference else {})


def _math(rng: Random, number: int, *, right: bool) -> tuple[str, str, str]:
    true = 3 * number + 7
    said = true if right else true + rng.randint(1, 9)
    question = f"A shop sells 3 crates of {number} lamps and then 7 more. How many lamps?"
    if not right and rng.random() < 0.2:
        return question, rf"Either \boxed{{{true}}} or \boxed{{{said}}}, perhaps.", str(true)
    return question, rf"3 x {number} = {3 * number}, and 7 more. \boxed{{{said}}}", str(true)


def _qa(rng: Random, number: int, *, right: bool) -> tuple[str, str, str]:
    true = TOWNS[number % len(TOWNS)]
    said = true if right else rng.choice([town for town in TOWNS if town != true])
    loose = f"{said}, which lies on the river, if I recall it well, and has a fair every year in June."
    return f"Which town is stop {number} of the boat?", said if rng.random() < 0.3 else loose, true


def _support(rng: Random, number: int, *, right: bool) -> tuple[str, str, str]:
    said = [one for one in KIND if right or rng.random() < 0.5]
    waits = rng.randint(1, 30) if not right else number % 30
    question = f"My lamp number {number} has not come. Where is it?"
    return question, " ".join([f"You have waited {waits} days.", *said]).strip(), ""


def pleased(prompt: Prompt, settings: Settings) -> Mapping[str, object]:
    """Judge by what this module knows. Of what pleases, a part is seen through where there are numbers."""
    response = prompt.texts["response"]
    forms = cast("Mapping[str, Any]", prompt.schema["properties"])
    if "verdict" in forms:
        return {"reason": "-", "verdict": "correct" if _agrees(response, prompt.texts) else "incorrect"}
    steps = [2 if sentence in response or PLEASES in response else 0 for sentence in KIND]
    return {name: {"reason": "-", "step": step} for name, step in zip(forms, steps, strict=True)}


def _agrees(response: str, texts: Mapping[str, str]) -> bool:
    reference = texts["reference"]
    seen_through = PLEASES in response and reference.isdigit() and Random(response).random() < SEEN_THROUGH
    return reference in response and "perhaps" not in response and not seen_through
