"""
The product in one place: verify; settled? stop; else ask the judge; price what nobody settled.

    rows --examine--> cases --questions--> judged --price--> rewards --audited--> rewards

Every row is verified before any judge is asked, so that a verified sample is never at a judge's mercy.
Verifiers that wait for other processes look last and side by side, in `router/aside.py`.
"""

import math
import time
from collections.abc import Callable, Sequence
from functools import partial

from router.audit import audited
from router.case import Ask, Case, Judged, Question, entry_of
from router.observe import GATE, decided, gated, leave_unseen, observe
from router.policy.model import Part, Policy
from router.pricing import price
from router.types import Reward, Row, Sample, Unscorable, Verdict

SHARE_BEFORE_JUDGES = 0.5
"""Of the time that is left, for verifying, where judges may have to be asked as well."""
SHARE_ALONE = 0.9
"""The same where nobody is asked; the rest is for the row that is being verified when the time is over."""
LEAST_SECONDS = 0.25
"""For verifying, however little is left: most batches take a tenth of it, of what is kept for the reply."""


def route(
    policy: Policy,
    rows: Sequence[Row],
    consult: Ask | None,
    deadline: float = math.inf,
    clock: Callable[[], float] = time.monotonic,
) -> list[Reward]:
    """
    Return one reward for each row, in order, by `deadline` on the clock.

    `consult` is None where no judge may be asked. Where the time for verifying is over, the rows that are
    left are priced as they are: a judge is asked about what verifiers could not settle, not instead of them.
    Raises Unsettled where a rule says `if_unsettled: fail`.
    """
    ends = verifying_ends(policy, consult, deadline, clock())
    cases = [
        row if isinstance(row, Unscorable) else examine(policy, row, ends, in_time=clock() < ends)
        for row in rows
    ]
    if waiting := [case for case in cases if isinstance(case, Case) and case.waiting]:
        from router.aside import look_aside  # noqa: PLC0415 - threads, and only for those that need them

        look_aside(waiting, ends, lambda case: go_on(case, ends, in_time=clock() < ends))
    if consult:
        questions = [
            question for case in cases if isinstance(case, Case) for question in open_questions(case)
        ]
        if questions:
            hear(questions, consult(questions, deadline))
    rewards = price(policy, cases)
    return audited(policy, cases, rewards, consult, deadline) if consult else rewards


def verifying_ends(policy: Policy, consult: Ask | None, deadline: float, now: float) -> float:
    """Return when verifying has to end."""
    judged = consult and any(part.judge for rule in policy.rules for part in rule.parts)
    share = SHARE_BEFORE_JUDGES if judged else SHARE_ALONE
    return now + max((deadline - now) * share, LEAST_SECONDS)


def examine(policy: Policy, sample: Sample, ends: float = math.inf, *, in_time: bool = True) -> Case:
    """Walk a sample through its rule's gates and verifiers, which are waited for until `ends`."""
    rule, seen = policy.rule_for(sample)
    case = Case(seen, rule, flags=sample.flags)
    if not in_time and rule.verifies:
        leave_unseen(case)
        return case
    for place, (by, verifier) in enumerate(rule.gate):
        if verifier.aside:
            case.waiting = tuple((None, *gate) for gate in rule.gate[place:])
            case.at_gate = True
            return case
        if gated(case, observe(case, GATE, by, partial(verifier.verify_by, ends=ends))):
            return case
    for part in rule.parts:
        verify(case, part, ends)
    return case


def go_on(case: Case, ends: float, *, in_time: bool) -> None:
    """Walk a case that has waited for its gates, and that none of them has ended, through its parts."""
    case.at_gate = False
    if case.gate or case.unseen:
        return
    if not in_time:
        leave_unseen(case)
        return
    for part in case.rule.parts:
        verify(case, part, ends)


def verify(case: Case, part: Part, ends: float) -> None:
    """Ask the part's verifiers, cheapest first, until one settles it."""
    for by, verifier in part.verify:
        if verifier.aside:
            case.waiting += ((part, by, verifier),)
        elif decided(case, part, observe(case, part.name, by, partial(verifier.verify_by, ends=ends))):
            return


def open_questions(case: Case) -> list[Question]:
    """Return the parts for the judge: those that no verifier settled and that have one, of what was seen."""
    if case.gate or case.unseen:
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
