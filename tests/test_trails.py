"""Whole trails go to S3 in time or not at all; what lies there can be rewarded again."""

import json
import logging
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from router.batch import BatchHandler
from router.errors import BucketFailed
from router.policy import load_policy
from router.telemetry import Outcome, Telemetry, Telling
from router.telemetry.samples import is_chosen
from router.telemetry.trails import PAUSE_SECONDS, Trails
from router.wire import read
from tests.fakes import row
from tests.local.s3 import BUCKET, LocalS3, local_s3
from tests.rows import MALFORMED

POLICY = load_policy()
ROWS = [
    row("4", "4", id="right"),
    row("5", "4", id="wrong"),
    row("Paris, I think", "Paris", id="open"),
    row("\\boxed{4}", "4", id="ü \ud800", metadata={"task": "math"}),
    {"id": "raw", "messages": [{"role": "user", "content": "2+2?"}], "reference_answer": "4"},
    *[raw for raw, _ in MALFORMED.values()],
]


def can_be_written(value: object) -> bool:
    try:
        return bool(json.dumps(value))
    except (RecursionError, ValueError):
        return False


NOON = 1_795_694_400.0
"""2026-11-26 12:00:00 UTC."""


class Bucket:
    """Keeps what is put; or raises."""

    def __init__(self, trouble: BucketFailed | None = None) -> None:
        self.put_in: dict[str, bytes] = {}
        self.seconds: list[float] = []
        self.trouble = trouble

    def put(self, key: str, body: bytes, seconds: float) -> None:
        self.seconds.append(seconds)
        if self.trouble:
            raise self.trouble
        self.put_in[key] = body


class Writing:
    """Trails with clocks of their own."""

    def __init__(self, bucket: Bucket, share: float = 1.0, location: str = "s3://jobs/a/b/") -> None:
        self.now, self.clock, self.pace = NOON, 100.0, 0.0
        self._trails = Trails(location, share, bucket, now=lambda: self.now, clock=self._passing)

    def _passing(self) -> float:
        """The time, which passes by `pace` each time that somebody looks."""
        self.clock += self.pace
        return self.clock

    def __call__(self, event: object, *, left: float = 30.0) -> None:
        rows = read(event).rows
        outcome = Outcome(POLICY, 0.0, len(rows), rewards(event))
        self._trails.add(outcome, rows, event, "request-1", self.clock + left)


def rewards(event: object) -> Any:
    from router.route import route

    return route(POLICY, read(event).rows, None)


def test_an_object_is_named_by_date_request_and_policy() -> None:
    bucket = Bucket()
    Writing(bucket)(ROWS)
    assert list(bucket.put_in) == [f"a/b/2026-11-26/120000-request-1-{POLICY.fingerprint}.jsonl"]


def test_a_line_holds_the_row_as_it_came_and_what_became_of_it() -> None:
    bucket = Bucket()
    Writing(bucket, location="s3://jobs")(ROWS[:1])
    [(key, body)] = bucket.put_in.items()
    line = json.loads(body)
    assert key.startswith("2026-11-26/")
    assert line["input"] == ROWS[:1]
    assert line["policy"] == POLICY.fingerprint
    assert (line["result"]["aggregate_reward_score"], line["result"]["decided_by"]) == (1.0, "verifiers")
    assert [entry["by"] for entry in line["result"]["trail"]] == ["exact"]


def test_a_share_is_written_and_always_of_the_same_samples() -> None:
    many = [row(str(number), "4", id=f"r-{number}") for number in range(400)]
    bucket = Bucket()
    writing = Writing(bucket, share=0.25)
    writing(many)
    [body] = bucket.put_in.values()
    ids = [json.loads(line)["input"][0]["id"] for line in body.splitlines()]
    assert ids == [one.id for one in read(many).rows if is_chosen(one, 0.25)]
    assert 60 <= len(ids) <= 140


def test_a_batch_of_which_nothing_is_chosen_makes_no_object() -> None:
    bucket = Bucket()
    Writing(bucket, share=1e-12)(ROWS)
    assert bucket.seconds == []


@pytest.mark.parametrize(("left", "given"), [(30.0, [2.0]), (0.5, [0.5]), (0.05, []), (-3.0, [])])
def test_it_is_given_little_time_and_none_that_is_not_there(
    left: float, given: list[float], caplog: pytest.LogCaptureFixture
) -> None:
    bucket = Bucket()
    Writing(bucket)(ROWS, left=left)
    assert bucket.seconds == pytest.approx(given)
    assert ("its deadline was too near" in caplog.text) == (given == [])


def test_what_takes_too_long_to_be_put_down_is_not_written(caplog: pytest.LogCaptureFixture) -> None:
    bucket = Bucket()
    writing = Writing(bucket)
    writing.pace = 0.25
    writing(ROWS[:4])
    writing(ROWS[:3] * 3)
    assert bucket.seconds == [0.75]
    assert "or they were too many" in caplog.text


def test_a_clock_that_is_set_back_does_not_leave_the_bucket_alone_for_longer() -> None:
    bucket = Bucket(BucketFailed("TimeoutError"))
    writing = Writing(bucket)
    writing(ROWS)
    writing.now -= 3600
    writing(ROWS)
    assert len(bucket.seconds) == 2


def test_trouble_is_one_line_in_the_log_and_the_bucket_is_left_alone_for_a_while(
    caplog: pytest.LogCaptureFixture,
) -> None:
    bucket = Bucket(BucketFailed("TimeoutError"))
    writing = Writing(bucket)
    writing(ROWS)
    writing(ROWS)
    assert [record.getMessage() for record in caplog.records] == [
        "trails were dropped: s3://jobs/a/b/ could not be written to: TimeoutError: it was too slow;"
        " left alone for 60 s"
    ]
    writing.now += PAUSE_SECONDS
    bucket.trouble = None
    writing(ROWS)
    assert len(bucket.put_in) == 1


# --- S3 itself, as far as moto is S3 -----------------------------------------------------------------


@pytest.fixture
def s3(monkeypatch: pytest.MonkeyPatch) -> Iterator[LocalS3]:
    with local_s3(monkeypatch) as served:
        yield served


def rewarded(event: object, location: str = f"s3://{BUCKET}/trails") -> Any:
    """Return what a function replies that writes all its trails there."""
    telemetry = Telemetry(lambda line: None, Telling(trails=location, trail_share=1.0))
    with closing(BatchHandler(POLICY, "offline", table="", trail=False, telemetry=telemetry)) as handler:
        return handler(event, None)


def test_what_lies_in_s3_is_rewarded_again_as_it_was(s3: LocalS3, tmp_path: Path) -> None:
    sound = [one for one in ROWS if can_be_written(one)]
    assert len(sound) < len(ROWS), "what cannot be written is left out, and costs the others nothing"
    rewarded(ROWS)
    before = rewarded(sound)
    found = [s3.text(key) for key in s3.keys]
    assert [len(body.splitlines()) for body in found] == [len(sound)] * 2
    path = tmp_path / "trails.jsonl"
    path.write_text(found[1])
    command = [sys.executable, "-m", "router", "score", str(path)]
    again = subprocess.run(command, capture_output=True, text=True, check=True, cwd=Path(__file__).parents[1])
    after = [json.loads(line) for line in again.stdout.splitlines()]
    same = [(one["aggregate_reward_score"], one["metrics_list"]) for one in before]
    assert [(one["aggregate_reward_score"], one["metrics_list"]) for one in after] == same
    assert [one["id"] for one in after[:4]] == ["right", "wrong", "open", before[3]["id"]]


def test_a_bucket_that_is_not_there_costs_no_reward(s3: LocalS3, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.WARNING, logger="router"):
        reply = rewarded(ROWS[:2], "s3://nobody-s")
    assert [one["aggregate_reward_score"] for one in reply] == [1.0, 0.0]
    [record] = [one for one in caplog.records if one.name == "router"]
    assert "NoSuchBucket: there is no such bucket" in record.getMessage()
