"""From open questions to answers: a verdict or a silence for each, in order, before the deadline."""

import asyncio
import math
import time
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from judges.base import Line, Prompt, Reply, Settings
from router.case import Case, Judged, Question
from router.consult import Consult, line_to
from router.errors import JudgeRejected
from router.policy.model import Rule
from router.types import Sample, Silence, Verdict
from tests.fake_line import FakeLine, Said
from tests.fakes import policy_from, sample
from tests.local.bedrock import LocalBedrock

RULES = """
    judge: {model: us.amazon.nova-lite-v1:0, region: us-east-1, max_input_tokens: 2000}
    rules: [{name: all, judge: reference}]
"""


@pytest.fixture
def rule(tmp_path: Path) -> Rule:
    return policy_from(RULES, tmp_path).rules[0]


def put(rule: Rule, *samples: Sample) -> list[Question]:
    [part] = rule.parts
    assert part.judge
    return [Question(Case(one, rule), part.name, part.judge) for one in samples]


def ask(
    line: Line, rule: Rule, *samples: Sample, seconds: float = 60.0, cap: float = math.inf
) -> list[Judged]:
    consult = Consult(line)
    try:
        return consult(put(rule, *samples), time.monotonic() + seconds, cap)[0]
    finally:
        consult.close()


def test_every_question_gets_its_own_answer_in_order(rule: Rule) -> None:
    def say(prompt: Prompt) -> Said:
        right = "<response>\n4\n" in prompt.text
        return {"reason": "", "verdict": "correct" if right else "incorrect"}

    answers = ask(FakeLine(say), rule, sample("4", "4"), sample("5", "4"), sample("4", "4"))
    assert [answer.finding.score for answer in answers] == [1, 0, 1]  # type: ignore[union-attr]


def test_an_answer_says_what_it_took(rule: Rule) -> None:
    [answer] = ask(FakeLine(), rule, sample("4", "4"))
    assert answer.call
    assert (answer.call.input_tokens, answer.call.output_tokens) == (1000, 100)
    assert answer.call.usd == pytest.approx((1000 * 0.06 + 100 * 0.24) / 1e6)


def test_an_unreadable_reply_is_a_silence_that_is_paid_for(rule: Rule) -> None:
    [answer] = ask(FakeLine(lambda _: "10/10!"), rule, sample("4", "4"))
    assert isinstance(answer.finding, Silence)
    assert answer.finding.error == "JudgeUnreadable"
    assert answer.call
    assert answer.call.usd > 0


def test_a_judge_error_is_a_silence_with_its_name_and_its_advice(rule: Rule) -> None:
    def refuse(_: Prompt) -> Said:
        raise JudgeRejected("allow bedrock:InvokeModel")

    [answer] = ask(FakeLine(refuse), rule, sample("4", "4"))
    assert answer.finding == Silence("JudgeRejected", "allow bedrock:InvokeModel")


def test_a_panel_that_does_without_a_model_that_refuses_us_is_logged_once(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    class Denied(FakeLine):
        async def call(self, prompt: Prompt, settings: Settings) -> Reply:
            if "micro" in settings.model:
                raise JudgeRejected("no permission to ask micro: allow the role `bedrock:InvokeModel` on it")
            return await super().call(prompt, settings)

    models = ", ".join(f"amazon.nova-{size}-v1:0" for size in ("lite", "micro", "pro"))
    panel = f"rules: [{{name: all, judge: {{reference: {{panel: {{models: [{models}], take: majority}}}}}}}}]"
    [rule] = policy_from(panel, tmp_path).rules
    with closing(Consult(Denied())) as consult:
        for response in ("4", "5"):
            [[judged], _] = consult(put(rule, sample(response, "4")), time.monotonic() + 60)
            assert isinstance(judged.finding, Verdict)
    [line] = caplog.messages
    assert "allow the role `bedrock:InvokeModel`" in line


def test_a_model_to_which_there_is_no_way_is_logged_too(rule: Rule, caplog: pytest.LogCaptureFixture) -> None:
    class Nowhere(FakeLine):
        async def open(self, settings: Settings) -> None:
            raise JudgeRejected("no AWS credentials: give the function a role")

    ask(Nowhere(), rule, sample("4", "4"))
    assert "give the function a role" in caplog.text


def test_a_bug_is_a_silence_and_is_logged_without_the_sample(
    rule: Rule, caplog: pytest.LogCaptureFixture
) -> None:
    def fail(prompt: Prompt) -> Said:
        raise ZeroDivisionError(prompt.text)

    answer, _ = ask(FakeLine(fail), rule, sample("CANARY", "4"), sample("4", "4"))
    assert isinstance(answer.finding, Silence)
    assert "ZeroDivisionError" in caplog.text
    assert "CANARY" not in caplog.text + answer.finding.reason


def test_a_question_that_cannot_be_put_costs_no_call(rule: Rule) -> None:
    line = FakeLine()
    [answer] = ask(line, rule, sample("4"))
    assert isinstance(answer.finding, Silence)
    assert (answer.call, line.asked) == (None, [])


class Hanging(FakeLine):
    """A line that never answers."""

    async def call(self, prompt: Prompt, settings: Settings) -> Reply:
        await asyncio.sleep(3600)
        raise AssertionError


def test_a_line_that_never_answers_cannot_hold_the_batch(rule: Rule) -> None:
    [answer] = ask(Hanging(), rule, sample("4", "4"), seconds=0.05)
    assert isinstance(answer.finding, Silence)
    assert answer.finding.error == "JudgeLate"


def test_a_cut_response_is_flagged(rule: Rule) -> None:
    [answer] = ask(FakeLine(), rule, sample("x" * 90_000, "4"))
    assert answer.flags == ("truncated",)


def test_a_verdict_names_what_the_judge_was_not_shown(rule: Rule) -> None:
    [answer] = ask(FakeLine(), rule, sample("4", "4", unread=("image", "document")))
    assert answer.finding.reason.endswith("(not shown to the judge: image, document)")


def test_a_stand_ins_verdict_is_trusted_like_a_coin(rule: Rule) -> None:
    [answer] = ask(line_to("offline"), rule, sample("4", "4"))
    assert isinstance(answer.finding, Verdict)
    assert (answer.finding.confidence, answer.call and answer.call.usd) == (0.5, 0.0)


# Over real HTTP


@pytest.fixture
def bedrock(monkeypatch: pytest.MonkeyPatch) -> Iterator[LocalBedrock]:
    with LocalBedrock() as server:
        for name, value in server.environment.items():
            monkeypatch.setenv(name, value)
        yield server


def test_a_question_goes_to_bedrock_and_comes_back_as_a_verdict(rule: Rule, bedrock: LocalBedrock) -> None:
    [answer] = ask(line_to("bedrock"), rule, sample("4", "4"))
    assert isinstance(answer.finding, Verdict)
    assert answer.finding.score == 1
    [call] = bedrock.calls
    assert answer.call
    assert call.model == answer.call.model == "us.amazon.nova-lite-v1:0"
    assert answer.call
    assert answer.call.input_tokens == call.usage["inputTokens"]


def test_one_telephone_serves_one_batch_after_the_other(rule: Rule, bedrock: LocalBedrock) -> None:
    consult = Consult(line_to("bedrock"))
    for n in range(3):
        [answer], _ = consult(put(rule, sample(f"4 + {n}", "4")), time.monotonic() + 60)
        assert isinstance(answer.finding, Verdict)
    consult.close()
    assert len(bedrock.calls) == 3
