"""What becomes different where one policy takes the place of another."""

from pathlib import Path

import pytest

from router.policy.differences import DETAIL, differences
from tests.policies import HEAD, RICH, checked

TWO = f"""{HEAD}rules:
  - {{name: math, when: {{task: math}}, verify: [number], judge: reference}}
  - {{name: rest, judge: {{rubric: {{criteria: tone}}}}}}
rubrics:
  tone:
    version: 1
    about: Mine.
    criteria: [{{name: c, question: How kind is it, scale: {{0: It shouts., 1: It does not.}}}}]
"""


def said(folder: Path, before: str, after: str) -> list[str]:
    """What changes from one text to the other."""
    return differences(checked(folder, before), checked(folder, after))


@pytest.mark.parametrize("text", [TWO, RICH])
def test_nothing_changes_where_both_are_the_same(text: str, tmp_path: Path) -> None:
    assert said(tmp_path, text, f"# a comment\n{text}") == []


@pytest.mark.parametrize(
    ("old", "new", "lines"),
    [
        (
            "verify: [number], ",
            "verify: [number], escalate_below: 0.5, ",
            [
                "Rule 'math':",
                "  - Verifiers, free: `number`; a verdict with confidence 0.95 or more settles.",
                "  + Verifiers, free: `number`; a verdict with confidence 0.5 or more settles.",
            ],
        ),
        (
            "task: math",
            "task: Maths",
            [
                "Rule 'math':",
                "  - Takes samples where `task` is 'math'.",
                "  + Takes samples where `task` is 'Maths'.",
            ],
        ),
        (
            "1: It does not.",
            "1: It whispers.",
            [
                "Rule 'rest':",
                "  - Rubric tone, c, 1: It does not.",
                "  + Rubric tone, c, 1: It whispers.",
            ],
        ),
        (
            "judge: {model: amazon.nova-lite-v1:0}",
            "judge: {model: amazon.nova-lite-v1:0, max_tokens: 99}",
            [
                "Rules 'math', 'rest':",
                "  - amazon.nova-lite-v1:0 is asked with hedge 0.0.",
                "  + amazon.nova-lite-v1:0 is asked with max_tokens 99, hedge 0.0.",
            ],
        ),
        (
            "rules:",
            "reward: {range: [-1, 1]}\nbudget: {usd_per_invocation: 2}\nrules:",
            [
                "All rewards:",
                "  - They lie from 0 to 1; envelope mirror.",
                "  + They lie from -1 to 1; envelope mirror.",
                "  + Judges may cost $2 for a batch.",
            ],
        ),
        (
            "judge: {model: amazon.nova-lite-v1:0}",
            "judge: {model: amazon.nova-lite-v1:0, quota: {requests_per_minute: 60, shared_by: 2}}",
            [
                "Models:",
                "  - amazon.nova-lite-v1:0: $0.06 and $0.24 per million tokens in and out; "
                "no quota is declared, so its pace is learnt",
                "  + amazon.nova-lite-v1:0: $0.06 and $0.24 per million tokens in and out; "
                "at most 60 requests a minute, by each of 2 instances 30",
            ],
        ),
        ("name: rest", "name: others", ["Rule 'rest' is gone.", "Rule 'others' is new:"]),
    ],
)
def test_a_change_is_told_with_the_rules_that_it_concerns(
    old: str, new: str, lines: list[str], tmp_path: Path
) -> None:
    told = said(tmp_path, TWO, TWO.replace(old, new))
    assert told[: len(lines)] == lines
    assert not any(DETAIL in line for line in told)


def test_an_order_of_rules_is_a_change(tmp_path: Path) -> None:
    first = "  - {name: a, when: {t: 1}, verify: [exact]}\n"
    second = "  - {name: b, when: {u: 1}, verify: [exact]}\n"
    rest = "  - {name: rest, verify: [exact]}\n"
    told = said(tmp_path, f"{HEAD}rules:\n{first}{second}{rest}", f"{HEAD}rules:\n{second}{first}{rest}")
    assert told == ["The rules stand in another order: b, a, rest."]


def test_no_change_goes_without_a_word(tmp_path: Path) -> None:
    parts = "{x: {weight: 1, verify: [exact]}, y: {weight: WEIGHT, verify: [number]}}"
    text = f"{HEAD}rules: [{{name: a, parts: {parts}}}]\n"
    told = said(tmp_path, text.replace("WEIGHT", "1"), text.replace("WEIGHT", "1.0001"))
    assert told == ["Rule 'a':", f"  {DETAIL}"]
