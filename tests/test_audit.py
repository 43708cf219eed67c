"""Audits: which settled samples a judge looks at as well, what it says, and that no reward notices."""

import json
import math
import time
from collections.abc import Sequence
from contextlib import closing
from pathlib import Path
from typing import Any, cast

import pytest

from judges.switchboard import worst_case
from router.__main__ import main
from router.audit import MOST_SECONDS
from router.batch import make_handler
from router.case import Case, Judged, Question
from router.consult import Consult
from router.errors import JudgeUnavailable
from router.policy import Policy
from router.query import Query
from router.route import route
from router.telemetry import Outcome
from router.telemetry.line import batch_line
from router.types import Call, Reward, Sample, Silence, Verdict
from router.wire import write
from tests.fake_line import FakeLine, Said
from tests.fakes import policy_from, row, sample
from tests.local.bedrock import LocalBedrock
from tests.local.bedrock_faults import access_denied

RULES = """
    rules:
      - name: sums
        when: {{task: math}}
        verify: [number]
        judge: reference
        audit: {}
      - name: parts
        when: {{task: parts}}
        gate: [{{format: {{max_words: 50}}}}]
        parts:
          right: {{verify: [number], judge: reference}}
          form: {{verify: [{{exact: {{closed: true}}}}]}}
          tone: {{judge: {{rubric: {{criteria: helpfulness}}}}}}
        audit: 1
      - name: rest
        judge: reference
"""
RIGHT = r"\boxed{4}"


def rules(folder: Path, share: float = 1.0, more: str = "") -> Policy:
    return policy_from(RULES.format(share) + more, folder)


def settled(response: str = RIGHT, *, task: str = "math", id: str = "a") -> Sample:
    return sample(response, "4", id=id, fields={"task": task})


def wrong(prompt: object) -> Said:
    return {"reason": "", "verdict": "incorrect"}


class Judges:
    """Asks a line, or nobody; remembers what it was asked, by when."""

    def __init__(self, line: FakeLine) -> None:
        self._consult = Consult(line)
        self.asked: list[list[str]] = []
        self.seconds: list[float] = []

    def __call__(self, questions: Sequence[Question], deadline: float) -> Sequence[Judged]:
        self.asked.append([f"{one.case.sample.id}.{one.part}" for one in questions])
        self.seconds.append(deadline - time.monotonic())
        return self._consult(questions, time.monotonic() + 1e4)[0]

    def close(self) -> None:
        self._consult.close()


def reward(
    policy: Policy, *samples: Sample, line: FakeLine | None = None, deadline: float = math.inf
) -> tuple[list[Reward], Judges]:
    judges = Judges(line or FakeLine())
    try:
        return route(policy, samples, judges, deadline), judges
    finally:
        judges.close()


def numbers(reward: Reward) -> dict[str, float]:
    """The metrics of a reward, as a trainer gets them."""
    return {one["name"]: one["value"] for one in result(reward)["metrics_list"]}


def result(reward: Reward) -> dict[str, Any]:
    """A reward as it is written, trail and all."""
    written = write([sample("", id=reward.id)], [reward], "list", trail=True)
    assert isinstance(written, list)
    [only] = written
    return cast("dict[str, Any]", only)


# --- what an audit says ------------------------------------------------------------------------------


def test_a_settled_sample_is_judged_as_well_and_its_reward_stays(tmp_path: Path) -> None:
    [seen], judges = reward(rules(tmp_path), settled(), line=FakeLine(wrong))
    assert judges.asked == [["a.reward"]]
    assert (seen.value, seen.decided_by, seen.flags) == (1.0, "verifiers", ())
    [verifier, judge] = seen.trail
    assert judge.audits == verifier.finding
    assert isinstance(judge.finding, Verdict)
    assert judge.finding.score == 0
    assert (seen.escalated, seen.judge_error) == (False, False)
    assert (seen.audited, seen.parted) == (True, True)


def test_a_judge_that_agrees_does_not_part_ways(tmp_path: Path) -> None:
    [seen], _ = reward(rules(tmp_path), settled())
    assert (seen.audited, seen.parted) == (True, False)


def test_only_scores_on_two_sides_of_the_middle_part_ways(tmp_path: Path) -> None:
    [seen], _ = reward(rules(tmp_path), settled())
    audit = seen.trail[-1]

    def parts(verifiers: float, judge: float) -> bool:
        said = Verdict(judge, 1.0, "")
        return type(audit)("a", "b", said, 0.0, audit.call, Verdict(verifiers, 1.0, "")).parts_ways

    assert parts(0.4, 0.6)
    assert parts(1.0, 0.0)
    assert not parts(0.6, 0.9)
    assert not parts(0.5, 0.0)
    assert not parts(1.0, 0.5)


@pytest.mark.parametrize("share", [0, 1])
def test_a_trainer_gets_the_same_numbers_and_one_more(tmp_path: Path, share: int) -> None:
    [plain], _ = reward(rules(tmp_path, 0), settled(), line=FakeLine(wrong))
    [seen], _ = reward(rules(tmp_path, share), settled(), line=FakeLine(wrong))
    audit = {"reward.audit": 0.0} if share else {}
    assert numbers(seen) == numbers(plain) | audit


def test_a_trail_says_which_finding_is_an_audit(tmp_path: Path) -> None:
    [seen], _ = reward(rules(tmp_path), settled(), line=FakeLine(wrong))
    verifier, judge = result(seen)["trail"]
    assert (judge["audit"], judge["parted"], judge["by"]) == (True, True, "reference")
    assert "audit" not in verifier


def test_a_silent_judge_is_in_the_trail_and_no_judge_error(tmp_path: Path) -> None:
    def fail(prompt: object) -> Said:
        raise ZeroDivisionError

    [seen], _ = reward(rules(tmp_path), settled(), line=FakeLine(fail))
    assert isinstance(seen.trail[-1].finding, Silence)
    assert (seen.escalated, seen.judge_error, seen.audited, seen.parted) == (False, False, False, False)
    assert numbers(seen)["judge_error"] == 0
    line = json.loads(batch_line(Outcome(rules(tmp_path), 1.0, 1, [seen])))
    assert (line["judge_errors"], line["audited"], line["parted"]) == ({}, 0, 0)


def test_the_batch_line_counts_audits_and_partings(tmp_path: Path) -> None:
    policy = rules(tmp_path)
    seen, _ = reward(policy, settled(id="a"), settled(r"\boxed{5}", id="b"), line=FakeLine(wrong))
    line = json.loads(batch_line(Outcome(policy, 1.0, len(seen), seen)))
    assert (line["audited"], line["parted"], line["escalated"]) == (2, 1, 0)


# --- what is audited ---------------------------------------------------------------------------------


def test_of_several_parts_those_are_audited_that_verifiers_settled_and_a_judge_could(tmp_path: Path) -> None:
    [seen], judges = reward(rules(tmp_path), settled(task="parts"))
    assert judges.asked == [["a.tone"], ["a.right"]]
    assert [(entry.part, entry.audits is not None) for entry in seen.trail if entry.call] == [
        ("tone", False),
        ("right", True),
    ]
    assert (seen.escalated, seen.decided_by) == (True, "judge")


def test_what_a_gate_ended_is_not_audited(tmp_path: Path) -> None:
    [seen], judges = reward(rules(tmp_path), settled("word " * 60, task="parts"))
    assert (seen.decided_by, judges.asked) == ("gate", [])


def test_what_the_judge_decided_is_not_audited(tmp_path: Path) -> None:
    [seen], judges = reward(rules(tmp_path), settled("hm"))
    assert (seen.decided_by, judges.asked) == ("judge", [["a.reward"]])


def test_nobody_is_asked_where_no_judge_may_be(tmp_path: Path) -> None:
    [seen] = route(rules(tmp_path), [settled()], None)
    assert len(seen.trail) == 1


def test_about_the_share_is_drawn_and_the_same_samples_every_time(tmp_path: Path) -> None:
    samples = [settled(rf"{n}: \boxed{{4}}", id=str(n)) for n in range(2000)]
    policy = rules(tmp_path, 0.1)
    first, _ = reward(policy, *samples)
    again, _ = reward(policy, *reversed(samples))
    drawn = {one.id for one in first if one.audited}
    assert drawn == {one.id for one in again if one.audited}
    assert 150 <= len(drawn) <= 250


def test_another_policy_draws_other_samples(tmp_path: Path) -> None:
    samples = [settled(rf"{n}: \boxed{{4}}", id=str(n)) for n in range(100)]
    one, _ = reward(rules(tmp_path, 0.5), *samples)
    other, _ = reward(rules(tmp_path, 0.5, "    budget: {usd_per_day: 7}\n"), *samples)
    assert {seen.id for seen in one if seen.audited} != {seen.id for seen in other if seen.audited}


def test_the_id_of_a_sample_does_not_matter(tmp_path: Path) -> None:
    samples = [settled(rf"{n}: \boxed{{4}}", id=id) for n in range(50) for id in ("a", "b")]
    seen, _ = reward(rules(tmp_path, 0.5), *samples)
    assert [one.audited for one in seen[::2]] == [one.audited for one in seen[1::2]]


# --- last, and within what is left -------------------------------------------------------------------


def test_audits_are_asked_after_everything_else_and_for_a_few_seconds(tmp_path: Path) -> None:
    _, judges = reward(rules(tmp_path), settled(id="a"), settled("hm", id="b"), settled(id="c"))
    assert judges.asked == [["b.reward"], ["a.reward", "c.reward"]]
    assert judges.seconds[0] == math.inf
    assert judges.seconds[1] <= MOST_SECONDS


def test_audits_end_before_the_deadline(tmp_path: Path) -> None:
    _, judges = reward(rules(tmp_path), settled(), deadline=time.monotonic() + 1.0)
    assert judges.seconds[0] <= 1.0


def test_audits_change_no_group_mean(tmp_path: Path) -> None:
    def down(prompt: object) -> Said:
        raise JudgeUnavailable("down")

    samples = [settled(id="a"), settled(r"\boxed{5}", id="b"), settled("hm", id="c")]

    def answer(questions: Sequence[Question], deadline: float) -> Sequence[Judged]:
        audits = len(questions) > 1
        finding = Verdict(0.0, 1.0, "") if audits else Silence("JudgeLate", "")
        return [Judged(finding, 0.0, Call("nova"), ("over_budget",)) for _ in questions]

    seen = route(rules(tmp_path), samples, answer)
    assert [one.value for one in seen] == [1.0, 0.0, 0.5]
    assert [one.flags for one in seen] == [(), (), ("over_budget",)]


# --- the whole way -----------------------------------------------------------------------------------


@pytest.mark.parametrize(("times", "audits"), [(1.001, 0), (2.0, 1)])
def test_audits_spend_what_the_escalated_left_of_the_budget(
    times: float, audits: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    plain = rules(tmp_path)
    [rule, *_] = plain.rules
    [part] = rule.parts
    assert part.judge
    query = Query.of(Question(Case(settled("hm"), rule), part.name, part.judge))
    cap = times * worst_case(query.first, query.seats[0].settings)
    policy = rules(tmp_path, 1.0, f"    budget: {{usd_per_invocation: {cap:.9f}}}\n")
    rows = [row(text, "4", id=text, task="math") for text in ("hm", RIGHT)]
    lines: list[str] = []
    with LocalBedrock() as bedrock:
        for name, value in bedrock.environment.items():
            monkeypatch.setenv(name, value)
        with closing(make_handler(policy, "bedrock", emit=lines.append)) as handler:
            handler(rows, None)
    [line] = map(json.loads, lines)
    assert (line["audited"], line["escalated"], line["judge_errors"]) == (audits, 1, {})
    assert (line["flags"], [one["calls"] for one in line["judges"]]) == ({}, [1 + audits])


def test_a_model_that_refuses_a_batch_is_not_asked_once_more_by_its_audits(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    rows = [row(text, "4", id=text, task="math") for text in ("hm", RIGHT)]
    lines: list[str] = []
    with LocalBedrock(faults=lambda _: access_denied()) as bedrock:
        for name, value in bedrock.environment.items():
            monkeypatch.setenv(name, value)
        with closing(make_handler(rules(tmp_path), "bedrock", emit=lines.append)) as handler:
            handler(rows, None)
            assert len(bedrock.calls) == 1
            handler(rows, None)
    assert len(bedrock.calls) == 2, "the next batch asks again"
    assert [json.loads(line)["judge_errors"] for line in lines] == [{"JudgeRejected": 1}] * 2


def test_the_command_line_tells_audits_from_escalations(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    rules(tmp_path)
    path = tmp_path / "rollouts.jsonl"
    path.write_text(
        json.dumps(row(f"If I see it well: {RIGHT}", "4", id="mine", task="math")), encoding="utf-8"
    )
    here = ["--policy", str(tmp_path / "policy.yaml")]
    assert main(["score", str(path), "--summary", *here]) == 0
    told = capsys.readouterr().out
    assert "The judge looked at 1 settled part as well, and disagrees on 1: mine" in told
    assert "verifiers: number: equal" in told
    [counts] = [line.split()[1:5] for line in told.splitlines() if line.startswith("sums")]
    assert counts == ["1", "1", "0", "0"]
    assert main(["explain", str(path), "--id", "mine", *here]) == 0
    assert "`reference`, an audit, says 0 with" in capsys.readouterr().out
