"""From open questions to answers: a verdict or a silence for each, in order, before the deadline."""

import asyncio
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from judges.base import Line, Prompt, Reply, Settings
from router.case import Case, Judged, Question
from router.consult import Consult, line_to
from router.errors import JudgeRejected
from router.policy.model import JudgeSpec
from router.types import Sample, Silence, Verdict
from tests.fake_line import FakeLine, Said
from tests.fakes import policy_from, sample
from tests.local_bedrock import LocalBedrock

RULES = """
    judge: {model: us.amazon.nova-lite-v1:0, region: us-east-1, max_input_tokens: 2000}
    rules: [{name: all, judge: reference}]
"""


@pytest.fixture
def spec(tmp_path: Path) -> JudgeSpec:
    [part] = policy_from(RULES, tmp_path).rules[0].parts
    assert part.judge
    return part.judge


def ask(line: Line, spec: JudgeSpec, *samples: Sample, seconds: float = 60.0) -> list[Judged]:
    questions = [Question(Case(one, None), "reward", spec) for one in samples]  # type: ignore[arg-type]
    consult = Consult(line)
    try:
        return consult(questions, time.monotonic() + seconds)[0]
    finally:
        consult.close()


def test_every_question_gets_its_own_answer_in_order(spec: JudgeSpec) -> None:
    def say(prompt: Prompt) -> Said:
        right = "<response>\n4\n" in prompt.text
        return {"reason": "", "verdict": "correct" if right else "incorrect"}

    answers = ask(FakeLine(say), spec, sample("4", "4"), sample("5", "4"), sample("4", "4"))
    assert [answer.finding.score for answer in answers] == [1, 0, 1]  # type: ignore[union-attr]


def test_an_answer_says_what_it_took(spec: JudgeSpec) -> None:
    [answer] = ask(FakeLine(), spec, sample("4", "4"))
    assert answer.call
    assert (answer.call.input_tokens, answer.call.output_tokens) == (1000, 100)
    assert answer.call.usd == pytest.approx((1000 * 0.06 + 100 * 0.24) / 1e6)


def test_an_unreadable_reply_is_a_silence_that_is_paid_for(spec: JudgeSpec) -> None:
    [answer] = ask(FakeLine(lambda _: "10/10!"), spec, sample("4", "4"))
    assert isinstance(answer.finding, Silence)
    assert answer.finding.error == "JudgeUnreadable"
    assert answer.call
    assert answer.call.usd > 0


def test_a_judge_error_is_a_silence_with_its_name_and_its_advice(spec: JudgeSpec) -> None:
    def refuse(_: Prompt) -> Said:
        raise JudgeRejected("allow bedrock:InvokeModel")

    [answer] = ask(FakeLine(refuse), spec, sample("4", "4"))
    assert answer.finding == Silence("JudgeRejected", "allow bedrock:InvokeModel")


def test_a_bug_is_a_silence_and_is_logged_without_the_sample(
    spec: JudgeSpec, caplog: pytest.LogCaptureFixture
) -> None:
    def fail(prompt: Prompt) -> Said:
        raise ZeroDivisionError(prompt.text)

    answer, _ = ask(FakeLine(fail), spec, sample("CANARY", "4"), sample("4", "4"))
    assert isinstance(answer.finding, Silence)
    assert "ZeroDivisionError" in caplog.text
    assert "CANARY" not in caplog.text + answer.finding.reason


def test_a_question_that_cannot_be_put_costs_no_call(spec: JudgeSpec) -> None:
    line = FakeLine()
    [answer] = ask(line, spec, sample("4"))
    assert isinstance(answer.finding, Silence)
    assert (answer.call, line.asked) == (None, [])


class Hanging(FakeLine):
    """A line that never answers."""

    async def call(self, prompt: Prompt, settings: Settings) -> Reply:
        await asyncio.sleep(3600)
        raise AssertionError


def test_a_line_that_never_answers_cannot_hold_the_batch(spec: JudgeSpec) -> None:
    [answer] = ask(Hanging(), spec, sample("4", "4"), seconds=0.05)
    assert isinstance(answer.finding, Silence)
    assert answer.finding.error == "JudgeLate"


def test_a_cut_response_is_flagged(spec: JudgeSpec) -> None:
    [answer] = ask(FakeLine(), spec, sample("x" * 90_000, "4"))
    assert answer.flags == ("truncated",)


def test_a_verdict_names_what_the_judge_was_not_shown(spec: JudgeSpec) -> None:
    [answer] = ask(FakeLine(), spec, sample("4", "4", unread=("image", "document")))
    assert answer.finding.reason.endswith("(not shown to the judge: image, document)")


def test_a_stand_ins_verdict_is_trusted_like_a_coin(spec: JudgeSpec) -> None:
    [answer] = ask(line_to("offline"), spec, sample("4", "4"))
    assert isinstance(answer.finding, Verdict)
    assert (answer.finding.confidence, answer.call and answer.call.usd) == (0.5, 0.0)


# Over real HTTP


@pytest.fixture
def bedrock(monkeypatch: pytest.MonkeyPatch) -> Iterator[LocalBedrock]:
    with LocalBedrock() as server:
        for name, value in server.environment.items():
            monkeypatch.setenv(name, value)
        yield server


def test_a_question_goes_to_bedrock_and_comes_back_as_a_verdict(
    spec: JudgeSpec, bedrock: LocalBedrock
) -> None:
    [answer] = ask(line_to("bedrock"), spec, sample("4", "4"))
    assert isinstance(answer.finding, Verdict)
    assert answer.finding.score == 1
    [call] = bedrock.calls
    assert (call.model, answer.call and answer.call.model) == (spec.models[0].settings["model"], spec.models[0].settings["model"])
    assert answer.call
    assert answer.call.input_tokens == call.usage["inputTokens"]


def test_one_telephone_serves_one_batch_after_the_other(spec: JudgeSpec, bedrock: LocalBedrock) -> None:
    consult = Consult(line_to("bedrock"))
    for _ in range(3):
        question = Question(Case(sample("4", "4"), None), "reward", spec)  # type: ignore[arg-type]
        [answer], _ = consult([question], time.monotonic() + 60)
        assert isinstance(answer.finding, Verdict)
    consult.close()
    assert len(bedrock.calls) == 3
