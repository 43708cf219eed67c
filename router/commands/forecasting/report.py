"""An outlook in words and tables."""

import math
from collections.abc import Iterator, Sequence

from tabulate import tabulate

from judges.switchboard.pace import SAVED_UP
from router.commands.forecasting.advice import Advice
from router.commands.forecasting.load import Load
from router.commands.forecasting.outlook import Outlook
from router.commands.forecasting.serving import SIGMA
from router.commands.forecasting.spread import CONFIDENCE, Range
from router.commands.forecasting.timing import ONE_CORE

MINUTE = 60
NOTABLY = 0.95
"""Share of the usual time, below which a batch with a saved-up quota is worth a line."""


def report(expected: Outlook, advised: Advice, policy: str) -> str:
    """Return what a person asks before a job; `policy` names the policy."""
    blocks = [
        "\n".join([*_heading(expected, policy), *advised.notes]),
        _rules(expected),
        _money(expected),
        *([_quotas(expected)] if expected.timing.loads else []),
        "\n".join(_time(expected)),
        "\n".join(_settings(expected, advised)),
        "\n".join(["Assumed, not measured:", *[f"- {one}" for one in _assumed(expected)]]),
    ]
    return "\n\n".join(blocks)


def _heading(expected: Outlook, policy: str) -> Iterator[str]:
    job = expected.job
    rows = (
        f"{job.samples:,} rows"
        if job.invocations == 1
        else f"up to {job.batch:,} rows, {job.at_once} at once"
    )
    yield (
        f"Forecast for {job.samples:,} samples: {_invocations(job.invocations)} of {rows}, with"
        f" {job.memory:,} MB on {job.arch}."
    )
    yield (
        f"From {expected.rows:,} rollouts of {expected.groups:,} prompts under {policy}; no judge was asked."
        f" Each range holds the truth with {CONFIDENCE:.0%} confidence, for prompts drawn like these."
    )


def _rules(expected: Outlook) -> str:
    rows = [
        [name, _percent(one.samples), _percent(one.settled), _percent(one.asked)]
        for name, one in expected.rules.items()
    ]
    rows.append(["all", "", _percent(expected.settled), _percent(expected.asked)])
    return _table(rows, ["rule", "of the samples", "of them settled", "of them asked about"])


def _money(expected: Outlook) -> str:
    rows = [["questions", *_numbers(expected.questions, ",.0f")]]
    for address, one in expected.models.items():
        rows += [
            [f"{_name(address)}: calls", *_numbers(one.calls, ",.0f")],
            ["input tokens", *_numbers(one.input_tokens, ",.0f")],
            ["output tokens", *_numbers(one.output_tokens, ",.0f")],
            ["dollars", *_dollars(one.usd)],
        ]
    rows += [
        ["judges, dollars", *_dollars(expected.judges_usd)],
        ["Lambda, dollars", *_dollars(expected.lambda_usd)],
        ["together, dollars", *_dollars(expected.usd)],
        ["a batch, seconds", *_numbers(expected.timing.seconds, ",.2f")],
        ["all reward calls, minutes", *_minutes(expected.seconds.times(1 / MINUTE))],
    ]
    return _table(rows, ["", "expected", "from", "to"])


def _quotas(expected: Outlook) -> str:
    rows = [
        [
            _name(address),
            *_of(load.requests_per_minute, load.quota.requests_per_minute),
            *_of(load.tokens_per_minute, load.quota.tokens_per_minute),
            _instances(load),
        ]
        for address, load in expected.timing.loads.items()
    ]
    heads = ["asked a minute", "calls", "quota", "tokens reserved", "quota", "used up by"]
    return _table(rows, heads)


def _time(expected: Outlook) -> Iterator[str]:
    timing = expected.timing
    yield (
        f"A batch takes {timing.seconds.expected:.2f} s, {timing.own:.2f} of them to verify it; one batch in"
        f" a hundred takes longer than {timing.longest:.1f} s."
    )
    if timing.loads:
        [minutes, *_] = _minutes(Range(0, expected.job.rounds * timing.unlimited / MINUTE, 0))
        yield (
            f"Its last call waits {timing.waited:.2f} s for the quota; without one a batch would take"
            f" {timing.unlimited:.2f} s, and all reward calls {minutes} minutes."
        )
    if timing.rested < NOTABLY * timing.seconds.expected:
        yield (
            f"The first batch, or one after a pause of {SAVED_UP:.0f} s, in which some of the quota is saved"
            f" up, takes {timing.rested:.2f} s."
        )


def _settings(expected: Outlook, advised: Advice) -> Iterator[str]:
    job, most = expected.job, advised.concurrency
    if most < job.at_once:
        now, _, then = _dollars(Range(0, expected.lambda_usd.expected, advised.lambda_usd))
        yield (
            f"Let the trainer make {_invocations(most)} at once: that uses up the quota. {job.at_once} are"
            f" done no sooner and only wait longer, for which Lambda charges ${now} instead of about ${then}."
        )
    else:
        held = expected.timing.saturated_at < job.at_once
        why = "that uses up the quota" if held else "no quota that is declared holds that up"
        yield f"Keep {_invocations(most)} at once: {why}."
    if (shared := max(job.shared_by.values(), default=most)) > most:
        yield (
            f"The policy gives each of {shared} instances its share of the quota, whether the others use"
            f" theirs or not: set `shared_by` to {most} together with the trainer's concurrency. Where that"
            f" cannot be set, `shared_by` belongs at {job.concurrency}."
        )
    yield f"Set MemorySize to {advised.memory} and Timeout to {advised.timeout}."


def _assumed(expected: Outlook) -> Iterator[str]:
    if expected.latencies:
        yield f"replies take as long as the {expected.latencies} in the file's trails did, waiting included"
    else:
        yield f"replies take {expected.job.latency:g} s, lognormal around this median with sigma {SIGMA:g}"
    yield "a token is 4 bytes of the prompts as they would be sent; from 5, to 3 and a provider's own words"
    yield "a reply gives one sentence for each reason; from none, to all of `max_tokens`"
    yield (
        "a question is paid once in its batch, as measured; at the lower end once in the job, which takes one"
        " instance or SharedVerdicts=on; no rollout comes again in a later epoch"
    )
    yield (
        "no backup, no retry, no unreadable reply, no cold start; batches come back to back; Lambda is as"
        f" fast as this machine with {ONE_CORE:,} MB (not verified)"
    )
    yield "the model that learns stays as it is in the file; as it improves, other shares are settled"


def _name(address: tuple[str, str]) -> str:
    return " ".join(address).strip()


def _percent(one: Range) -> str:
    return f"{one.expected:.1%} ({one.low:.1%} to {one.high:.1%})"


def _invocations(count: int) -> str:
    return f"{count:,} invocation{'s' * (count > 1)}"


def _minutes(one: Range) -> list[str]:
    return _numbers(one, ",.1f" if one.expected >= 10 else ",.2f")


def _numbers(one: Range, form: str) -> list[str]:
    return [format(figure, form) for figure in (one.expected, one.low, one.high)]


def _dollars(one: Range) -> list[str]:
    return _numbers(one, ",.2f" if one.expected >= 0.1 else ",.4f")


def _of(asked: float, quota: float | None) -> list[str]:
    return [f"{asked:,.0f}", f"{quota:,.0f}" if quota else "not declared"]


def _instances(load: Load) -> str:
    if load.saturated_at == math.inf:
        return "unknown"
    return f"{load.saturated_at:.1f} at once"


def _table(rows: Sequence[Sequence[str]], heads: Sequence[str]) -> str:
    return tabulate(rows, heads, disable_numparse=True, colalign=("left", *["right"] * (len(heads) - 1)))
