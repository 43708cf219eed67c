"""What a batch spends, under a cap that holds while calls are under way."""

import asyncio
import math

import pytest

from judges.base import Price, Prompt, Reply, Settings
from judges.switchboard.ledger import FORM_TOKENS, Account, Ledger, quota_tokens, worst_case
from router.errors import (
    JudgeError,
    JudgeLost,
    JudgeOverBudget,
    JudgeThrottled,
    JudgeUnavailable,
    JudgeUnreadable,
)
from router.types import Spent
from tests.simulated.virtual_time import run

PRICE = Price(1.0, 10.0)
SETTINGS = Settings(model="nova", price=PRICE, max_tokens=100)


def reply(input_tokens: int, output_tokens: int, *, billed: bool = True) -> Reply:
    return Reply("", "end_turn", "nova", input_tokens, output_tokens, billed)


def test_a_reply_is_noted_to_the_token_by_model_and_rule() -> None:
    ledger = Ledger()
    math, rest = Account(ledger, "math"), Account(ledger, "rest")
    for account, tokens in ((math, 100), (math, 11), (rest, 7)):
        account.settle(0.0, reply(tokens, 3), PRICE)
    assert ledger.by["nova", "math"] == Spent(2, 111, 6, PRICE.usd(100, 3) + PRICE.usd(11, 3))
    assert ledger.by["nova", "rest"] == rest.own == Spent(1, 7, 3, PRICE.usd(7, 3))
    assert ledger.spent == pytest.approx(PRICE.usd(118, 9))


def test_a_stand_in_s_reply_costs_nothing() -> None:
    account = Account(Ledger(), "math")
    account.settle(0.0, reply(100, 10, billed=False), PRICE)
    assert account.own == Spent(1, 100, 10, 0.0)


def test_a_lost_reply_is_counted_apart_at_what_it_reserved_and_stays_spent() -> None:
    async def main() -> Ledger:
        ledger = Ledger(cap=1.0)
        await ledger.reserve(0.6)
        Account(ledger, "math").lose(0.6, "nova")
        with pytest.raises(JudgeOverBudget, match=r"\$0.400000 of the budget are left"):
            await ledger.reserve(0.5)
        return ledger

    ledger = run(main())
    assert ledger.by == {("nova", "math"): Spent(lost=1, lost_usd=0.6)}
    assert (ledger.spent, ledger.reserved) == (0.6, 0.0)


@pytest.mark.parametrize(
    ("error", "noted"),
    [
        (JudgeThrottled("slow down"), Spent(throttled=1)),
        (JudgeLost("gone"), Spent(lost=1, lost_usd=0.6)),
        (JudgeUnreadable("?"), Spent(lost=1, lost_usd=0.6)),
        (JudgeUnavailable("down"), None),
    ],
    ids=str,
)
def test_a_failed_call_is_noted_by_what_it_may_have_cost(error: JudgeError, noted: Spent | None) -> None:
    async def main() -> Account:
        ledger = Ledger(cap=1.0)
        await ledger.reserve(0.6)
        account = Account(ledger, "math")
        account.fail(0.6, "nova", error)
        return account

    account = run(main())
    assert account.ledger.by == ({("nova", "math"): noted} if noted else {})
    assert account.ledger.reserved == 0.0
    assert account.trouble == f"{type(error).__name__}: {error}"


def test_a_cap_holds_with_many_calls_at_once() -> None:
    most = 0.0

    async def call(ledger: Ledger, cost: float) -> None:
        nonlocal most
        await ledger.reserve(0.3)
        most = max(most, ledger.spent + ledger.reserved)
        await asyncio.sleep(1.0)
        Account(ledger, "math").settle(0.3, reply(round(cost * 1e6), 0), PRICE)

    async def main() -> tuple[Ledger, list[object]]:
        ledger = Ledger(cap=1.0)
        calls = [call(ledger, 0.1) for _ in range(20)]
        return ledger, await asyncio.gather(*calls, return_exceptions=True)

    ledger, came = run(main())
    assert most <= 1.0
    assert ledger.spent <= 1.0
    assert came.count(None) == 8, "each costs 0.1, and 0.3 must be left to start one"
    assert all(isinstance(one, JudgeOverBudget) for one in came if one)


def test_who_finds_the_budget_reserved_waits_for_what_others_give_back() -> None:
    async def main() -> float:
        ledger = Ledger(cap=1.0)
        await ledger.reserve(0.9)
        asyncio.get_running_loop().call_later(5.0, ledger.release, 0.9)
        await ledger.reserve(0.5)
        return asyncio.get_running_loop().time()

    assert run(main()) == pytest.approx(5.0)


def test_a_cap_that_is_a_call_s_price_but_for_rounding_lets_it_go() -> None:
    usd = 813 * 0.06 / 1_000_000
    ledger = Ledger(math.nextafter(usd, 0))
    ledger.afford(usd)
    assert ledger.has_room(usd)
    assert not ledger.has_room(usd + 1e-9)


def test_a_cap_of_nothing_refuses_at_once() -> None:
    async def main() -> None:
        await Ledger(cap=0.0).reserve(1e-9)

    with pytest.raises(JudgeOverBudget):
        run(main())


def test_the_worst_case_has_a_token_for_each_byte_and_the_longest_reply() -> None:
    prompt = Prompt("é", "ab\ud800", {}, {})
    assert worst_case(prompt, SETTINGS) == pytest.approx(PRICE.usd(5 + len("{}") + FORM_TOKENS, 100))


def test_a_quota_is_taken_as_bedrock_reserves_it() -> None:
    assert quota_tokens(Prompt("x" * 40, "y" * 400, {}, {}), SETTINGS) == 110 + 100
