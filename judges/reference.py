r"""
Ask a model whether a response's answer means the same as the reference answer.

Covered: answers in other words, other notations, other units, aliases; a list of accepted answers.
Not covered: how good an answer is beyond right or wrong (see `rubric`); samples without a
reference answer, which the policy should not send here.

The verdict is `correct` or `incorrect`: score 1 or 0.
"""

import json
from dataclasses import dataclass, field
from typing import ClassVar

from judges import texts
from judges.base import Judge, Reply, Request, template
from judges.reading import read_form
from router.errors import JudgeRefused
from router.types import Sample, Verdict

SYSTEM, PROMPT = template(__file__)


FORM = {
    "type": "object",
    "properties": {
        "reason": {"type": "string", "description": "One sentence, before the verdict."},
        "verdict": {"type": "string", "enum": ["incorrect", "correct"]},
    },
    "required": ["reason", "verdict"],
    "additionalProperties": False,
}


@dataclass(frozen=True, slots=True)
class Reference(Judge):
    """Does the response's answer agree with the reference answer?"""

    name: ClassVar[str] = "reference"

    confidence: float = field(default=0.85, metadata={"ge": 0, "le": 1})
    """How often this judge is right on your data; 0.85 is what a strong model reached against people on open
    questions (its recorded verdicts in the openqa_nq301 set)."""

    def ask(self, sample: Sample) -> Request:
        """Return the question. A reference answer that is no text is shown as JSON; none is an error."""
        if sample.reference is None:
            raise JudgeRefused("the sample has no reference answer: give its rule `when: {has: reference}`")
        return Request(
            system=SYSTEM,
            template=PROMPT,
            texts={
                "conversation": texts.conversation(sample),
                "reference": _shown(sample.reference),
                "response": texts.response(sample),
            },
            schema=FORM,
        )

    def read(self, reply: Reply) -> Verdict:
        """Return 1 for `correct`, 0 for `incorrect`; raise JudgeUnreadable for anything else."""
        said = read_form(reply, FORM)
        return Verdict(float(said["verdict"] == "correct"), self.confidence, said["reason"])


def _shown(reference: object) -> str:
    return reference if isinstance(reference, str) else json.dumps(reference, ensure_ascii=False)
