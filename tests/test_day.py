"""The day's budget: never exceeded, whoever spends; leased, exact, and new at midnight UTC."""

import asyncio
import math
from collections.abc import Callable, Coroutine, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, closing
from datetime import UTC, datetime
from pathlib import Path
from random import Random
from typing import Any

import pytest
from botocore.exceptions import ClientError

from judges.switchboard import Account, Ledger
from router.batch import BatchHandler, make_handler
from router.errors import JudgeOverBudget, TableUnavailable
from router.shared import Shared, Waits
from router.shared.counters import KEPT_SECONDS, TableCounter
from router.shared.day import UNITS
from router.shared.table import Table
from router.types import Spent
from tests.fakes import policy_from, row
from tests.local.bedrock import LocalBedrock
from tests.local.table import PATIENT, LocalTable, PretendedDynamoDB, local_dynamodb
from tests.simulated.virtual_time import run

NOON = datetime(2026, 11, 26, 12, tzinfo=UTC).timestamp()
MIDNIGHT = NOON + 12 * 3600
NEVER = 1e9


@pytest.fixture
def dynamodb(monkeypatch: pytest.MonkeyPatch) -> Iterator[LocalTable]:
    with local_dynamodb(monkeypatch) as local:
        yield local


async def spend(shared: Shared, usd: float, *, at_most: float | None = None, cap: float = math.inf) -> float:
    """Let a batch of one question spend dollars, if it may; return what it spent."""
    ledger = Ledger(cap)
    async with shared.within(ledger, usd if at_most is None else at_most, NEVER):
        account = Account(ledger, "rule")
        try:
            await ledger.reserve(usd)
        except JudgeOverBudget:
            return 0.0
        account.lose(usd, "model")
    return usd


async def stopped(shared: Shared, usd: float) -> str:
    """What is said to a question that may not spend so many dollars."""
    ledger = Ledger()
    async with shared.within(ledger, usd, NEVER):
        with pytest.raises(JudgeOverBudget) as caught:
            await ledger.reserve(usd)
    return str(caught.value)


def spent(local: LocalTable) -> dict[str, int]:
    return {item["id"]["S"]: int(item["spent"]["N"]) for item in local.items()}


# --- one instance, without a table -------------------------------------------------------------------


def test_a_day_is_spent_to_its_cap_and_not_beyond() -> None:
    async def main() -> list[float]:
        shared = Shared(usd_per_day=1.0, now=lambda: NOON)
        return [await spend(shared, 0.3) for _ in range(5)]

    assert run(main()) == [0.3, 0.3, 0.3, 0.0, 0.0]


def test_what_a_batch_does_not_use_the_next_one_may() -> None:
    async def main() -> list[float]:
        shared = Shared(usd_per_day=1.0, now=lambda: NOON)
        return [await spend(shared, 0.25, at_most=1.0) for _ in range(5)]

    assert run(main()) == [0.25, 0.25, 0.25, 0.25, 0.0]


async def losing(shared: Shared, usd: float, times: int, ledger: Ledger) -> str:
    """Let a batch of one question lose so many replies; return how many it lost, and what stopped it."""
    async with shared.within(ledger, usd, NEVER):
        account = Account(ledger, "rule")
        for asked in range(times):
            try:
                ledger.afford(usd)
                await ledger.reserve(usd)
            except JudgeOverBudget as over:
                return f"{asked}: {over}"
            account.lose(usd, "model")
    return f"{times}"


def test_replies_that_are_lost_lease_more_while_the_day_has_any() -> None:
    async def main() -> tuple[str, float | None, str]:
        shared = Shared(usd_per_day=1.0, now=lambda: NOON)
        first = await losing(shared, 0.0625, 12, Ledger())
        return first, shared.day_spent, await losing(shared, 0.0625, 12, Ledger())

    first, known, second = run(main())
    assert (first, known) == ("12", 0.75)
    assert second.startswith("4: ")
    assert second.endswith("raise `usd_per_day`, or wait for midnight UTC")


def test_what_a_batch_leases_more_stays_under_its_own_cap() -> None:
    async def main() -> tuple[str, list[float]]:
        shared = Shared(usd_per_day=1.0, now=lambda: NOON)
        first = await losing(shared, 0.0625, 12, Ledger(0.25))
        return first, [await spend(shared, 0.75)]

    first, rest = run(main())
    assert first.startswith("4: ")
    assert first.endswith("raise `budget`, or ask a cheaper model")
    assert rest == [0.75]


def test_a_day_that_has_no_more_is_not_asked_for_it_again() -> None:
    dynamodb = Counting()

    async def script(shared: Shared) -> list[str]:
        ledger, said = Ledger(), []
        async with shared.within(ledger, 0.75, NEVER):
            for _ in range(3):
                with pytest.raises(JudgeOverBudget):
                    await ledger.reserve(1.5)
                said.append(" ".join(dynamodb.asked))
        return said

    [_, second, third] = with_counting(dynamodb, script)
    assert second == third


def test_two_questions_that_want_more_at_once_both_get_it() -> None:
    async def script(shared: Shared) -> float:
        ledger = Ledger()

        async def ask() -> None:
            await ledger.reserve(0.25)
            await asyncio.sleep(1)
            Account(ledger, "rule").lose(0.25, "model")

        async with shared.within(ledger, 0.125, NEVER):
            await asyncio.gather(ask(), ask())
        return ledger.spent

    dynamodb = Counting()
    assert with_counting(dynamodb, script) == 0.5
    assert dynamodb.spent <= UNITS


def test_no_day_is_short_of_a_dollar_because_of_floats() -> None:
    async def main() -> float:
        shared = Shared(usd_per_day=1.0, now=lambda: NOON)
        return math.fsum([await spend(shared, 0.1) for _ in range(9)])

    assert run(main()) == pytest.approx(0.9)


def test_an_instance_knows_how_much_of_the_day_is_spent() -> None:
    async def main() -> list[float | None]:
        clock = [NOON]
        shared = Shared(usd_per_day=1.0, now=lambda: clock[0])
        known = [shared.day_spent]
        for usd in (0.25, 0.5, 0.25, 0.25):
            await spend(shared, usd)
            known.append(shared.day_spent)
        clock[0] = MIDNIGHT
        return [*known, shared.day_spent]

    assert run(main()) == [None, 0.25, 0.75, 1.0, 1.0, None]


def test_without_a_cap_nothing_is_known_of_the_day() -> None:
    assert Shared().day_spent is None


def test_midnight_in_utc_makes_a_new_day() -> None:
    async def main() -> list[float]:
        clock = [NOON]
        shared = Shared(usd_per_day=1.0, now=lambda: clock[0])
        before = [await spend(shared, 0.9), await spend(shared, 0.9)]
        clock[0] = MIDNIGHT - 1
        before.append(await spend(shared, 0.9))
        clock[0] = MIDNIGHT
        return [*before, await spend(shared, 0.9), await spend(shared, 0.9)]

    assert run(main()) == [0.9, 0.0, 0.0, 0.9, 0.0]


def test_a_batch_over_midnight_leaves_nothing_to_the_new_day() -> None:
    async def main() -> float:
        clock, ledger = [MIDNIGHT - 1], Ledger()
        shared = Shared(usd_per_day=1.0, now=lambda: clock[0])
        async with shared.within(ledger, 1.0, NEVER):
            clock[0] = MIDNIGHT
            await spend(shared, 0.8)
        return await spend(shared, 0.4)

    assert run(main()) == 0.0


def test_a_batchs_own_cap_holds_beside_the_days() -> None:
    async def main() -> tuple[float, float]:
        shared = Shared(usd_per_day=1.0, now=lambda: NOON)
        ledger = Ledger(0.2)
        async with shared.within(ledger, 0.9, NEVER):
            inside = ledger.cap
        return inside, await spend(shared, 0.9)

    assert run(main()) == (0.2, 0.9)


def test_who_is_stopped_is_told_by_what() -> None:
    async def main() -> str:
        shared = Shared(usd_per_day=1.0, now=lambda: NOON)
        return await stopped(shared, 1.1)

    assert run(main()).endswith(
        "the day's budget leaves this batch no more: raise `usd_per_day`, or wait for midnight UTC"
    )


# --- instances that share a table --------------------------------------------------------------------

Script = Callable[[Shared], Coroutine[Any, Any, Any]]


def with_table(
    local: LocalTable, script: Script, *, usd: float = 1.0, now: float = NOON, waits: Waits = PATIENT
) -> Any:
    """Run a script as an instance of its own that shares the table."""

    async def main() -> Any:
        table = Table(local.name)
        shared = Shared(table, usd, waits=waits, now=lambda: now)
        await table.open()
        try:
            return await script(shared)
        finally:
            await shared.close()

    return asyncio.run(main())


def test_instances_spend_one_day_together(dynamodb: LocalTable) -> None:
    def once(now: float = NOON) -> float:
        said: float = with_table(dynamodb, lambda shared: spend(shared, 0.4), now=now)
        return said

    assert [once(), once(), once()] == [0.4, 0.4, 0.0]
    assert spent(dynamodb) == {"budget#2026-11-26": UNITS}
    assert once(MIDNIGHT) == 0.4
    assert sorted(spent(dynamodb)) == ["budget#2026-11-26", "budget#2026-11-27"]


def test_an_instance_asks_the_table_once_for_many_small_batches() -> None:
    dynamodb = Counting()

    async def main() -> None:
        shared = Shared(Table("verdicts", dynamodb, now=lambda: NOON), 50.0, now=lambda: NOON)
        for _ in range(100):
            await spend(shared, 0.0004, at_most=0.001)
        await shared.close()

    run(main())
    assert dynamodb.asked == ["open", "update_item", "close"]
    assert dynamodb.spent == 50 * UNITS // 1000


def test_the_item_of_a_day_goes_when_it_is_old(dynamodb: LocalTable) -> None:
    with_table(dynamodb, lambda shared: spend(shared, 0.1))
    [item] = dynamodb.items()
    assert item.keys() == {"id", "spent", "expires"}
    assert int(item["expires"]["N"]) > NOON
    assert KEPT_SECONDS >= 86_400


def test_thirty_two_threads_lease_the_whole_cap_and_no_unit_more(dynamodb: LocalTable) -> None:
    async def leased(seed: int) -> int:
        table, rng = Table(dynamodb.name), Random(seed)
        total = 0
        while units := await TableCounter(table).lease(
            "2026-11-26", rng.randrange(1, UNITS // 20), UNITS, NEVER
        ):
            total += units
        await table.close()
        return total

    with ThreadPoolExecutor(32) as pool:
        totals = list(pool.map(lambda seed: asyncio.run(leased(seed)), range(32)))
    assert sum(totals) == UNITS
    assert spent(dynamodb) == {"budget#2026-11-26": UNITS}


def test_a_lower_cap_than_what_is_spent_already_leaves_nothing(dynamodb: LocalTable) -> None:
    assert with_table(dynamodb, lambda shared: spend(shared, 0.4), usd=10.0) == 0.4
    assert with_table(dynamodb, lambda shared: spend(shared, 0.4), usd=0.5) == 0.0


def test_an_item_that_counts_no_number_is_a_table_that_cannot_be_reached(dynamodb: LocalTable) -> None:
    dynamodb.put(id={"S": "budget#2026-11-26"}, spent={"S": "much"})
    said = with_table(dynamodb, lambda shared: stopped(shared, 0.4), waits=Waits(lease=0.5))
    assert f"the table {dynamodb.name} could not be reached" in said


def test_a_table_that_fails_with_the_lease_is_not_asked_for_verdicts() -> None:
    async def script(shared: Shared) -> float:
        assert await spend(shared, 0.1) == 0.0
        assert await shared.recall({"key": "model"}, NEVER) == {}
        return asyncio.get_running_loop().time()

    dynamodb = Counting(failures=9)
    with_counting(dynamodb, script)
    assert "batch_get_item" not in dynamodb.asked


# --- whole batches -----------------------------------------------------------------------------------


def flags_of(handler: BatchHandler, *responses: str) -> list[tuple[list[str], list[str]]]:
    """What the reply says of each row: its flags, and why a judge was silent."""
    results: Any = handler([row(one, "4") for one in responses], None)
    return [
        (
            [one["name"] for one in result["metrics_list"] if one["name"] == "over_budget"],
            [line["reason"] for line in result["trail"] if "error" in line],
        )
        for result in results
    ]


def test_questions_beyond_the_day_fall_back_flagged_and_say_why(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    policy = policy_from(
        "budget: {usd_per_day: 0.0006}\nrules: [{name: all, judge: reference, if_unsettled: 0.5}]", tmp_path
    )
    with LocalBedrock() as bedrock, ExitStack() as open_:
        for name, value in bedrock.environment.items():
            monkeypatch.setenv(name, value)
        handler = open_.enter_context(
            closing(make_handler(policy, "bedrock", trail=True, emit=lambda line: None))
        )
        assert flags_of(handler, "4", "5") == [([], []), ([], [])]
        [(flags, [reason])] = flags_of(handler, "6" * 9000)
    assert flags == ["over_budget"]
    assert "the day's budget leaves this batch no more" in reason


# --- a table that fails ------------------------------------------------------------------------------


class Counting(PretendedDynamoDB):
    """Counts as the table does; the first `failures` requests fail, and so do all from `down` on."""

    def __init__(self, failures: int = 0, *, seconds: float = 0.005) -> None:
        super().__init__(self.count, seconds)
        self.spent, self.failures, self.down = 0, failures, False

    def count(self, operation: str, **request: Any) -> Any:
        if self.down or self.failures > 0:
            self.failures -= 1
            raise ConnectionResetError
        values = {name: int(value["N"]) for name, value in request["ExpressionAttributeValues"].items()}
        if self.spent > values[":room"]:
            held = {"Item": {"spent": {"N": str(self.spent)}}}
            raise ClientError({"Error": {"Code": "ConditionalCheckFailedException"}, **held}, operation)
        self.spent += values[":lease"]
        return {"Attributes": {"spent": {"N": str(self.spent)}}}


def with_counting(dynamodb: PretendedDynamoDB, script: Script, *, usd: float = 1.0) -> Any:
    async def main() -> Any:
        shared = Shared(Table("verdicts", dynamodb, now=lambda: NOON), usd, now=lambda: NOON)
        said = await script(shared)
        await shared.close()
        return said

    return run(main())


def test_what_other_instances_have_leased_counts_as_spent() -> None:
    async def main() -> tuple[float | None, float | None]:
        dynamodb = Counting()
        tables = [Table("verdicts", dynamodb, now=lambda: NOON) for _ in range(2)]
        one, other = [Shared(table, 1.0, now=lambda: NOON) for table in tables]
        await spend(one, 0.25)
        await spend(other, 0.25)
        known = one.day_spent, other.day_spent
        for shared in (one, other):
            await shared.close()
        return known

    assert run(main()) == (0.25, 0.5), "0.25 of its own, and the 0.25 that the first one has leased"


def test_a_failure_that_passes_costs_a_batch_half_a_second_and_no_question() -> None:
    async def script(shared: Shared) -> float:
        assert await spend(shared, 0.1) == 0.1
        return asyncio.get_running_loop().time()

    assert with_counting(Counting(failures=1), script) == pytest.approx(0.51)


def test_without_the_table_the_lease_in_hand_is_used_up_and_nothing_beyond_it() -> None:
    dynamodb = Counting()

    async def script(shared: Shared) -> tuple[list[float], str]:
        first = await spend(shared, 0.1, at_most=0.3)
        dynamodb.down = True
        return [first, *[await spend(shared, 0.1) for _ in range(3)]], await stopped(shared, 0.1)

    amounts, said = with_counting(dynamodb, script)
    assert amounts == [0.1] * 3 + [0.0]
    assert "the table verdicts could not be reached" in said
    assert said.endswith("and it counts the day's budget")


def test_a_table_that_hangs_holds_some_batches_up_for_two_seconds_and_most_for_none() -> None:
    async def script(shared: Shared) -> list[float]:
        loop = asyncio.get_running_loop()
        times = []
        for _ in range(100):
            started = loop.time()
            assert await spend(shared, 0.1) == 0.0
            times.append(loop.time() - started)
            await asyncio.sleep(1)
        return times

    times = with_counting(Counting(seconds=3600), script)
    assert max(times) == pytest.approx(2.0)
    assert sum(seconds > 0 for seconds in times) <= 9


def test_no_lease_is_waited_for_past_the_deadline() -> None:
    async def script(shared: Shared) -> float:
        async with shared.within(Ledger(), 0.1, 0.3):
            return asyncio.get_running_loop().time()

    assert with_counting(Counting(seconds=3600), script) == pytest.approx(0.3)


@pytest.mark.parametrize(
    "answer",
    [
        {},
        None,
        {"Attributes": {}},
        {"Attributes": {"spent": {"N": "5"}}},
        {"Attributes": {"spent": {"N": "200000000"}}},
        {"Attributes": {"spent": {"N": "NaN"}}},
        {"Attributes": {"spent": {"S": "20000000"}}},
        {"Item": {"spent": {"N": "5"}}},
    ],
)
def test_an_answer_that_cannot_be_right_leases_nothing(answer: object) -> None:
    dynamodb = PretendedDynamoDB(lambda operation, **_: answer)
    assert with_counting(dynamodb, lambda shared: spend(shared, 0.1)) == 0.0


def test_batches_at_once_never_exceed_the_cap_in_a_thousand_schedules() -> None:
    for seed in range(1000):
        rng = Random(seed)
        dynamodb = Counting(rng.choice([0, 0, 1, 3]), seconds=rng.uniform(0.001, 0.5))

        async def script(shared: Shared, rng: Random = rng) -> float:
            async def batch() -> float:
                await asyncio.sleep(rng.uniform(0, 2))
                usd = rng.uniform(0.001, 0.2)
                return await spend(
                    shared, usd, at_most=usd * rng.uniform(0.5, 3), cap=rng.choice([0.1, math.inf])
                )

            return math.fsum(await asyncio.gather(*[batch() for _ in range(20)]))

        total = with_counting(dynamodb, script)
        assert total <= 1.0
        assert dynamodb.spent <= UNITS


def test_counting_fails_where_the_table_does() -> None:
    async def main() -> None:
        table = Table("verdicts", Counting(failures=9), now=lambda: NOON)
        with pytest.raises(TableUnavailable):
            await TableCounter(table).lease("2026-11-26", 5, 10, 1.0)
        await table.close()

    run(main())


def test_a_lost_reply_counts_as_what_it_may_have_cost() -> None:
    async def main() -> float:
        shared = Shared(usd_per_day=1.0, now=lambda: NOON)
        ledger = Ledger()
        async with shared.within(ledger, 1.0, NEVER):
            ledger.by["model", "rule"] = Spent(lost=1, lost_usd=0.7)
        return await spend(shared, 0.4)

    assert run(main()) == 0.0
