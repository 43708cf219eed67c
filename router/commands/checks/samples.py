"""
Harmless rows for the rules of a policy: the usual batch, and questions that a judge must answer.

A row is made for the rule that it lands on, and left out where none can be made: with its fields, its
reference answer where the rule looks for it, and a response that the rule's verifiers settle as right.
"""

from collections.abc import Iterator, Mapping
from typing import Any

from router.policy import Policy, Rule
from router.policy.model import Like
from router.types import Sample
from router.wire import read

QUESTION = "This is a check before a training job. Reply with what is asked for."
REPLIES: Mapping[str, tuple[str, object]] = {
    "choice": ("The answer is (B).", "B"),
    "code": ("```python\ndef double(n):\n    return 2 * n\n```", {"asserts": ["assert double(2) == 4"]}),
    "json": ('{"answer": 4}', {"answer": 4}),
    "math": (r"\boxed{4}", "4"),
    "number": ("4", "4"),
    "python_literal": ("[1, 2]", "[1, 2]"),
}
"""By verifier: a response that it settles as right, and the reference answer. Others take the plain one."""
PLAIN = ("Paris", "Paris")
OPEN = "I cannot say for certain what belongs here, but I have thought about it for a while."
"""A response that no verifier takes for right."""

RAW = (
    {"messages": [{"role": "user", "content": f"{QUESTION} (1)"}], "reference_answer": "Paris"},
    {"messages": [{"role": "user", "content": f"{QUESTION} (2)"}], "metadata": {"reference_answer": "4"}},
)
"""Training rows as SageMaker's SDK sends them before a job: no response, no id."""

Row = dict[str, Any]


def batch(policy: Policy, count: int) -> list[Row]:
    """Return `count` rows, the rules taking turns."""
    made = [row for rule in policy.rules if (row := row_for(policy, rule, *_usual(rule)))]
    made = made or [_row(policy.rules[-1], *PLAIN, QUESTION)]
    return [made[place % len(made)] | {"id": f"preflight-{place}"} for place in range(count)]


def open_questions(policy: Policy, nonce: str) -> Iterator[Row]:
    """Yield a row for each set of models that some rule asks; `nonce` keeps remembered verdicts away."""
    asked = set()
    for rule in sorted(policy.rules, key=_verifies):
        models = tuple(
            each.settings["model"] for part in rule.parts if part.judge for each in part.judge.models
        )
        row = row_for(policy, rule, OPEN, _usual(rule)[1], f"{QUESTION} ({nonce})")
        if models and models not in asked and row:
            asked.add(models)
            yield row | {"id": f"preflight-judged-{len(asked)}"}


def row_for(
    policy: Policy, rule: Rule, response: str, reference: object, question: str = QUESTION
) -> Row | None:
    """Return a row that this rule decides, with a reference answer where that may be; None for none."""
    for one in (reference, None):
        row = _row(rule, response, one, question)
        [sample] = read([row]).rows
        if isinstance(sample, Sample) and policy.rule_for(sample)[0] is rule:
            return row
    return None


def _usual(rule: Rule) -> tuple[str, object]:
    names = [verifier.name for part in rule.parts for _, verifier in part.verify]
    return REPLIES.get(names[0], PLAIN) if names else PLAIN


def _verifies(rule: Rule) -> bool:
    """Say whether a rule has verifiers, which might settle what should go to a judge."""
    return any(part.verify for part in rule.parts)


def _row(rule: Rule, response: str, reference: object, question: str) -> Row:
    system = [{"role": "system", "content": "You take part in a check."}] if "system" in rule.when.has else []
    row: Row = {
        "id": "preflight",
        "messages": [
            *system,
            {"role": "user", "content": question},
            {"role": "assistant", "content": response},
        ],
        "metadata": {field: _value(wanted[0]) for field, wanted in rule.when.fields},
    }
    if "tools" in rule.when.has:
        row["tools"] = [
            {"type": "function", "function": {"name": "look_up", "parameters": {"type": "object"}}}
        ]
    if reference is not None:
        _put(row, rule.reference[0] if rule.reference else ("reference_answer",), reference)
    return row


def _value(wanted: object) -> object:
    return wanted.pattern.replace("*", "").replace("?", "x") if isinstance(wanted, Like) else wanted


def _put(row: Row, path: tuple[str, ...], value: object) -> None:
    *above, last = path
    for step in above:
        row = row.setdefault(step, {})
    row[last] = value
