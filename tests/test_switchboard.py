"""Questions to one model, all that may go wrong with it, and its log. In virtual time."""

import asyncio
import math
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import groupby, pairwise
from random import Random
from statistics import fmean
from typing import cast

import pytest

from judges.base import Line, Price, Prompt, Quota, Reply, Seat, Settings
from judges.switchboard import Account, Batch, Errand, Ledger, Switchboard
from judges.switchboard.breaker import FIRST_WAIT, LONGEST_WAIT
from judges.switchboard.ledger import worst_case
from judges.switchboard.switchboard import MOST_LOST
from router.errors import JudgeBusy, JudgeError, JudgeOverBudget, JudgeUnavailable
from router.types import Spent
from tests.simulated.model import ANSWERED, CUT_OFF, OUTPUT_TOKENS, ROUND_TRIP, Faults, SimulatedModel
from tests.simulated.virtual_time import VirtualLoop, run

NEVER = 1e6
SEAT = Seat(Settings(model="nova", price=Price(0.06, 0.24)))
TOGETHER = 103


@dataclass(frozen=True, slots=True)
class Came:
    """What came of a batch."""

    by: list[str]
    """For each question ANSWERED, or the name of its error."""
    at: list[float]
    """When that was."""
    batch: Batch

    @property
    def answered(self) -> int:
        return self.by.count(ANSWERED)

    @property
    def seconds(self) -> float:
        """Until the last answer."""
        return max(at for by, at in zip(self.by, self.at, strict=True) if by == ANSWERED)


async def put(  # noqa: PLR0913 - all but two have defaults
    switchboard: Switchboard,
    count: int,
    seat: Seat = SEAT,
    *,
    deadline: float = NEVER,
    cap: float = math.inf,
    elsewhere: bool = False,
) -> Came:
    """Put so many questions at once."""
    clock = asyncio.get_running_loop().time
    batch = Batch(deadline, Ledger(cap))

    async def one(number: int) -> tuple[str, float]:
        prompt = Prompt("Judge.", f"question {number}", {}, {})
        errand = Errand(prompt, seat, batch, Account(batch.ledger, "rule"), elsewhere)
        try:
            await switchboard.ask(errand)
        except JudgeError as error:
            return type(error).__name__, clock()
        return ANSWERED, clock()

    came = await asyncio.gather(*[one(number) for number in range(count)])
    return Came([by for by, _ in came], [at for _, at in came], batch)


def switched(line: Line, seed: int = 0) -> Switchboard:
    return Switchboard(line, clock=asyncio.get_running_loop().time, rng=Random(seed))


def batch_of(count: int, line: Line, seat: Seat = SEAT, *, seed: int = 0, **options: object) -> Came:
    """Put one batch to a fresh switchboard."""

    async def main() -> Came:
        return await put(switched(line, seed), count, seat, **options)  # type: ignore[arg-type]

    return run(main())


def model(seed: int = 0, **options: object) -> SimulatedModel:
    return SimulatedModel(Random(seed), **options)  # type: ignore[arg-type]


def of_kind(line: SimulatedModel, kind: str) -> int:
    return sum(call.came_of_it == kind for call in line.calls)


# Pace


def test_without_trouble_each_question_is_one_call() -> None:
    line = model()
    came = batch_of(TOGETHER, line)
    assert (came.answered, len(line.calls)) == (TOGETHER, TOGETHER)


@pytest.mark.parametrize("per_second", [4.0, 10.0])
def test_a_declared_quota_is_kept_and_used(per_second: float) -> None:
    line, count = model(per_second=per_second), round(40 * per_second)
    came = batch_of(count, line, replace(SEAT, quota=Quota(60 * per_second)))
    assert came.answered == count
    assert len(line.calls) <= 1.05 * count
    assert came.seconds <= 1.10 * 40


@pytest.mark.parametrize("per_second", [2.0, 5.0, 10.0, 30.0])
def test_a_quota_that_is_not_declared_is_found(per_second: float) -> None:
    line, count = model(per_second=per_second), round(40 * per_second)
    came = batch_of(count, line)
    assert came.answered == count
    assert len(line.calls) <= 1.6 * count
    assert came.seconds <= 1.25 * 40


def test_a_quota_of_one_call_a_second_is_found_at_less_than_two_calls_a_question() -> None:
    lines = [model(seed, per_second=1.0) for seed in range(4)]
    assert [batch_of(100, line).answered for line in lines] == [100] * 4
    assert fmean(len(line.calls) for line in lines) < 200


@pytest.mark.parametrize(("before", "after"), [(10.0, 30.0), (30.0, 10.0)])
def test_a_quota_that_moves_is_followed(before: float, after: float) -> None:
    line = model(per_second=before)

    async def main() -> tuple[Came, float]:
        asyncio.get_running_loop().call_later(20.0, setattr, line, "per_second", after)
        came = await put(switched(line), 1200)
        return came, 20.0 + (1200 - 20 * before) / after

    came, ideal = run(main())
    assert came.answered == 1200
    assert len(line.calls) <= 1.5 * 1200
    assert came.seconds <= 1.5 * ideal


def test_instances_that_share_a_quota_get_fair_shares_of_it() -> None:
    line = model(per_second=30.0)

    async def main() -> Sequence[Came]:
        instances = [switched(line, seed) for seed in range(3)]
        return await asyncio.gather(*[put(one, 400, deadline=40.0) for one in instances])

    shares = [came.answered for came in run(main())]
    assert sum(shares) >= 0.8 * 30 * 38
    assert min(shares) >= 0.5 * fmean(shares)
    assert len(line.calls) <= 1.6 * sum(shares)


def test_calls_that_are_thrown_back_at_random_do_not_make_the_pace_collapse() -> None:
    line = model(faults=Faults(throttled=0.3))
    came = batch_of(TOGETHER, line)
    assert came.answered == TOGETHER
    assert came.seconds < 30


def test_tokens_are_paced_as_well() -> None:
    line = model()
    a_minute = 600.0 * len("x")
    seat = Seat(replace(SEAT.settings, max_tokens=100), Quota(None, 10 * a_minute))
    came = batch_of(120, line, seat)
    assert came.answered == 120
    assert came.seconds >= 60


# Trouble


def test_what_is_thrown_back_while_others_get_through_is_no_outage() -> None:
    line = model(faults=Faults(throttled=0.5))

    async def main() -> bool:
        switchboard = switched(line)
        asking = asyncio.create_task(put(switchboard, TOGETHER))
        was_down = False
        while not asking.done():
            await asyncio.sleep(0.05)
            was_down |= any(desk.is_down for desk in switchboard._desks.values())
        return was_down

    assert not run(main())


@pytest.mark.parametrize("throttles", [False, True], ids=["503", "429"])
def test_a_model_that_is_down_is_asked_by_single_probes(throttles: bool) -> None:
    line = model(faults=Faults(brown_outs=((0.0, NEVER),), brown_out_throttles=throttles))
    came = batch_of(TOGETHER, line, deadline=60.0)
    assert came.answered == 0
    assert len(line.calls) <= 1.2 * TOGETHER
    ats = [call.at for call in line.calls]
    probes = ats[-10:]
    assert all(later - earlier >= 0.8 * FIRST_WAIT for earlier, later in pairwise(probes))
    assert ats[-1] >= 60 - 2 * LONGEST_WAIT, "it is looked after until the end"


@pytest.mark.parametrize("throttles", [False, True], ids=["503", "429"])
def test_a_model_that_is_up_again_answers_all_that_waited(throttles: bool) -> None:
    line = model(faults=Faults(brown_outs=((0.0, 20.0),), brown_out_throttles=throttles))
    came = batch_of(TOGETHER, line, deadline=60.0)
    assert came.answered == TOGETHER
    assert min(came.at) <= 20 + 1.2 * LONGEST_WAIT + 4
    assert of_kind(line, ANSWERED) == TOGETHER


@pytest.mark.parametrize("a_minute", [600.0, 6000.0, None])
def test_a_brown_out_costs_two_calls_a_second_and_those_it_surprised(a_minute: float | None) -> None:
    line = model(faults=Faults(brown_outs=((1.0, 21.0),)))
    came = batch_of(400, line, replace(SEAT, quota=Quota(a_minute)), deadline=120.0)
    assert came.answered == 400
    surprised = sum(1.0 <= call.at <= 1.0 + ROUND_TRIP for call in line.calls)
    assert len(line.calls) - 400 <= surprised + 2 * 20


@pytest.mark.parametrize("throttles", [False, True])
def test_the_last_question_outlasts_an_outage(throttles: bool) -> None:
    outage = ((0.0, 30.0),)
    for seed in range(50):
        line = model(seed, faults=Faults(brown_outs=outage, brown_out_throttles=throttles))
        assert batch_of(1, line, seed=seed, deadline=60.0).answered == 1


def test_a_question_whose_replies_are_lost_is_not_put_for_ever() -> None:
    line = model(faults=Faults(lost=1.0))
    came = batch_of(1, line)
    assert (came.by, len(line.calls)) == (["JudgeLost"], MOST_LOST)


@pytest.mark.parametrize("kind", ["JudgeRefused", "JudgeRejected"])
def test_what_is_refused_for_good_is_not_asked_again(kind: str) -> None:
    faults = Faults(refused=1.0) if kind == "JudgeRefused" else Faults(rejects_from=0.0)
    line = model(faults=faults)
    assert batch_of(1, line).by == [kind]
    assert len(line.calls) == 1


def test_a_missing_permission_is_met_once_and_not_a_hundred_times() -> None:
    line = model(faults=Faults(rejects_from=0.0))
    came = batch_of(TOGETHER, line)
    assert came.by == ["JudgeRejected"] * TOGETHER
    assert len(line.calls) == 1
    assert max(came.at) < 1.0


def test_after_a_refusal_for_good_only_calls_that_are_out_come_back() -> None:
    line = model(per_second=None, median=0.2, faults=Faults(rejects_from=5.0))
    came = batch_of(400, line, replace(SEAT, quota=Quota(600.0)))
    known = min(call.ended for call in line.calls if call.came_of_it == "JudgeRejected")
    assert max(call.at for call in line.calls) <= known
    assert set(came.by) == {ANSWERED, "JudgeRejected"}


def test_the_next_batch_asks_again_what_was_rejected() -> None:
    line = model(faults=Faults(rejects_from=0.0))

    async def main() -> list[Came]:
        switchboard = switched(line)
        first = await put(switchboard, 8)
        line.faults = Faults()
        return [first, await put(switchboard, 8)]

    first, second = run(main())
    assert (first.answered, second.answered) == (0, 8)


def test_who_could_ask_elsewhere_is_told_at_once_when_the_model_is_down() -> None:
    line = model(faults=Faults(brown_outs=((0.0, NEVER),)))
    came = batch_of(TOGETHER, line, deadline=60.0, elsewhere=True)
    assert set(came.by) <= {JudgeUnavailable.__name__, JudgeBusy.__name__}
    assert max(came.at) < 15


# Time


def test_learnt_timeouts_cut_calls_that_hang_already() -> None:
    line = model(faults=Faults(hangs=0.1))
    seat = replace(SEAT, settings=replace(SEAT.settings, timeout_seconds=120.0))
    came = batch_of(TOGETHER, line, seat)
    assert came.answered == TOGETHER
    hung = [call.ended - call.at for call in line.calls if call.came_of_it == CUT_OFF]
    assert hung
    assert max(hung) < 20


def test_before_anything_is_learnt_the_policy_s_timeout_cuts() -> None:
    line = model(faults=Faults(hangs=1.0))
    seat = replace(SEAT, settings=replace(SEAT.settings, timeout_seconds=7.0))
    batch_of(1, line, seat, deadline=30.0)
    assert line.calls[0].ended == pytest.approx(7.0)


def test_nothing_outlives_the_deadline() -> None:
    line = model(median=5.0)
    came = batch_of(TOGETHER, line, deadline=5.0)
    assert 0 < came.answered < TOGETHER
    assert set(came.by) == {ANSWERED, "JudgeLate"}
    assert max(came.at) <= 5.0
    assert max(call.ended for call in line.calls) <= 5.0


def test_nothing_starts_that_could_not_end_before_the_deadline() -> None:
    line = model(median=2.0, sigma=0.1)
    came = batch_of(400, line, replace(SEAT, quota=Quota(600.0)), deadline=20.0)
    assert "JudgeLate" in came.by
    assert max(call.at for call in line.calls) <= 20.0 - 0.8 * 2.0


def test_a_deadline_that_is_over_asks_nobody() -> None:
    line = model()
    assert set(batch_of(8, line, deadline=0.0).by) == {"JudgeLate"}
    assert line.calls == []


# Hedging


def with_stragglers(seed: int, hedge: float) -> tuple[SimulatedModel, Came]:
    line = model(seed, median=0.5, sigma=0.3, faults=Faults(hangs=0.02))
    seat = replace(SEAT, quota=Quota(600.0), hedge=hedge)
    return line, batch_of(300, line, seat)


def test_stragglers_are_asked_beside_within_their_share_and_the_first_reply_counts() -> None:
    line, came = with_stragglers(0, 0.05)
    assert came.answered == 300
    assert 0 < came.batch.hedges <= 0.05 * came.batch.calls + 1
    assert of_kind(line, ANSWERED) == 300, "whoever was slower was cut off"
    assert came.batch.ledger.by["nova", "rule"].lost == of_kind(line, CUT_OFF)


def test_without_leave_nothing_is_hedged() -> None:
    _, came = with_stragglers(0, 0.0)
    assert came.batch.hedges == 0


# Money


def test_a_budget_holds_with_many_calls_at_once_and_is_used() -> None:
    line = model()
    reserved = worst_case(Prompt("Judge.", "question 10", {}, {}), SEAT.settings)
    cap = 10 * reserved
    came = batch_of(TOGETHER, line, cap=cap)
    ledger = came.batch.ledger
    assert ledger.spent <= cap
    assert ledger.reserved == 0
    assert 10 < came.answered < TOGETHER, "who settles for less than was reserved leaves room for others"
    assert set(came.by) == {ANSWERED, JudgeOverBudget.__name__}
    assert ledger.spent > cap - 1.01 * reserved


def test_the_ledger_says_what_the_model_s_own_log_says() -> None:
    line = model(faults=Faults(throttled=0.1, lost=0.1, down=0.1, hangs=0.05))
    came = batch_of(TOGETHER, line, deadline=5.0)
    [(key, spent)] = came.batch.ledger.by.items()
    replies = [call.reply for call in line.calls if call.reply]
    gone = [call for call in line.calls if call.came_of_it in {CUT_OFF, "JudgeLost"}]
    assert key == ("nova", "rule")
    assert (spent.calls, spent.lost) == (len(replies), len(gone))
    assert spent.input_tokens == sum(reply.input_tokens for reply in replies)
    assert spent.output_tokens == OUTPUT_TOKENS * len(replies)
    assert spent.usd == pytest.approx(SEAT.settings.price.usd(spent.input_tokens, spent.output_tokens))
    assert spent.lost_usd == pytest.approx(sum(worst_case(call.prompt, call.settings) for call in gone))
    assert of_kind(line, CUT_OFF) > 0
    assert of_kind(line, "JudgeLost") > 0


def test_calls_that_cost_nothing_reserve_nothing_for_long() -> None:
    line = model(faults=Faults(down=0.3, throttled=0.3))
    came = batch_of(20, line)
    assert came.answered == 20
    assert came.batch.ledger.by["nova", "rule"].lost_usd == 0


class Interrupted:
    """A line on which nothing comes before the caller is gone."""

    async def open(self, settings: Settings) -> None:
        pass

    async def call(self, prompt: Prompt, settings: Settings) -> Reply:
        await asyncio.sleep(3600)
        raise AssertionError

    async def close(self) -> None:
        pass


def test_a_call_that_was_cancelled_is_counted_as_lost() -> None:
    async def main() -> Ledger:
        batch = Batch(NEVER, Ledger())
        errand = Errand(Prompt("", "q", {}, {}), SEAT, batch, Account(batch.ledger, "rule"))
        asking = asyncio.create_task(switched(Interrupted()).ask(errand))
        await asyncio.sleep(1.0)
        asking.cancel()
        await asyncio.wait([asking])
        return batch.ledger

    ledger = run(main())
    lost = worst_case(Prompt("", "q", {}, {}), SEAT.settings)
    assert ledger.by == {("nova", "rule"): Spent(lost=1, lost_usd=lost)}
    assert ledger.reserved == 0


class Slowly(Interrupted):
    """A line on which a call takes processor time to be prepared, and the loop's next step to be sent."""

    def __init__(self) -> None:
        self.steps: list[str] = []

    async def call(self, prompt: Prompt, settings: Settings) -> Reply:
        self.steps.append("prepared")
        cast("VirtualLoop", asyncio.get_running_loop()).spend(0.002)
        await asyncio.sleep(0)
        self.steps.append("sent")
        await asyncio.sleep(1)
        return Reply({}, "end_turn", settings.model, 10, 5)


def test_a_call_is_sent_before_all_the_others_are_prepared() -> None:
    line = Slowly()

    async def warm() -> None:
        switchboard = switched(line)
        await put(switchboard, 1)
        line.steps.clear()
        await put(switchboard, TOGETHER)

    run(warm())
    in_a_row = [len(list(steps)) for step, steps in groupby(line.steps) if step == "prepared"]
    assert sum(in_a_row) == TOGETHER
    assert max(in_a_row) <= 3


def test_models_in_two_regions_do_not_share_their_trouble() -> None:
    def moved(region: str) -> Seat:
        return replace(SEAT, settings=replace(SEAT.settings, region=region))

    class East(SimulatedModel):
        async def call(self, prompt: Prompt, settings: Settings) -> Reply:
            if settings.region == "east":
                raise JudgeUnavailable("down")
            return await super().call(prompt, settings)

    async def main() -> list[Came]:
        switchboard = switched(East(Random(0)))
        return list(
            await asyncio.gather(
                *[put(switchboard, 30, moved(region), deadline=20.0) for region in ("east", "west")]
            )
        )

    east, west = run(main())
    assert (east.answered, west.answered) == (0, 30)
    assert Counter(west.by) == {ANSWERED: 30}


def test_a_model_that_has_become_slower_is_given_longer() -> None:
    line = model(median=0.3, sigma=0.1)

    async def main() -> tuple[Came, Came]:
        switchboard = switched(line)
        await put(switchboard, 200)
        line.median = 1.5
        deadline = asyncio.get_running_loop().time() + 60
        first = await put(switchboard, 64, deadline=deadline)
        return first, await put(switchboard, 64, deadline=deadline)

    first, second = run(main())
    assert (first.answered, second.answered) == (64, 64)
    assert of_kind(line, CUT_OFF) <= 64
