"""The table of all metrics: what is emitted, what the docs list, what alarms and dashboards may refer to."""

from dataclasses import dataclass
from typing import Literal

NAMESPACE = "RewardRouter"

FUNCTION: tuple[str, ...] = ("function",)
RULE: tuple[str, ...] = ("function", "rule")
MODEL: tuple[str, ...] = ("function", "model")

Kind = Literal["sum", "highest", "mean", "histogram"]
Unit = Literal["Count", "None", "Percent", "Seconds"]
"""As CloudWatch spells them."""


@dataclass(frozen=True, slots=True)
class Metric:
    """One metric."""

    unit: Unit
    kind: Kind
    """Which statistic says something: Sum, Maximum, Average; a histogram's percentiles as well."""
    by: tuple[tuple[str, ...], ...]
    """Its sets of dimensions."""
    says: str


def _count(says: str, *by: tuple[str, ...]) -> Metric:
    return Metric("Count", "sum", (FUNCTION, *by), says)


METRICS: dict[str, Metric] = {
    "samples": _count("rows that were rewarded", RULE),
    "settled": _count("samples that a gate or verifiers decided", RULE),
    "escalated": _count("samples that a judge was asked about", RULE),
    "fallbacks": _count("samples that were priced by `if_unsettled`", RULE),
    "malformed": _count("rows that no rule could look at"),
    "judge_calls": _count("replies that arrived", MODEL),
    "judge_lost": _count("calls whose reply did not arrive, and may have been billed", MODEL),
    "throttled": _count("attempts that Bedrock threw back because of a quota", MODEL),
    "judge_errors": _count("questions to which no verdict came"),
    "judge_errors_late": _count("of these: the deadline came first"),
    "judge_errors_over_budget": _count("of these: the budget left no more"),
    "judge_errors_busy": _count("of these: the model is down or full, and was not called"),
    "judge_errors_throttled": _count("of these: thrown back until the end"),
    "judge_errors_lost": _count("of these: no whole reply came"),
    "judge_errors_rejected": _count("of these: a permission, a model or credentials are missing"),
    "judge_errors_refused": _count("of these: Bedrock refuses this question"),
    "judge_errors_unreadable": _count("of these: the reply held no verdict"),
    "judge_errors_stopped": _count("of these: the model was stopped by a limit, a filter or a guardrail"),
    "judge_errors_unavailable": _count("of these: the model is down"),
    "judge_errors_broken": _count("of these: a bug of ours"),
    "cached": _count("verdicts that were remembered, and cost nothing"),
    "backups": _count("samples that a backup model judged"),
    "input_tokens": _count("tokens that judges read", MODEL),
    "output_tokens": _count("tokens that judges wrote", MODEL),
    "dollars": Metric("None", "sum", (FUNCTION, RULE, MODEL), "what the replies that arrived cost"),
    "seconds": Metric("Seconds", "histogram", (FUNCTION,), "a batch, from its event to its reply"),
    "batches": _count("batches, failed ones included"),
    "failed": _count("batches that failed as a whole"),
    "bugs": _count("bugs that were caught; the log says where"),
    "batch_budget": Metric(
        "Percent", "highest", (FUNCTION,), "of `usd_per_invocation`, what a batch spent or may have spent"
    ),
    "day_budget": Metric(
        "Percent", "highest", (FUNCTION,), "of `usd_per_day`, what is spent, as far as this instance knows"
    ),
    "reward": Metric("None", "histogram", (FUNCTION, RULE), "the rewards"),
    "reward_spread": Metric(
        "None",
        "mean",
        (FUNCTION, RULE),
        "standard deviation of the rewards in a rollout group of two or more, as a share of their range",
    ),
    "at_ceiling": Metric("Percent", "mean", (FUNCTION, RULE), "samples at the top of the range"),
    "audited": _count("settled samples that a judge looked at as well", RULE),
    "parted": _count("of these: the judge says otherwise than the verifiers", RULE),
    "policy_rejected": _count("looks at PolicyLocation that found no policy that checks out"),
}

ERROR_KINDS = {
    "JudgeBroken": "judge_errors_broken",
    "JudgeBusy": "judge_errors_busy",
    "JudgeLate": "judge_errors_late",
    "JudgeLost": "judge_errors_lost",
    "JudgeOverBudget": "judge_errors_over_budget",
    "JudgeRefused": "judge_errors_refused",
    "JudgeRejected": "judge_errors_rejected",
    "JudgeStopped": "judge_errors_stopped",
    "JudgeThrottled": "judge_errors_throttled",
    "JudgeUnavailable": "judge_errors_unavailable",
    "JudgeUnreadable": "judge_errors_unreadable",
}
"""The metric of each silence, by the name of its error."""
