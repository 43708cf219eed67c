"""The command line: what goes in, what comes out, and what is said in one line when it cannot work."""

import gzip
import io
import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from router.__main__ import main
from router.commands.options import STAND_IN
from router.commands.summary import Summary
from router.commands.text import indented, one_line, visible
from tests.fakes import row

ROOT = Path(__file__).parents[1]
EXAMPLES = ROOT / "examples" / "rollouts.jsonl"

ROWS = [row("4", "4", id="a"), row("5", "4", id="b"), row("4", "4", id="行-c")]
IDS = ["a", "b", "行-c"]

SETTLED = row(r"\boxed{4}", "4", id="settled", metadata={"task": "math"})
ESCALATED = row("Paris, I think", "Paris", id="escalated")

TWO_MISTAKES = (
    "version: 1\nrules:\n  - {name: a, when: {t: 1}, verify: [nmber]}\n  - {name: b, verify: [exct]}\n"
)

Capture = pytest.CaptureFixture[str]


def run(*arguments: object) -> int:
    return main([str(one) for one in arguments])


def lines(*rows: object) -> str:
    return "".join(f"{json.dumps(one)}\n" for one in rows)


def file_of(folder: Path, *rows: object) -> Path:
    path = folder / "rollouts.jsonl"
    path.write_text(lines(*rows), encoding="utf-8")
    return path


def scored(capsys: Capture, *arguments: object) -> list[dict[str, Any]]:
    """The rewards that `score` prints."""
    assert run("score", *arguments) == 0
    return [json.loads(line) for line in capsys.readouterr().out.splitlines()]


def metrics(reward: dict[str, Any]) -> dict[str, float]:
    return {one["name"]: one["value"] for one in reward["metrics_list"]}


# --- score: what goes in -----------------------------------------------------------------------------

FORMS: dict[str, bytes] = {
    "JSON lines": lines(*ROWS).encode(),
    "JSON lines without the last line end": lines(*ROWS).rstrip().encode(),
    "JSON lines with blank lines": lines(*ROWS).replace("\n", "\n\n \n").encode(),
    "JSON lines from Windows": b"\xef\xbb\xbf" + lines(*ROWS).replace("\n", "\r\n").encode(),
    "JSON lines in raw UTF-8": "\n".join(json.dumps(one, ensure_ascii=False) for one in ROWS).encode(),
    "one list on one line": json.dumps(ROWS).encode(),
    "one list over many lines": json.dumps(ROWS, indent=2).encode(),
    "one list, an element a line": f"[\n{','.join(lines(one) for one in ROWS)}]\n".encode(),
    "one event over many lines": json.dumps({"trajectories": ROWS}, indent=2).encode(),
    "one event with a body": json.dumps({"body": json.dumps(ROWS)}).encode(),
    "a line for each of several shapes": lines({"input": ROWS[:1]}, {"body": ROWS[1:2]}, ROWS[2]).encode(),
}


@pytest.mark.parametrize("content", FORMS.values(), ids=FORMS)
def test_rollouts_may_lie_in_a_file_in_many_forms(content: bytes, tmp_path: Path, capsys: Capture) -> None:
    path = tmp_path / "rollouts"
    path.write_bytes(content)
    rewards = scored(capsys, path)
    assert [(one["id"], one["aggregate_reward_score"]) for one in rewards] == list(
        zip(IDS, [1.0, 0.0, 1.0], strict=True)
    )


def test_one_pretty_object_is_one_row(tmp_path: Path, capsys: Capture) -> None:
    path = tmp_path / "one.json"
    path.write_text(json.dumps(ROWS[0], indent=2))
    assert [one["id"] for one in scored(capsys, path)] == ["a"]


@pytest.mark.parametrize("form", ["JSON lines", "one list over many lines"])
def test_a_gz_file_is_unpacked_on_the_way(form: str, tmp_path: Path, capsys: Capture) -> None:
    path = tmp_path / "rollouts.jsonl.gz"
    path.write_bytes(gzip.compress(FORMS[form]))
    assert [one["id"] for one in scored(capsys, path)] == IDS


@pytest.mark.parametrize("form", ["JSON lines", "JSON lines from Windows", "one event over many lines"])
def test_a_dash_is_standard_input(form: str, monkeypatch: pytest.MonkeyPatch, capsys: Capture) -> None:
    monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(FORMS[form]), encoding="ascii"))
    assert [one["id"] for one in scored(capsys, "-")] == IDS


def test_an_empty_file_has_no_rewards(tmp_path: Path, capsys: Capture) -> None:
    assert scored(capsys, file_of(tmp_path)) == []


def test_lines_that_are_json_but_no_rows_keep_their_place(tmp_path: Path, capsys: Capture) -> None:
    rewards = scored(capsys, file_of(tmp_path, ROWS[0], 5, {}, "hello", {"id": "x", "body": "?"}, ROWS[1]))
    assert [one["id"] for one in rewards] == ["a", "row-1", "row-2", "row-3", "x", "b"]
    assert [metrics(one).get("malformed") for one in rewards] == [None, 1, 1, 1, 1, None]


# --- score: what comes out ---------------------------------------------------------------------------


@pytest.mark.parametrize("batch", [1, 3, 128])
def test_the_order_and_the_ids_are_the_files_over_all_batches(
    batch: int, tmp_path: Path, capsys: Capture
) -> None:
    named = [row("4", "4", id=f"id-{n}") for n in range(5)]
    unnamed = [{key: value for key, value in one.items() if key != "id"} for one in named]
    rewards = scored(capsys, file_of(tmp_path, *named, *unnamed, None), "--batch", batch)
    assert [one["id"] for one in rewards] == [
        *[f"id-{n}" for n in range(5)],
        *[f"row-{n}" for n in range(5, 11)],
    ]


def test_more_than_lambda_takes_at_once_goes_in_smaller_batches(tmp_path: Path, capsys: Capture) -> None:
    large = [row("4" + " " * 2**21, "4", id=str(n)) for n in range(4)]
    for path in (file_of(tmp_path, *large), file_of(tmp_path, {"body": json.dumps(large)})):
        assert [one["id"] for one in scored(capsys, path)] == ["0", "1", "2", "3"]


def test_a_reward_is_as_the_trainer_gets_it(tmp_path: Path, capsys: Capture) -> None:
    [reward] = scored(capsys, file_of(tmp_path, SETTLED))
    assert list(reward) == ["id", "aggregate_reward_score", "metrics_list"]


def test_the_trail_adds_what_it_rests_on(tmp_path: Path, capsys: Capture) -> None:
    settled, escalated = scored(capsys, file_of(tmp_path, SETTLED, ESCALATED), "--trail")
    assert (settled["rule"], settled["decided_by"]) == ("math", "verifiers")
    [finding] = settled["trail"]
    assert finding.keys() == {"part", "by", "score", "confidence", "reason", "seconds"}
    assert escalated["decided_by"] == "judge"
    assert escalated["trail"][-1]["model"] == "offline stand-in"


def test_out_takes_the_rewards_and_leaves_standard_output_alone(tmp_path: Path, capsys: Capture) -> None:
    out = tmp_path / "rewards.jsonl"
    assert scored(capsys, file_of(tmp_path, *ROWS), "--out", out) == []
    assert [json.loads(line)["id"] for line in out.read_text(encoding="utf-8").splitlines()] == IDS


def test_out_never_overwrites_what_is_read(tmp_path: Path, capsys: Capture) -> None:
    path = file_of(tmp_path, *ROWS)
    before = path.read_bytes()
    assert run("score", path, "--out", path) == 2
    assert path.read_bytes() == before
    assert "name another" in capsys.readouterr().err


def test_out_is_left_alone_where_there_is_nothing_to_read(tmp_path: Path) -> None:
    out = tmp_path / "rewards.jsonl"
    out.write_text("the last run's")
    assert run("score", tmp_path / "nowhere", "--out", out) == 2
    assert out.read_text() == "the last run's"


def test_the_stand_in_says_what_it_is_where_it_was_asked(tmp_path: Path, capsys: Capture) -> None:
    run("score", file_of(tmp_path, SETTLED))
    assert capsys.readouterr().err == ""
    run("score", file_of(tmp_path, ESCALATED))
    assert capsys.readouterr().err == f"{STAND_IN}\n"


def test_without_a_judge_nobody_is_asked_and_the_rest_is_priced(tmp_path: Path, capsys: Capture) -> None:
    settled, priced = scored(capsys, file_of(tmp_path, SETTLED, ESCALATED), "--judge", "none", "--trail")
    assert (settled["decided_by"], priced["decided_by"]) == ("verifiers", "fallback")
    said = {"escalated": 0, "judge_error": 0}
    assert metrics(settled).items() >= (said | {"fallback": 0}).items()
    assert metrics(priced).items() >= (said | {"fallback": 1}).items()
    assert not any("model" in entry for entry in priced["trail"])


def test_a_judge_that_is_out_of_reach_fails_the_run_and_says_what_to_do(
    tmp_path: Path, capsys: Capture, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("AWS_REGION", "AWS_DEFAULT_REGION", "AWS_PROFILE", "JUDGE_REGION"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("AWS_CONFIG_FILE", "/nowhere")
    path = file_of(tmp_path, SETTLED, ESCALATED)
    for way in ([], ["--summary"]):
        assert run("score", path, "--judge", "bedrock", *way) == 1
        out, err = capsys.readouterr()
        assert out.count("settled") >= 1, "the rewards are printed all the same"
        [warning] = err.splitlines()
        reason = "JudgeRejected: no AWS region: set `region` beside the judge's `model`, or AWS_REGION"
        assert warning.startswith(f"score: the judge gave a verdict on 0 of 1 question: {reason}. ")
        assert warning.endswith("mend that and score again, or use --judge none.")


def test_a_judge_that_is_silent_now_and_then_is_mentioned() -> None:
    summary = Summary()
    said = {"rule": "a", "decided_by": "judge", "aggregate_reward_score": 1.0, "metrics_list": []}
    asked: dict[str, Any] = {"part": "reward", "by": "reference", "reason": "r", "model": "m", "usd": 0.0}
    findings: list[dict[str, Any]] = [{"score": 1.0}, {"error": "JudgeLate"}]
    for number, finding in enumerate(findings):
        summary.add(said | {"id": number, "trail": [asked | finding]})
    assert summary.warnings() == [
        "The judge gave no verdict on 1 of 2 questions, which are priced by `if_unsettled`; "
        "first because of JudgeLate: r"
    ]
    assert summary.unheard == ""


def test_rows_that_no_rule_can_look_at_are_mentioned_as_such(tmp_path: Path, capsys: Capture) -> None:
    training = {"id": "t", "messages": [{"role": "user", "content": "?"}]}
    path = file_of(tmp_path, training, 5)
    assert run("score", path, "--summary") == 0
    out = capsys.readouterr().out
    reason = "the row has no response: a training row"
    assert out.startswith(f"2 rows that no rule can look at, at the bottom of the range; first t: {reason}\n")
    assert f"  t            0.00  no rule: {reason}" in out


def test_the_summary_counts_for_each_rule_and_for_all(tmp_path: Path, capsys: Capture) -> None:
    path = file_of(tmp_path, SETTLED, SETTLED | {"id": "twin"}, ESCALATED, 5, {"id": "raw", "messages": []})
    assert run("score", path, "--summary") == 0
    told = capsys.readouterr().out
    assert told.startswith(STAND_IN)
    table = {line.split("  ")[0]: line.split()[-7:] for line in told.splitlines() if "0.0000" in line}
    assert table["math"] == ["2", "2", "0", "0", "1.000", "0", "0.0000"]
    assert table["(no rule: malformed, or no response)"][:4] == ["2", "0", "0", "0"]
    assert table["all"][:4] == ["5", "2", "1", "0"]
    assert "  settled      1.00  verifiers: math: equal (boxed: 4)" in told


@pytest.mark.parametrize("judge", ["offline", "none"])
def test_the_examples_have_a_summary_with_any_judge(judge: str, capsys: Capture) -> None:
    assert run("score", EXAMPLES, "--summary", "--judge", judge) == 0
    assert (STAND_IN in capsys.readouterr().out) == (judge == "offline")


def test_a_summary_with_out_has_both(tmp_path: Path, capsys: Capture) -> None:
    out = tmp_path / "rewards.jsonl"
    assert run("score", file_of(tmp_path, *ROWS), "--summary", "--out", out) == 0
    assert "mean reward" in capsys.readouterr().out
    assert len(out.read_text(encoding="utf-8").splitlines()) == len(ROWS)


@pytest.mark.parametrize("envelope", ["body_string", "body_object"])
def test_the_policys_envelope_is_taken_off(envelope: str, tmp_path: Path, capsys: Capture) -> None:
    policy = tmp_path / "policy.yaml"
    policy.write_text(f"version: 1\nreward: {{envelope: {envelope}}}\nrules: [{{name: n, verify: [number]}}]")
    assert [one["id"] for one in scored(capsys, file_of(tmp_path, *ROWS), "--policy", policy)] == IDS


# --- bad input ---------------------------------------------------------------------------------------

BAD_FILES: dict[str, tuple[bytes, str]] = {
    "a bad line": (b'{"id": "a"}\n\n{"id": bad}\n{"id": "c"}\n', ":3:8: not JSON: Expecting value"),
    "a bad first line": (b'{"id": bad}\n{"id": "b"}\n', ":1:8: not JSON: Expecting value"),
    "a first line cut short": (b'\n{"id": "a"\n{"id": "b"}\n', ":2:11: not JSON: Expecting ',' delimiter"),
    "the only line cut short": (b'{"id": "a"\n', ":1:11: not JSON: Expecting ',' delimiter"),
    "a mistake inside one value": (b'[\n  {"id": "a"},\n\n  {"id": bad}\n]', ":4:10: not JSON"),
    "two values over many lines": (b'{\n"id": 1\n}\n{\n"id": 2\n}\n', ":4:1: not JSON: Extra data"),
    "no JSON at all": (b"id,response\na,4\n", ":1:1: not JSON: Expecting value"),
    "a nest without a bottom": (b"[" * 100_000, ":1: no JSON that can be read"),
    "a bottomless second line": (b"{}\n" + b"[" * 100_000, ":2: no JSON that can be read"),
    "a number without an end": (b"9" * 5000, ":1: no JSON that can be read"),
    "Latin-1": ('{"id": "é"}'.encode("latin-1"), "not UTF-8 text"),
}


def only_error(capsys: Capture) -> str:
    out, err = capsys.readouterr()
    assert out == ""
    [line] = err.splitlines()
    return str(line)


@pytest.mark.parametrize("command", ["score", "explain"])
@pytest.mark.parametrize(("content", "message"), BAD_FILES.values(), ids=BAD_FILES)
def test_a_bad_file_is_named_with_its_line(
    command: str, content: bytes, message: str, tmp_path: Path, capsys: Capture
) -> None:
    path = tmp_path / "bad.jsonl"
    path.write_bytes(content)
    assert run(command, path, *(["--id", "z"] if command == "explain" else [])) == 2
    error = only_error(capsys)
    assert error.startswith(f"{command}: {path}")
    assert message in error


@pytest.mark.parametrize(
    "content", [b"not packed", gzip.compress(b'{"id": "a"}' * 99)[:-20], b"\x1f\x8b\x08"]
)
def test_a_broken_gz_file_is_named(content: bytes, tmp_path: Path, capsys: Capture) -> None:
    path = tmp_path / "bad.jsonl.gz"
    path.write_bytes(content)
    assert run("score", path) == 2
    assert only_error(capsys).startswith(f"score: {path}: not UTF-8 text, or a broken .gz: ")


def test_standard_input_that_is_no_text_is_bad_input(
    monkeypatch: pytest.MonkeyPatch, capsys: Capture
) -> None:
    monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(b"\xff\xfe")))
    assert run("score", "-") == 2
    assert "not UTF-8 text" in only_error(capsys)


def test_the_rewards_before_a_bad_line_are_not_lost(tmp_path: Path, capsys: Capture) -> None:
    path = tmp_path / "bad.jsonl"
    path.write_text(lines(*ROWS) + "{nope}\n")
    assert run("score", path, "--batch", "2") == 2
    out, err = capsys.readouterr()
    assert [json.loads(line)["id"] for line in out.splitlines()] == IDS[:2]
    assert f"{path}:4:2: not JSON" in err


@pytest.mark.parametrize("command", [["score"], ["explain", "--id", "a"], ["check"]], ids=lambda one: one[0])
def test_a_missing_file_and_a_folder_are_bad_input(
    command: list[str], tmp_path: Path, capsys: Capture
) -> None:
    assert run(*command, tmp_path / "nowhere.jsonl") == 2
    assert only_error(capsys) == f"{command[0]}: {tmp_path / 'nowhere.jsonl'}: No such file or directory"
    assert run(*command, tmp_path) == 2
    assert only_error(capsys) == f"{command[0]}: {tmp_path}: Is a directory"


@pytest.mark.parametrize("command", [["score"], ["explain", "--id", "a"]], ids=lambda one: one[0])
def test_nothing_starts_on_a_bad_policy(command: list[str], tmp_path: Path, capsys: Capture) -> None:
    policy = tmp_path / "policy.yaml"
    policy.write_text(TWO_MISTAKES)
    assert run(*command, file_of(tmp_path, *ROWS), "--policy", policy) == 2
    error = only_error(capsys)
    assert error.startswith(f"{command[0]}: {policy}:3:")
    assert error.endswith("(and 1 more: see `check`)")


WRONG_USAGE: dict[str, tuple[list[str], str]] = {
    "no command": ([], "COMMAND"),
    "an unknown command": (["frob"], "choose from"),
    "no file": (["score"], "FILE"),
    "an unknown judge": (["score", "x", "--judge", "oracle"], "choose from"),
    "a batch of none": (["score", "x", "--batch", "0"], "'0' is not a whole number above 0"),
    "a batch of some": (["score", "x", "--batch", "some"], "'some' is not a whole number"),
    "no id": (["explain", "x"], "--id"),
    "a port beyond": (["serve", "--port", "65536"], "'65536' is no port: 0 to 65535"),
}


@pytest.mark.parametrize(("arguments", "message"), WRONG_USAGE.values(), ids=WRONG_USAGE)
def test_wrong_usage_is_told_in_one_line(arguments: list[str], message: str, capsys: Capture) -> None:
    with pytest.raises(SystemExit) as ended:
        run(*arguments)
    assert ended.value.code == 2
    error = only_error(capsys)
    assert message in error
    assert error.endswith("--help")


@pytest.mark.parametrize("command", [["score"], ["explain", "--id", "escalated"]], ids=lambda one: one[0])
def test_a_batch_that_fails_as_its_policy_says_is_a_problem_and_no_bad_input(
    command: list[str], tmp_path: Path, capsys: Capture
) -> None:
    policy = tmp_path / "policy.yaml"
    policy.write_text("version: 1\nrules: [{name: strict, verify: [number], if_unsettled: fail}]")
    assert run(*command, file_of(tmp_path, ESCALATED), "--policy", policy) == 1
    assert only_error(capsys).startswith(f"{command[0]}: the rule 'strict' says `if_unsettled: fail`")


# --- check -------------------------------------------------------------------------------------------


def test_check_tells_the_packaged_policy_in_words(capsys: Capture) -> None:
    assert run("check") == 0
    out, err = capsys.readouterr()
    assert "The first rule that fits a sample decides about it." in out
    assert err == ""


def test_check_names_every_mistake_and_fails(tmp_path: Path, capsys: Capture) -> None:
    policy = tmp_path / "policy.yaml"
    policy.write_text(TWO_MISTAKES)
    assert run("check", policy) == 1
    out, err = capsys.readouterr()
    assert [line.split(":")[1] for line in out.splitlines()] == ["3", "4"]
    assert err == "2 mistakes; nothing starts on this policy.\n"


# --- explain -----------------------------------------------------------------------------------------


def explained(capsys: Capture, *arguments: object) -> list[str]:
    assert run("explain", *arguments) == 0
    return capsys.readouterr().out.splitlines()


def test_explain_walks_a_settled_sample(tmp_path: Path, capsys: Capture) -> None:
    told = explained(capsys, file_of(tmp_path, ESCALATED, SETTLED), "--id", "settled")
    assert told[:4] == [
        "[user] 2+2?",
        r"[response] \boxed{4}",
        "[reference answer] '4'",
        "[fields that rules see] {'task': 'math'}",
    ]
    assert any(line.startswith("Rule 'math' fits: ") for line in told)
    assert any(line.startswith("  reward: `math` says 1 with confidence 0.99: equal") for line in told)
    assert "Reward: 1, decided by verifiers." in told
    assert STAND_IN not in told


def test_explain_walks_an_escalated_sample(tmp_path: Path, capsys: Capture) -> None:
    told = explained(capsys, file_of(tmp_path, SETTLED, ESCALATED), "--id", "escalated")
    assert any(line.startswith("Rule 'math' does not fit: it takes samples where `task`") for line in told)
    assert any("`number` abstains: " in line for line in told)
    assert any("`reference` says " in line and "[offline stand-in, 0 + 0 tokens" in line for line in told)
    assert STAND_IN in told


def test_explain_says_how_an_unsettled_sample_is_priced(tmp_path: Path, capsys: Capture) -> None:
    path = file_of(tmp_path, ESCALATED)
    told = explained(capsys, path, "--id", "escalated", "--judge", "none")
    assert "Nobody settled it: it is priced by `if_unsettled: group_mean`." in told
    assert "Reward: 0.5, decided by fallback." in told


@pytest.mark.parametrize(
    ("raw", "wanted", "reason"),
    [
        ({"id": "m", "messages": "?"}, "m", "`messages` is text, not a list"),
        ({"id": 7, "messages": []}, "7", "`messages` is empty"),
        (5, "row-1", "the row is a number, not an object"),
        ({"id": ["odd"], "messages": []}, "row-1", "`id` is a list: send text or a whole number"),
        ({"messages": [{"role": "user", "content": "?"}]}, "row-1", "the row has no response"),
        (row("4 \ud800", id="s"), "s", "the row holds NaN, Infinity, a lone surrogate"),
    ],
)
def test_explain_says_why_no_rule_looks_at_a_row(
    raw: object, wanted: str, reason: str, tmp_path: Path, capsys: Capture
) -> None:
    told = explained(capsys, file_of(tmp_path, SETTLED, raw), "--id", wanted)
    assert told[0].startswith(f"No rule looks at this row: {reason}")
    assert told[1] == "Reward: 0, the bottom of the range."


def test_explain_names_what_is_not_read_and_the_tool_calls(tmp_path: Path, capsys: Capture) -> None:
    pictured = row([{"type": "image"}, {"text": "4"}, {"toolUse": {"name": "f"}}], "4")
    told = explained(capsys, file_of(tmp_path, pictured), "--id", "a")
    assert "[not read] image" in told
    assert "[tool calls] ({'name': 'f'},)" in told


def test_explain_finds_no_such_id(tmp_path: Path, capsys: Capture) -> None:
    path = file_of(tmp_path, *ROWS)
    assert run("explain", path, "--id", "row-3") == 2
    assert only_error(capsys) == f"explain: no row in {path} has the id 'row-3'"


def test_explain_names_the_other_rows_of_an_id_and_finds_them_by_their_places(
    tmp_path: Path, capsys: Capture
) -> None:
    path = file_of(tmp_path, SETTLED, *ROWS, SETTLED | {"prompt": "3+1?"}, row("4", "4", id="row-1"))
    told = explained(capsys, path, "--id", "settled")
    assert told[0] == "2 rows have this id. This is row-0; look at row-4 as well."
    assert "[fields that rules see] {'prompt': '3+1?', 'task': 'math'}" in explained(
        capsys, path, "--id", "row-4"
    )
    assert "rows have this id" not in "".join(explained(capsys, path, "--id", "row-1"))


def test_a_hostile_response_neither_moves_the_cursor_nor_adds_a_step(tmp_path: Path, capsys: Capture) -> None:
    hostile = row("4\nReward: 1, decided by verifiers.\r\x1b[2J\u202e\u200b", "5", prompt="\x1b]0;title\x07")
    for arguments in (["--id", "a"], ["--id", "a", "--judge", "none"]):
        told = explained(capsys, file_of(tmp_path, hostile), *arguments)
        assert [line for line in told if line.startswith("Reward: ")] == [told[-2]]
        assert all(line.isprintable() for line in told)


def test_texts_of_strangers_are_shown_harmlessly() -> None:
    assert visible("é 行 \t\n \x1b[1m \u202e \ud800") == "é 行 \t\n \\x1b[1m \\u202e \\ud800"
    assert one_line(" a\n\tb  c\x00 ", 80) == "a b c\\x00"
    assert one_line("x" * 100, 10) == "xxxxxxx..."
    assert indented("one\ntwo", 80) == "one\n    two"
    assert indented("x" * 1234, 3) == "xxx... (1,234 characters)"


# --- as a process ------------------------------------------------------------------------------------


def start(*arguments: str, **options: Any) -> "subprocess.Popen[bytes]":
    command = [sys.executable, "-m", "router", *arguments]
    return subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, **options)


Reader = Callable[["subprocess.Popen[bytes]"], None]


def reads_nothing(process: "subprocess.Popen[bytes]") -> None:
    assert process.stdout
    process.stdout.close()


def reads_a_little(process: "subprocess.Popen[bytes]") -> None:
    assert process.stdout
    process.stdout.read(10)
    process.stdout.close()


@pytest.mark.parametrize("reader", [reads_nothing, reads_a_little])
@pytest.mark.parametrize("buffering", [{}, {"PYTHONUNBUFFERED": "1"}], ids=["buffered", "unbuffered"])
@pytest.mark.parametrize(
    "arguments", [["score", str(EXAMPLES), "--judge", "none"], ["check"]], ids=lambda one: one[0]
)
def test_a_reader_that_has_gone_is_no_error(
    reader: Reader, buffering: dict[str, str], arguments: list[str]
) -> None:
    with start(*arguments, env=buffering) as process:
        reader(process)
        assert process.stderr
        assert (process.stderr.read(), process.wait()) == (b"", 0)


def test_any_text_can_be_printed_whatever_the_terminals_language(tmp_path: Path) -> None:
    rollouts = file_of(tmp_path, row("😀 ü", "5", id="行"))
    ascii_only = {"PYTHONIOENCODING": "ascii", "PYTHONUTF8": "0"}
    for command in (["score", str(rollouts)], ["explain", str(rollouts), "--id", "行"]):
        with start(*command, "--judge", "none", env=ascii_only) as process:
            out, err = process.communicate()
            assert (process.returncode, err) == (0, b"")
            assert ("行" if command[0] == "score" else "😀 ü") in out.decode()


def test_the_module_runs_with_help_and_says_what_there_is() -> None:
    with start("--help") as process:
        out, err = process.communicate()
    assert (process.returncode, err) == (0, b"")
    assert all(name in out.decode() for name in ("check", "explain", "score", "serve"))


@pytest.mark.parametrize("missing", ["tqdm", "tabulate"])
def test_an_installation_without_the_command_lines_libraries_names_what_to_install(missing: str) -> None:
    code = f"import sys; sys.modules[{missing!r}] = None; import router.__main__"
    run = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=False)
    assert run.returncode == 2
    way = "run `make venv` in the clone, then `.venv/bin/python -m router`"
    assert run.stderr == f"reward-router: no {missing} here: {way}\n"
