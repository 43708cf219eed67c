"""`publish`, against an S3 on loopback: only what checks out, never over what somebody else wrote."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from router.__main__ import main
from router.policy import DEFAULT_POLICY, load_policy
from router.serving import Serving
from router.settings import Settings
from tests.fakes import row
from tests.local.s3 import BUCKET, LocalS3, local_s3
from tests.policies import HEAD, REST

KEY = "team a/policy.yaml"
PLACE = f"s3://{BUCKET}/{KEY}"
RUBRIC = "version: 1\nabout: Mine.\ncriteria: [{name: c, question: q, scale: {0: bad, 1: good}}]\n"

Capture = pytest.CaptureFixture[str]


@pytest.fixture
def s3(monkeypatch: pytest.MonkeyPatch) -> Iterator[LocalS3]:
    for name in ("BACKUP_MODEL_ID", "JUDGE_MODEL_ID", "JUDGE_REGION", "JUDGE_USD_PER_DAY"):
        monkeypatch.delenv(name, raising=False)
    with local_s3(monkeypatch) as served:
        yield served


@pytest.fixture
def policy(tmp_path: Path) -> Path:
    path = tmp_path / "policy.yaml"
    path.write_text(f"{HEAD}rules:\n{REST}", encoding="utf-8")
    return path


def publish(*arguments: object) -> int:
    return main(["publish", *map(str, arguments)])


def test_what_is_published_serves(s3: LocalS3, policy: Path, capsys: Capture) -> None:
    policy.write_text("version: 1\nrules: [{name: all, verify: [number]}]\n", encoding="utf-8")
    assert publish(policy, PLACE) == 0
    out = capsys.readouterr().out
    assert out.startswith(f"{PLACE} is empty.\nThe policy is sound: 1 rule, ")
    assert "Running instances take it within a minute" in out
    etag = s3.client.head_object(Bucket=BUCKET, Key=KEY)["ETag"]
    assert out.endswith(f"fingerprint {load_policy(policy).fingerprint}\nETag {etag}\n")
    serving = Serving(Settings.read({"ROUTER_POLICY": PLACE, "JUDGE": "none"}), emit=lambda line: None)
    assert serving([row("4.0", "4")], None)
    assert isinstance(about := serving({"router": "about"}, None), dict)
    assert (about["policy"], about["policy_from"]) == (load_policy(policy).fingerprint, PLACE)


def test_a_rubric_is_published_with_the_policy(s3: LocalS3, policy: Path) -> None:
    (policy.parent / "rubrics").mkdir()
    (policy.parent / "rubrics/mine.yaml").write_text(RUBRIC, encoding="utf-8")
    policy.write_text(f"{HEAD}rules: [{{name: a, judge: {{rubric: {{criteria: mine}}}}}}]", encoding="utf-8")
    assert publish(policy, PLACE) == 0
    assert "rubrics:\n  mine:\n    version: 1\n    about: Mine.\n" in s3.text(KEY)
    serving = Serving(Settings.read({"ROUTER_POLICY": PLACE, "JUDGE": "none"}), emit=lambda line: None)
    assert isinstance(about := serving({"router": "about"}, None), dict)
    assert about["policy"] == load_policy(policy).fingerprint


def test_what_changes_is_told_before_it_is_written(s3: LocalS3, policy: Path, capsys: Capture) -> None:
    publish(policy, PLACE)
    capsys.readouterr()
    policy.write_text(policy.read_text().replace("judge: reference", "verify: [exact]"), encoding="utf-8")
    assert publish(policy, PLACE) == 0
    changes, _, rest = capsys.readouterr().out.partition("\n\n")
    assert changes.splitlines()[:2] == [f"At {PLACE} this changes:", "  Rule 'rest':"]
    assert "    + No judge: what the verifiers do not settle stays unsettled." in changes
    assert rest.startswith("Published.")


def test_a_dry_run_says_the_same_and_writes_nothing(s3: LocalS3, policy: Path, capsys: Capture) -> None:
    assert publish(policy, PLACE, "--dry-run") == 0
    assert s3.asked == [("GET", 404)]
    out = capsys.readouterr().out
    assert "is sound: 1 rule" in out
    assert out.endswith(f"Nothing is written.\nfingerprint {load_policy(policy).fingerprint}\n")


def test_what_lies_there_already_is_not_written_again(s3: LocalS3, policy: Path, capsys: Capture) -> None:
    publish(policy, PLACE)
    assert publish(policy, PLACE) == 0
    out = capsys.readouterr().out
    assert "nothing that it does." in out
    assert "Nothing to do: it lies there already." in out
    assert [method for method, _ in s3.asked] == ["GET", "PUT", "GET"]


def test_every_mistake_is_told_and_nothing_is_asked_of_s3(s3: LocalS3, policy: Path, capsys: Capture) -> None:
    policy.write_text(f"{HEAD}rules:\n{REST.replace('reference', 'refrence')}  - 5\n", encoding="utf-8")
    assert publish(policy, PLACE) == 1
    out, err = capsys.readouterr()
    assert [line.split(": ")[0] for line in out.splitlines()] == [f"{policy}:4:18", f"{policy}:5:5"]
    assert err == "2 mistakes; nothing starts on this policy.\n"
    assert s3.asked == []


def test_somebody_elses_change_is_not_overwritten(s3: LocalS3, policy: Path, capsys: Capture) -> None:
    s3.put(KEY, "theirs")
    s3.asked.clear()

    def meanwhile(method: str) -> None:
        if s3.gets and not puts(s3):
            s3.before = lambda method: None
            s3.put(KEY, "theirs, newer")

    s3.before = meanwhile
    assert publish(policy, PLACE) == 1
    assert re.fullmatch(
        r"publish: \S+ a/policy.yaml: somebody else has changed it since it was read here: "
        r"look at what lies there now, and publish again\n",
        capsys.readouterr().err,
    )
    assert s3.text(KEY) == "theirs, newer"


def test_a_policy_whose_receipt_got_lost_is_published_and_nobody_elses(
    s3: LocalS3, policy: Path, capsys: Capture
) -> None:
    def lose(method: str) -> None:
        s3.lost = method == "PUT" and not puts(s3)

    s3.before = lose
    assert publish(policy, PLACE) == 0
    assert puts(s3) == [200, 412]
    etag = s3.client.head_object(Bucket=BUCKET, Key=KEY)["ETag"]
    assert capsys.readouterr().out.endswith(f"ETag {etag}\n")


def test_what_is_taken_away_meanwhile_is_told(s3: LocalS3, policy: Path, capsys: Capture) -> None:
    s3.put(KEY, "theirs")
    s3.asked.clear()
    s3.before = lambda method: s3.delete(KEY) if method == "PUT" else None
    assert publish(policy, PLACE) == 1
    assert "somebody else has changed it" in capsys.readouterr().err


def test_a_bucket_with_another_name_is_told(s3: LocalS3, policy: Path, capsys: Capture) -> None:
    assert publish(policy, "s3://nobody-s/policy.yaml") == 2
    out, err = capsys.readouterr()
    assert (out, err.count("\n")) == ("", 1)
    assert "there is no such bucket" in err


def puts(s3: LocalS3) -> list[int]:
    return [status for method, status in s3.asked if method == "PUT"]


def test_what_lies_there_with_mistakes_is_replaced(s3: LocalS3, policy: Path, capsys: Capture) -> None:
    s3.put(KEY, "rules: [")
    assert publish(policy, PLACE) == 0
    out = capsys.readouterr().out
    assert out.startswith(f"What lies at {PLACE} has mistakes, the first of them: {PLACE}:1:9: the file ends")
    assert s3.text(KEY).startswith("version: 1")


@pytest.mark.parametrize(
    ("fault", "said"), [(403, "access denied: allow s3:GetObject"), (503, "cannot be reached: SlowDown")]
)
def test_an_s3_that_refuses_is_told_in_one_line(
    fault: int, said: str, s3: LocalS3, policy: Path, capsys: Capture
) -> None:
    s3.fault = fault
    assert publish(policy, PLACE) == 2
    out, err = capsys.readouterr()
    assert (out, err.count("\n")) == ("", 1)
    assert err.startswith(f"publish: {PLACE}: {said}")


def test_a_place_that_is_none_is_wrong_usage(policy: Path, capsys: Capture) -> None:
    with pytest.raises(SystemExit) as caught:
        publish(policy, "bucket/policy.yaml")
    assert caught.value.code == 2
    assert "'bucket/policy.yaml' names no object in S3: write s3://bucket/key" in capsys.readouterr().err


def test_a_file_that_is_not_there_is_bad_input(tmp_path: Path, capsys: Capture) -> None:
    assert publish(tmp_path / "none.yaml", PLACE) == 2
    assert capsys.readouterr().err.endswith("none.yaml: No such file or directory\n")


def test_the_fingerprint_is_told_with_the_variables_that_it_depends_on(s3: LocalS3, capsys: Capture) -> None:
    assert publish(DEFAULT_POLICY, PLACE) == 0
    assert "${JUDGE_MODEL_ID:-us.amazon.nova-lite-v1:0}" in s3.text(KEY)
    [line] = [line for line in capsys.readouterr().out.splitlines() if line.startswith("fingerprint")]
    names = "BACKUP_MODEL_ID, JUDGE_MODEL_ID, JUDGE_REGION, JUDGE_USD_PER_DAY"
    assert line == f"fingerprint {load_policy().fingerprint}, where the function's {names} are as here"
