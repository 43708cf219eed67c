"""Verdicts are remembered, within so many bytes, and a question is asked once when it is asked twice."""

import asyncio
from collections.abc import Awaitable, Callable

import pytest

from router.cache import Remembered, Verdicts
from router.errors import JudgeError, JudgeUnavailable
from router.types import Verdict
from tests.simulated.virtual_time import run

RIGHT = Remembered(Verdict(1.0, 0.9, "same"), "m")


class Asker:
    """Answers after a second, or fails as often as told."""

    def __init__(self, failures: int = 0) -> None:
        self.asked = 0
        self._failures = failures

    async def __call__(self) -> Remembered:
        self.asked += 1
        await asyncio.sleep(1)
        if self.asked <= self._failures:
            raise JudgeUnavailable(f"failure {self.asked}")
        return RIGHT


async def together(
    verdicts: Verdicts, ask: Callable[[], Awaitable[Remembered]], callers: int
) -> list[object]:
    return list(
        await asyncio.gather(*[verdicts.once("key", ask) for _ in range(callers)], return_exceptions=True)
    )


def test_a_question_asked_by_many_at_once_is_asked_once() -> None:
    ask = Asker()
    answers = run(together(Verdicts(), ask, 8))
    assert (answers, ask.asked) == ([(RIGHT, False), *[(RIGHT, True)] * 7], 1)


def test_a_question_asked_later_is_remembered() -> None:
    verdicts, ask = Verdicts(), Asker()

    async def twice() -> None:
        assert await verdicts.once("key", ask) == (RIGHT, False)
        assert await verdicts.once("key", ask) == (RIGHT, True)
        assert await verdicts.once("another key", ask) == (RIGHT, False)

    run(twice())
    assert ask.asked == 2


def test_when_the_leader_fails_one_follower_takes_over() -> None:
    ask = Asker(failures=1)
    first, *others = run(together(Verdicts(), ask, 8))
    assert isinstance(first, JudgeError)
    assert (others, ask.asked) == ([(RIGHT, False), *[(RIGHT, True)] * 6], 2)


def test_nobody_takes_over_from_the_second_who_fails() -> None:
    ask = Asker(failures=8)
    answers = run(together(Verdicts(), ask, 8))
    assert [str(answer) for answer in answers] == ["failure 1", *["failure 2"] * 7]
    assert ask.asked == 2


def test_a_leader_that_is_interrupted_leaves_the_question_to_a_follower() -> None:
    verdicts, ask = Verdicts(), Asker()

    async def interrupted() -> object:
        leader = asyncio.create_task(verdicts.once("key", ask))
        follower = asyncio.create_task(verdicts.once("key", ask))
        await asyncio.sleep(0.5)
        leader.cancel()
        return await follower

    assert run(interrupted()) == (RIGHT, False)


@pytest.mark.parametrize("failures", [1, 2])
def test_a_failure_is_not_remembered(failures: int) -> None:
    verdicts, ask = Verdicts(), Asker(failures)

    async def until_it_works() -> object:
        for _ in range(failures):
            with pytest.raises(JudgeUnavailable):
                await verdicts.once("key", ask)
        return await verdicts.once("key", ask)

    assert run(until_it_works()) == (RIGHT, False)


def test_what_was_not_used_for_longest_goes_first() -> None:
    verdicts = Verdicts(most_bytes=1000)
    for key in ("a", "b"):
        verdicts.keep(key, RIGHT)
    verdicts.get("a")
    verdicts.keep("c", RIGHT)
    assert [verdicts.get(key) is not None for key in ("a", "b", "c")] == [True, False, True]


def test_a_verdict_larger_than_all_that_may_be_kept_is_not_kept() -> None:
    verdicts = Verdicts(most_bytes=1000)
    verdicts.keep("a", Remembered(Verdict(1.0, 0.9, "x" * 1000), "m"))
    assert verdicts.get("a") is None
