"""Calls are read however they are written, compared as BFCL's checker does, and never guessed."""

import json
import math
from collections.abc import Sequence
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from router.types import Abstain, Finding, Message, Sample, Verdict
from tests.manuals import Example, examples
from verifiers import tool_calls
from verifiers.calls.agreement import SITUATIONS, Agreement
from verifiers.calls.match import Match, in_order, paired
from verifiers.calls.syntax import Broken, Code, ToolCall, python_calls
from verifiers.tool_calls import CONFIDENCE, LISTED, ToolCalls

SETTLES = 0.95

WEATHER = {
    "name": "get_weather",
    "parameters": {
        "type": "dict",
        "properties": {
            "city": {"type": "string"},
            "unit": {"type": "string", "enum": ["celsius", "fahrenheit"], "default": "celsius"},
            "days": {"type": "integer"},
            "wind": {"type": "boolean"},
            "at": {"type": "tuple", "items": {"type": "float"}},
            "filter": {"type": "dict"},
            "limit": {"type": "float"},
            "tags": {"type": "array", "items": {"type": "string"}},
        },
        "required": ["city"],
    },
}
FACTORIAL = {
    "name": "math.factorial",
    "parameters": {"type": "dict", "properties": {"n": {"type": "integer"}}, "required": ["n"]},
}
TOOLS = [WEATHER, FACTORIAL]

OPTIONAL: dict[str, list[object]] = {
    "unit": ["celsius", ""],
    "days": [""],
    "wind": [""],
    "at": [""],
    "filter": [""],
    "limit": [""],
    "tags": [""],
}


def wanted(**accepted: list[object]) -> object:
    """One call of get_weather, in BFCL's form."""
    possible = {**OPTIONAL, "city": ["Paris", "Paris, France"], **accepted}
    return {"functions": TOOLS, "possible_answer": {"get_weather": possible}}


NONE = {"functions": TOOLS, "possible_answer": None}
EXACTLY = {"tool_calls": [{"name": "get_weather", "arguments": {"city": "Paris"}}]}
FACTORIALS = {
    "functions": FACTORIAL,
    "possible_answer": {"math.factorial_1": {"n": [5]}, "math.factorial_2": {"n": [-6]}},
}
FACTORIAL_OF_5 = {"functions": FACTORIAL, "possible_answer": {"math.factorial": {"n": [5]}}}


def found(
    response: str = "",
    reference: object = None,
    calls: Sequence[object] = (),
    tools: Sequence[object] = (),
    **options: Any,
) -> Finding:
    sample = Sample("a", (Message("user", "?"),), response, reference, tools=tools, calls=calls)
    return ToolCalls(**options).verify(sample)


def situation(finding: Finding) -> str:
    return finding.reason.partition(" (")[0].removesuffix(LISTED)


@pytest.mark.parametrize("example", examples(tool_calls.__doc__ or ""), ids=lambda example: example.line)
def test_the_manual_says_what_it_does(example: Example) -> None:
    assert example.holds(ToolCalls)


def test_every_example_of_the_manual_is_read() -> None:
    manual = tool_calls.__doc__ or ""
    assert len(examples(manual)) == sum(line.startswith('    "') for line in manual.splitlines()) >= 15


CALL = {"name": "get_weather", "arguments": {"city": "Paris"}}
AS_JSON = json.dumps(CALL)

WRITTEN = [
    "[get_weather(city='Paris')]",
    'get_weather(city="Paris")',
    "[get_weather(city='Paris',)]",
    "[\n  get_weather(\n    city='Paris',\n  )\n]",
    "`get_weather(city='Paris')`",
    "'[get_weather(city=\"Paris\")]'",
    "[functions.get_weather(city='Paris')]",
    "```python\nget_weather(city='Paris')\n```",
    "```tool_code\nprint(default_api.get_weather(city='Paris'))\n```",
    "weather = get_weather(city='Paris')",
    "<think>get_weather(city='Rome')?</think>[get_weather(city='Paris')]",
    AS_JSON,
    f"[{AS_JSON}]",
    f"```json\n{AS_JSON}\n```",
    f"<tool_call>\n{AS_JSON}\n</tool_call>",
    f"I look it up.\n<tool_call>{AS_JSON}</tool_call>",
    f"<tool_call>{AS_JSON}",
    f"<tool_calls>\n<tool_call>{AS_JSON}</tool_call>\n</tool_calls>",
    f"<TOOLCALL>[{AS_JSON}]</TOOLCALL>",
    f"<|python_tag|>{AS_JSON}<|eom_id|>",
    f"<|tool_call|>[{AS_JSON}]<|/tool_call|>",
    "[get_weather(city='Paris')]<|eot_id|>",
    "<tool_call>{'name': 'get_weather', 'arguments': {'city': 'Paris'}}</tool_call>",
    '{"name": "get_weather", "parameters": {"city": "Paris"}}',
    '{"function": "get_weather", "parameters": {"city": "Paris"}}',
    '{"tool": "get_weather", "args": {"city": "Paris"}}',
    '{"get_weather": {"city": "Paris"}}',
    '[{"get_weather": "{\\"city\\": \\"Paris\\"}"}]',
    '{"type": "function", "function": {"name": "get_weather", "arguments": "{\\"city\\": \\"Paris\\"}"}}',
    '{"tool_calls": [{"function": {"name": "get_weather", "arguments": {"city": "Paris"}}}]}',
    '{"toolUse": {"name": "get_weather", "input": {"city": "Paris"}}}',
]


@pytest.mark.parametrize("response", WRITTEN)
def test_a_call_is_read_however_it_is_written(response: str) -> None:
    finding = found(response, wanted())
    assert finding == Verdict(1, CONFIDENCE["as wanted"], "as wanted (get_weather)")


GIVEN = [
    {"id": "1", "type": "function", "function": {"name": "get_weather", "arguments": '{"city": "Paris"}'}},
    {"type": "function", "function": {"name": "get_weather", "arguments": {"city": "Paris"}}},
    {"type": "tool_use", "id": "1", "name": "get_weather", "input": {"city": "Paris"}},
    {"toolUseId": "1", "name": "get_weather", "input": {"city": "Paris"}},
    {"toolUse": {"toolUseId": "1", "name": "get_weather", "input": {"city": "Paris"}}},
    {"name": "get_weather", "arguments": {"city": "Paris"}},
]


@pytest.mark.parametrize("call", GIVEN)
def test_a_call_is_read_however_it_is_given(call: object) -> None:
    assert found("", EXACTLY, [call]) == Verdict(1, CONFIDENCE["as wanted"], "as wanted (get_weather)")


REFERENCES = [
    EXACTLY,
    json.dumps(EXACTLY),
    json.dumps(wanted()),
    [CALL],
    CALL,
    {"answer": [CALL]},
    {"tool_calls": [{"function": {"name": "get_weather", "arguments": '{"city": "Paris"}'}}]},
    {"function": TOOLS, "ground_truth": [{"get_weather": {"city": ["Paris"]}}]},
]


@pytest.mark.parametrize("reference", REFERENCES)
def test_a_reference_answer_is_read_in_every_form(reference: object) -> None:
    assert situation(found("[get_weather(city='Paris')]", reference)) == "as wanted"


@pytest.mark.parametrize(
    "reference", [None, 5, "Paris", "[1, 2]", {"functions": TOOLS}, {"tool_calls": [1]}, "["]
)
def test_it_abstains_where_the_reference_answer_asks_for_no_calls(reference: object) -> None:
    assert isinstance(found("[get_weather(city='Paris')]", reference), Abstain)


ARGUMENTS: list[tuple[str, dict[str, list[object]], str]] = [
    # what is written, what is accepted, the situation
    ("city='paris'", {}, "as wanted"),
    ("city='Paris,France'", {}, "as wanted"),
    ("city='PARIS', unit='Celsius'", {}, "as wanted"),
    ("city='Paris', unit='celsius'", {"unit": [""]}, "as wanted, where a default is left out or given"),
    ("city='Paris'", {"unit": ["celsius"]}, "as wanted, where a default is left out or given"),
    ("city='Paris'", {"unit": ["fahrenheit"]}, "an argument is missing"),
    (
        "city='Paris', unit='fahrenheit'",
        {},
        "another value",
    ),  # the units are enumerated: no matter of wording
    ("unit='celsius'", {}, "an argument is missing"),
    ("unit='celsius'", {"city": ["Paris", ""]}, "an argument is missing"),  # the schema requires it
    ("city='Paris', country='France'", {}, "an argument that the tool does not have"),
    ("city='Paris', days=3", {}, "an argument that is not wanted"),
    ("city='Paris', days=3", {"days": [3]}, "as wanted"),
    ("city='Paris', days=+3", {"days": [3]}, "as wanted"),
    ("city='Paris', days=-3", {"days": [-3]}, "as wanted"),
    ("city='Paris', days=4", {"days": [3]}, "another value"),
    ("city='Paris', days=-3", {"days": [3]}, "another value"),
    ("city='Paris', days='3'", {"days": [3]}, "a value of another type"),
    ("city='Paris', days=True", {"days": [1]}, "a value of another type"),
    ("city='Paris', days=3.0", {"days": [3]}, "a float where a whole number is declared"),
    ("city='Paris', limit=3", {"limit": [3.0]}, "as wanted"),
    ("city='Paris', limit=3.5", {"limit": [3.5]}, "as wanted"),
    ("city='Paris', limit=7/2", {"limit": [3.5]}, "an argument that is code"),
    ("city='Paris', wind=True", {"wind": [True]}, "as wanted"),
    ("city='Paris', wind=true", {"wind": [True]}, "an argument that is code"),
    ("city='Paris', wind='True'", {"wind": [True]}, "a value of another type"),
    ("city='Paris', wind=1", {"wind": [True]}, "a value of another type"),
    ("city='Paris', wind=None", {"wind": [None, ""]}, "as wanted"),
    ("city='Paris', tags=['A', 'b']", {"tags": [["a", "b"]]}, "as wanted"),
    ("city='Paris', tags=['b', 'a']", {"tags": [["a", "b"]]}, "another text"),
    ("city='Paris', tags=['a']", {"tags": [["a", "b"], ["a"]]}, "as wanted"),
    ("city='Paris', tags=['a']", {"tags": [["a", "b"]]}, "another value"),
    ("city='Paris', tags='a'", {"tags": [["a"]]}, "a value of another type"),
    ("city='Paris', tags=('a',)", {"tags": [["a"]]}, "as wanted, in a neighbouring type"),
    ("city='Paris', tags=''", {"tags": [["a"], ""]}, "a value of another type"),
    ("city='Paris', unit=''", {"unit": ["celsius", ""]}, "as wanted"),
    ("city='Paris', days='any'", {"days": ["any"]}, "as wanted"),
    ("city='Paris', days='Any'", {"days": ["any"]}, "as wanted but for letter case or punctuation"),
    ("city='Paris', at=[1.0, 2]", {"at": [[1, 2]]}, "as wanted"),
    (
        "city='Paris', hour=3",
        {"hour": [3]},
        "an argument that is wanted, though the tool does not have it",
    ),
    ("city='Paris', at=(1.0, 2.0)", {"at": [[1.0, 2.0]]}, "as wanted"),
    ("city='Paris', at=[1, 2]", {"at": [[1.0, 2.0]]}, "as wanted, in a neighbouring type"),
    ("city='Paris', filter={'a': 1, 'b': 'X'}", {"filter": [{"a": [1, 2], "b": ["x", ""]}]}, "as wanted"),
    ("city='Paris', filter={'a': 2}", {"filter": [{"a": [1, 2], "b": ["x", ""]}]}, "as wanted"),
    ("city='Paris', filter={'a': 3}", {"filter": [{"a": [1, 2], "b": ["x", ""]}]}, "another value"),
    (
        "city='Paris', filter={'b': 'x'}",
        {"filter": [{"a": [1, 2], "b": ["x", ""]}]},
        "an argument is missing",
    ),
    ("city='Paris', filter={'a': 1, 'c': 0}", {"filter": [{"a": [1]}]}, "an argument that is not wanted"),
    ("city='Paris', filter={'a': [{'b': -1}]}", {"filter": [{"a": [[{"b": [-1]}]]}]}, "as wanted"),
    ("city='the city of Paris'", {}, "a text in other words"),
    ("city='Lutetia'", {}, "another text"),
    ("city=Paris", {}, "as wanted, with a text that lacks its quotes"),
    ("'Paris'", {}, "as wanted, with arguments by position"),
    ("'Paris', 'celsius'", {}, "as wanted, with arguments by position"),
    ("city='1,000 m'", {"city": ["1000 m"]}, "as wanted"),
    ("city='10.5 m'", {"city": ["105 m"]}, "as wanted but for punctuation in a number"),
    ("city='-5'", {"city": ["5"]}, "as wanted but for punctuation in a number"),
    ("city='2024/01/15'", {"city": ["2024-01-15"]}, "as wanted"),
    ("city='April 1,2024'", {"city": ["April 1, 2024"]}, "as wanted"),
    ("city='C:\\\\d\\\\x'", {"city": ["C:\\d\\x"]}, "as wanted"),
    ("city='\\d+'", {"city": ["\\d+"]}, "as wanted"),
    ('city="a, b) ] }"', {"city": ["a, b) ] }"]}, "as wanted"),
    ('city="""Paris"""', {}, "as wanted"),
    ("city='Rue de l\\'Église'", {"city": ["Rue de l'Église"]}, "as wanted"),
]


@pytest.mark.parametrize(("arguments", "accepted", "expected"), ARGUMENTS)
def test_arguments_are_compared_as_bfcl_does(
    arguments: str, accepted: dict[str, list[object]], expected: str
) -> None:
    assert situation(found(f"[get_weather({arguments})]", wanted(**accepted))) == expected


RESPELLED = "as wanted but for letter case or punctuation"
AMID = "as wanted, on lines or in fences amid prose"
BROKEN = "a call that cannot be carried out"

CALLS: list[tuple[str, object, float, str]] = [
    ("[math.factorial(n=5), math.factorial(n=-6)]", FACTORIALS, 1, "as wanted"),
    ("[math.factorial(n=-6), math.factorial(n=5)]", FACTORIALS, 1, "as wanted"),
    ("math.factorial(n=5)\nmath.factorial(n=-6)", FACTORIALS, 1, "as wanted"),
    ("math_factorial(n=5); math_factorial(n=-6)", FACTORIALS, 1, RESPELLED),
    ('{"name": "math_factorial", "arguments": {"n": 5}}', FACTORIAL_OF_5, 1, "as wanted"),
    ('{"name": "math.factorial", "arguments": {"n": 5}}; {"name": "math.factorial", "arguments": {"n": -6}}',
     FACTORIALS, 1, "as wanted"),
    ('{"name": "math.factorial", "arguments": {"n": 5}}\n{"name": "f", "arg', FACTORIALS, 0, BROKEN),
    ("[math.factorial(n=5), math.factorial(n=5)]", FACTORIALS, 0, "another value"),
    ("[math.factorial(n=5)]", FACTORIALS, 0, "another number of calls"),
    ("[math.factorial(n=5), math.factorial(n=-6), g()]", FACTORIALS, 0, "another number of calls"),
    ("[factorial(n=5), math.factorial(n=-6)]", FACTORIALS, 0, "a function that was not offered"),
    ("[math.factorial(n=5)]", wanted(), 0, "another function"),
    ("[weather(city='Paris')]", wanted(), 0, "a function that was not offered"),
    ("[Get_Weather(city='Paris')]", wanted(), 0, "a function that was not offered"),
    ("Paris is sunny.", wanted(), 0, "no call"),
    ("[]", wanted(), 0, "no call"),
    ("Let me call get_weather(city='Paris') for you.", wanted(), 0, "no call, but the text writes one"),
    ("I call it:\nget_weather(city='Paris')\nand wait.", wanted(), 1, AMID),
    ("I look it up:\n```python\nget_weather(city='Paris')\n```\nOne moment.", wanted(), 1, AMID),
    (f"Sure:\n```json\n[{AS_JSON}]\n```\nDone.", wanted(), 1, AMID),
    ("", wanted(), 0, "no answer outside the reasoning"),
    ("<think>[get_weather(city='Paris')]</think>", wanted(), 0, "no answer outside the reasoning"),
    ("<think>[get_weather(city='Paris')]</think>It is sunny.", wanted(), 0, "no call"),
    ("[get_weather(city='Paris'", wanted(), 0, BROKEN),
    ("[get_weather(city='Paris)]", wanted(), 0, BROKEN),
    ("get_weather(city='Paris', city='Rome')", wanted(), 0, BROKEN),
    ("get_weather(city='Paris', 3)", wanted(), 0, BROKEN),
    ("<tool_call>Paris</tool_call>", wanted(), 0, BROKEN),
    ('<tool_call>{"name": "get_weather", "arguments": "Paris"}</tool_call>', wanted(), 0, BROKEN),
    ('{"name": "get_weather", "arguments": {"city": "Par', wanted(), 0, BROKEN),
    ("I cannot know the weather.", NONE, 1, "no call, as wanted"),
    ("I would call get_weather(city='Paris'), but no city is named.", NONE, 1, "no call, as wanted"),
    ("[]", NONE, 1, "no call, as wanted"),
    ('{"error": {"message": "no function fits"}}', NONE, 1, "no call, as wanted"),
    ("<think>get_weather?</think>No.", NONE, 1, "no call, as wanted"),
    ("", NONE, 1, "no call, as wanted, and nothing else"),
    ("[get_weather(city='Paris')]", NONE, 0, "a call where none is wanted"),
    ("[made_up(city='Paris')]", NONE, 0, "a call where none is wanted"),
    (f"<tool_call>{AS_JSON}</tool_call>", NONE, 0, "a call where none is wanted"),
    ("For example:\n```python\nget_weather(city='Paris')\n```", NONE, 0, "code where no call is wanted"),
    ("```python\nimport os\nprint(os.name)\n```\nThis is no tool.", NONE, 1, "no call, as wanted"),
    ("It is sunny.", {"tool_calls": []}, 1, "no call, as wanted"),
    ("It is sunny.", {"tool_calls": None}, 1, "no call, as wanted"),
    ("[get_weather(city='PARIS')]", EXACTLY, 1, RESPELLED),
    ("[get_weather(city='Paris', unit=None)]", EXACTLY, 1, "as wanted, in a neighbouring type"),
    ("[get_weather(city='Paris', unit='celsius')]", EXACTLY, 0, "an argument that is not wanted"),
]  # fmt: skip


@pytest.mark.parametrize(("response", "reference", "score", "expected"), CALLS)
def test_calls_are_compared_with_those_wanted(
    response: str, reference: object, score: float, expected: str
) -> None:
    finding = found(response, reference)
    assert isinstance(finding, Verdict)
    assert (finding.score, situation(finding)) == (score, expected)


@pytest.mark.parametrize(
    "response",
    [
        "<function=get_weather><parameter=city>Paris</parameter></function>",
        "<tool_call>\n<function=get_weather>\n<parameter=city>\nParis\n</parameter>\n</function>\n</tool_call>",
        '[TOOL_CALLS]get_weather{"city": "Paris"}',
        f"functools[{AS_JSON}]",
        'Action: get_weather\nAction Input: {"city": "Paris"}',
        '<invoke name="get_weather"><parameter name="city">Paris</parameter></invoke>',
        '<tool_call>{"name": "get_weather", "arguments": {"city": "Paris", "city": "Rome"}}</tool_call>',
    ],
)
def test_it_abstains_where_calls_are_in_a_syntax_that_it_does_not_read(response: str) -> None:
    assert isinstance(found(response, wanted()), Abstain)


def test_a_broken_call_where_none_is_wanted_is_neither_right_nor_wrong() -> None:
    assert isinstance(found("[get_weather(city='Paris'", NONE), Abstain)


def test_tool_calls_without_readable_arguments_are_wrong() -> None:
    finding = found("", EXACTLY, [{"function": {"name": "get_weather", "arguments": '{"city": "Par'}}])
    assert situation(finding) == BROKEN


def test_calls_that_are_given_outweigh_what_the_text_says_about_calls() -> None:
    finding = found("[get_weather(city='Rome')]", EXACTLY, [CALL])
    assert situation(finding) == "as wanted"


@pytest.mark.parametrize(
    "tool",
    [
        {"type": "function", "function": WEATHER},
        {"toolSpec": {"name": "get_weather", "inputSchema": {"json": WEATHER["parameters"]}}},
        {"name": "get_weather", "input_schema": WEATHER["parameters"]},
        WEATHER,
    ],
)
def test_schemas_come_from_the_row_in_every_spelling(tool: object) -> None:
    default = found("[get_weather(city='Paris', unit='celsius')]", EXACTLY, tools=[tool])
    unknown = found("[get_weather(city='Paris', country='France')]", EXACTLY, tools=[tool])
    assert situation(default) == "as wanted, where a default is left out or given"
    assert situation(unknown) == "an argument that the tool does not have"


def test_a_tool_that_is_offered_without_its_dots_is_the_one_that_is_wanted() -> None:
    tool = {**FACTORIAL, "name": "math_factorial"}
    for possible in ({"math.factorial": {"n": [5]}}, {"math.factorial_1": {"n": [5]}}):
        reference = {"functions": tool, "possible_answer": possible}
        assert situation(found("[math_factorial(n=5)]", reference)) == "as wanted"


def test_a_default_counts_only_where_the_policy_says_so() -> None:
    finding = found("[get_weather(city='Paris', unit='celsius')]", EXACTLY, tools=[WEATHER], defaults=False)
    assert situation(finding) == "an argument that is not wanted"


def test_letter_case_counts_where_the_policy_says_so() -> None:
    finding = found("[get_weather(city='PARIS')]", EXACTLY, text="exact")
    assert isinstance(finding, Verdict)
    assert finding.score == 0


def test_order_counts_where_the_policy_says_so() -> None:
    backwards = "[math.factorial(n=-6), math.factorial(n=5)]"
    assert situation(found(backwards, FACTORIALS, order="as_given")) == "the calls in another order"
    assert situation(found(backwards, FACTORIALS)) == "as wanted"


@pytest.mark.parametrize(
    ("response", "order", "score"),
    [
        ("[math.factorial(n=5), math.factorial(n=-6)]", "any", 1),
        ("[math.factorial(n=5), math.factorial(n=6)]", "any", 0.5),
        ("[math.factorial(n=5)]", "any", 0.5),
        ("[math.factorial(n=1), math.factorial(n=5), math.factorial(n=-6), math.factorial(n=2)]", "any", 0.5),
        ("[math.factorial(n=-6), math.factorial(n=5), g(), g()]", "as_given", 0.25),
        ("No.", "any", 0),
    ],
)  # fmt: skip
def test_a_share_of_the_calls_is_paid_where_the_policy_says_so(
    response: str, order: str, score: float
) -> None:
    finding = found(response, FACTORIALS, partial=True, order=order)
    assert isinstance(finding, Verdict)
    assert finding.score == score


def test_every_accepted_call_at_once_is_no_way_to_be_right() -> None:
    spray = "[" + ", ".join(f"math.factorial(n={n})" for n in range(-10, 10)) + "]"
    for partial, most in ((False, 0), (True, 0.1)):
        finding = found(spray, FACTORIALS, partial=partial)
        assert isinstance(finding, Verdict)
        assert finding.score <= most


@pytest.mark.parametrize(
    "response",
    [
        "Never do this:\nget_weather(city='Paris')",
        "Never do this:\n```\nget_weather(city='Paris')\n```",
        "[get_weather(city='Paris')] or [get_weather(city='Rome')]",
        "[get_weather(city='Paris', city='Rome')]",
        "[get_weather(city='Paris or Rome')]",
        "[get_weather(city=['Paris', 'Rome'])]",
        "[get_weather(**{'city': 'Paris'})]",
        "# [get_weather(city='Paris')]",
        "[get_weather(city='Paris')] if sunny else []",
        f"<tool_call>{AS_JSON}</tool_call><tool_call>{AS_JSON.replace('Paris', 'Rome')}</tool_call>",
        '{"name": "get_weather", "arguments": {"city": "Paris", "city": "Rome"}}',
    ],
)
def test_talk_about_calls_and_rival_calls_never_settle_as_right(response: str) -> None:
    for reference in (wanted(), EXACTLY):
        finding = found(response, reference)
        assert isinstance(finding, Abstain) or finding.score == 0 or finding.confidence < SETTLES


AS_CODE = "[get_weather(city='Paris')]"
AS_TAG = f"<tool_call>{AS_JSON}</tool_call>"


@pytest.mark.parametrize(
    "response",
    [
        f"{AS_TAG}\n{AS_CODE}",
        f"{AS_CODE}\n{AS_TAG}",
        f"{AS_TAG}\nThat is:\n```python\n{AS_CODE}\n```",
        f"```json\n{AS_JSON}\n```\nor, in code:\n{AS_CODE}",
    ],
)
def test_a_call_written_in_two_ways_is_made_once_and_rivals_are_none(response: str) -> None:
    finding = found(response, wanted())
    assert isinstance(finding, Verdict)
    assert finding.score == 1
    rivals = response.replace(AS_CODE, AS_CODE.replace("Paris", "Rome"))
    assert isinstance(found(rivals, wanted()), Abstain)


def test_two_fences_with_rival_calls_are_two_calls() -> None:
    rivals = "```\nget_weather(city='Paris')\n```\nor\n```\nget_weather(city='Rome')\n```"
    finding = found(rivals, wanted())
    assert isinstance(finding, Verdict)
    assert finding.score == 0


@pytest.mark.parametrize(
    ("arguments", "expected"),
    [
        ("n='30L', on='true'", "as wanted"),
        ("n='31L', on='true'", "another value"),
        ("n='30', on='true'", "as wanted, in a neighbouring type"),
        ("n=30, on='true'", "as wanted, in a neighbouring type"),
        ("n='30L', on='True'", "as wanted, in a neighbouring type"),
        ("n='30L', on=true", "as wanted"),
        ("n='30L', on='true', k='7'", "as wanted"),
        ("n='30L', on='true', k='7.0'", "as wanted, in a neighbouring type"),
        ("n='30L', on='true', m={'a': 'x'}", "as wanted, in a neighbouring type"),
        ("n='30L', on='true', m='{\"a\": \"x\"}'", "as wanted, in a neighbouring type"),
        ("n='30L', on='true', m='new HashMap<>()'", "an argument that is code"),
        ("n='30L', on='true', m='[1e999]'", "an argument that is code"),
    ],
)
def test_plain_literals_of_java_are_read_and_the_rest_is_doubtful(arguments: str, expected: str) -> None:
    kinds = {"n": "long", "on": "boolean", "k": "integer", "m": "HashMap"}
    java = {"name": "f", "parameters": {"properties": {key: {"type": kind} for key, kind in kinds.items()}}}
    accepted = {"n": [30], "on": [True], "k": [7, ""], "m": [{"a": ["x"]}, ""]}
    reference = {"functions": java, "possible_answer": {"f": accepted}}
    assert situation(found(f"[f({arguments})]", reference)) == expected
    assert isinstance(found('[f(m=new HashMap<>() {{ put("a", 1); }]', reference), Abstain)


def test_a_tool_described_as_java_takes_its_literals_as_text() -> None:
    tool = {"name": "f", "parameters": {"properties": {"n": {"type": "integer"}}}}
    reference = {"functions": tool, "possible_answer": {"f": {"n": [3]}}}
    assert situation(found("[f(n='3')]", reference)) == "a value of another type"
    tool["description"] = "Note that the provided function is in Java 8 SDK syntax."
    assert situation(found("[f(n='3')]", reference)) == "as wanted"


HOSTILE = {
    "brackets": "[" * 100_000,
    "braces": '{"a":' * 100_000,
    "calls in calls": "[" + "f(a=" * 50_000,
    "calls that close": "[" + "f(" * 40 + ")" * 40 + "]" + " x" * 60_000,
    "quotes": "[f(a='" + "\\'" * 60_000,
    "triple quotes": '[f(a="""' + '""' * 60_000,
    "one name": "a" * 200_000,
    "lines that look like calls": "get_weather(city=\n" * 10_000,
    "lines that are calls": "x\n" + "get_weather(city='Paris')\n" * 4_000,
    "tags": "<tool_call>" * 20_000,
    "closing tags": "</tool_call>" * 20_000,
    "fences": "```" * 40_000,
    "empty fences": "```\n```\n" * 20_000,
    "white space": "[f(a=" + " " * 150_000,
    "blank lines": "x" + "\n" * 150_000 + "x",
    "commas": "[f(" + "," * 100_000 + ")]",
    "operators": "[f(a=" + "-" * 100_000 + "1)]",
    "one number": "[f(a=" + "9" * 100_000 + ")]",
    "many numbers": "[f(a=[" + "1," * 9_000 + "])]",
    "many arguments": "[f(" + ", ".join(f"a{n}=1" for n in range(1_500)) + ")]",
    "many calls": "[" + "f()," * 4_500 + "]",
    "f-strings": "[f(a=" + "f'{a}'" * 3_000 + ")]",
    "json objects": "<tool_call>" + "{}" * 45_000 + "</tool_call>",
    "json names": '[{"name":' * 10_000,
    "one key again and again": "{" + '"a":1,' * 15_000 + '"b":1}',
}


@pytest.mark.parametrize("response", HOSTILE.values(), ids=HOSTILE.keys())
@pytest.mark.parametrize("reference", [wanted(), NONE, EXACTLY], ids=["listed", "none", "exact"])
def test_hostile_text_returns_and_is_never_paid_as_a_call(response: str, reference: object) -> None:
    for length in (30_000, 1_000, None):
        finding = found(response[:length], reference)
        assert isinstance(finding, Abstain) or reference is NONE or finding.score == 0


def test_hostile_tool_calls_return() -> None:
    deep: object = "Paris"
    for _ in range(500):
        deep = [deep]
    nested = {"name": "get_weather", "arguments": {"city": deep}}
    long = {"name": "get_weather", "arguments": {"city": "Paris " * 50_000}}
    hostile: list[list[object]] = [[nested], [long], [CALL] * 10_000, [None], [[]] * 99]
    for calls in hostile:
        for reference in (wanted(), EXACTLY):
            finding = found("", reference, calls)
            assert isinstance(finding, Abstain) or finding.score == 0


NUMBERS = st.integers(-(10**9), 10**9) | st.floats(allow_nan=False, allow_infinity=False)
VALUES = st.recursive(
    st.none() | st.booleans() | NUMBERS | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=8,
)


@given(st.dictionaries(st.from_regex(r"[a-z]{1,8}", fullmatch=True), VALUES, max_size=4))
@settings(max_examples=150, deadline=None)
def test_whatever_is_wanted_is_right_in_every_syntax(arguments: dict[str, object]) -> None:
    reference = {"tool_calls": [{"name": "f", "arguments": arguments}]}
    python = ", ".join(f"{key}={value!r}" for key, value in arguments.items())
    in_json = json.dumps({"name": "f", "arguments": arguments})
    for response in (f"[f({python})]", in_json, f"Sure.\n<tool_call>{in_json}</tool_call>"):
        finding = found(response, reference)
        assert isinstance(finding, Verdict)
        assert (finding.score, situation(finding)) == (1, "as wanted")


@given(st.text(alphabet="f()[]{}\"'=,:. \\\n1-<>/`tool_call", max_size=60))
@settings(max_examples=300, deadline=None)
def test_no_text_makes_it_fail(response: str) -> None:
    for reference in (wanted(), NONE):
        finding = found(response, reference)
        assert isinstance(finding, Abstain) or math.isfinite(finding.score)


def test_what_is_no_literal_stays_code() -> None:
    calls = python_calls("[f(a=5 * 2, b=g(x=1, y='),'), c=lambda x: x, from='Rome')]")
    code = {"a": Code("5 * 2"), "b": Code("g(x=1, y='),')"), "c": Code("lambda x: x"), "from": "Rome"}
    assert calls == [ToolCall("f", code)]


def test_a_list_that_is_no_list_of_calls_is_broken() -> None:
    with pytest.raises(Broken):
        python_calls("[f(a=1), 'b'")
    assert python_calls("[f(a=1), 'b']") is None


def table(rows: Sequence[str]) -> list[list[Match]]:
    """A table of matches, drawn: x fits."""
    fit = {"x": Agreement.SAME, ".": Agreement.OTHER_VALUE}
    return [[Match(fit[mark], "", listed=True) for mark in row] for row in rows]


def test_calls_are_paired_as_well_as_can_be() -> None:
    assert paired(table(["xx", "x."])) == {0: 1, 1: 0}
    assert paired(table(["xx.", "x..", "x.."])).keys() == {0, 1}
    assert in_order(table(["xx", "x."])) == {0: 0}
    assert len(in_order(table([".x..", "...x"]))) == 2


def test_every_agreement_has_its_situation_and_grows_surer_away_from_the_middle() -> None:
    assert SITUATIONS.keys() == set(Agreement)
    sure = [CONFIDENCE[SITUATIONS[agreement]] for agreement in sorted(Agreement) if agreement.fits]
    assert sure == sorted(sure, reverse=True)
