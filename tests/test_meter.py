"""What is written of batches: the right sums, in few lines, that CloudWatch can read."""

import inspect
import json
import math
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from statistics import pstdev
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from router import errors
from router.batch import BatchHandler
from router.policy import Policy, load_policy
from router.telemetry import Outcome, Telemetry, Telling
from router.telemetry.bugs import take_bugs
from router.telemetry.figures import Histogram, ratio, step
from router.telemetry.meter import EVERY, Meter
from router.telemetry.metrics import ERROR_KINDS, METRICS
from router.types import Call, DecidedBy, Entry, Reward, Silence, Spending, Spent, Verdict
from tests.fakes import row
from tests.local.cloudwatch import average, of, read, total

ROOT = Path(__file__).parents[1]
POLICY = replace(load_policy(), usd_per_invocation=0.5)
OTHER = replace(POLICY, fingerprint="0123456789ab")
NAME = "SageMaker-RewardRouter"
RIGHT = Verdict(1.0, 0.99, "equal")


class Log:
    """A meter, its clock, and what it wrote."""

    def __init__(self) -> None:
        self.now = 1_795_000_000.0
        self.lines: list[str] = []
        self.meter = Meter(self.lines.append, NAME, now=lambda: self.now)

    def told(self) -> list[str]:
        """Return the lines since this was last asked."""
        lines, self.lines[:] = self.lines[:], []
        return lines


@pytest.fixture
def log() -> Log:
    return Log()


def reward(value: float = 1.0, by: DecidedBy = "verifiers", rule: str | None = "math", **more: Any) -> Reward:
    """A reward; `more` replaces what it is made of."""
    trail = (Entry("reward", "math", RIGHT, 0.0),)
    return replace(Reward("a", value, 0.99, by, rule, {}, trail, group=(rule, (), "4")), **more)


def judged(value: float = 1.0, model: str = "nova", *, cached: bool = False, **more: Any) -> Reward:
    """One that a judge decided."""
    trail = (Entry("reward", "reference", RIGHT, 0.1, Call(model, 100, 10, 0.001, cached)),)
    return reward(value, "judge", **{"trail": trail} | more)


def silent(error: str, *, asked: bool = True) -> Reward:
    """One to which no judge's verdict came."""
    entry = Entry("reward", "reference", Silence(error, ""), 0.1, Call("nova") if asked else None)
    return reward(0.5, "fallback", trail=(entry,))


def outcome(
    *rewards: Reward, policy: Policy = POLICY, spending: Spending | None = None, **more: Any
) -> Outcome:
    """A batch of these."""
    return Outcome(policy, 0.25, len(rewards), rewards, spending or {}, **more)


# --- the table ---------------------------------------------------------------------------------------


def test_every_silence_has_a_metric_of_its_own() -> None:
    kinds = [
        one for _, one in inspect.getmembers(errors, inspect.isclass) if issubclass(one, errors.JudgeError)
    ]
    names = {one.__name__ for one in kinds} - {"JudgeError"}
    assert names | {"JudgeBroken"} == set(ERROR_KINDS)
    assert set(ERROR_KINDS.values()) == {name for name in METRICS if name.startswith("judge_errors_")}


def test_the_page_on_metrics_lists_exactly_the_table() -> None:
    page = (ROOT / "docs/metrics.md").read_text(encoding="utf-8")
    rows = [line for line in page.splitlines() if line.startswith("| `")]
    listed = [
        f"| `{name}` | {metric.unit} | {' '.join(keys[-1] for keys in metric.by)} | {metric.says} |"
        for name, metric in METRICS.items()
    ]
    assert [row for row in rows if row.split("`")[1] in METRICS] == listed


# --- what is written ---------------------------------------------------------------------------------


def test_a_verified_batch_under_one_rule_is_one_line(log: Log) -> None:
    log.meter.add(outcome(*[reward()] * 3, reward(0.0)))
    [line] = log.told()
    points = read([line])
    assert total(points, "samples") == total(points, "samples", rule="math") == 4
    assert total(points, "settled") == 4
    assert total(points, "reward") == 3
    assert average(points, "at_ceiling", rule="math") == 75
    assert (total(points, "batches"), total(points, "seconds")) == (1, 0.25)
    assert json.loads(line)["policy"] == POLICY.fingerprint


def test_a_judged_batch_under_one_rule_is_one_line_as_well(log: Log) -> None:
    spent = Spent(calls=2, input_tokens=200, output_tokens=20, usd=0.002, lost=1, lost_usd=0.1, throttled=3)
    rewards = (judged(), judged(cached=True), judged(flags=("judged_by_backup",)))
    log.meter.add(outcome(*rewards, spending={("nova", "math"): spent}, day_spent=0.125))
    points = read(log.lines)
    assert len(log.lines) == 1
    assert total(points, "escalated", rule="math") == 3
    assert total(points, "settled") == 0
    for name, wanted in {"judge_calls": 2, "judge_lost": 1, "throttled": 3, "input_tokens": 200}.items():
        assert total(points, name) == total(points, name, model="nova") == wanted
    for dimensions in ({}, {"rule": "math"}, {"model": "nova"}):
        assert total(points, "dollars", **dimensions) == pytest.approx(0.002)
    assert (total(points, "cached"), total(points, "backups")) == (1, 1)
    assert [point.most for point in of(points, "batch_budget")] == pytest.approx([20.4])
    assert [point.most for point in of(points, "day_budget")] == [12.5]


def test_rules_and_models_keep_their_own_figures_and_add_up_to_the_functions(log: Log) -> None:
    spending = {
        ("nova", "math"): Spent(calls=1, usd=0.1),
        ("haiku", "math"): Spent(calls=2, usd=0.2),
        ("nova", "chat"): Spent(calls=4, usd=0.4),
    }
    rewards = [judged(), judged(rule="chat"), judged(rule="chat"), reward(rule="code")]
    log.meter.add(outcome(*rewards, spending=spending))
    points = read(log.lines)
    assert len(log.lines) == 4, "one a rule, and one more for the rule with two models"
    assert total(points, "judge_calls") == 7
    assert total(points, "judge_calls", model="nova") == 5
    assert total(points, "dollars") == pytest.approx(0.7)
    assert total(points, "dollars", rule="math") == pytest.approx(0.3)
    assert total(points, "dollars", model="nova") == pytest.approx(0.5)
    assert [total(points, "samples", rule=rule) for rule in ("math", "chat", "code")] == [1, 2, 1]
    assert total(points, "batches") == 1


@pytest.mark.parametrize(
    ("name", "told"),
    [
        ('all the "rest"', 'all the "rest"'),
        ("Sonstige Fälle", r"Sonstige F\xe4lle"),
        ("数学", r"\u6570\u5b66"),
        ("\U0001f600" * 60, r"\U0001f600" * 60),
        ("a\u2028b", r"a\u2028b"),
    ],
)
def test_a_rule_of_any_name_has_a_dimension_that_cloudwatch_takes(log: Log, name: str, told: str) -> None:
    spending = {(name, name): Spent(calls=1)}
    log.meter.add(outcome(reward(rule=name), spending=spending))
    points = read(log.lines)
    assert total(points, "samples", rule=told) == 1
    assert total(points, "judge_calls", model=told) == 1


def test_a_row_without_a_rule_counts_for_the_function_alone(log: Log) -> None:
    row = reward(0.0, "gate", None, flags=("malformed",), group=None)
    log.meter.add(outcome(row, reward()))
    points = read(log.lines)
    assert (total(points, "samples"), total(points, "malformed")) == (2, 1)
    assert total(points, "samples", rule="math") == 1
    assert (total(points, "settled"), total(points, "reward")) == (1, 1), (
        "what no rule looked at is no reward"
    )


def test_audits_are_counted_apart_and_their_silences_are_no_errors(log: Log) -> None:
    wrong, silence = Verdict(0.0, 0.9, "no"), Silence("JudgeLate", "")
    settled = reward()
    audits = [
        replace(
            settled, trail=(*settled.trail, Entry("reward", "reference", finding, 0.1, Call("nova"), RIGHT))
        )
        for finding in (RIGHT, wrong, silence)
    ]
    log.meter.add(outcome(*audits))
    points = read(log.lines)
    assert (total(points, "audited", rule="math"), total(points, "parted", rule="math")) == (2, 1)
    assert (total(points, "escalated"), total(points, "judge_errors"), total(points, "settled")) == (0, 0, 3)


@pytest.mark.parametrize("error", ERROR_KINDS)
def test_a_silence_is_counted_by_its_kind(log: Log, error: str) -> None:
    log.meter.add(outcome(silent(error), silent(error, asked=False)))
    points = read(log.lines)
    assert total(points, "judge_errors") == total(points, ERROR_KINDS[error]) == 2
    assert total(points, "fallbacks", rule="math") == 2
    assert total(points, "escalated") == 1


def test_the_spread_is_the_mean_over_rollout_groups_of_two_or_more(log: Log) -> None:
    policy = replace(POLICY, low=-1.0, high=1.0)
    groups = {"a": [-1.0, 1.0], "b": [0.0, 0.0, 0.0], "alone": [1.0]}
    rewards = [reward(value, group=(name,)) for name, values in groups.items() for value in values]
    log.meter.add(outcome(*rewards, policy=policy))
    assert average(read(log.lines), "reward_spread", rule="math") == (0.5 + 0.0) / 2


def test_counts_of_nothing_are_left_out(log: Log) -> None:
    log.meter.add(outcome(reward()))
    names = {point.name for point in read(log.lines)}
    assert names == {"samples", "settled", "reward", "at_ceiling", "batches", "seconds"}


def handler(emit: Callable[[str], None]) -> BatchHandler:
    """A handler as Lambda has it, without judges."""
    telemetry = Telemetry(emit, Telling(function=NAME))
    return BatchHandler(POLICY, "none", table="", trail=False, telemetry=telemetry)


def test_rollouts_with_the_same_prompt_and_reference_are_a_group() -> None:
    lines: list[str] = []
    rows = [row("4", "4"), row("5", "4", id="b"), row("4", "4", id="c", prompt="3+1?"), row("4", 4, id="d")]
    handler(lines.append)(rows, None)
    [spread] = of(read(lines), "reward_spread")
    assert (spread.count, spread.sum) == (1, 0.5)


def test_what_goes_wrong_with_telling_costs_no_reward(caplog: pytest.LogCaptureFixture) -> None:
    def fail(line: str) -> None:
        raise ValueError(line)

    reply: Any = handler(fail)([row("4", "4")], None)
    assert reply[0]["aggregate_reward_score"] == 1.0
    assert "bug in the telemetry: ValueError" in caplog.text
    assert '"_aws"' not in caplog.text
    assert take_bugs() == 1, "which the next batch tells"


# --- when it is written ------------------------------------------------------------------------------


def test_the_first_batch_is_written_at_once_and_the_others_once_a_minute(log: Log) -> None:
    written = []
    for _ in range(13):
        log.meter.add(outcome(reward()))
        written.append(total(read(log.told()), "samples"))
        log.now += EVERY / 4
    assert written == [1, 0, 0, 0, 4, 0, 0, 0, 4, 0, 0, 0, 4]


def test_a_clock_that_is_set_back_holds_nothing_up(log: Log) -> None:
    log.meter.add(outcome(reward()))
    log.told()
    log.now -= 3600
    log.meter.add(outcome(reward()))
    assert total(read(log.told()), "samples") == 1


@pytest.mark.parametrize(
    ("trouble", "metric"), [({"failed": "Unsettled"}, "failed"), ({"bugs": 2}, "bugs")], ids=str
)
def test_trouble_is_written_at_once_when_it_begins_and_with_the_others_while_it_lasts(
    log: Log, trouble: dict[str, Any], metric: str
) -> None:
    log.meter.add(outcome(reward()))
    log.meter.add(outcome(reward()))
    log.told()
    log.meter.add(outcome(**trouble))
    begun = read(log.told())
    assert total(begun, metric) == trouble.get("bugs", 1)
    assert total(begun, "samples") == 1
    log.meter.add(outcome(**trouble))
    assert log.told() == []
    log.now += EVERY
    log.meter.add(outcome(reward()))
    assert total(read(log.told()), "batches") == 2


def test_a_policy_that_was_rejected_is_written_at_once(log: Log) -> None:
    log.meter.add(outcome(reward()))
    log.told()
    log.meter.policy_rejected(POLICY)
    [line] = log.told()
    assert total(read([line]), "policy_rejected") == 1
    assert json.loads(line)["policy"] == POLICY.fingerprint


def test_another_policy_begins_its_own_sums(log: Log) -> None:
    log.meter.add(outcome(reward()))
    log.meter.add(outcome(reward()))
    log.told()
    log.meter.add(outcome(reward(), policy=OTHER))
    log.meter.write()
    assert [(json.loads(line)["policy"], json.loads(line)["samples"]) for line in log.told()] == [
        (POLICY.fingerprint, 1),
        (OTHER.fingerprint, 1),
    ]


def test_what_is_written_is_not_written_again(log: Log) -> None:
    log.meter.add(outcome(reward()))
    log.told()
    log.meter.write()
    assert log.told() == []


# --- properties --------------------------------------------------------------------------------------

MODELS, RULES = ("nova", "haiku"), ("math", "chat", "everything else")
REWARDS = st.one_of(
    st.builds(
        reward,
        value=st.floats(0, 1),
        by=st.sampled_from(["gate", "verifiers"]),
        rule=st.sampled_from(RULES),
    ),
    st.builds(judged, value=st.floats(0, 1), model=st.sampled_from(MODELS), rule=st.sampled_from(RULES)),
    st.builds(silent, st.sampled_from(sorted(ERROR_KINDS))),
    st.builds(reward, value=st.just(0.0), by=st.just("gate"), rule=st.none(), group=st.none()),
)
COUNTS = st.integers(0, 10**6)
SPENT = st.builds(Spent, COUNTS, COUNTS, COUNTS, st.floats(0, 10), COUNTS, st.floats(0, 10), COUNTS)
SPENDING = st.dictionaries(st.tuples(st.sampled_from(MODELS), st.sampled_from(RULES)), SPENT)
BATCHES = st.lists(st.tuples(st.lists(REWARDS, max_size=30), SPENDING), min_size=1, max_size=5)


@given(BATCHES)
def test_whatever_is_summed_equals_what_was_rewarded_and_spent(
    batches: list[tuple[list[Reward], Spending]],
) -> None:
    log = Log()
    for rewards, spending in batches:
        log.meter.add(outcome(*rewards, spending=spending))
        log.now += EVERY / 3
    log.meter.write()
    points = read(log.lines)
    rewards = [one for some, _ in batches for one in some]
    for rule in (None, *RULES):
        dimensions = {"rule": rule} if rule else {}
        mine = [one for one in rewards if rule in (None, one.rule)]
        assert total(points, "samples", **dimensions) == len(mine)
        assert total(points, "escalated", **dimensions) == sum(one.escalated for one in mine)
        assert total(points, "fallbacks", **dimensions) == sum(one.decided_by == "fallback" for one in mine)
        told = math.fsum(one.value for one in mine if one.rule)
        assert total(points, "reward", **dimensions) == pytest.approx(told, rel=1e-5, abs=1e-6)
        usd = math.fsum(one.usd for _, by in batches for (_, at), one in by.items() if rule in (None, at))
        assert total(points, "dollars", **dimensions) == pytest.approx(usd, rel=1e-5, abs=1e-6)
    for model in (None, *MODELS):
        dimensions = {"model": model} if model else {}
        spent = [one for _, by in batches for (at, _), one in by.items() if model in (None, at)]
        assert total(points, "input_tokens", **dimensions) == sum(one.input_tokens for one in spent)
        assert total(points, "throttled", **dimensions) == sum(one.throttled for one in spent)
    assert total(points, "judge_errors") == sum(one.judge_error for one in rewards)
    assert total(points, "batches") == len(batches)


@given(BATCHES)
def test_every_point_is_in_the_table(batches: list[tuple[list[Reward], Spending]]) -> None:
    log = Log()
    for rewards, spending in batches:
        log.meter.add(outcome(*rewards, spending=spending))
    log.meter.write()
    for point in read(log.lines):
        assert point.unit == METRICS[point.name].unit
        assert tuple(key for key, _ in point.dimensions) in METRICS[point.name].by


@given(st.lists(st.floats(-1, 1), min_size=1, max_size=300))
def test_a_histogram_of_rewards_keeps_the_mean_the_ends_and_few_buckets(values: list[float]) -> None:
    histogram = Histogram(step(-1, 1, 20))
    for value in values:
        histogram.add(value)
    assert_sound(histogram, values, most=21)


@given(st.lists(st.floats(0, 900), min_size=1, max_size=300))
def test_a_histogram_of_seconds_has_room_for_every_batch_that_lambda_allows(values: list[float]) -> None:
    histogram = Histogram(ratio)
    for value in values:
        histogram.add(value)
    assert_sound(histogram, values, most=100)


def assert_sound(histogram: Histogram, values: Sequence[float], most: int) -> None:
    told = histogram.told()
    if not isinstance(told, dict):
        assert told == pytest.approx(values[0], rel=1e-6)
        return
    buckets: Any = told["Values"]
    assert len(buckets) <= most
    assert buckets == sorted(buckets)
    assert told["Sum"] == pytest.approx(math.fsum(values), rel=1e-6, abs=1e-6)
    assert (told["Min"], told["Max"]) == pytest.approx((min(values), max(values)), rel=1e-6)


def test_a_group_s_spread_is_the_population_s() -> None:
    log = Log()
    values = [0.0, 0.25, 1.0]
    log.meter.add(outcome(*[reward(value) for value in values]))
    assert average(read(log.lines), "reward_spread") == pytest.approx(pstdev(values), rel=1e-6)
