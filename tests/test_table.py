"""Verdicts remembered across instances: told, recalled, strictly read, and without a word of a sample."""

import asyncio
import json
import math
import time
from collections.abc import Callable, Coroutine, Iterator
from contextlib import closing
from itertools import count
from pathlib import Path
from typing import Any

import pytest
from botocore.exceptions import ClientError
from hypothesis import given
from hypothesis import strategies as st

from router.cache import Remembered
from router.consult import Consult, line_to
from router.handler import _from_environment
from router.policy import Policy
from router.route import route
from router.shared import Shared, shared_by
from router.shared.records import KEPT_SECONDS, REASON, item_of, read_item
from router.shared.table import Table
from router.types import Verdict
from router.wire import read, write
from tests.fakes import policy_from, row
from tests.local.bedrock import LocalBedrock
from tests.local.table import PATIENT, LocalTable, PretendedDynamoDB, local_dynamodb, remembering
from tests.simulated.virtual_time import run

NOW = 1_795_000_000.0
NEVER = 1e9
MODEL = "amazon.nova-lite-v1:0"


def key(number: int) -> str:
    return f"{number:064x}"


def remembered(score: float = 1.0, *, reason: str = "because", confidence: float = 0.85) -> Remembered:
    return Remembered(Verdict(score, confidence, reason), MODEL)


@pytest.fixture
def dynamodb(monkeypatch: pytest.MonkeyPatch) -> Iterator[LocalTable]:
    with local_dynamodb(monkeypatch) as local:
        yield local


def sharing(name: str, script: Callable[[Shared], Coroutine[Any, Any, Any]], *, now: float = NOW) -> Any:
    """Run a script with an opened table."""

    async def main() -> Any:
        table = Table(name)
        shared = Shared(table, waits=PATIENT, now=lambda: now)
        await table.open()
        try:
            return await script(shared)
        finally:
            await shared.close()

    return asyncio.run(main())


def tell(local: LocalTable, verdicts: dict[str, Remembered], *, now: float = NOW) -> None:
    async def script(shared: Shared) -> None:
        async with shared.telling(NEVER) as tell:
            for one, said in verdicts.items():
                tell(one, said)

    sharing(local.name, script, now=now)


def recall(local: LocalTable, *keys: str, now: float = NOW) -> dict[str, Remembered]:
    found: dict[str, Remembered] = sharing(
        local.name, lambda shared: shared.recall(dict.fromkeys(keys, MODEL), NEVER), now=now
    )
    return found


# --- over HTTP ---------------------------------------------------------------------------------------


def test_what_one_instance_tells_another_recalls(dynamodb: LocalTable) -> None:
    tell(dynamodb, {key(1): remembered(1 / 3), key(2): remembered(0.0)})
    found = recall(dynamodb, key(1), key(2), key(3))
    assert found == {key(1): remembered(1 / 3, reason=REASON), key(2): remembered(0.0, reason=REASON)}


def test_many_verdicts_are_recalled_a_hundred_a_call(dynamodb: LocalTable) -> None:
    tell(dynamodb, {key(n): remembered(n / 250) for n in range(250)})
    found = recall(dynamodb, *map(key, range(260)))
    assert {one: said.verdict.score for one, said in found.items()} == {key(n): n / 250 for n in range(250)}


def test_an_item_says_when_dynamodb_may_delete_it(dynamodb: LocalTable) -> None:
    tell(dynamodb, {key(1): remembered()})
    [item] = dynamodb.items()
    assert item["expires"] == {"N": str(int(NOW) + KEPT_SECONDS)}
    assert recall(dynamodb, key(1), now=NOW + KEPT_SECONDS - 1)
    assert recall(dynamodb, key(1), now=NOW + KEPT_SECONDS + 1) == {}


def test_a_table_that_is_missing_knows_nothing_and_is_named(
    dynamodb: LocalTable, caplog: pytest.LogCaptureFixture
) -> None:
    async def script(shared: Shared) -> tuple[object, object]:
        return await shared.recall({key(1): MODEL}, NEVER), await shared.recall({key(1): MODEL}, NEVER)

    assert sharing("no-such-table", script) == ({}, {})
    assert "no-such-table could not be reached: there is none of that name" in caplog.text
    assert caplog.text.count("could not be reached") == 1


def test_a_table_that_is_not_at_aws_is_named_once(
    dynamodb: LocalTable, caplog: pytest.LogCaptureFixture
) -> None:
    async def script(shared: Shared) -> None:
        await shared.close()
        await shared.recall({key(1): MODEL}, NEVER)

    sharing(dynamodb.name, script)
    assert caplog.text.count("DynamoDB is called at 127.0.0.1, which is not AWS: see AWS_ENDPOINT_URL") == 1


def test_what_others_wrote_into_the_table_is_no_verdict(dynamodb: LocalTable) -> None:
    sound = item_of(key(0), remembered(), NOW)
    dynamodb.put(id={"S": key(1)})
    dynamodb.put(**sound | {"id": {"S": key(2)}, "score": {"S": "1"}})
    dynamodb.put(**sound | {"id": {"S": key(3)}, "score": {"N": "1.5"}})
    dynamodb.put(**sound | {"id": {"S": key(4)}, "model": {"S": "another model"}})
    dynamodb.put(**sound | {"id": {"S": key(5)}, "more": {"BOOL": True}})
    dynamodb.put(**sound | {"id": {"S": key(6)}, "format": {"N": "2"}})
    dynamodb.put(**sound)
    assert list(recall(dynamodb, *map(key, range(7)))) == [key(0)]


# --- without a network -------------------------------------------------------------------------------


SOUND = item_of(key(0), remembered(), NOW)
MODELS = {key(0): MODEL}

plain = st.none() | st.booleans() | st.floats() | st.text()
anything = plain | st.lists(plain) | st.dictionaries(st.sampled_from(["S", "N", "M"]), plain)


@given(st.sampled_from([*SOUND]), anything)
def test_an_item_with_anything_else_in_one_place_is_no_wrong_verdict(name: str, value: object) -> None:
    read = read_item({**SOUND, name: value}, MODELS, NOW)
    if read is not None:
        asked, said = read
        assert (asked, said.model) == (key(0), MODEL)
        assert 0 <= said.verdict.score <= 1
        assert 0 <= said.verdict.confidence <= 1


@given(anything)
def test_what_is_no_item_is_no_verdict(item: object) -> None:
    assert read_item(item, MODELS, NOW) is None


@pytest.mark.parametrize(
    "number",
    ["NaN", "Infinity", "-Infinity", "-1", "-0", "1e400", "1_0", "0_1", " 1", "1 ", "+1", "", "\u0660"],
)
def test_a_score_that_is_written_oddly_is_none(number: str) -> None:
    assert read_item(SOUND | {"score": {"N": number}}, MODELS, NOW) is None


def test_an_item_about_another_question_is_no_verdict() -> None:
    assert read_item(SOUND | {"id": {"S": key(1)}}, MODELS, NOW) is None


@given(st.floats(0, 1), st.floats(0, 1))
def test_a_verdict_comes_back_to_the_last_bit(score: float, confidence: float) -> None:
    said = remembered(score, confidence=confidence)
    read = read_item(item_of(key(0), said, NOW), MODELS, NOW)
    assert read
    assert (read[1].verdict.score, read[1].verdict.confidence) == (score, confidence)


def pretended(respond: Callable[..., Any], asked: int = 3) -> tuple[dict[str, Remembered], PretendedDynamoDB]:
    """Recall some keys of a pretended table; return what was found, and the table."""
    dynamodb = PretendedDynamoDB(respond)

    async def main() -> dict[str, Remembered]:
        table = Table("verdicts", dynamodb)
        await table.open()
        found = await Shared(table, now=lambda: NOW).recall({key(n): MODEL for n in range(asked)}, NEVER)
        await table.close()
        return found

    return run(main()), dynamodb


def test_keys_that_the_table_did_not_get_to_are_asked_for_once_more() -> None:
    kept = {key(n): item_of(key(n), remembered(), NOW) for n in range(3)}

    def one_at_a_time(operation: str, **request: Any) -> dict[str, Any]:
        first, *others = request["RequestItems"]["verdicts"]["Keys"]
        answer = remembering(operation, kept=kept, RequestItems={"verdicts": {"Keys": [first]}})
        return answer | {"UnprocessedKeys": {"verdicts": {"Keys": others}} if others else {}}

    found, dynamodb = pretended(one_at_a_time)
    assert dynamodb.asked == ["open", "batch_get_item", "batch_get_item", "close"]
    assert list(found) == [key(0), key(1)]


@pytest.mark.parametrize(
    "answer",
    [
        {},
        {"Responses": {}},
        {"Responses": {"other": []}},
        {"Responses": None},
        {"Responses": {"verdicts": None}},
        {"Responses": {"verdicts": []}, "UnprocessedKeys": {"verdicts": {"Keys": [{}]}}},
        None,
        "<html>",
        {"Responses": {"verdicts": [None, 5, "x", {}, {"id": {"S": key(0)}}]}},
    ],
)
def test_an_answer_that_is_none_says_that_nothing_is_known(answer: object) -> None:
    found, _ = pretended(lambda operation, **_: answer)
    assert found == {}


def denied(operation: str, **_: Any) -> Any:
    raise ClientError(
        {"Error": {"Code": "AccessDeniedException", "Message": "User: arn:aws:sts::1:assumed-role/x"}},
        operation,
    )


def test_a_role_that_may_not_read_the_table_is_told_what_it_needs(caplog: pytest.LogCaptureFixture) -> None:
    found, _ = pretended(denied)
    assert found == {}
    assert "allow the role dynamodb:BatchGetItem, PutItem and UpdateItem" in caplog.text


# --- whole batches -----------------------------------------------------------------------------------

RULES = """
    judge: {model: amazon.nova-lite-v1:0, region: us-east-1}
    rules:
      - name: panel
        when: {kind: panel}
        judge: {reference: {panel: {models: [amazon.nova-lite-v1:0, amazon.nova-micro-v1:0], take: mean}}}
      - {name: all, judge: {reference: {confidence: 1}}}
"""


@pytest.fixture
def policy(tmp_path: Path) -> Policy:
    return policy_from(RULES, tmp_path)


@pytest.fixture
def bedrock(monkeypatch: pytest.MonkeyPatch) -> Iterator[LocalBedrock]:
    with LocalBedrock(
        answer=lambda call: {"reason": "CANARY-REASON", "verdict": "correct"}, latency=0.5
    ) as server:
        monkeypatch.delenv("AWS_BEARER_TOKEN_BEDROCK", raising=False)
        for name, value in server.environment.items():
            monkeypatch.setenv(name, value)
        yield server


def batch(start: int, stop: int) -> list[dict[str, Any]]:
    return [
        row(f"CANARY-1 {n}", "CANARY-2", prompt="CANARY-3", id=f"id-{n}", kind="" if n % 3 else "panel")
        for n in range(start, stop)
    ]


class Instance:
    """An instance of the function."""

    def __init__(self, policy: Policy, table: str = "") -> None:
        self.policy = policy
        self.consult = Consult(line_to("bedrock"), Shared(Table(table) if table else None, waits=PATIENT))

    def reply(self, event: list[dict[str, Any]], *, trail: bool = False) -> str:
        """The reply to a batch, as the trainer gets it."""
        rows = read(event).rows
        rewards = route(
            self.policy, rows, lambda questions, _: self.consult(questions, time.monotonic() + 60)[0]
        )
        return json.dumps(write(rows, rewards, "list", trail=trail))


def test_a_verdict_that_is_recalled_makes_the_same_reply_as_one_that_was_asked_for(
    policy: Policy, dynamodb: LocalTable, bedrock: LocalBedrock
) -> None:
    event = batch(0, 6)
    first, other, alone = Instance(policy, dynamodb.name), Instance(policy, dynamodb.name), Instance(policy)
    asked, remembered = first.reply(event), first.reply(event)
    other.reply(batch(100, 101))  # the first batch of an instance opens the table
    calls = len(bedrock.calls)
    recalled, trail = other.reply(event), other.reply(event, trail=True)
    assert len(bedrock.calls) == calls
    assert asked == remembered == recalled == alone.reply(event)
    assert [line["cached"] for result in json.loads(trail) for line in result["trail"]] == [True] * 6
    assert trail.count(REASON) == 6
    for instance in (first, other, alone):
        instance.consult.close()


def test_no_word_of_a_sample_or_a_reason_is_in_the_table(
    policy: Policy, dynamodb: LocalTable, bedrock: LocalBedrock
) -> None:
    instance = Instance(policy, dynamodb.name)
    trail = instance.reply(batch(0, 3), trail=True)
    instance.consult.close()
    assert len(dynamodb.items()) == 4
    assert "CANARY-REASON" in trail
    assert "CANARY" not in json.dumps(dynamodb.items())


def test_the_environment_names_the_table(
    policy: Policy,
    tmp_path: Path,
    dynamodb: LocalTable,
    bedrock: LocalBedrock,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    for name, value in {
        "ROUTER_POLICY": str(tmp_path / "policy.yaml"),
        "VERDICT_TABLE": dynamodb.name,
    }.items():
        monkeypatch.setenv(name, value)
    monkeypatch.delenv("JUDGE", raising=False)
    with closing(_from_environment.__wrapped__()) as handler:
        questions = count()
        while not dynamodb.items():  # a slow machine may drop what could not be told at once
            handler(batch(number := next(questions), number + 1), None)


def test_a_stand_ins_verdicts_are_shared_with_nobody() -> None:
    assert shared_by("offline", "verdicts", math.inf)._table is None
    assert shared_by("bedrock", "", math.inf)._table is None
