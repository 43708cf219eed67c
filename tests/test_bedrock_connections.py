"""The telephone's connections: kept, dead, counted, and given back. Real sockets."""

import asyncio
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from judges.base import Reply
from judges.bedrock import Telephone
from router.errors import (
    JudgeLost,
)
from tests.local import bedrock_faults as faults
from tests.local.bedrock_faults import Fault
from tests.local.telephones import BEST, PROMPT, SETTINGS, Script, Serve, serving, with_telephone


@pytest.fixture
def serve(monkeypatch: pytest.MonkeyPatch) -> Iterator[Serve]:
    with serving(monkeypatch) as start:
        yield start


# Connections that are used again


def warmed(calls: int) -> Script:
    """A script that makes calls at once, so that as many connections are kept."""

    async def script(phone: Telephone) -> None:
        await asyncio.gather(*(phone.call(PROMPT, SETTINGS) for _ in range(calls)))

    return script


def test_a_connection_that_was_closed_unnoticed_between_two_calls_costs_nothing(serve: Serve) -> None:
    bedrock = serve()
    telephone = Telephone()
    with asyncio.Runner() as runner:
        for _ in range(2):
            assert runner.run(telephone.call(PROMPT, SETTINGS)).content == BEST
            bedrock.drop_idle()
        runner.run(telephone.close())
    assert (len(bedrock.calls), bedrock.connections) == (2, 2)


def test_connections_that_were_closed_between_two_batches_cost_nothing(serve: Serve) -> None:
    bedrock = serve(latency=0.05)
    telephone = Telephone()
    with asyncio.Runner() as runner:
        for _ in range(2):
            runner.run(warmed(8)(telephone))
            bedrock.drop_idle()
        runner.run(telephone.close())
    assert (len(bedrock.calls), bedrock.connections) == (16, 16)


def test_a_dead_connection_is_replaced_by_one_that_nobody_used(serve: Serve) -> None:
    dead = [None] * 3 + [faults.reset()]
    bedrock = serve(latency=0.05, faults=dead)

    async def script(phone: Telephone) -> Reply:
        await warmed(3)(phone)
        return await phone.call(PROMPT, SETTINGS)

    assert with_telephone(script).content == BEST
    assert [logged.fault for logged in bedrock.calls] == [None, None, None, "reset", None]
    assert bedrock.connections == 4


@pytest.mark.parametrize(
    "fault",
    [faults.reset(after=1.2), faults.reset(mid_body=True), faults.truncated()],
    ids=["after a while", "in the middle", "at the end"],
)
def test_a_connection_that_dies_after_the_question_arrived_loses_it(serve: Serve, fault: Fault) -> None:
    bedrock = serve(faults=[None, fault])

    async def script(phone: Telephone) -> None:
        await phone.call(PROMPT, SETTINGS)
        with pytest.raises(JudgeLost):
            await phone.call(PROMPT, SETTINGS)

    with_telephone(script)
    assert len(bedrock.calls) == 2


def test_a_connection_that_dies_twice_is_lost(serve: Serve) -> None:
    bedrock = serve(faults=[None, faults.reset(), faults.reset()])

    async def script(phone: Telephone) -> None:
        await phone.call(PROMPT, SETTINGS)
        with pytest.raises(JudgeLost):
            await phone.call(PROMPT, SETTINGS)

    with_telephone(script)
    assert len(bedrock.calls) == 3


def test_there_are_no_more_connections_than_calls_in_flight(serve: Serve) -> None:
    bedrock = serve(latency=0.03)
    with_telephone(warmed(12), in_flight=3)
    assert (len(bedrock.calls), bedrock.most_in_flight, bedrock.connections) == (12, 3, 3)


def open_files() -> int:
    return len(list(Path("/proc/self/fd").iterdir()))


async def until(true: Callable[[], bool]) -> None:
    """Wait for what another thread is about to do."""
    async with asyncio.timeout(10):
        while not true():  # noqa: ASYNC110 - it happens on no loop of ours
            await asyncio.sleep(0.01)


linux = pytest.mark.skipif(sys.platform != "linux", reason="counts the files in /proc")


@linux
def test_a_call_that_is_cancelled_leaves_no_socket_behind(serve: Serve) -> None:
    bedrock = serve(faults=lambda _: faults.hang(30))

    async def script(phone: Telephone) -> None:
        before = open_files()
        hanging = asyncio.create_task(phone.call(PROMPT, SETTINGS))
        await until(lambda: len(bedrock.calls) == 1)
        hanging.cancel()
        with pytest.raises(asyncio.CancelledError):
            await hanging
        await until(lambda: open_files() == before)
        assert asyncio.all_tasks() == {asyncio.current_task()}

    with_telephone(script)
    assert bedrock.calls[0].status is None


@linux
def test_two_hundred_calls_in_a_row_leave_nothing_behind(serve: Serve) -> None:
    bedrock = serve()
    telephone = Telephone()
    with asyncio.Runner() as runner:
        runner.run(telephone.call(PROMPT, SETTINGS))
        before = open_files()
        for _ in range(200):
            runner.run(telephone.call(PROMPT, SETTINGS))
        assert open_files() == before
        assert asyncio.all_tasks(runner.get_loop()) == set()
        runner.run(telephone.close())
    assert bedrock.connections == 1


def test_a_telephone_that_was_hung_up_serves_another_event_loop(serve: Serve) -> None:
    bedrock = serve(latency=0.02)
    telephone = Telephone()

    async def batch() -> None:
        await warmed(4)(telephone)
        await telephone.close()

    for _ in range(2):
        asyncio.run(batch())
    assert (len(bedrock.calls), bedrock.connections) == (8, 8)
