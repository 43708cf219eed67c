"""
The product in one place: verify; settled? stop; else ask the judge; price what nobody settled.

    rows --examine--> cases --questions--> judged --price--> rewards

Every row is verified before any judge is asked, so that a verified sample is never at a judge's mercy.
"""

import time
from collections.abc import Callable, Sequence
from typing import TypeGuard

from router.case import Case, Judged, Question
from router.policy.model import Part, Policy
from router.pricing import price
from router.telemetry import log_bug
from router.types import Abstain, Entry, Finding, Reward, Row, Sample, Unscorable, Verdict
from verifiers.base import Verifier

Consult = Callable[[Sequence[Question]], Sequence[Judged]]
"""Asks the judges; returns one answer for each question, in order, and in time."""


def route(policy: Policy, rows: Sequence[Row], consult: Consult | None) -> list[Reward]:
    """
    Return one reward for each row, in order.

    `consult` is None where no judge may be asked. Raises Unsettled where a rule says `if_unsettled: fail`.
    """
    cases = [row if isinstance(row, Unscorable) else examine(policy, row) for row in rows]
    if consult:
        questions = [
            question for case in cases if isinstance(case, Case) for question in open_questions(case)
        ]
        if questions:
            hear(questions, consult(questions))
    return price(policy, cases)


def examine(policy: Policy, sample: Sample) -> Case:
    """Walk a sample through its rule's gates and verifiers."""
    rule, seen = policy.rule_for(sample)
    case = Case(seen, rule, flags=sample.flags)
    for by, verifier in rule.gate:
        finding = observe(case, "gate", by, verifier)
        if settles(finding, rule.escalate_below) and finding.score < 1:
            case.gate = True
            return case
    for part in rule.parts:
        verify(case, part)
    return case


def verify(case: Case, part: Part) -> None:
    """Ask the part's verifiers, cheapest first, until one settles it."""
    for by, verifier in part.verify:
        finding = observe(case, part.name, by, verifier)
        if settles(finding, part.escalate_below):
            case.decided[part.name] = finding
            return


def settles(finding: Finding, escalate_below: float) -> TypeGuard[Verdict]:
    """Say whether a finding needs no judge."""
    return isinstance(finding, Verdict) and finding.confidence >= escalate_below


def observe(case: Case, part: str, by: str, verifier: Verifier) -> Finding:
    """Let one verifier look, and note what it finds. A bug in it is its abstention, and is logged."""
    started = time.perf_counter()
    try:
        finding = verifier.verify(case.sample)
    except Exception as bug:
        log_bug(f"the verifier {by}", bug)
        finding = Abstain(f"the verifier failed: {type(bug).__name__}")
    case.trail.append(Entry(part, by, finding, time.perf_counter() - started))
    return finding


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
        case.trail.append(
            Entry(question.part, question.judge.name, judged.finding, judged.seconds, judged.call)
        )
        case.flags += tuple(flag for flag in judged.flags if flag not in case.flags)
        if isinstance(judged.finding, Verdict):
            case.decided[question.part] = judged.finding
