"""Python literals: the manual's examples, attacks with honest twins, and what no input may do."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from router.types import Abstain, Finding, Message, Sample, Verdict
from tests.manuals import Example, examples
from verifiers import python_literal
from verifiers.python_literal import PythonLiteral
from verifiers.values.literals import DEEPEST, LONGEST, CutOff, Literal, literal

EXAMPLES = examples(python_literal.__doc__ or "")


def found(response: str, reference: object, *, strict: bool = False) -> Finding:
    sample = Sample("a", (Message("user", "What does f(1) return?"),), response, reference)
    return PythonLiteral(strict=strict).verify(sample)


def settles_right(finding: Finding) -> bool:
    return isinstance(finding, Verdict) and finding.score == 1 and finding.confidence >= 0.95


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda example: example.line)
def test_an_example_in_the_manual_holds(example: Example) -> None:
    assert example.holds(PythonLiteral)


ATTACKS = [
    ("", "'x'"),
    ("'x' or 'y'", "'x'"),
    ("'x'\n'y'", "'y'"),
    ("```\n'x'\n```\n```\n'y'\n```", "'y'"),
    ("[ANSWER]'x'[/ANSWER][ANSWER]'y'[/ANSWER]", "'y'"),
    ("<answer>'x'</answer> The answer is 'y'", "'y'"),
    ("<answer>x + 1</answer> The answer is 'y'", "'y'"),
    ("The answer is 'x' or 'y'.\n```\n'y'\n```", "'y'"),
    ("The answer is not 'x'.", "'x'"),
    ("not 'x'", "'x'"),
    ("assert f(1) == 'x'\nassert f(1) == 'y'", "'y'"),
    ("assert f(1) == 'x' == 'y'", "'y'"),
    ("assert f(1) != 'y'", "'y'"),
    ("assert f(1) != (2) == 3", "3"),
    ("assert f(1) == 'x' or 'y'", "'y'"),
    ("f(1)", "'y'"),
    ("# 'y'", "'y'"),
    ("'x' # 'y'", "'y'"),
    ("'x', 'y'", "'y'"),
    ("['y']", "'y'"),
    ("'y', ", "'y'"),
    ("{'y'}", "['y']"),
    ("<think>'y'</think>", "'y'"),
    ("<think>'y'", "'y'"),
    ("['x'] * 3", "['x', 'x', 'x']"),
    ("'x' 'y'", "'xy'"),
    ("[*[1]]", "[1]"),
    ("{**{}}", "{}"),
    ("__import__('os').getcwd()", "'/'"),
    ("type('x', (), {'__eq__': lambda s, o: True})()", "'y'"),
    ("f'y'", "'y'"),
    ("True", "'True'"),
    ("b'y'", "'y'"),
    ("'y ' ", "'y'"),
    ("Solution:", "':'"),
    (r"\boxed{}", "''"),
]

HONEST = [
    ("'x'", "'x'"),
    ('"x"', "'x'"),
    ("'''x'''", "'x'"),
    (r"r'\d'", r"'\\d'"),
    (r"'\d'", r"'\\d'"),
    (r"'\x41\u0042\103'", "'ABC'"),
    ("'The answer is 42'", "'The answer is 42'"),
    ("'<answer>x</answer>'", "'<answer>x</answer>'"),
    ("'y'", "'y'"),
    ("'x', 'y'", "('x', 'y')"),
    ("[\n  'x',\n  'y',\n]", "['x', 'y']"),
    ("```python\n{'a': [1, 2], (1, 2): {3}}\n```", "{'a': [1, 2], (1, 2): {3}}"),
    ("`'x'`", "'x'"),
    ("**'x'**", "'x'"),
    ("'x'.", "'x'"),
    ("<think>'y'? no</think>'x'", "'x'"),
    ("[THOUGHT] it turns\n[/THOUGHT]\n[ANSWER]f('==') == 'x'[/ANSWER]", "'x'"),
    ("assert f(\"don't == do\") == 'x'", "'x'"),
    ("So:\nassert f(1) == 'x'\nwhich holds.", "'x'"),
    ("The answer is 'x'.\n```\n'x'\n```", "'x'"),
    ("The answer is the text reversed:\n```\n'x'\n```", "'x'"),
    ("Final answer: -1.5e3", "-1500.0"),
    (r"\boxed{[1, 2]}", "[1, 2]"),
    ("{3, 1, 2}", "{1, 2, 3}"),
    ("(1,)", "(1,)"),
    ("b'x'", "b'x'"),
    ("1+2j", "(1+2j)"),
    ("set()", "set()"),
    ("None", "None"),
    ("''", "''"),
    ("0xff", "255"),
    ("1_000", "1000"),
]


@pytest.mark.parametrize(("response", "reference"), ATTACKS)
def test_what_commits_to_no_single_literal_never_settles_as_right(response: str, reference: str) -> None:
    assert not settles_right(found(response, reference))


@pytest.mark.parametrize(("response", "reference"), HONEST)
def test_an_honest_twin_is_paid(response: str, reference: str) -> None:
    assert settles_right(found(response, reference))


@pytest.mark.parametrize("value", ["1", "1.0", "True", "[1]", "{'a': 1}", "{1: 'a'}", "{1}"])
def test_python_counts_a_number_and_a_truth_as_equal_and_strict_does_not(value: str) -> None:
    other = value.replace("1.0", "True") if value != "True" else "1"
    other = other.replace("1", "True") if other == value else other
    loose, strict = found(other, value), found(other, value, strict=True)
    assert isinstance(loose, Verdict)
    assert isinstance(strict, Verdict)
    assert (loose.score, strict.score) == (1, 0)
    assert max(loose.confidence, strict.confidence) < 0.95
    assert settles_right(found(value, value, strict=True))


def test_a_guess_of_another_type_is_not_paid_where_types_count() -> None:
    guessed = found("So it is\n\nTrue", "1", strict=True)
    assert isinstance(guessed, Verdict)
    assert guessed.score == 0


@pytest.mark.parametrize(
    ("reference", "right"),
    [(42, "42"), (True, "True"), ([1, "a"], "[1, 'a']"), ({"answer": "[1]"}, "[1]"), ({"a": 1}, "{'a': 1}")],
)
def test_a_reference_answer_may_be_a_json_value(reference: object, right: str) -> None:
    assert settles_right(found(right, reference))


NO_LITERALS = [None, "", "sorted(x)", "x", "1 +", "[1, 2", float("nan"), "nan", "'a' + 'b'"]


@pytest.mark.parametrize("reference", NO_LITERALS)
def test_a_reference_answer_that_is_no_literal_says_nothing_of_the_student(reference: object) -> None:
    assert isinstance(found("None", reference), Abstain)


def test_a_text_without_its_quotes_goes_to_the_judge() -> None:
    finding = found("hello", "'hello'")
    assert isinstance(finding, Verdict)
    assert finding.score == 0
    assert finding.confidence < 0.95


def test_an_empty_response_to_an_empty_text_is_not_surely_wrong() -> None:
    finding = found("", "''")
    assert isinstance(finding, Verdict)
    assert finding.confidence < 0.95


@pytest.mark.parametrize("cut", ["[1, 2", "['a', 'b", "{'a': [1", "'abc", '"abc', "[(1, 2), (3,"])
def test_a_literal_cut_off_is_told_from_one_that_went_wrong_before(cut: str) -> None:
    assert literal(cut) == CutOff()
    wrong, short = found(cut, "[9]"), found(cut, cut.replace('"', "'") + ("'" if "abc" in cut else "]"))
    assert isinstance(wrong, Verdict)
    assert (wrong.score, wrong.confidence) == (0, 0.97)
    assert not settles_right(short)


HUGE = 200_000
HOSTILE = [
    "[" * HUGE,
    "[" * HUGE + "]" * HUGE,
    "[" * 90 + "]" * 90,
    "{1:" * 9_000 + "1" + "}" * 9_000,
    "-" * 9_000 + "1",
    "1" + "+1" * 9_000,
    "[0]" + "[0]" * 6_000,
    "[0]" + "()" * 6_000,
    "'a' " * 4_000,
    "9" * HUGE,
    "9" * 5_000,
    "1e" + "9" * HUGE,
    "0x" + "f" * 19_000,
    "1" * 900 + "." + "1" * 900 + "x",
    "_" * HUGE,
    "'" * HUGE,
    "'" + r"\'" * HUGE,
    "f(" + r"\'" * 9_000 + ")",
    "assert f('" + r"\'" * 9_000,
    "\"'" * HUGE,
    "'''" + "''\\" * HUGE,
    "b" * HUGE,
    "==" * HUGE,
    "f(1)" + " ==" * 5_000,
    "assert f(1) == [\n" * 9_000,
    "```\n[\n" * 9_000,
    "```\n'\n```" * 9_000,
    "[ANSWER]" * 20_000 + "'y'",
    "[ANSWER]'[/ANSWER]" * 9_000,
    "the answer is [" * 9_000,
    r"\boxed{[" * 9_000,
    " " * HUGE + "1" + " " * HUGE,
    "True" * 50_000,
    "set()" * 4_000,
    "{" + "[]," * 5_000 + "}",
    "'\\N{" + "A" * 15_000 + "}'",
    "'\\x'",
    "'\\ud800'",
    "'\ud800'",
    "'\0'",
    "\0",
    "1if 1else 2",
    "0777",
    "1__0",
    "\N{ARABIC-INDIC DIGIT FOUR}2",
]


@pytest.mark.parametrize("response", HOSTILE, ids=lambda text: f"{text[:12]!r} x {len(text)}")
def test_a_hostile_response_gets_a_finding_and_is_not_paid(response: str) -> None:
    assert not settles_right(found(response, "'x'"))
    assert not settles_right(found(f"<answer>{response}</answer>", "'x'"))


@pytest.mark.parametrize("reference", HOSTILE, ids=lambda text: f"{text[:12]!r} x {len(text)}")
def test_a_hostile_reference_answer_gets_a_finding(reference: str) -> None:
    assert not settles_right(found("'x'", reference))


def test_the_bounds_leave_room_for_honest_literals() -> None:
    nested = "[" * DEEPEST + "]" * DEEPEST
    long = repr(list(range(3_000)))
    assert len(long) < LONGEST
    assert settles_right(found(nested, nested))
    assert settles_right(found(long, long))
    assert settles_right(found("9" * 900, "9" * 900))


SIMPLE = (
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text()
)
VALUES = st.recursive(
    SIMPLE | st.binary(),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.lists(inner, max_size=4).map(tuple)
        | st.dictionaries(SIMPLE, inner, max_size=4)
        | st.sets(SIMPLE, max_size=4)
    ),
    max_leaves=12,
)


@given(VALUES)
def test_what_python_writes_is_read_back(value: object) -> None:
    assert literal(repr(value)) == Literal(value)


@given(st.text(alphabet="'\"\\[](){}:,+-1aeE.jxbrTrue \n", max_size=40))
def test_no_text_raises_or_warns(text: str) -> None:
    literal(text)
    assert isinstance(found(text, "'x'"), Verdict | Abstain)


@given(VALUES, st.integers(min_value=1, max_value=20))
def test_what_python_writes_and_is_cut_off_is_never_paid(value: object, short: int) -> None:
    text = repr(value)
    if isinstance(value, list | dict) and short < len(text):
        assert not settles_right(found(text[:-short], text))


START = "Start with\n```python\n[2, 1]\n```\n"


@pytest.mark.parametrize("said", ["The output is [1, 2].", "**Result: [1, 2]**", "so f gives `[1, 2]`"])
def test_a_literal_in_the_last_line_counts_beside_a_fence(said: str) -> None:
    assert isinstance(found(START + said, "[1, 2]"), Abstain)
    assert isinstance(found(START + said, "[2, 1]"), Abstain)


@pytest.mark.parametrize("said", ["The output is [2, 1].", "It is a list.", "Its length is 2 items."])
def test_a_last_line_that_says_the_same_or_nothing_leaves_the_fence_alone(said: str) -> None:
    assert settles_right(found(START + said, "[2, 1]"))


@pytest.mark.parametrize(
    "response",
    [
        "```\n[1, 2]\n```\nThe function returns None instead.",
        "```\n[1, 2]\n```\nHowever, it raises an error first.",
        "```\n[1, 2]\n```\nThat was the input.",
        "```\n[1, 2]\n```\nThe answer is none of these.",
        "```\n[1, 2]\n```\nThe real output differs.",
        "Output: [1, 3]\nOutput: [1, 2]",
        "It returns [1, 2] or [1, 3]",
        "It returns not [1, 2]",
    ],
)
def test_a_literal_that_is_not_what_the_call_returns_is_not_paid(response: str) -> None:
    assert isinstance(found(response, "[1, 2]"), Abstain)


@pytest.mark.parametrize(
    "response",
    [
        "The function returns `[1, 2]`.",
        "f(3) returns [1, 2]",
        "`f([0])` -> [1, 2]",
        "Return value: [1, 2]",
        "We start at 1.\n\nSo the code prints `[1, 2]`.",
        "```\n[1, 2]\n```\nThe loop stops at 2; it does not reach 3.",
    ],
)
def test_a_line_that_says_what_is_returned_is_paid(response: str) -> None:
    finding = found(response, "[1, 2]")
    assert isinstance(finding, Verdict)
    assert (finding.score, finding.confidence) == (1, 0.99)
