"""A table that is slow, down or garbled: a batch is hardly late, whole, and leaves nothing behind."""

import asyncio
import math
import threading
from collections.abc import Callable, Coroutine, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass, field
from functools import partial
from itertools import pairwise
from pathlib import Path
from random import Random
from typing import Any

import pytest
from aiohttp import web

from judges.base import Prompt, Reply, Settings
from judges.switchboard import Batch, Ledger, Switchboard
from router.cache import Remembered, Verdicts
from router.case import Case, Judged, Question
from router.consult import answers
from router.hearing import Hearing
from router.policy.model import Rule
from router.shared import Shared
from router.shared.table import Table
from router.types import Verdict
from tests.fakes import policy_from, sample
from tests.local.sdk import lead_to
from tests.local.table import PretendedDynamoDB, remembering
from tests.simulated.virtual_time import run

MODEL = "amazon.nova-lite-v1:0"


@pytest.fixture
def rule(tmp_path: Path) -> Rule:
    return policy_from("rules: [{name: all, judge: reference}]", tmp_path).rules[0]


@dataclass
class Model:
    """Answers a second after it is asked, and remembers when that was."""

    seconds: float = 1.0
    asked_at: list[float] = field(default_factory=list)

    async def open(self, settings: Settings) -> None:
        pass

    async def call(self, prompt: Prompt, settings: Settings) -> Reply:
        self.asked_at.append(asyncio.get_running_loop().time())
        await asyncio.sleep(self.seconds)
        return Reply({"reason": "", "verdict": "correct"}, "end_turn", settings.model, 1000, 100)

    async def close(self) -> None:
        pass


class Instance:
    """An instance of the function, on the event loop that runs; it forgets, so that it has to recall."""

    def __init__(
        self,
        rule: Rule,
        dynamodb: PretendedDynamoDB | None,
        *,
        model: Model | None = None,
        usd: float = math.inf,
    ) -> None:
        self.clock = asyncio.get_running_loop().time
        self.rule = rule
        self.model = model or Model()
        self.table = Table("verdicts", dynamodb, now=self.clock)
        self.shared = Shared(self.table, usd, now=self.clock)
        self.switchboard = Switchboard(self.model, clock=self.clock, rng=Random(1))

    async def judge(self, *responses: str, seconds: float = 600.0) -> list[Judged]:
        """Judge a batch; nothing may be left under way when it is back."""
        before = asyncio.all_tasks()
        [part] = self.rule.parts
        assert part.judge
        questions = [Question(Case(sample(one, "4"), self.rule), part.name, part.judge) for one in responses]
        batch = Batch(self.clock() + seconds, Ledger())
        judged = await answers(Hearing(self.switchboard, Verdicts(), batch), questions, self.shared)
        assert asyncio.all_tasks() == before
        return judged


def hang(operation: str, **_: Any) -> Any:
    raise AssertionError("nobody waits so long")


def fail(operation: str, **_: Any) -> Any:
    raise ConnectionResetError


def working(seconds: float = 0.005, **options: Any) -> PretendedDynamoDB:
    return PretendedDynamoDB(partial(remembering, kept={}), seconds, **options)


Script = Callable[[Instance], Coroutine[Any, Any, Any]]


def with_instance(rule: Rule, dynamodb: PretendedDynamoDB, script: Script, **options: Any) -> Any:
    """Run a script in virtual time."""

    async def main() -> Any:
        instance = Instance(rule, dynamodb, **options)
        said = await script(instance)
        await instance.shared.close()
        return said

    return run(main())


def verdicts(judged: list[Judged]) -> int:
    return sum(isinstance(one.finding, Verdict) for one in judged)


# --- in virtual time ---------------------------------------------------------------------------------


def test_the_first_batch_waits_for_nothing_and_opens_the_table_meanwhile(rule: Rule) -> None:
    dynamodb = working(opening_seconds=0.4)

    async def script(instance: Instance) -> None:
        await instance.judge("4")
        assert instance.model.asked_at == [0.0]
        assert instance.clock() == pytest.approx(1.005)
        [judged] = await instance.judge("4")
        assert judged.call
        assert judged.call.cached

    with_instance(rule, dynamodb, script)
    assert [what for _, what in dynamodb.log] == ["open", "put_item", "batch_get_item", "close"]
    assert dynamodb.log[0][0] == pytest.approx(0.05)


def test_a_first_batch_that_opens_the_table_for_its_budget_recalls_too(rule: Rule) -> None:
    dynamodb = working()

    async def script(instance: Instance) -> None:
        await instance.judge("4")

    with_instance(rule, dynamodb, script, usd=50.0)
    assert dynamodb.asked == ["open", "update_item", "batch_get_item", "put_item", "close"]


def test_a_table_that_hangs_costs_fifty_milliseconds_once_and_then_nothing_for_a_while(rule: Rule) -> None:
    async def script(instance: Instance) -> None:
        await instance.table.open()
        started = instance.clock()
        assert verdicts(await instance.judge("4")) == 1
        assert instance.model.asked_at == [pytest.approx(started + 0.05)]
        again = instance.clock()
        assert verdicts(await instance.judge("5")) == 1
        assert instance.model.asked_at[1:] == [again]

    with_instance(rule, PretendedDynamoDB(hang, seconds=3600), script, model=Model(0.1))


@pytest.mark.parametrize("dynamodb", [PretendedDynamoDB(hang, 3600), PretendedDynamoDB(fail, 0.001)])
def test_a_dead_table_is_probed_more_and_more_rarely(rule: Rule, dynamodb: PretendedDynamoDB) -> None:
    async def script(instance: Instance) -> list[float]:
        await instance.table.open()
        for n in range(200):
            started = instance.clock()
            assert verdicts(await instance.judge(str(n))) == 1
            assert instance.clock() - started <= 1.1 + 1e-9
        return [at for at, what in dynamodb.log if what in ("batch_get_item", "put_item")]

    probes = with_instance(rule, dynamodb, script)
    pauses = [after - before for before, after in pairwise(probes)]
    assert len(probes) <= 24  # one that a batch's end cut off, and one for the next batch
    assert 30 <= max(pauses) <= 32


def test_a_table_that_stays_down_is_logged_once_for_each_kind_of_failure(
    rule: Rule, caplog: pytest.LogCaptureFixture
) -> None:
    failures = iter([ConnectionResetError, TimeoutError] * 100)

    def fail_in_turns(operation: str, **_: Any) -> Any:
        raise next(failures)

    async def script(instance: Instance) -> None:
        await instance.table.open()
        for n in range(200):
            await instance.judge(str(n))

    with_instance(rule, PretendedDynamoDB(fail_in_turns, 0.001), script)
    assert [record.getMessage().split(": ")[1].split(";")[0] for record in caplog.records] == [
        "ConnectionResetError",
        "TimeoutError",
    ]


def test_a_table_that_is_up_again_is_used_again_over_a_new_connection(rule: Rule) -> None:
    kept: dict[str, Any] = {}
    up = False

    def respond(operation: str, **request: Any) -> Any:
        return remembering(operation, kept=kept, **request) if up else fail(operation)

    dynamodb = PretendedDynamoDB(respond)

    async def script(instance: Instance) -> None:
        nonlocal up
        await instance.table.open()
        await instance.judge("4")
        up = True
        await asyncio.sleep(10)
        await instance.judge("4")
        [judged] = await instance.judge("4")
        assert judged.call
        assert judged.call.cached

    with_instance(rule, dynamodb, script)
    assert dynamodb.asked[-6:] == ["close", "open", "batch_get_item", "put_item", "batch_get_item", "close"]


def test_connections_that_lay_idle_are_not_trusted(rule: Rule) -> None:
    dynamodb = working()

    async def script(instance: Instance) -> None:
        await instance.table.open()
        await instance.judge("4")
        await asyncio.sleep(21)
        [judged] = await instance.judge("4")
        assert judged.call
        assert judged.call.cached

    with_instance(rule, dynamodb, script)
    assert dynamodb.asked == [
        *("open", "batch_get_item", "put_item"),
        *("close", "open", "batch_get_item", "close"),
    ]


def test_verdicts_that_cannot_be_told_at_once_are_dropped(rule: Rule) -> None:
    dynamodb = PretendedDynamoDB(hang, seconds=3600)

    async def script(instance: Instance) -> None:
        assert verdicts(await instance.judge(*map(str, range(40)))) == 40
        assert instance.clock() <= instance.model.asked_at[-1] + 1.05 + 1e-9

    with_instance(rule, dynamodb, script)
    assert dynamodb.asked.count("put_item") <= 8


def test_nothing_is_told_past_the_deadline(rule: Rule) -> None:
    async def script(instance: Instance) -> None:
        assert verdicts(await instance.judge("4", seconds=1.01)) == 1
        assert instance.clock() == pytest.approx(1.01)

    with_instance(rule, PretendedDynamoDB(hang, seconds=3600), script)


def test_a_deadline_that_is_past_leaves_nothing_under_way(rule: Rule) -> None:
    async def script(instance: Instance) -> None:
        await instance.table.open()
        [judged] = await instance.judge("4", seconds=0.0)
        assert judged.finding.error == "JudgeLate"  # type: ignore[union-attr]

    with_instance(rule, PretendedDynamoDB(hang, seconds=3600), script)


def test_a_table_that_cannot_be_opened_holds_up_nobody(rule: Rule) -> None:
    async def script(instance: Instance) -> None:
        for n in range(3):
            asked_at = instance.clock()
            assert verdicts(await instance.judge(str(n))) == 1
            assert instance.model.asked_at[n] == asked_at

    with_instance(rule, working(opening_seconds=3600.0), script)


def test_a_table_that_has_no_way_to_open_says_why_and_holds_up_nobody(
    rule: Rule, caplog: pytest.LogCaptureFixture
) -> None:
    class Closed(PretendedDynamoDB):
        @asynccontextmanager
        async def _client(self) -> Any:
            raise RuntimeError("no region")
            yield

    async def script(instance: Instance) -> None:
        assert verdicts(await instance.judge("4")) == 1

    with_instance(rule, Closed(fail), script)
    assert "the table verdicts could not be reached: RuntimeError" in caplog.text


def test_what_some_pages_say_is_not_lost_with_the_others() -> None:
    async def main() -> list[str]:
        kept: dict[str, Any] = {}

        def respond(operation: str, **request: Any) -> Any:
            if operation == "batch_get_item" and len(request["RequestItems"]["verdicts"]["Keys"]) < 100:
                return fail(operation)
            return remembering(operation, kept=kept, **request)

        table = Table("verdicts", PretendedDynamoDB(respond), now=lambda: 0.0)
        shared = Shared(table, now=lambda: 0.0)
        async with shared.telling(math.inf) as tell:
            for n in range(101):
                tell(f"{n:064x}", Remembered(Verdict(1.0, 1.0, ""), MODEL))
        found = await shared.recall({f"{n:064x}": MODEL for n in range(101)}, math.inf)
        await shared.close()
        return list(found)

    assert len(run(main())) == 100 - 20


# --- over HTTP ---------------------------------------------------------------------------------------


@contextmanager
def serving(respond: Callable[[web.Request], Coroutine[Any, Any, web.StreamResponse]]) -> Iterator[str]:
    """Serve HTTP on loopback, in a thread; yield the URL."""
    loop = asyncio.new_event_loop()
    thread = threading.Thread(target=loop.run_forever, daemon=True)
    thread.start()

    async def start() -> web.AppRunner:
        app = web.Application()
        app.router.add_post("/", respond)
        runner = web.AppRunner(app, handler_cancellation=True, shutdown_timeout=0.1, access_log=None)
        await runner.setup()
        await web.TCPSite(runner, "127.0.0.1", 0).start()
        return runner

    runner = asyncio.run_coroutine_threadsafe(start(), loop).result()
    try:
        yield f"http://127.0.0.1:{runner.addresses[0][1]}"
    finally:
        asyncio.run_coroutine_threadsafe(runner.cleanup(), loop).result()
        loop.call_soon_threadsafe(loop.stop)
        thread.join()
        loop.close()


async def slow(request: web.Request) -> web.StreamResponse:
    await asyncio.sleep(3600)
    raise AssertionError


async def reset(request: web.Request) -> web.StreamResponse:
    assert request.transport
    request.transport.abort()
    return web.Response()


def saying(body: str, status: int = 200, kind: str = "application/x-amz-json-1.0") -> Any:
    async def respond(request: web.Request) -> web.StreamResponse:
        return web.Response(text=body, status=status, content_type=kind)

    return respond


FAULTS = {
    "slow": slow,
    "reset": reset,
    "HTML with 200": saying("<html><body>Welcome</body></html>", kind="text/html"),
    "HTML with 503": saying("<html><body>Busy</body></html>", 503, "text/html"),
    "nothing with 200": saying(""),
    "half an answer": saying('{"Responses": {"verd'),
    "another answer": saying('{"Responses": []}'),
    "a number": saying("5"),
    "null": saying("null"),
    "throttled": saying(
        '{"__type": "com.amazonaws.dynamodb.v20120810#ProvisionedThroughputExceededException"}', 400
    ),
}


async def two_batches(rule: Rule) -> None:
    """Judge a batch that opens the table, and one that would recall and tell."""
    instance = Instance(rule, None, model=Model(0.2))
    await instance.table.open()
    assert verdicts(await instance.judge("4", "5")) == 2
    assert verdicts(await instance.judge("4", "5")) == 2
    assert len(instance.model.asked_at) == 4
    await instance.shared.close()


@pytest.mark.parametrize("fault", FAULTS)
def test_a_batch_comes_back_whole_whatever_the_table_does(
    fault: str, rule: Rule, monkeypatch: pytest.MonkeyPatch
) -> None:
    with serving(FAULTS[fault]) as url:
        lead_to("dynamodb", url, monkeypatch)
        asyncio.run(two_batches(rule))


def test_a_batch_comes_back_whole_where_nobody_listens(rule: Rule, monkeypatch: pytest.MonkeyPatch) -> None:
    with serving(slow) as url:
        pass
    lead_to("dynamodb", url, monkeypatch)
    asyncio.run(two_batches(rule))
