"""Does the function itself reach its judges, with its own role, over its own network?"""

import secrets
from collections.abc import Iterator, Mapping
from typing import Any

from router.commands.checks.invoke import Send
from router.commands.checks.remarks import Remark, fine, fix, note
from router.commands.checks.replies import Refused, metric, unwrapped
from router.commands.checks.samples import open_questions
from router.policy import Policy

ABOUT = "judged"

ROLE = (
    "allow its role `bedrock:InvokeModel` on the model (the stack's JudgeModelId and JudgeModelArns), see "
    "that its network reaches Bedrock, and look at its log for the kind of error"
)


def look(invoke: Send, policy: Policy, environment: Mapping[str, str]) -> Iterator[Remark]:
    """Send questions that only a judge can answer, and see whether a judge did."""
    if (way := environment.get("JUDGE") or "bedrock") != "bedrock":
        yield fix(ABOUT, f"the function's JUDGE is {way!r}, so no model is asked: set it to bedrock")
        return
    rows = list(open_questions(policy, secrets.token_hex(8)))
    if not rows:
        yield note(ABOUT, "no rule of this policy asks a judge, or none for which a row could be made")
        return
    answer = invoke(rows)
    if answer.error:
        yield fix(ABOUT, f"a question to a judge fails the function: {answer.failure}")
        return
    try:
        _, results = unwrapped(answer.payload)
    except Refused as refused:
        yield fix(ABOUT, str(refused))
        return
    yield verdict(results, environment.get("VERDICT_TABLE", ""))


def verdict(results: list[Any], table: str = "") -> Remark:
    """Say what became of questions, each to another model; `table` is that of the day's budget, if any."""
    counted = {
        name: sum(bool(metric(each, name)) for each in results)
        for name in ("over_budget", "judge_error", "judged_by_backup", "escalated")
    }
    if counted["over_budget"]:
        way = "raise `budget` in the policy, or wait a day"
        if table:
            way += f"; or the table {table}, which holds it, is not there or closed to the role: see the log"
        return fix(ABOUT, f"the budget has no room for a question: {way}")
    if counted["judge_error"]:
        return fix(ABOUT, f"{counted['judge_error']} of {len(results)} questions got no verdict: {ROLE}")
    if counted["judged_by_backup"]:
        return fix(ABOUT, f"a backup answered, so the first model did not: {ROLE}")
    if not counted["escalated"]:
        return note(ABOUT, "the verifiers settled every question, so no judge was asked")
    return fine(ABOUT, f"{counted['escalated']} of {len(results)} questions came back with a judge's verdict")
