"""One question before its judge: paid once, asked of backups and panels, read strictly, in virtual time."""

import asyncio
import math
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from random import Random
from typing import cast

import pytest

from judges.base import Prompt, Reply, Settings
from judges.prompt import AGAIN
from judges.switchboard import Batch, Ledger, Switchboard
from router.cache import Verdicts
from router.case import LATE, Case, Judged, Question
from router.consult import answers
from router.errors import JudgeRefused, JudgeRejected, JudgeThrottled, JudgeUnavailable
from router.hearing import Hearing
from router.types import Sample, Silence, Verdict
from tests.fakes import policy_from, sample
from tests.simulated.virtual_time import VirtualLoop, run

LITE, MICRO, PRO = "amazon.nova-lite-v1:0", "amazon.nova-micro-v1:0", "amazon.nova-pro-v1:0"

Said = str | dict[str, object]
Say = Callable[[str, Prompt], Said]


def correct(model: str, prompt: Prompt) -> Said:
    return {"reason": f"{model} thinks so", "verdict": "correct"}


@dataclass
class Models:
    """Models that say what `say` returns, a second after they are asked, or raise what it raises."""

    say: Say = correct
    asked: list[tuple[str, str]] = field(default_factory=list)

    async def open(self, settings: Settings) -> None:
        pass

    async def call(self, prompt: Prompt, settings: Settings) -> Reply:
        self.asked.append((settings.model, prompt.text))
        await asyncio.sleep(1)
        return Reply(self.say(settings.model, prompt), "end_turn", settings.model, 1000, 100)

    async def close(self) -> None:
        pass

    @property
    def names(self) -> list[str]:
        return [model for model, _ in self.asked]


class Bench:
    """A rule's judge with its models, for one batch after another."""

    def __init__(self, folder: Path, judge: str, models: Models) -> None:
        self.rule = policy_from(f"rules: [{{name: all, judge: {{reference: {judge}}}}}]", folder).rules[0]
        self.models = models
        self.verdicts = Verdicts()
        self.ledger = Ledger()

    def hear(self, *samples: Sample, seconds: float = 600.0, cap: float = math.inf) -> list[Judged]:
        """Judge a batch; each batch has a clock of its own."""

        async def main() -> list[Judged]:
            clock = asyncio.get_running_loop().time
            switchboard = Switchboard(self.models, clock=clock, rng=Random(1))
            self.ledger = Ledger(cap)
            hearing = Hearing(switchboard, self.verdicts, Batch(clock() + seconds, self.ledger))
            return await answers(hearing, self._questions(samples))

        return run(main())

    def _questions(self, samples: Iterable[Sample]) -> list[Question]:
        [part] = self.rule.parts
        assert part.judge
        return [Question(Case(one, self.rule), part.name, part.judge) for one in samples]


def verdict(judged: Judged) -> Verdict:
    assert isinstance(judged.finding, Verdict), judged.finding
    return judged.finding


def silence(judged: Judged) -> Silence:
    assert isinstance(judged.finding, Silence), judged.finding
    return judged.finding


# --- in time ----------------------------------------------------------------------------------------


class Laborious(Models):
    """Models that never answer, and a way to them that takes a second of processor time for each question."""

    async def open(self, settings: Settings) -> None:
        cast("VirtualLoop", asyncio.get_running_loop()).spend(1)

    async def call(self, prompt: Prompt, settings: Settings) -> Reply:
        self.asked.append((settings.model, prompt.text))
        await asyncio.sleep(math.inf)
        raise AssertionError


def test_questions_that_take_long_to_begin_are_begun_only_as_far_as_they_can_be_given_up_in_time(
    tmp_path: Path,
) -> None:
    bench = Bench(tmp_path, "{}", Laborious())
    said = [silence(one) for one in bench.hear(*[sample(f"{n}", "4") for n in range(9)], seconds=10)]
    assert [one == LATE for one in said] == [False] * 3 + [True] * 6
    assert {one.error for one in said} == {"JudgeLate"}


def test_a_question_that_comes_too_late_is_not_put(tmp_path: Path) -> None:
    bench = Bench(tmp_path, "{}", Models())
    [late] = bench.hear(sample("4", "4"), seconds=0)
    assert (late.finding, late.call, bench.models.asked) == (LATE, None, [])


# --- paid once ---------------------------------------------------------------------------------------


def test_what_a_batch_asks_twice_is_paid_once_and_said_of_the_later_rows(tmp_path: Path) -> None:
    bench = Bench(tmp_path, "{}", Models())
    first, again, other = bench.hear(sample("4", "4"), sample("4", "4"), sample("5", "4"))
    assert len(bench.models.asked) == 2
    assert [one.flags for one in (first, again, other)] == [(), ("cached",), ()]
    assert [one.call and (one.call.input_tokens, one.call.cached) for one in (first, again, other)] == [
        (1000, False),
        (0, True),
        (1000, False),
    ]


def test_a_batch_that_comes_twice_is_answered_alike_and_paid_once(tmp_path: Path) -> None:
    bench = Bench(tmp_path, "{}", Models())
    batch = [sample("4", "4"), sample("four", "4"), sample("4", "4")]
    first, second = bench.hear(*batch), bench.hear(*batch)
    assert [(one.finding, one.flags) for one in first] == [(one.finding, one.flags) for one in second]
    assert (len(bench.models.asked), bench.ledger.by) == (2, {})


@pytest.mark.parametrize(
    "other",
    [
        sample("5", "4"),
        sample("4", "5"),
        sample("4", "4", prompt="2+3?"),
        sample("4", "4", unread=("image",)),
    ],
    ids=["response", "reference", "prompt", "what was not shown"],
)
def test_whatever_could_change_a_verdict_makes_another_question(tmp_path: Path, other: Sample) -> None:
    bench = Bench(tmp_path, "{}", Models())
    bench.hear(sample("4", "4"), other)
    assert len(bench.models.asked) == 2


@pytest.mark.parametrize(
    "setting", ["model: amazon.nova-pro-v1:0", "max_tokens: 99", "confidence: 0.5", "reply: text"]
)
def test_a_judge_with_other_settings_asks_anew(tmp_path: Path, setting: str) -> None:
    bench = Bench(tmp_path, "{}", Models(lambda *_: '{"reason": "", "verdict": "correct"}'))
    bench.hear(sample("4", "4"))
    other = Bench(tmp_path, f"{{{setting}}}", bench.models)
    other.verdicts = bench.verdicts
    other.hear(sample("4", "4"))
    assert len(bench.models.asked) == 2


def test_blanks_at_the_ends_of_lines_make_no_other_question(tmp_path: Path) -> None:
    bench = Bench(tmp_path, "{}", Models())
    bench.hear(sample("one  \ntwo", "4"), sample("one\ntwo\n\n", "4"))
    assert len(bench.models.asked) == 1


# --- backups -----------------------------------------------------------------------------------------

BACKED = f"{{backups: [{{model: {MICRO}, scores: [0.1, 0.8]}}, {{model: {PRO}}}]}}"


def down(*models: str) -> Say:
    def say(model: str, prompt: Prompt) -> Said:
        if model in models:
            raise JudgeUnavailable("down")
        return correct(model, prompt)

    return say


def test_a_backup_answers_where_the_model_is_down_and_says_so(tmp_path: Path) -> None:
    bench = Bench(tmp_path, BACKED, Models(down(LITE)))
    [judged] = bench.hear(sample("4", "4"))
    assert judged.call
    assert (judged.call.model, judged.flags) == (MICRO, ("judged_by_backup",))


def test_a_backups_scores_are_mapped_onto_the_first_models_scale(tmp_path: Path) -> None:
    bench = Bench(tmp_path, BACKED, Models(down(LITE)))
    assert verdict(bench.hear(sample("4", "4"))[0]).score == pytest.approx(0.8)


def test_backups_are_asked_in_order(tmp_path: Path) -> None:
    bench = Bench(tmp_path, BACKED, Models(down(LITE, MICRO)))
    [judged] = bench.hear(sample("4", "4"))
    assert judged.call
    assert (judged.call.model, list(dict.fromkeys(bench.models.names))) == (PRO, [LITE, MICRO, PRO])


def test_a_batch_moves_to_the_backup_once_the_model_is_known_to_be_down(tmp_path: Path) -> None:
    bench = Bench(tmp_path, BACKED, Models(down(LITE)))
    judged = bench.hear(*[sample(f"{n}", "4") for n in range(40)], seconds=30)
    assert {one.call.model for one in judged if one.call} == {MICRO}
    assert bench.models.names.count(LITE) <= 60


def test_a_model_that_refuses_us_is_no_reason_for_a_backup(tmp_path: Path) -> None:
    def say(model: str, prompt: Prompt) -> Said:
        raise JudgeRejected("allow bedrock:InvokeModel")

    bench = Bench(tmp_path, BACKED, Models(say))
    assert silence(bench.hear(sample("4", "4"))[0]) == Silence("JudgeRejected", "allow bedrock:InvokeModel")


# --- read strictly -----------------------------------------------------------------------------------


def test_a_reply_that_cannot_be_read_is_asked_for_once_more(tmp_path: Path) -> None:
    said: Iterator[Said] = iter(["I would say it is correct", {"reason": "same", "verdict": "correct"}])
    bench = Bench(tmp_path, "{}", Models(lambda *_: next(said)))
    [judged] = bench.hear(sample("4", "4"))
    assert verdict(judged).score == 1
    assert [prompt.endswith(AGAIN) for _, prompt in bench.models.asked] == [False, True]
    assert judged.call
    assert (judged.call.input_tokens, judged.call.output_tokens) == (2000, 200)


@pytest.mark.parametrize(
    "said", ["11/10", '{"reason": "", "verdict": "maybe"}', '{"verdict": NaN}', "", "correct"]
)
def test_two_replies_that_cannot_be_read_are_a_silence_that_was_paid_for(tmp_path: Path, said: str) -> None:
    bench = Bench(tmp_path, "{}", Models(lambda *_: said))
    [judged] = bench.hear(sample("4", "4"))
    assert (silence(judged).error, len(bench.models.asked)) == ("JudgeUnreadable", 2)
    assert bench.ledger.by[LITE, "all"].input_tokens == 2000


# --- panels ------------------------------------------------------------------------------------------

PANEL = f"{{panel: {{models: [{LITE}, {MICRO}, {PRO}], take: majority}}}}"


def votes(**said: bool) -> Say:
    names = {"lite": LITE, "micro": MICRO, "pro": PRO}
    by = {names[name]: "correct" if right else "incorrect" for name, right in said.items()}
    return lambda model, _: {"reason": model, "verdict": by[model]}


def test_a_panel_that_agrees_early_asks_no_further(tmp_path: Path) -> None:
    bench = Bench(tmp_path, PANEL, Models(votes(lite=True, micro=True)))
    assert verdict(bench.hear(sample("4", "4"))[0]).score == 1
    assert bench.models.names == [LITE, MICRO]


def test_a_panel_that_disagrees_asks_the_next_and_is_less_sure(tmp_path: Path) -> None:
    bench = Bench(tmp_path, PANEL, Models(votes(lite=True, micro=False, pro=False)))
    found = verdict(bench.hear(sample("4", "4"))[0])
    assert [found.score, found.confidence] == pytest.approx([0, 0.85 * 2 / 3])
    assert bench.models.names == [LITE, MICRO, PRO]


def test_a_panel_of_which_half_is_silent_says_nothing(tmp_path: Path) -> None:
    def say(model: str, prompt: Prompt) -> Said:
        if model != LITE:
            raise JudgeThrottled("full")
        return correct(model, prompt)

    bench = Bench(tmp_path, PANEL, Models(say))
    assert silence(bench.hear(sample("4", "4"), seconds=5)[0]).error in ("JudgeThrottled", "JudgeLate")


def refused(*models: str) -> Say:
    def say(model: str, prompt: Prompt) -> Said:
        if model in models:
            raise JudgeRefused("refused")
        return correct(model, prompt)

    return say


def test_a_panel_does_without_a_voice_that_is_down(tmp_path: Path) -> None:
    bench = Bench(tmp_path, PANEL, Models(down(LITE)))
    judged = bench.hear(*[sample(f"{n}", "4") for n in range(20)], seconds=60)
    assert {one.call.model for one in judged if one.call} == {f"{MICRO}, {PRO}"}
    assert [verdict(one).score for one in judged] == [1.0] * 20
    assert max(one.seconds for one in judged) < 30, "nobody waits for it until the deadline"


@pytest.mark.parametrize("take", ["majority", "mean"])
def test_a_panel_of_which_too_few_are_up_waits_for_the_first_who_are_again(tmp_path: Path, take: str) -> None:
    models = Models(down(LITE, MICRO))

    def up_again(model: str, prompt: Prompt) -> Said:
        if asyncio.get_running_loop().time() > 40:
            models.say = down(LITE)
        return down(LITE, MICRO)(model, prompt)

    models.say = up_again
    [judged] = Bench(tmp_path, PANEL.replace("majority", take), models).hear(sample("4", "4"), seconds=600)
    assert (verdict(judged).score, judged.call and judged.call.model) == (1.0, f"{PRO}, {MICRO}")
    assert 40 < judged.seconds < 60


def test_a_panel_that_cannot_come_to_a_verdict_any_more_asks_nobody_else(tmp_path: Path) -> None:
    bench = Bench(tmp_path, PANEL, Models(refused(LITE, MICRO)))
    assert silence(bench.hear(sample("4", "4"))[0]).error == "JudgeRefused"
    assert bench.models.names == [LITE, MICRO]


def test_a_panel_that_waits_gives_up_once_too_few_are_left_to_wait_for(tmp_path: Path) -> None:
    def say(model: str, prompt: Prompt) -> Said:
        if model != PRO and asyncio.get_running_loop().time() > 40:
            raise JudgeRefused("refused")
        raise JudgeUnavailable("down")

    [judged] = Bench(tmp_path, PANEL, Models(say)).hear(sample("4", "4"), seconds=600)
    assert silence(judged).error == "JudgeRefused"
    assert judged.seconds < 60


# --- the budget --------------------------------------------------------------------------------------


def test_what_the_budget_does_not_allow_is_not_asked_and_says_so(tmp_path: Path) -> None:
    bench = Bench(tmp_path, "{}", Models())
    judged = bench.hear(*[sample(f"{n}", "4") for n in range(30)], cap=0.001)
    spent = bench.ledger.by[LITE, "all"]
    over = [one for one in judged if "over_budget" in one.flags]
    assert 0 < spent.usd <= 0.001
    assert len(over) + spent.calls == 30
    assert {silence(one).error for one in over} == {"JudgeOverBudget"}


# --- what must not hold a batch ----------------------------------------------------------------------


def test_who_would_wait_too_long_for_a_turn_is_answered_by_the_backup(tmp_path: Path) -> None:
    judge = f"{{quota: {{requests_per_minute: 6}}, backups: [{{model: {MICRO}}}]}}"
    bench = Bench(tmp_path, judge, Models())
    judged = bench.hear(*[sample(f"{n}", "4") for n in range(30)], seconds=60)
    assert [verdict(one).score for one in judged] == [1.0] * 30
    assert bench.models.names.count(MICRO) > 20


def test_a_bug_in_the_line_keeps_no_dollar_and_holds_nobody(tmp_path: Path) -> None:
    def say(model: str, prompt: Prompt) -> Said:
        raise ValueError("a newline in a header")

    bench = Bench(tmp_path, "{}", Models(say))
    judged = bench.hear(*[sample(f"{n}", "4") for n in range(30)], seconds=600, cap=0.002)
    assert {silence(one).error for one in judged} == {"JudgeBroken", "JudgeOverBudget"}
    assert bench.ledger.reserved == 0


def test_a_late_silence_says_what_came_before_it(tmp_path: Path) -> None:
    bench = Bench(tmp_path, "{}", Models(down(LITE)))
    [judged] = bench.hear(sample("4", "4"), seconds=8)
    assert "down" in silence(judged).reason


def test_a_row_is_not_called_cached_where_nobody_gave_a_verdict(tmp_path: Path) -> None:
    def say(model: str, prompt: Prompt) -> Said:
        raise JudgeRejected("allow bedrock:InvokeModel")

    judged = Bench(tmp_path, "{}", Models(say)).hear(sample("4", "4"), sample("4", "4"))
    assert [one.flags for one in judged] == [(), ()]
