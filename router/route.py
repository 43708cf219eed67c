"""
The product in one place: verify; settled? stop; else ask the judge; price what nobody settled.

    rows --examine--> cases --questions--> judged --price--> rewards --audited--> rewards

Every row is verified before any judge is asked, so that a verified sample is never at a judge's mercy.
Verifiers that wait for other processes look last and side by side, in `router/aside.py`.
"""

import math
from collections.abc import Callable, Sequence

from router.audit import audited
from router.case import Case, Judged, Question, entry_of
from router.observe import observe, settles
from router.policy.model import Part, Policy
from router.pricing import price
from router.types import Reward, Row, Sample, Unscorable, Verdict

Consult = Callable[[Sequence[Question], float], Sequence[Judged]]
"""Asks the judges; returns one answer for each question, in order, by a time of the monotonic clock."""


def route(
    policy: Policy, rows: Sequence[Row], consult: Consult | None, deadline: float = math.inf
) -> list[Reward]:
    """
    Return one reward for each row, in order, by `deadline` on the monotonic clock.

    `consult` is None where no judge may be asked. Raises Unsettled where a rule says `if_unsettled: fail`.
    """
    cases = [row if isinstance(row, Unscorable) else examine(policy, row) for row in rows]
    if waiting := [case for case in cases if isinstance(case, Case) and case.waiting]:
        from router.aside import look_aside  # noqa: PLC0415 - threads, and only for those that need them

        look_aside(waiting, deadline, judged=consult is not None)
    if consult:
        questions = [
            question for case in cases if isinstance(case, Case) for question in open_questions(case)
        ]
        if questions:
            hear(questions, consult(questions, deadline))
    rewards = price(policy, cases)
    return audited(policy, cases, rewards, consult, deadline) if consult else rewards


def examine(policy: Policy, sample: Sample) -> Case:
    """Walk a sample through its rule's gates and verifiers."""
    rule, seen = policy.rule_for(sample)
    case = Case(seen, rule, flags=sample.flags)
    for by, verifier in rule.gate:
        finding = observe(case, "gate", by, verifier.verify)
        if settles(finding, rule.escalate_below) and finding.score < 1:
            case.gate = True
            return case
    for part in rule.parts:
        verify(case, part)
    return case


def verify(case: Case, part: Part) -> None:
    """Ask the part's verifiers, cheapest first, until one settles it."""
    for by, verifier in part.verify:
        if verifier.aside:
            case.waiting += ((part, by, verifier),)
            continue
        finding = observe(case, part.name, by, verifier.verify)
        if settles(finding, part.escalate_below):
            case.decided[part.name] = finding
            return


def open_questions(case: Case) -> list[Question]:
    """Return the parts for the judge: those that no verifier settled and that have one."""
    if case.gate:
        return []
    return [
        Question(case, part.name, part.judge)
        for part in case.rule.parts
        if part.judge and part.name not in case.decided
    ]


def hear(questions: Sequence[Question], answers: Sequence[Judged]) -> None:
    """Note what the judges say; a verdict decides its part, a silence decides nothing."""
    for question, judged in zip(questions, answers, strict=True):
        case = question.case
        case.trail.append(entry_of(question, judged))
        case.flags += tuple(flag for flag in judged.flags if flag not in case.flags)
        if isinstance(judged.finding, Verdict):
            case.decided[question.part] = judged.finding
