"""What a job will cost: the truth lies in the forecast's range, and the range is as wide as it says."""

import json
from collections.abc import Iterator, Sequence
from pathlib import Path
from random import Random
from statistics import fmean
from textwrap import dedent
from typing import Any

import pytest

from benchmarks.coverage import a_job_s, by_samples, covered, population, the_population_s
from judges.base import Quota
from router.__main__ import main
from router.batch import make_handler
from router.commands.forecasting.serving import Instance, Work
from router.commands.forecasting.spread import Resamples, student
from router.commands.invocations import batches
from router.commands.rollouts import rollouts
from router.policy import DEFAULT_POLICY, load_policy
from tests.fakes import row
from tests.local.telephones import Serve, serving
from tests.simulated.batch import judge, put, question
from tests.simulated.model import SimulatedModel

EXAMPLES = Path(__file__).parents[1] / "examples" / "rollouts.jsonl"
NOVA = "us.amazon.nova-lite-v1:0"
POLICY = """
    version: 1
    judge: {{model: us.amazon.nova-lite-v1:0, region: us-east-1, {judge}}}
    {budget}
    rules:
      - {{name: math, when: {{task: math}}, verify: [math], judge: reference}}
      - {{name: priced, when: {{task: priced}}, verify: [exact]}}
      - {{name: rest, judge: {{rubric: {{criteria: helpfulness}}}}}}
"""

Capture = pytest.CaptureFixture[str]
Figures = dict[str, Any]


@pytest.fixture
def serve(monkeypatch: pytest.MonkeyPatch) -> Iterator[Serve]:
    with serving(monkeypatch) as start:
        yield start


def policy_file(folder: Path, judge: str = "max_tokens: 300", budget: str = "budget: {}") -> Path:
    (folder / "rubrics").mkdir(exist_ok=True)
    rubric = DEFAULT_POLICY.parent / "rubrics" / "helpfulness.yaml"
    (folder / "rubrics" / rubric.name).write_text(rubric.read_text())
    path = folder / "policy.yaml"
    path.write_text(dedent(POLICY.format(judge=judge, budget=budget)), encoding="utf-8")
    return path


def settled(prompt: int, number: int = 0) -> dict[str, Any]:
    return row(
        r"\boxed{4}", "4", id=f"{prompt}-{number}", prompt=f"What is {prompt}?", metadata={"task": "math"}
    )


def open_question(prompt: int, number: int = 0, text: str = "It may be four") -> dict[str, Any]:
    said = f"{text} or {number}"
    return row(said, "4", id=f"{prompt}-{number}", prompt=f"What is {prompt}?", metadata={"task": "math"})


def file_of(folder: Path, rows: Sequence[object]) -> Path:
    path = folder / "rollouts.jsonl"
    path.write_text("".join(f"{json.dumps(one)}\n" for one in rows), encoding="utf-8")
    return path


def forecast(capsys: Capture, *arguments: object) -> Figures:
    """The figures of a forecast."""
    assert main(["forecast", *[str(one) for one in arguments], "--json"]) == 0
    figures: Figures = json.loads(capsys.readouterr().out)
    return figures


def said(capsys: Capture, *arguments: object) -> str:
    assert main(["forecast", *[str(one) for one in arguments]]) == 0
    return capsys.readouterr().out


def spent(policy: Path, file: Path, size: int, judge: str = "bedrock") -> list[dict[str, Any]]:
    """What the ledger says after the file really went through the handler."""
    lines: list[str] = []
    handler = make_handler(load_policy(policy), judge, emit=lines.append)
    try:
        with rollouts(file) as rows:
            for batch in batches(rows, size):
                handler(batch, None)
    finally:
        handler.close()
    return [one for line in lines for one in json.loads(line)["judges"]]


def holds(forecast: dict[str, float], truth: float) -> bool:
    return forecast["low"] <= truth <= forecast["high"]


# --- the truth ---------------------------------------------------------------------------------------

MODES = ["tool", "schema", "text"]


@pytest.mark.parametrize("reply", MODES)
@pytest.mark.parametrize("size", [128, 16])
def test_what_the_ledger_says_after_the_judges_were_asked_over_http_lies_in_the_range(
    reply: str, size: int, serve: Serve, tmp_path: Path, capsys: Capture
) -> None:
    policy = policy_file(tmp_path, f"reply: {reply}")
    figures = forecast(capsys, EXAMPLES, "--policy", policy, "--batch", size)
    bedrock = serve()
    judges = spent(policy, EXAMPLES, size)
    [[model, expected]] = figures["models"].items()
    assert model == f"{NOVA} us-east-1"
    calls = sum(one["calls"] for one in judges)
    assert len(bedrock.calls) == calls == expected["calls"]["expected"]
    for figure in ("input_tokens", "output_tokens", "usd"):
        truth = sum(one[figure] for one in judges)
        assert holds(expected[figure], truth), figure
        assert expected[figure]["high"] < 40 * truth, "a range that holds everything says nothing"


def test_a_panel_is_forecast_between_its_quorum_and_all_of_its_voices(
    serve: Serve, tmp_path: Path, capsys: Capture
) -> None:
    models = "amazon.nova-lite-v1:0, amazon.nova-micro-v1:0, amazon.nova-pro-v1:0"
    policy = policy_file(tmp_path, f"panel: {{models: [{models}]}}")
    file = file_of(tmp_path, [open_question(prompt) for prompt in range(40)])
    figures = forecast(capsys, file, "--policy", policy)
    serve()
    truth = sum(one["calls"] for one in spent(policy, file, 128))
    assert (figures["calls"]["low"], figures["calls"]["high"]) == (80, 120)
    assert figures["calls"]["expected"] == truth


def test_rows_that_ask_the_same_are_one_call_in_a_batch_and_at_the_lower_end_one_in_the_job(
    tmp_path: Path, capsys: Capture
) -> None:
    same = [open_question(prompt, 0) | {"id": n} for n in range(4) for prompt in range(40)]
    figures = forecast(capsys, file_of(tmp_path, same), "--policy", policy_file(tmp_path), "--batch", 80)
    assert figures["questions"]["expected"] == 160
    assert figures["calls"]["expected"] == 80, "two batches, each asks its 40"
    assert figures["calls"]["low"] == pytest.approx(40, rel=0.2)


def test_what_no_judge_stands_behind_is_neither_settled_nor_asked_about(
    tmp_path: Path, capsys: Capture
) -> None:
    rows = [row("five", "4", id=n, prompt=f"{n}?", metadata={"task": "priced"}) for n in range(40)]
    figures = forecast(capsys, file_of(tmp_path, rows), "--policy", policy_file(tmp_path))
    assert figures["rules"]["priced"]["settled"]["expected"] == 0
    assert (figures["asked"]["expected"], figures["judges_usd"]["high"]) == (0, 0)


def test_rows_without_a_rule_are_neither_settled_nor_asked_about(tmp_path: Path, capsys: Capture) -> None:
    rows = [settled(1), {"id": 2}, {"id": 3, "messages": [{"role": "user", "content": "?"}]}]
    figures = forecast(capsys, file_of(tmp_path, rows), "--policy", policy_file(tmp_path))
    assert figures["settled"]["expected"] == pytest.approx(1 / 3)
    assert figures["asked"]["expected"] == 0
    assert [one["samples"]["expected"] for one in figures["rules"].values()] == pytest.approx([1 / 3, 2 / 3])


def test_more_samples_scale_the_job_and_not_the_shares(capsys: Capture) -> None:
    few = forecast(capsys, EXAMPLES, "--samples", 12_800)
    many = forecast(capsys, EXAMPLES, "--samples", 128_000)
    assert many["judges_usd"]["expected"] == pytest.approx(10 * few["judges_usd"]["expected"])
    assert many["rules"].keys() == few["rules"].keys()
    assert many["settled"]["expected"] == few["settled"]["expected"]
    assert many["seconds"]["expected"] > 5 * few["seconds"]["expected"]


# --- the range ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("groups", [10, 30])
def test_the_range_holds_the_population_s_share_as_often_as_it_says(groups: int) -> None:
    assert 0.86 <= covered(the_population_s(groups)) <= 0.95


def test_the_range_holds_what_a_job_of_a_few_groups_comes_to_as_often_as_it_says() -> None:
    assert 0.86 <= covered(a_job_s(24, 12)) <= 0.95


def test_drawing_samples_and_not_groups_would_hold_it_far_less_often() -> None:
    assert covered(by_samples(12), seeds=60) < 0.80


def test_many_groups_are_bundled_and_their_spread_stays() -> None:
    shares = population(Random(5), 1600)
    spread = fmean(one**2 for one in shares[0]) - fmean(shares[0]) ** 2
    found = Resamples(1600, 5).ratio(*shares)
    wide = 2 * 1.645 * (spread / 1600) ** 0.5 / 8
    assert found.high - found.low == pytest.approx(wide, rel=0.2)


@pytest.mark.parametrize(("degrees", "t"), [(1, -6.314), (4, -2.132), (29, -1.699), (100, -1.660)])
def test_student_s_quantile_is_the_table_s(degrees: int, t: float) -> None:
    assert student(-1.644854, degrees) == pytest.approx(t, rel=0.13 if degrees == 1 else 0.002)


def test_the_same_file_gives_the_same_figures_but_for_what_this_machine_takes(capsys: Capture) -> None:
    first, again = (forecast(capsys, EXAMPLES) for _ in range(2))
    for timed in ("timing", "seconds", "lambda_usd", "usd", "advice"):
        del first[timed], again[timed]
    assert first == again


def test_a_small_file_says_that_it_is_small(tmp_path: Path, capsys: Capture) -> None:
    policy = policy_file(tmp_path)
    few = [open_question(prompt) for prompt in range(5)] + [settled(prompt) for prompt in range(5, 8)]
    many = [
        {**one, "messages": [{"role": "user", "content": f"{n} {one['id']}"}, one["messages"][1]]}
        for n in range(20)
        for one in few
    ]
    small = forecast(capsys, file_of(tmp_path, few), "--policy", policy)
    large = forecast(capsys, file_of(tmp_path, many), "--policy", policy)
    assert "rollouts of 8 prompts" in small["advice"]["notes"][0]
    assert large["advice"]["notes"] == []
    assert large["asked"]["high"] - large["asked"]["low"] < 0.4 * (
        small["asked"]["high"] - small["asked"]["low"]
    )


def test_a_file_that_left_nothing_open_does_not_claim_that_nothing_ever_will(
    tmp_path: Path, capsys: Capture
) -> None:
    rows = [settled(prompt) for prompt in range(59)]
    text = said(capsys, file_of(tmp_path, rows), "--policy", policy_file(tmp_path))
    assert "does not rule out that 5.0% of the prompts to come leave one" in text


# --- the time ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("per_second", [None, 10.0])
def test_a_batch_takes_as_long_as_the_switchboard_does(per_second: float | None) -> None:
    quota = (60 * per_second if per_second else None, None)
    ours, theirs = [], []
    for seed in range(10):
        model = SimulatedModel(Random(seed))
        asked = judge(*[one.__class__(one.settings, one.price, quota) for one in judge().models])
        theirs.append(put(model, [question(f"answer {n}", asked) for n in range(200)], seed=seed).seconds)
        rng = Random(seed)
        instance = Instance({("nova", ""): Quota(*quota)}, lambda rng=rng: rng.lognormvariate(-0.2231, 0.5))  # type: ignore[misc]
        ours.append(instance.serve(Work(0.0, [(("nova", ""), 400)] * 200)).seconds)
    assert fmean(ours) == pytest.approx(fmean(theirs), rel=0.05 if per_second else 0.15)


def quota(requests: int, shared_by: int) -> str:
    return f"quota: {{requests_per_minute: {requests}, shared_by: {shared_by}}}"


def test_a_job_lasts_as_long_as_its_quota_takes_and_as_many_instances_as_advised_are_done_as_soon(
    tmp_path: Path, capsys: Capture
) -> None:
    file = file_of(tmp_path, [open_question(prompt) for prompt in range(64)])
    many = forecast(capsys, file, "--policy", policy_file(tmp_path, quota(1200, 20)), "--samples", 24_000)
    advised = many["advice"]["concurrency"]
    assert many["seconds"]["expected"] == pytest.approx(24_000 / 1200 * 60 / 0.97, rel=0.05)
    assert many["timing"]["loads"][f"{NOVA} us-east-1"]["quota"]["requests_per_minute"] == pytest.approx(1200)
    assert 1 <= advised < 20
    policy = policy_file(tmp_path, quota(1200, advised))
    fewer = forecast(capsys, file, "--policy", policy, "--samples", 24_000)
    assert fewer["job"]["concurrency"] == advised
    assert fewer["seconds"]["expected"] < 1.1 * many["seconds"]["expected"]
    assert fewer["lambda_usd"]["expected"] < 0.5 * many["lambda_usd"]["expected"]


def test_advice_to_make_fewer_invocations_at_once_says_what_that_saves_and_what_goes_with_it(
    tmp_path: Path, capsys: Capture
) -> None:
    file = file_of(tmp_path, [open_question(prompt) for prompt in range(64)])
    common = (file, "--samples", 24_000, "--policy")
    policy = policy_file(tmp_path, quota(1200, 20))
    now, text = forecast(capsys, *common, policy), said(capsys, *common, policy)
    advised = now["advice"]["concurrency"]
    assert f"Let the trainer make {advised} invocation at once: that uses up the quota. 20 are done" in text
    assert f"set `shared_by` to {advised} together with the trainer's concurrency" in text
    assert "Where that cannot be set, `shared_by` belongs at 20." in text
    then = forecast(capsys, *common, policy_file(tmp_path, quota(1200, advised)))
    assert now["advice"]["lambda_usd"] == pytest.approx(then["lambda_usd"]["expected"], rel=0.3)
    assert "Let the trainer" not in (text := said(capsys, *common, policy))
    assert f"Keep {advised} invocation at once: " in text
    assert "`shared_by`" not in text


def test_a_batch_that_comes_after_a_pause_has_a_quota_saved_up(tmp_path: Path, capsys: Capture) -> None:
    file = file_of(tmp_path, [open_question(prompt) for prompt in range(64)])
    common = (file, "--policy", policy_file(tmp_path, quota(240, 1)), "--batch", 64)
    alone, many = forecast(capsys, *common, "--samples", 64), forecast(capsys, *common, "--samples", 6400)
    saved_up = 15 * 240 / 60
    assert alone["timing"]["waited"] == pytest.approx(many["timing"]["waited"] * (1 - saved_up / 64), abs=4)
    assert many["timing"]["rested"] == pytest.approx(alone["timing"]["seconds"]["expected"], rel=0.1)
    assert "in which some of the quota is saved up, takes " in said(capsys, *common, "--samples", 6400)
    assert "saved up" not in said(capsys, *common, "--samples", 64)


def test_a_job_of_one_invocation_is_called_so(tmp_path: Path, capsys: Capture) -> None:
    file = file_of(tmp_path, [open_question(prompt) for prompt in range(40)])
    policy = policy_file(tmp_path, quota(60_000, 12))
    text = said(capsys, file, "--policy", policy)
    assert text.startswith("Forecast for 40 samples: 1 invocation of 40 rows, with 1,769 MB on arm64.\n")
    assert "Keep 1 invocation at once: no quota" in text
    assert "set `shared_by` to 1 together" in text


def test_few_questions_a_batch_use_up_in_the_end_what_is_saved_up_and_wait_as_well(
    tmp_path: Path, capsys: Capture
) -> None:
    rows = [open_question(prompt) for prompt in range(4)] + [settled(prompt) for prompt in range(4, 128)]
    common = (file_of(tmp_path, rows), "--policy", policy_file(tmp_path, quota(1000, 12)))
    figures = forecast(capsys, *common, "--samples", 128 * 12 * 200)
    assert figures["timing"]["unlimited"] < 1.6, "the quota would be asked for twice"
    assert figures["seconds"]["expected"] == pytest.approx(4 * 12 * 200 / 1000 * 60 / 0.97, rel=0.07)


def test_more_instances_than_share_a_quota_get_no_more_than_it(tmp_path: Path, capsys: Capture) -> None:
    file = file_of(tmp_path, [open_question(prompt) for prompt in range(64)])
    common = (file, "--samples", 24_000, "--concurrency", 20, "--policy")
    few, all_of_them = (forecast(capsys, *common, policy_file(tmp_path, quota(1200, n))) for n in (4, 20))
    assert few["seconds"]["expected"] == pytest.approx(all_of_them["seconds"]["expected"], rel=0.05)


def test_without_a_declared_quota_nothing_is_said_of_waiting_for_one(tmp_path: Path, capsys: Capture) -> None:
    file = file_of(tmp_path, [open_question(prompt) for prompt in range(40)])
    figures = forecast(capsys, file, "--policy", policy_file(tmp_path))
    assert figures["job"]["concurrency"] == 12
    assert figures["advice"]["concurrency"] == 1, "there is no more than one invocation"
    [load] = figures["timing"]["loads"].values()
    assert load["saturated_at"] is None
    assert "not declared" in said(capsys, file, "--policy", policy_file(tmp_path))


def test_seconds_of_replies_are_taken_from_the_file_s_trails(tmp_path: Path, capsys: Capture) -> None:
    trail = [{"by": "reference", "model": NOVA, "score": 1.0, "seconds": 7.0, "cached": False}]
    told = [
        {"model": NOVA, "score": 1, "seconds": 99, "cached": True},
        {"model": NOVA, "error": "JudgeLate"},
        5,
    ]
    rows = [open_question(prompt) | {"trail": trail + told} for prompt in range(40)]
    figures = forecast(capsys, file_of(tmp_path, rows), "--policy", policy_file(tmp_path))
    assert figures["latencies"] == 40
    assert figures["timing"]["seconds"]["expected"] == pytest.approx(7, rel=0.1)


def test_lambda_is_paid_for_the_seconds_in_which_it_waits(tmp_path: Path, capsys: Capture) -> None:
    file = file_of(tmp_path, [open_question(prompt) for prompt in range(40)])
    common = (file, "--policy", policy_file(tmp_path), "--samples", 1280, "--latency", 30)
    arm, intel = forecast(capsys, *common), forecast(capsys, *common, "--arch", "x86_64", "--memory", 3538)
    seconds = arm["timing"]["seconds"]["expected"]
    assert arm["lambda_usd"]["expected"] == pytest.approx(10 * (seconds * 1769 / 1024 * 0.0000133334 + 2e-7))
    assert intel["lambda_usd"]["expected"] == pytest.approx(2.5 * arm["lambda_usd"]["expected"], rel=0.02)


def test_a_job_that_waits_is_advised_less_memory_and_enough_time(
    tmp_path: Path, capsys: Capture, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("router.commands.forecast.megabytes_of_this_process", lambda: 150.0)
    file = file_of(tmp_path, [open_question(prompt) for prompt in range(40)])
    figures = forecast(capsys, file, "--policy", policy_file(tmp_path), "--latency", 20)
    assert figures["advice"]["memory"] < 1769
    assert figures["advice"]["timeout"] >= figures["timing"]["longest"]
    assert figures["advice"]["timeout"] % 30 == 0


# --- what needs looking at ---------------------------------------------------------------------------


def test_what_the_budget_would_leave_unasked_is_said(tmp_path: Path, capsys: Capture) -> None:
    policy = policy_file(tmp_path, budget="budget: {usd_per_invocation: 0.0001, usd_per_day: 0.01}")
    file = file_of(tmp_path, [open_question(prompt) for prompt in range(40)])
    text = said(capsys, file, "--policy", policy, "--samples", 100_000)
    assert "`usd_per_invocation` allows $0.0001" in text
    assert "`usd_per_day` allows $0.01" in text


def test_a_job_of_one_small_batch_takes_as_long_as_that_batch(tmp_path: Path, capsys: Capture) -> None:
    file = file_of(tmp_path, [open_question(prompt) for prompt in range(40)])
    common = (file, "--policy", policy_file(tmp_path, quota(600, 1)), "--samples", 40)
    figures, tight = forecast(capsys, *common), forecast(capsys, *common, "--batch", 40)
    assert figures["seconds"] == figures["timing"]["seconds"]
    waited = figures["timing"]["waited"]
    assert waited == pytest.approx(tight["timing"]["waited"], rel=0.05)


def test_rows_that_cannot_be_rewarded_are_pointed_out(tmp_path: Path, capsys: Capture) -> None:
    training = {"messages": [{"role": "user", "content": "What is 2 + 2?"}], "reference_answer": "4"}
    some = file_of(tmp_path, [*(settled(prompt) for prompt in range(3)), training])
    assert "25.0% of the rows are malformed or have no response" in said(capsys, some)
    assert main(["forecast", str(file_of(tmp_path, [training] * 3))]) == 2
    told = capsys.readouterr()
    assert told.out == ""
    assert "no row of the file can be rewarded: a forecast needs rollouts" in told.err


def test_more_instances_than_share_the_quota_are_warned_of(tmp_path: Path, capsys: Capture) -> None:
    file = file_of(tmp_path, [open_question(prompt) for prompt in range(40)])
    common = (file, "--policy", policy_file(tmp_path, quota(60_000, 4)), "--samples", 12_800)
    assert "the policy divides by 4" in said(capsys, *common, "--concurrency", 9)
    assert "the policy divides by" not in said(capsys, *common)


def test_the_report_shows_the_figures_and_no_word_of_a_sample(tmp_path: Path, capsys: Capture) -> None:
    rows = [open_question(prompt, text="CANARY says four") for prompt in range(40)]
    common = (file_of(tmp_path, rows), "--policy", policy_file(tmp_path), "--samples", 100_000)
    figures, text = forecast(capsys, *common), said(capsys, *common)
    assert "CANARY" not in text + json.dumps(figures)
    for figure in ("questions", "judges_usd"):
        for value in figures[figure].values():
            assert f"{value:,.0f}" in text or f"{value:,.2f}" in text


MISTAKES: dict[str, tuple[list[object], str]] = {
    "one prompt": ([settled(1), settled(1, 1)], "the file has 1 rollout group"),
    "no rows": ([], "the file has 0 rollout groups"),
}


@pytest.mark.parametrize(("rows", "complaint"), MISTAKES.values(), ids=MISTAKES)
def test_a_file_that_is_too_small_for_a_range_is_refused_in_one_line(
    rows: list[object], complaint: str, tmp_path: Path, capsys: Capture
) -> None:
    assert main(["forecast", str(file_of(tmp_path, rows)), "--policy", str(policy_file(tmp_path))]) == 2
    told = capsys.readouterr()
    assert (told.out, told.err.count("\n")) == ("", 1)
    assert complaint in told.err


@pytest.mark.parametrize(
    "option", [["--samples", "0"], ["--latency", "soon"], ["--latency", "nan"], ["--arch", "z80"]]
)
def test_an_option_that_makes_no_sense_is_refused(option: list[str], capsys: Capture) -> None:
    with pytest.raises(SystemExit) as ended:
        main(["forecast", str(EXAMPLES), *option])
    assert ended.value.code == 2
    assert capsys.readouterr().err.count("\n") == 1
