"""The whole way, from an event to a reply: no row costs another its own, and nothing of it is logged."""

import json
import logging
import math
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from judges.offline import STAND_IN
from router.batch import FINISHING_SECONDS, make_handler, seconds_left
from router.case import LATE
from router.errors import BatchBroken, EventRefused, Unsettled
from router.policy import Policy, load_policy
from router.policy.model import When
from router.types import Sample
from tests.canaries import CANARY, canary_row, canary_rows
from tests.fakes import Context, policy_from, row
from tests.functions.told import with_a_bug
from tests.local.bedrock import LocalBedrock
from tests.local.bedrock_replies import Call
from tests.local.cloudwatch import read, total
from tests.rows import MALFORMED, SHAPES, event, json_values, rowlike

ROOT = Path(__file__).parents[1]

POLICY = load_policy()

NUMBERS = """
    rules:
      - name: numbers
        verify: [number]
    """


class Log(list[str]):
    """What a handler emitted."""

    @property
    def only(self) -> dict[str, Any]:
        [line] = self
        assert "\n" not in line
        return dict(json.loads(line))


def reply_to(event: object, policy: Policy = POLICY, judge: str = "none", **options: Any) -> Any:
    """What a handler of this policy replies."""
    with closing(make_handler(policy, judge, **{"emit": lambda line: None} | options)) as handler:
        return handler(event, None)


def values(result: dict[str, Any]) -> dict[str, float]:
    return {one["name"]: one["value"] for one in result["metrics_list"]}


# --- shapes and envelopes ----------------------------------------------------------------------------


@pytest.mark.parametrize("name", SHAPES)
def test_every_recorded_event_comes_back_whole_in_its_own_envelope(name: str) -> None:
    envelope, ids = SHAPES[name]
    reply: Any = reply_to(event(name), judge="offline")
    if envelope != "list":
        assert (reply["statusCode"], reply["headers"]) == (200, {"Content-Type": "application/json"})
        reply = reply["body"]
    if envelope == "body_string":
        assert isinstance(reply, str)
        reply = json.loads(reply)
    assert [one["id"] for one in reply] == ids
    assert all(0 <= one["aggregate_reward_score"] <= 1 for one in reply)


@pytest.mark.parametrize("came_as", ["bedrock_rft", "open_weight_body_string", "body_parsed"])
@pytest.mark.parametrize(
    ("setting", "kind", "body"),
    [("list", list, None), ("body_string", dict, str), ("body_object", dict, list)],
)
def test_the_policy_may_set_the_envelope_whatever_the_request_came_in(
    came_as: str, setting: str, kind: type, body: type | None, tmp_path: Path
) -> None:
    policy = policy_from(f"reward: {{envelope: {setting}}}\n{NUMBERS.strip()}", tmp_path)
    reply = reply_to(event(came_as), policy)
    assert type(reply) is kind
    if isinstance(reply, dict):
        assert type(reply["body"]) is body


def test_an_empty_list_gets_an_empty_list() -> None:
    assert reply_to([]) == []


@pytest.mark.parametrize("nonsense", [None, "", 5, {}, {"body": "not json"}, {"body": 5}])
def test_an_event_that_is_no_batch_is_refused(nonsense: object) -> None:
    with pytest.raises(EventRefused):
        reply_to(nonsense)


# --- rows that cannot be scored ----------------------------------------------------------------------


@pytest.mark.parametrize(("low", "high"), [(0.0, 1.0), (-1.0, 1.0)])
def test_malformed_rows_get_the_bottom_of_the_range_and_the_others_what_they_deserve(
    low: float, high: float, tmp_path: Path
) -> None:
    policy = policy_from(f"reward: {{range: [{low:g}, {high:g}]}}\n{NUMBERS.strip()}", tmp_path)
    broken = [raw for raw, _ in MALFORMED.values()]
    first, *middle, last = reply_to([row("4", "4", id="x"), *broken, row("5", "4", id="y")], policy)
    assert (first["id"], first["aggregate_reward_score"]) == ("x", high)
    assert (last["id"], last["aggregate_reward_score"]) == ("y", low)
    assert len(middle) == len(MALFORMED)
    for result in middle:
        assert result["aggregate_reward_score"] == low
        assert values(result)["malformed"] == 1
        assert (values(result)["escalated"], values(result)["fallback"]) == (0, 0)


@pytest.mark.parametrize("low", [0.0, -1.0])
def test_raw_training_rows_get_the_bottom_of_the_range_without_a_judge(low: float, tmp_path: Path) -> None:
    rules = "rules: [{name: all, judge: {rubric: {criteria: helpfulness}}}]"
    policy = policy_from(f"reward: {{range: [{low:g}, 1]}}\n{rules}", tmp_path)
    results = reply_to(event("raw_training_rows"), policy, "offline")
    assert [one["id"] for one in results] == ["row-0", "row-1", "row-3"]
    for result in results:
        assert result["aggregate_reward_score"] == low
        assert values(result)["no_response"] == 1
        assert values(result)["escalated"] == 0
        assert "malformed" not in values(result)


def test_rows_that_share_an_id_are_scored_and_flagged() -> None:
    results = reply_to([row("4", "4", id="x"), row("5", "4", id="x"), row("4", "4", id="y")])
    assert [(one["id"], one["aggregate_reward_score"]) for one in results] == [("x", 1), ("x", 0), ("y", 1)]
    assert [values(one).get("duplicate_id") for one in results] == [1, 1, None]


@pytest.mark.parametrize("depth", [90, 97, 98, 500, 985, 990, 995, 2000])
def test_no_depth_of_a_reference_answer_costs_the_batch_its_rewards(depth: int) -> None:
    nest: object = "core"
    for _ in range(depth):
        nest = [nest]
    results = reply_to([row("four", nest), row("4", "4", id="b")], judge="offline")
    assert results[1]["aggregate_reward_score"] == 1


@given(st.lists(json_values | rowlike, max_size=4))
def test_a_row_of_any_json_never_raises_and_yields_one_finite_reward(raw: list[Any]) -> None:
    results = reply_to([*raw, row("4", "4", id="the good one")], judge="offline")
    assert len(results) == len(raw) + 1
    assert results[-1]["aggregate_reward_score"] == 1
    json.dumps(results, allow_nan=False, ensure_ascii=False).encode()
    assert all(math.isfinite(one["aggregate_reward_score"]) for one in results)


# --- what a rule may see -----------------------------------------------------------------------------


def test_a_label_decides_nothing(tmp_path: Path) -> None:
    policy = policy_from(
        """
        rules:
          - name: easy
            when: {task: easy}
            verify: [number]
          - name: rest
            verify: [exact]
        """,
        tmp_path,
    )
    plain, told = row("4", "4", task="easy"), row("4", "4", task="easy", label=0, label_detail={"strict": 0})
    assert reply_to([plain], policy) == reply_to([told], policy)


# --- the one line ------------------------------------------------------------------------------------


def test_a_batch_is_told_in_exactly_one_line(tmp_path: Path) -> None:
    log = Log()
    rows = [row("4", "4"), row("5", "4", id="b"), row("no idea", "x", id="c"), 5, {"messages": []}]
    reply_to(rows, policy_from(NUMBERS, tmp_path), emit=log.append)
    line = log.only
    assert (line["event"], line["rows"], line["judges"]) == ("batch", 5, [])
    assert line["decided_by"] == {"verifiers": 2, "fallback": 1, "gate": 2}
    assert (line["rules"], line["flags"]) == ({"numbers": 3}, {"malformed": 2})


def test_the_line_counts_what_the_judges_took() -> None:
    log = Log()
    reply_to(
        [row("Paris, I think", "Paris"), row("Paris", "Paris", id="b")], judge="offline", emit=log.append
    )
    assert log.only["escalated"] == 1
    assert log.only["judges"] == [{"model": STAND_IN, "rule": "anything with a reference answer", "calls": 1}]


def test_an_empty_batch_has_its_line_too() -> None:
    log = Log()
    reply_to([], emit=log.append)
    assert (log.only["rows"], log.only["reward_mean"]) == (0, None)


def test_the_line_goes_to_standard_output_by_itself(capsys: pytest.CaptureFixture[str]) -> None:
    make_handler(POLICY, "none")([row("4", "4")], None)
    out, err = capsys.readouterr()
    assert (len(out.splitlines()), json.loads(out)["rows"], err) == (1, 1, "")


def assert_no_canary(capsys: pytest.CaptureFixture[str], caplog: pytest.LogCaptureFixture) -> None:
    out, err = capsys.readouterr()
    assert CANARY not in out
    assert CANARY not in err
    assert CANARY not in caplog.text
    assert '"rows": 12' in out  # it was the right place to look


def test_nothing_of_a_sample_is_ever_logged(
    capsys: pytest.CaptureFixture[str], caplog: pytest.LogCaptureFixture
) -> None:
    reply_to(canary_rows(), judge="offline", emit=print)
    assert_no_canary(capsys, caplog)


def test_nothing_of_a_sample_is_logged_when_a_verifier_fails_over_it(
    capsys: pytest.CaptureFixture[str], caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.DEBUG, logger="router"):
        reply_to(canary_rows(), with_a_bug(POLICY), "offline", emit=print)
    assert "bug in the verifier quoting: ValueError" in caplog.text
    assert_no_canary(capsys, caplog)


@pytest.fixture
def aws(monkeypatch: pytest.MonkeyPatch) -> Iterator[LocalBedrock]:
    """A Bedrock that repeats what it was asked instead of giving a verdict."""

    def parrot(call: Call) -> str:
        return json.dumps(call.body)

    for name in ("AWS_PROFILE", "AWS_SESSION_TOKEN", "AWS_REGION", "AWS_ENDPOINT_URL"):
        monkeypatch.delenv(name, raising=False)
    with LocalBedrock(answer=parrot) as bedrock:
        for name, value in bedrock.environment.items():
            monkeypatch.setenv(name, value)
        yield bedrock


def test_nothing_of_a_sample_is_logged_when_a_judge_repeats_it(
    aws: LocalBedrock, capsys: pytest.CaptureFixture[str], caplog: pytest.LogCaptureFixture
) -> None:
    reply_to(canary_rows(), judge="bedrock", emit=print)
    assert CANARY in str(aws.calls[0].body)
    assert_no_canary(capsys, caplog)


def test_a_refusal_says_nothing_of_the_event(capsys: pytest.CaptureFixture[str]) -> None:
    for nonsense in (CANARY, {CANARY: CANARY}, {"body": CANARY}, {"body": f'["{CANARY}", '}):
        with pytest.raises(EventRefused) as refused:
            reply_to(nonsense, emit=print)
        assert CANARY not in str(refused.value)
        out, err = capsys.readouterr()
        assert (json.loads(out)["error"], CANARY in out, err) == ("EventRefused", False, "")


def test_a_batch_that_fails_because_the_policy_says_so_does_not_quote_the_sample(tmp_path: Path) -> None:
    policy = policy_from(NUMBERS + "    if_unsettled: fail", tmp_path)
    with pytest.raises(Unsettled) as failed:
        reply_to([canary_row()], policy)
    assert "numbers" in str(failed.value)
    assert CANARY not in str(failed.value)


class Quoting(When):
    """A bug where none is expected, whose message quotes the student."""

    def fits(self, sample: Sample) -> bool:
        raise ValueError(sample.response)


def test_a_bug_that_fails_a_batch_is_told_without_its_message(
    capsys: pytest.CaptureFixture[str], caplog: pytest.LogCaptureFixture
) -> None:
    policy = replace(POLICY, rules=(replace(POLICY.rules[0], when=Quoting()),))
    with pytest.raises(BatchBroken, match="a bug of ours failed the batch: ValueError") as failed:
        reply_to([canary_row()], policy, emit=print)
    assert failed.value.__suppress_context__
    assert "in fits" in caplog.text
    assert json.loads(capsys.readouterr().out)["bugs"] == 1
    assert CANARY not in caplog.text + str(failed.value)


# --- the same again ----------------------------------------------------------------------------------


@pytest.mark.parametrize("name", SHAPES)
def test_the_same_event_gets_the_same_bytes(name: str) -> None:
    with closing(make_handler(POLICY, "offline", emit=lambda line: None)) as handler:
        assert json.dumps(handler(event(name), None)) == json.dumps(handler(event(name), None))


def test_the_event_is_left_as_it_was() -> None:
    before = event("bedrock_rft")
    reply_to(before, judge="offline")
    assert before == event("bedrock_rft")


# --- no judge ----------------------------------------------------------------------------------------


def test_without_a_judge_what_is_unsettled_is_priced_and_says_so() -> None:
    settled, unsettled = reply_to([row("4", "4"), row("Paris, I think", "Paris", id="b")])
    said = {"escalated": 0, "judge_error": 0}
    assert values(settled).items() >= (said | {"fallback": 0}).items()
    assert values(unsettled).items() >= (said | {"fallback": 1}).items()


def test_an_unknown_way_to_the_models_is_refused_with_the_choices() -> None:
    with pytest.raises(ValueError, match="choose bedrock, offline or none"):
        make_handler(POLICY, "Bedrock")


# --- time --------------------------------------------------------------------------------------------


@pytest.mark.parametrize("context", [None, {}, object(), Context(60)])
def test_any_context_will_do(context: object) -> None:
    with closing(make_handler(POLICY, "offline", emit=lambda line: None)) as handler:
        assert handler([row("4", "4")], context)


def test_the_time_left_is_lambdas_or_as_much_as_the_template_gives() -> None:
    assert seconds_left(Context(12.5)) == 12.5
    assert seconds_left(None) == seconds_left({}) == 300


@pytest.mark.parametrize("seconds", [0.5, 2.0])
def test_a_judge_that_is_too_slow_is_given_up_before_lambda_ends(aws: LocalBedrock, seconds: float) -> None:
    aws.latency = 60
    with closing(make_handler(POLICY, "bedrock", trail=True, emit=lambda line: None)) as handler:
        started = time.monotonic()
        reply: Any = handler([row("Paris, I think", "Paris")], Context(seconds))
        took = time.monotonic() - started
    [result] = reply
    assert (result["decided_by"], result["trail"][-1]["error"]) == ("fallback", "JudgeLate")
    assert values(result)["judge_error"] == 1
    assert took < 2.0


def test_the_way_to_the_judges_is_not_loaded_where_nobody_could_be_asked_in_time() -> None:
    with closing(make_handler(POLICY, "bedrock", trail=True, emit=lambda line: None)) as handler:
        reply: Any = handler([row("Paris, I think", "Paris")], Context(FINISHING_SECONDS + 0.1))
        assert handler._consult is None
    [result] = reply
    assert (result["decided_by"], result["trail"][-1]["reason"]) == ("fallback", LATE.reason)


# --- Lambda's entry point ----------------------------------------------------------------------------


@pytest.fixture
def shipped(tmp_path: Path) -> Path:
    """A copy of the code with its policy checked beforehand, as the artifact has it."""
    for name in ("router", "verifiers", "judges", "config"):
        shutil.copytree(ROOT / name, tmp_path / name, ignore=shutil.ignore_patterns("__pycache__"))
    python(tmp_path, "-m", "router.policy.compiled", "config")
    return tmp_path


def python(folder: Path, *arguments: str, **environment: str) -> str:
    run = subprocess.run(
        [sys.executable, *arguments],
        cwd=folder,
        env={name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ} | environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert run.returncode == 0, run.stderr
    return run.stdout


HEAVY = [
    "aioboto3",
    "aiohttp",
    "asyncio",
    "boto3",
    "botocore",
    "mpmath",
    "pint",
    "pydantic",
    "tenacity",
    "yaml",
]

LAMBDA = {"JUDGE": "bedrock", "AWS_LAMBDA_FUNCTION_NAME": "SageMaker-RewardRouter"}

SCORE = f"""
import json, sys
from router.handler import lambda_handler
reply = lambda_handler(json.load(open(sys.argv[1])), None)
print(json.dumps([one["aggregate_reward_score"] for one in reply]))
print([name for name in {HEAVY} if name in sys.modules])
"""


def test_a_verified_batch_loads_nothing_that_only_judges_and_policies_need(shipped: Path) -> None:
    batch = shipped / "batch.json"
    batch.write_text(json.dumps([row("4", "4"), row("5", "4", id="b"), row(r"\boxed{4}", "4", id="c")]))
    line, rewards, loaded = python(shipped, "-c", SCORE, str(batch), **LAMBDA).splitlines()
    assert (json.loads(rewards), loaded) == ([1.0, 0.0, 1.0], "[]")
    assert total(read([line]), "samples") == 3


def test_the_environment_names_the_policy(shipped: Path) -> None:
    (shipped / "mine.yaml").write_text(
        "version: 1\nreward: {range: [-1, 1]}\nrules: [{name: all, verify: [number]}]"
    )
    batch = shipped / "batch.json"
    batch.write_text(json.dumps([row("5", "4")]))
    said = python(shipped, "-c", SCORE, str(batch), JUDGE="none", ROUTER_POLICY="mine.yaml").splitlines()
    assert json.loads(said[1]) == [-1.0]


def test_a_policy_with_a_mistake_fails_the_start_and_not_the_first_batch(shipped: Path) -> None:
    (shipped / "mine.yaml").write_text("version: 1\nrules: [{name: all, verify: [nmber]}]")
    start = "import router.handler"
    python(shipped, "-c", start, ROUTER_POLICY="mine.yaml")
    with pytest.raises(AssertionError, match="did you mean number"):
        python(shipped, "-c", start, ROUTER_POLICY="mine.yaml", AWS_LAMBDA_RUNTIME_API="127.0.0.1:9")
