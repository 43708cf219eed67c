"""Events of every shape and of none: each row gets its place, and no row costs another its own."""

import json
import math
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from router.errors import EventRefused
from router.types import Message, Sample, Unscorable
from router.wire import Batch, read
from tests.fakes import row
from tests.rows import EVENTS, MALFORMED, SHAPES, event, json_values, nested, rowlike, with_message


def only(raw: object) -> Sample:
    """The sample of a batch with one sound row."""
    [one] = read([raw]).rows
    assert isinstance(one, Sample)
    return one


def ids(batch: Batch) -> list[str | int]:
    return [one.id for one in batch.rows]


def flags(batch: Batch) -> list[tuple[str, ...]]:
    return [one.flags for one in batch.rows]


# --- shapes ------------------------------------------------------------------------------------------


def test_every_recorded_event_has_its_line_in_the_table() -> None:
    assert {path.stem for path in EVENTS.glob("*.json")} == SHAPES.keys()


@pytest.mark.parametrize("name", SHAPES)
def test_a_recorded_event_is_read_whole_in_order_and_under_its_own_ids(name: str) -> None:
    batch = read(event(name))
    assert (batch.envelope, ids(batch)) == SHAPES[name]
    assert "malformed" not in sum(flags(batch), ())


WRAPPED: dict[str, Callable[[Any], object]] = {
    "input": lambda rows: {"input": rows},
    "batch": lambda rows: {"batch": rows},
    "trajectories": lambda rows: {"trajectories": rows},
    "body": lambda rows: {"body": rows},
    "body, as text": lambda rows: {"body": json.dumps(rows)},
    "body with input": lambda rows: {"body": {"input": rows}},
    "body with batch, as text": lambda rows: {"body": json.dumps({"batch": rows})},
    "with other fields": lambda rows: {"input": rows, "version": "1", "id": "request-1"},
}


@pytest.mark.parametrize("wrap", WRAPPED.values(), ids=WRAPPED)
def test_the_list_may_lie_under_any_wrapper(wrap: Callable[[Any], object]) -> None:
    assert ids(read(wrap([row("4", id="x"), row("5", id="y")]))) == ["x", "y"]


def test_one_object_may_lie_under_body() -> None:
    batch = read({"body": json.dumps(row("4", id="x"))})
    assert (batch.envelope, ids(batch)) == ("body_string", ["x"])


@pytest.mark.parametrize("field", ["input", "batch", "trajectories", "body"])
def test_what_has_messages_is_a_row_whatever_its_other_fields_are_called(field: str) -> None:
    one = row("4", "4") | {field: [1, 2]}
    assert ids(read(one)) == ["a"]
    assert only(one).fields == {field: [1, 2]}


@pytest.mark.parametrize("empty", [[], {"input": []}, {"body": []}, {"body": "[]"}])
def test_a_batch_of_nothing_is_a_batch(empty: object) -> None:
    assert read(empty).rows == ()


# --- refusals ----------------------------------------------------------------------------------------

NO_BATCH = {
    "nothing": None,
    "empty text": "",
    "text": "hello",
    "a batch as text": "[]",
    "a number": 5,
    "true": True,
    "an empty object": {},
    "somebody else's event": {"Records": [{"eventSource": "aws:sqs"}]},
    "a body that is not JSON": {"body": "not json"},
    "a body that is a number": {"body": 5},
    "a body that is null": {"body": None},
    "a body without rows": {"body": "{}"},
    "a body that is text in text": {"body": '"[]"'},
    "a body without a bottom": {"body": "[" * 100_000},
    "a body with an endless number": {"body": "[" + "9" * 5000 + "]"},
    "a wrapper around text": {"input": "[]"},
}


@pytest.mark.parametrize("nonsense", NO_BATCH.values(), ids=NO_BATCH)
def test_what_is_no_batch_is_refused_in_one_line(nonsense: object) -> None:
    with pytest.raises(EventRefused) as refused:
        read(nonsense)
    assert len(str(refused.value).splitlines()) == 1
    assert refused.value.__suppress_context__ or refused.value.__context__ is None


def test_the_refusal_says_what_to_send() -> None:
    with pytest.raises(EventRefused, match="send a list of objects with `messages`"):
        read({"detail": "a scheduled event"})


MEGABYTE = "x" * 2**20

TOO_LARGE = {
    "one row": [row(MEGABYTE * 6)],
    "many rows": [row(MEGABYTE, id=str(n)) for n in range(7)],
    "text as bytes": [row("行" * 2**20, id=str(n)) for n in range(2)],
    "a body": {"body": json.dumps([row(MEGABYTE * 6)])},
    "wrapped": {"input": [row(MEGABYTE * 6)]},
    "beside a malformed row": [5, row(math.nan), *[row(MEGABYTE, id=str(n)) for n in range(7)]],
}


@pytest.mark.parametrize("giant", TOO_LARGE.values(), ids=TOO_LARGE)
def test_more_than_lambda_takes_is_refused_with_the_way_out(giant: object) -> None:
    with pytest.raises(EventRefused, match=r"holds \d\.\d MB and Lambda takes 6: send fewer rows"):
        read(giant)


def test_more_rows_than_any_trainer_sends_are_refused() -> None:
    with pytest.raises(EventRefused, match="the event holds 10,001 rows: send 10,000 or fewer"):
        read([5] * 10_001)


def test_an_event_that_lambda_took_is_not_too_large_for_us() -> None:
    compact = json.dumps([row("4", numbers=[7] * 3_000_000)], separators=(",", ":"))
    assert len(compact) < 6 * 2**20
    assert flags(read(json.loads(compact))) == [()]


# --- malformed rows ----------------------------------------------------------------------------------


@pytest.mark.parametrize(("raw", "name"), MALFORMED.values(), ids=MALFORMED)
def test_a_malformed_row_keeps_its_place_and_costs_no_other_row_its_own(raw: object, name: str | int) -> None:
    before, broken, after = read([row("4", id="before"), raw, row("5", id="after")]).rows
    assert isinstance(broken, Unscorable)
    assert (broken.id, broken.flags) == (name, ("malformed",))
    assert [one.response for one in (before, after) if isinstance(one, Sample)] == ["4", "5"]


@pytest.mark.parametrize(
    ("raw", "reason"),
    [
        (5, "the row is a number, not an object"),
        ({"id": "a"}, "`messages` is missing"),
        (row("4", messages="hello"), "`messages` is text, not a list"),
        (row("4", messages=[None]), "a message is null, not an object"),
        (with_message(content="?"), "a message's `role` is missing or not text"),
        (row({}), "`content` is an object, neither text nor a list of blocks"),
        (row("4", metadata="x"), "`metadata` is text, not an object"),
        (row("4", id=True), "`id` is true or false: send text or a whole number"),
        (row("4", id="i" * 1025), "`id` is longer than 1024 characters"),
    ],
)
def test_the_reason_names_what_is_wrong(raw: object, reason: str) -> None:
    [broken] = read([raw]).rows
    assert isinstance(broken, Unscorable)
    assert broken.reason == reason


def test_a_nest_of_a_hundred_levels_is_no_mistake() -> None:
    raw = row("4", nested(97))  # inside the row, inside the batch, and the core counts as well
    assert flags(read([raw, row("5", id="b")])) == [(), ()]


@given(st.lists(json_values | rowlike, max_size=6))
def test_whatever_lies_in_a_list_every_element_gets_one_place_under_an_id_that_a_reply_can_carry(
    raw: list[Any],
) -> None:
    batch = read(raw)
    assert len(batch.rows) == len(raw)
    json.dumps(ids(batch), allow_nan=False, ensure_ascii=False).encode()
    for one, source in zip(batch.rows, raw, strict=True):
        given_id = source.get("id") if isinstance(source, dict) else None
        if isinstance(given_id, str) and given_id.isprintable():
            assert one.id == given_id


@given(json_values)
def test_whatever_the_event_is_it_is_read_or_refused(anything: object) -> None:
    try:
        batch = read(anything)
    except EventRefused:
        assert not isinstance(anything, list)
    else:
        assert all(isinstance(one, Sample | Unscorable) for one in batch.rows)


# --- ids ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["", "a", "行", "a\x00b", "i" * 1024, 0, -7, 2**63, 10**38])
def test_an_id_comes_back_as_it_was_sent(name: str | int) -> None:
    [one] = ids(read([row("4", id=name)]))
    assert (one, type(one)) == (name, type(name))


def test_a_row_without_an_id_gets_one_from_its_place() -> None:
    unnamed = {key: value for key, value in row("4").items() if key != "id"}
    assert ids(read([unnamed, row("4", id=None), row("4", id="x")])) == ["row-0", "row-1", "x"]


def test_an_id_from_a_place_is_never_one_that_another_row_brings() -> None:
    batch = read([row("4", id=None), row("4", id="row-0"), row("4", id="row-0-")])
    assert ids(batch) == ["row-0--", "row-0", "row-0-"]
    assert flags(batch) == [(), (), ()]


def test_rows_that_share_an_id_are_read_and_flagged_every_one_of_them() -> None:
    batch = read([row("4", id="x"), row("5", id="y"), row("6", id="x"), {"id": "x"}])
    assert ids(batch) == ["x", "y", "x", "x"]
    assert flags(batch) == [("duplicate_id",), (), ("duplicate_id",), ("malformed", "duplicate_id")]


def test_a_number_and_its_digits_are_two_ids() -> None:
    assert flags(read([row("4", id=5), row("4", id="5")])) == [(), ()]


# --- responses ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("role", ["assistant", "nova_assistant"])
def test_the_last_message_of_an_assistant_is_the_response(role: str) -> None:
    turns = [
        {"role": "system", "content": "Be brief."},
        {"role": "user", "content": "2+2?"},
        {"role": "assistant", "content": "3"},
        {"role": "user", "content": "No."},
        {"role": role, "content": "4"},
    ]
    read_sample = only(row("", messages=turns))
    assert read_sample.response == "4"
    assert [(one.role, one.text) for one in read_sample.prompt] == [
        ("system", "Be brief."),
        ("user", "2+2?"),
        ("assistant", "3"),
        ("user", "No."),
    ]


@pytest.mark.parametrize("role", ["system", "user", "tool", "bot", "developer"])
def test_a_row_that_ends_in_another_role_is_a_training_row_and_no_mistake(role: str) -> None:
    [one] = read([{"messages": [{"role": role, "content": "2+2?"}], "reference_answer": "4"}]).rows
    assert isinstance(one, Unscorable)
    assert (one.id, one.flags) == ("row-0", ("no_response",))


BLOCKS: dict[str, tuple[object, str]] = {
    "text": ("4", "4"),
    "null": (None, ""),
    "no block": ([], ""),
    "typed text": ([{"type": "text", "text": "4"}], "4"),
    "Bedrock's text": ([{"text": "4"}], "4"),
    "text of the Responses API": ([{"type": "output_text", "text": "4"}], "4"),
    "bare text": (["4"], "4"),
    "several": ([{"text": "2+2"}, {"type": "text", "text": "= 4"}], "2+2\n= 4"),
    "reasoning, typed": ([{"type": "reasoning", "text": "so 5"}, {"text": "4"}], "4"),
    "reasoning, Bedrock's": ([{"reasoningContent": {"reasoningText": {"text": "so 5"}}}, {"text": "4"}], "4"),
    "thinking": ([{"type": "thinking", "thinking": "so 5"}, {"type": "text", "text": "4"}], "4"),
    "thinking kept secret": ([{"type": "redacted_thinking", "data": "c28gNQ"}, {"text": "4"}], "4"),
}


@pytest.mark.parametrize(("content", "text"), BLOCKS.values(), ids=BLOCKS)
def test_the_text_of_a_response_is_its_text_blocks_without_its_reasoning(content: object, text: str) -> None:
    sample = only(row(content))
    assert (sample.response, sample.unread) == (text, ())


RESULTS: dict[str, object] = {
    "typed": {"type": "tool_result", "content": "18 C"},
    "typed, in blocks": {"type": "tool_result", "content": [{"type": "text", "text": "18 C"}]},
    "Bedrock's": {"toolResult": {"toolUseId": "t", "content": [{"text": "18 C"}]}},
}


@pytest.mark.parametrize("block", RESULTS.values(), ids=RESULTS)
def test_what_a_tool_answered_is_part_of_the_conversation(block: object) -> None:
    assert only(with_message(role="user", content=[block])).prompt == (Message("user", "18 C"),)


def test_what_a_tool_answered_in_json_is_shown_as_json() -> None:
    block = {"toolResult": {"content": [{"json": {"wetter": "schön"}}]}}
    assert only(with_message(role="user", content=[block])).prompt == (
        Message("user", '{"wetter": "schön"}'),
    )


CALL = {"id": "c1", "type": "function", "function": {"name": "f", "arguments": "{}"}}


def test_the_tool_calls_of_a_response_are_kept_as_written() -> None:
    use = {"type": "tool_use", "name": "g", "input": {}}
    content = [{"text": "wait"}, {"toolUse": {"name": "h"}}, use]
    turns = [
        {"role": "user", "content": "?"},
        {"role": "assistant", "content": content, "tool_calls": [CALL]},
    ]
    sample = only(row("", messages=turns))
    assert (sample.response, sample.calls) == ("wait", (CALL, {"name": "h"}, use))


def test_an_earlier_turn_tells_which_tools_it_called() -> None:
    [turn] = only(with_message(role="assistant", content=None, tool_calls=[{"name": "grüße"}])).prompt
    assert turn.text == 'tool call: {"name": "grüße"}'


@pytest.mark.parametrize(
    ("blocks", "kinds"),
    [
        ([{"type": "image", "source": {}}], ("image",)),
        ([{"image": {"format": "png"}}], ("image",)),
        ([{"type": "image_url", "image_url": {}}, {"document": {}}], ("image_url", "document")),
        ([{"image": {}}, {"image": {}}], ("image",)),
        ([{"toolResult": {"content": [{"video": {}}]}}], ("video",)),
        ([{}], ("empty",)),
    ],
)
def test_blocks_that_are_no_text_are_named_once_each(blocks: list[Any], kinds: tuple[str, ...]) -> None:
    assert only(with_message(role="user", content=[*blocks, {"text": "?"}])).unread == kinds
    assert only(row(blocks)).unread == kinds


# --- what goes with a response -----------------------------------------------------------------------

REFERENCES: dict[str, dict[str, Any]] = {
    "top level": {"reference_answer": "4"},
    "metadata": {"metadata": {"reference_answer": "4"}},
    "reward_model": {"reward_model": {"ground_truth": "4"}},
    "ground_truth": {"ground_truth": "4"},
    "reward_model in metadata": {"metadata": {"reward_model": {"ground_truth": "4"}}},
    "ground_truth in metadata": {"metadata": {"ground_truth": "4"}},
    "the first of several": {"reference_answer": "4", "ground_truth": "5", "metadata": {"ground_truth": "6"}},
    "past a null": {"reference_answer": None, "metadata": {"reference_answer": "4"}, "ground_truth": "5"},
    "past a reward_model without one": {"reward_model": {"style": "rule"}, "ground_truth": "4"},
    "past a reward_model that is text": {"reward_model": "rule", "ground_truth": "4"},
}


@pytest.mark.parametrize("places", REFERENCES.values(), ids=REFERENCES)
def test_the_reference_answer_is_found_wherever_trainers_put_it(places: dict[str, Any]) -> None:
    assert only({**row("4"), **places}).reference == "4"


@pytest.mark.parametrize("reference", ["", 0, 0.5, False, [], ["4", "four"], {"answer": "4"}])
def test_a_reference_answer_of_any_kind_is_kept_as_it_is(reference: object) -> None:
    assert only(row("4", reference)).reference == reference


def test_a_row_without_a_reference_answer_has_none() -> None:
    assert only(row("4", metadata={"task": "math"})).reference is None


def test_rules_see_extra_fields_and_metadata_and_metadata_wins() -> None:
    sample = only(row("4", task="chat", level=3, metadata={"task": "math", "source": "gsm8k"}))
    assert sample.fields == {"task": "math", "level": 3, "source": "gsm8k"}


STRUCTURE = ["id", "messages", "metadata", "tools", "reference_answer", "reward_model", "ground_truth"]


@pytest.mark.parametrize("name", ["label", "label_detail", *STRUCTURE[3:]])
def test_labels_and_the_rows_own_structure_are_invisible_to_rules(name: str) -> None:
    assert only(row("4") | {name: []}).fields == {}
    assert only(row("4", metadata={name: []})).fields == {}


def test_tools_come_from_the_row_or_else_from_its_metadata() -> None:
    tools, others = [{"name": "f"}], [{"name": "g"}]
    assert only(row("4", tools=tools, metadata={"tools": others})).tools == tools
    assert only(row("4", metadata={"tools": others})).tools == others
    assert only(row("4", metadata={"tools": "calculator"})).tools == []
