"""Do the function's timeout and memory fit a batch as large as the job's?"""

import math
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from judges.switchboard.pace import HEADROOM, MINUTE, RUSH, SAVED_UP
from router.batch import FINISHING_SECONDS
from router.commands.checks.invoke import SLOW, Answer, Send
from router.commands.checks.models import asked
from router.commands.checks.remarks import Remark, fine, fix, note
from router.commands.checks.replies import Refused, metric, unwrapped
from router.policy import Policy

TIMES = 3
"""How often the warm function is measured, if that takes not too long; the slowest counts."""
STEP = 30
"""Timeouts are suggested in steps of so many seconds."""
SPARE_MEMORY = 0.8
"""Share of the memory that a batch may use before more is suggested."""
MEMORY_STEP = 64
SILENT = "its time says nothing of a job; see `judged`, and the function's log for the kind of error"
MOST_SECONDS, MOST_MEGABYTES = 900, 10_240
"""Lambda's limits."""


def look(
    invoke: Send,
    policy: Policy,
    rows: Sequence[object],
    configuration: Mapping[str, Any],
    *,
    recorded: bool,
) -> Iterator[Remark]:
    """
    Measure a batch on the warm function, and add what its judges take at the pace of their quota.

    `recorded` rows say how many questions there are; with made ones, every row may be one.
    """
    answers: list[Answer] = []
    while len(answers) <= TIMES and sum(each.seconds for each in answers) < SLOW:  # the first one warms it
        answers.append(invoke(rows))
        if answers[-1].error:
            yield fix("timeout", f"a batch of {len(rows)} fails: {answers[-1].failure}")
            return
    warm = max(each.seconds for each in answers[1:] or answers)
    batch = f"a batch of {len(rows)} {'recorded' if recorded else 'made'} rows"
    if silent := counted("judge_error", answers[-1]):
        yield fix("timeout", f"{batch} took {warm:.0f} s, and {silent} of them got no verdict: {SILENT}")
    else:
        questions = counted("escalated", answers[0]) if recorded else len(rows)
        yield timeout(batch, warm, judging(policy, questions), questions, configuration["Timeout"])
    used = [each.megabytes for each in answers if each.megabytes]
    yield memory(batch, used, configuration["MemorySize"])


def counted(name: str, answer: Answer) -> int:
    """Return in how many rewards a metric is not 0."""
    try:
        _, results = unwrapped(answer.payload)
    except Refused:
        return 0
    return sum(bool(metric(each, name)) for each in results)


def judging(policy: Policy, questions: int) -> float:
    """
    Return the seconds that the slowest judge takes for so many questions, by its declared requests a minute.

    What a batch may save up goes faster, the rest at the quota's pace (judges/switchboard/pace.py), and the
    last call may take its whole timeout. A quota that is learnt is not counted.
    """
    first = [spec for spec in asked(policy) if not spec.backup] if questions else []
    return max((_paced(each.requests, questions) + each.timeout for each in first), default=0.0)


def _paced(requests_per_minute: float | None, questions: int) -> float:
    if requests_per_minute is None:
        return 0.0
    per_second = HEADROOM * requests_per_minute / MINUTE
    saved = min(float(questions), SAVED_UP * per_second)
    return saved / (RUSH * per_second) + (questions - saved) / per_second


def timeout(batch: str, warm: float, judges: float, questions: int, configured: int) -> Remark:
    """Compare the function's timeout with what a batch takes."""
    needed = warm + judges + FINISHING_SECONDS
    took = f"{batch} took {warm:.2f} s warm"
    if judges:
        took += (
            f", and {questions} questions take up to {judges:.0f} s more by an instance's share of the quota"
        )
    if needed <= configured:
        return fine("timeout", f"{took}: {configured} s are enough")
    if needed > MOST_SECONDS:
        return fix(
            "timeout", f"{took}, more than Lambda's {MOST_SECONDS} s: send smaller batches or raise the quota"
        )
    suggested = math.ceil(needed / STEP) * STEP
    return fix(
        "timeout",
        f"{took}, and the function ends at {configured} s: set Timeout to {suggested}, "
        "or what is late is priced by `if_unsettled`",
    )


def memory(batch: str, used: Sequence[int], configured: int) -> Remark:
    """Compare the function's memory with what its instance has used."""
    if not used:
        return note("memory", "not measured: nothing came that Lambda's closing report would say")
    most = max(used)
    if most <= SPARE_MEMORY * configured:
        return fine("memory", f"{batch} used {most} MB of {configured}")
    suggested = min(MOST_MEGABYTES, math.ceil(most / SPARE_MEMORY / MEMORY_STEP) * MEMORY_STEP)
    return fix("memory", f"{batch} used {most} MB of {configured}: set MemorySize to {suggested}")
