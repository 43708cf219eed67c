"""The function under a policy in S3, over real HTTP: swapped between batches, never lost, always named."""

import json
import logging
import os
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import pytest

from router.errors import PolicyError
from router.policy import load_policy
from router.serving import Serving
from router.settings import Settings
from router.telemetry import Telling
from tests.fakes import Context, row
from tests.functions.invoked import open_files
from tests.local.bedrock import LocalBedrock
from tests.local.s3 import BUCKET, LocalS3, local_s3
from tests.tools import ROOT

KEY = "policy.yaml"
PLACE = f"s3://{BUCKET}/{KEY}"

EXACT = "version: 1\nrules: [{name: words, verify: [exact]}]\n"
NUMBER = "version: 1\nrules: [{name: numbers, verify: [number]}]\n"
BROKEN = "version: 1\nrules: [{name: numbers, verify: [nmber]}]\n"
MISTAKE = f"{PLACE}:2:34: rules.0.verify.0: 'nmber' is not one of"

BATCH = [row("4.0", "4")]
"""One row, to which `number` gives 1 and `exact` nothing."""


@dataclass
class Function:
    """The function, its clock and all that it said."""

    settings: Settings
    now: float = 1e9
    said: list[dict[str, Any]] = field(default_factory=list)

    def start(self) -> Serving:
        """Start it cold."""
        self.serving = Serving(
            self.settings, now=lambda: self.now, emit=lambda line: self.said.append(json.loads(line))
        )
        return self.serving

    def reward(self, context: object = None, *, after: float = 60.0) -> float:
        """The reward of the batch's row, so many seconds later."""
        self.now += after
        [result] = json.loads(json.dumps(self.serving(BATCH, context)))
        return float(result["aggregate_reward_score"])

    def about(self) -> dict[str, Any]:
        """What it says of itself."""
        return dict(json.loads(json.dumps(self.serving({"router": "about"}, None))))

    @property
    def fingerprints(self) -> list[str]:
        """The policy of each batch."""
        return [line["policy"] for line in self.said if line.get("event") == "batch"]

    @property
    def rejections(self) -> int:
        """What CloudWatch counts."""
        return sum(line.get("policy_rejected", 0) for line in self.said)


@pytest.fixture
def s3(monkeypatch: pytest.MonkeyPatch) -> Iterator[LocalS3]:
    with local_s3(monkeypatch) as served:
        yield served


@pytest.fixture
def function() -> Iterator[Function]:
    made = Function(Settings.read({"ROUTER_POLICY": PLACE, "JUDGE": "none"}))
    yield made
    if hasattr(made, "serving"):
        made.serving.close()


def test_a_changed_policy_rewards_the_next_batch_after_a_minute(s3: LocalS3, function: Function) -> None:
    s3.put(KEY, EXACT)
    function.start()
    assert function.reward(after=1) == 0.5  # nobody settles it: the middle of the range
    s3.put(KEY, NUMBER)
    assert function.reward(after=58) == 0.5
    assert function.reward(after=2) == 1
    first, second, third = function.fingerprints
    assert first == second != third
    assert s3.gets == [200, 200]
    [change] = [line for line in function.said if line.get("event") == "policy"]
    assert change == {"event": "policy", "policy": third, "before": first, "from": PLACE}


def test_a_policy_that_stays_as_it_is_costs_one_request_a_minute(s3: LocalS3, function: Function) -> None:
    s3.put(KEY, NUMBER)
    function.start()
    for _ in range(12):
        function.reward(after=20)
    assert s3.gets == [200, 304, 304, 304, 304]
    assert len(set(function.fingerprints)) == 1
    assert [line["event"] for line in function.said] == ["batch"] * 12


def test_a_comment_is_no_change(s3: LocalS3, function: Function) -> None:
    s3.put(KEY, NUMBER)
    function.start()
    s3.put(KEY, f"# a comment\n{NUMBER}")
    function.reward()
    assert s3.gets == [200, 200]
    assert [line["event"] for line in function.said] == ["batch"]


def test_the_shortest_batches_are_not_kept_waiting(s3: LocalS3, function: Function) -> None:
    s3.put(KEY, EXACT)
    function.start()
    s3.put(KEY, NUMBER)
    assert function.reward(Context(1)) == 0.5
    assert s3.gets == [200]
    assert function.reward(Context(10), after=0) == 1


def test_a_function_with_little_time_for_a_batch_takes_a_newer_policy_as_well(
    s3: LocalS3, function: Function
) -> None:
    s3.put(KEY, EXACT)
    function.start()
    s3.fault = 0
    assert function.reward(Context(2)) == 0.5
    assert function.rejections == 1
    s3.fault = None
    s3.put(KEY, NUMBER)
    assert function.reward(Context(9.9)) == 1


FAULTS: dict[str, tuple[Callable[[LocalS3], object], str]] = {
    "mistakes": (lambda s3: s3.put(KEY, BROKEN), MISTAKE),
    "no YAML": (lambda s3: s3.put(KEY, "rules: ["), f"{PLACE}:1:9: the file ends in the middle"),
    "vanished": (lambda s3: s3.delete(KEY), f"{PLACE}: there is no such object"),
    "forbidden": (lambda s3: setattr(s3, "fault", 403), f"{PLACE}: access denied"),
    "down": (lambda s3: setattr(s3, "fault", 503), f"{PLACE}: cannot be reached"),
    "silent": (lambda s3: setattr(s3, "fault", 0), f"{PLACE}: cannot be reached"),
}


@pytest.mark.parametrize(("break_it", "said"), FAULTS.values(), ids=FAULTS)
def test_the_last_good_policy_goes_on_whatever_comes_after_it(
    break_it: Callable[[LocalS3], object],
    said: str,
    s3: LocalS3,
    function: Function,
    caplog: pytest.LogCaptureFixture,
) -> None:
    s3.put(KEY, EXACT)
    good = function.start()({"router": "about"}, None)
    break_it(s3)
    assert [function.reward(), function.reward()] == [0.5, 0.5]
    assert function.rejections == 2
    about = function.about()
    [mistake] = about.pop("policy_mistakes")
    assert mistake.startswith(said)
    assert good == about | {"policy_mistakes": []}
    told = [record for record in caplog.records if record.name == "router"]
    assert said in told[0].getMessage()
    assert {record.levelno for record in told} == {logging.ERROR}
    s3.fault = None
    s3.put(KEY, NUMBER)
    assert function.reward() == 1
    assert (function.rejections, function.about()["policy_mistakes"]) == (2, [])


def test_a_mistake_is_logged_once_and_counted_at_every_look(
    s3: LocalS3, function: Function, caplog: pytest.LogCaptureFixture
) -> None:
    s3.put(KEY, EXACT)
    function.start()
    s3.put(KEY, BROKEN)
    for _ in range(3):
        function.reward()
    assert caplog.text.count(MISTAKE) == 1
    assert function.rejections == 3
    assert s3.gets == [200, 200, 304, 304]


def test_the_metric_is_one_that_cloudwatch_reads(s3: LocalS3, function: Function) -> None:
    function.settings = replace(function.settings, telling=Telling(function="SageMaker-RewardRouter"))
    function.start()
    [line] = function.said
    [directive] = line["_aws"]["CloudWatchMetrics"]
    assert directive == {
        "Namespace": "RewardRouter",
        "Dimensions": [["function"]],
        "Metrics": [{"Name": "policy_rejected", "Unit": "Count"}],
    }
    assert (line["function"], line["policy_rejected"]) == ("SageMaker-RewardRouter", 1)
    assert line["policy"] == load_policy().fingerprint


@pytest.mark.parametrize(("break_it", "said"), FAULTS.values(), ids=FAULTS)
def test_a_cold_start_without_a_good_policy_serves_the_packaged_one_and_says_so_loudly(
    break_it: Callable[[LocalS3], object],
    said: str,
    s3: LocalS3,
    function: Function,
    caplog: pytest.LogCaptureFixture,
) -> None:
    break_it(s3)
    function.start()
    assert function.rejections == 1
    assert said in caplog.text
    packaged = load_policy().fingerprint
    assert f"{packaged} of package goes on" in caplog.text
    assert function.reward(after=1) == 1  # the packaged policy's last rule but one takes numbers
    about = function.about()
    assert (about["policy"], about["policy_from"]) == (packaged, "package")
    assert about["policy_mistakes"][0].startswith(said)
    s3.fault = None
    s3.put(KEY, EXACT)
    assert function.reward() == 0.5
    assert function.about()["policy_from"] == PLACE


def test_what_fails_only_at_first_is_tried_again_at_a_cold_start(s3: LocalS3, function: Function) -> None:
    s3.put(KEY, EXACT)
    s3.fault = 503

    def recover(method: str) -> None:
        s3.fault = 503 if len(s3.gets) < 2 else None

    s3.before = recover
    function.start()
    assert (s3.gets, function.rejections) == ([503, 503, 200], 0)
    assert function.about()["policy_from"] == PLACE


def test_a_location_that_is_none_fails_the_start() -> None:
    with pytest.raises(PolicyError, match=r"ROUTER_POLICY: 's3://mine' names no object in S3"):
        Serving(Settings.read({"ROUTER_POLICY": "s3://mine"}))


def test_a_policy_that_is_a_file_is_read_once(tmp_path: Path) -> None:
    path = tmp_path / "policy.yaml"
    path.write_text(EXACT, encoding="utf-8")
    function = Function(Settings.read({"ROUTER_POLICY": str(path), "JUDGE": "none"}))
    with closing(function.start()):
        path.write_text(NUMBER, encoding="utf-8")
        assert function.reward() == 0.5
        assert function.about()["policy_from"] == str(path)


# --- what a change of policy leaves behind -----------------------------------------------------------


def judged(number: int, budget: str = "") -> str:
    """A policy that asks a judge about everything, each under another name."""
    return (
        f"version: 1\njudge: {{model: amazon.nova-lite-v1:0}}\n{budget}\n"
        f"rules: [{{name: r{number}, judge: reference}}]\n"
    )


@pytest.fixture
def bedrock(s3: LocalS3, monkeypatch: pytest.MonkeyPatch) -> Iterator[LocalBedrock]:
    with LocalBedrock() as bedrock:
        monkeypatch.setenv("AWS_ENDPOINT_URL_BEDROCK_RUNTIME", bedrock.url)
        yield bedrock


def wait_until(true: Callable[[], bool]) -> bool:
    """Wait for what another thread is about to do; say whether it was done."""
    for _ in range(1000):
        if true():
            return True
        time.sleep(0.01)
    return False


def test_fifty_changes_leave_no_socket_and_no_thread(s3: LocalS3, bedrock: LocalBedrock) -> None:
    function = Function(Settings.read({"ROUTER_POLICY": PLACE}))
    s3.put(KEY, judged(0))
    with closing(function.start()) as serving:
        counted: list[tuple[int, int]] = []
        for number in range(52):
            s3.put(KEY, judged(number))
            function.now += 60
            serving([row(str(number), "4")], None)
            counted.append((len(open_files()), threading.active_count()))
        files, threads = counted[1]
        assert wait_until(lambda: len(open_files()) <= files and threading.active_count() <= threads)
    assert len(set(function.fingerprints)) == len(bedrock.calls) == 52


def test_what_a_judge_has_said_stays_known(s3: LocalS3, bedrock: LocalBedrock) -> None:
    function = Function(Settings.read({"ROUTER_POLICY": PLACE}))
    s3.put(KEY, judged(0))
    with closing(function.start()):
        first = function.reward()
        s3.put(KEY, judged(1))
        assert function.reward() == first
    assert len(set(function.fingerprints)) == 2
    assert len(bedrock.calls) == 1


def test_a_change_of_what_the_judge_is_asked_asks_again(s3: LocalS3, bedrock: LocalBedrock) -> None:
    function = Function(Settings.read({"ROUTER_POLICY": PLACE}))
    s3.put(KEY, judged(0))
    with closing(function.start()):
        function.reward()
        s3.put(KEY, judged(0).replace("nova-lite", "nova-pro"))
        function.reward()
    assert [call.model for call in bedrock.calls] == ["amazon.nova-lite-v1:0", "amazon.nova-pro-v1:0"]


def test_the_days_budget_is_not_refilled_by_a_change(s3: LocalS3, bedrock: LocalBedrock) -> None:
    function = Function(Settings.read({"ROUTER_POLICY": PLACE}))
    budget = "budget: {usd_per_day: 0.001}"
    s3.put(KEY, judged(0, budget))
    flags: list[dict[str, int]] = []
    with closing(function.start()) as serving:
        for number in range(6):
            s3.put(KEY, judged(number, budget))
            function.now += 60
            serving([row(f"{number} " * 100, "4")], None)
            flags.append(function.said[-1]["flags"])
    assert 1 < len(bedrock.calls) < 6
    assert flags[-1] == {"over_budget": 1}


LOOK = """
import json, sys
from router.handler import lambda_handler
[result] = lambda_handler(json.loads(sys.argv[1]), None)
loaded = [name for name in ("boto3", "aioboto3", "aiohttp", "asyncio", "botocore") if name in sys.modules]
print(json.dumps([result["aggregate_reward_score"], loaded]))
"""


@pytest.mark.parametrize(
    "wanted", [{"ROUTER_POLICY": PLACE}, {"TRAILS": f"s3://{BUCKET}/trails", "TRAIL_SHARE": "1"}]
)
def test_s3_costs_a_cold_start_botocore_and_nothing_else_of_the_sdk(
    wanted: dict[str, str], s3: LocalS3
) -> None:
    s3.put(KEY, NUMBER)
    s3.asked.clear()
    run = subprocess.run(
        [sys.executable, "-c", LOOK, json.dumps(BATCH)],
        env=os.environ | {"JUDGE": "none"} | wanted,
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    assert json.loads(run.stdout.splitlines()[-1]) == [1.0, ["botocore"]]
    assert [status for _, status in s3.asked] == [200]
