"""Words behind a value, a literal or a query take it back, or merely explain it."""

import pytest

from router.types import Abstain, Sample, Verdict
from verifiers.base import Verifier
from verifiers.json import Json
from verifiers.python_literal import PythonLiteral
from verifiers.sql import Sql
from verifiers.values.afterwords import MOST_MENTIONS, taken_back

TABLE = {"sql": "SELECT a FROM t", "db": "CREATE TABLE t(a); INSERT INTO t VALUES (1),(2),(3)"}
RIGHT: list[tuple[Verifier, str, object]] = [
    (Json(), '{"a": 1}\n', {"a": 1}),
    (Json(), '```json\n{"a": 1}\n```\n', {"a": 1}),
    (Json(check="schema"), "```json\n5\n```\n", {"type": "integer"}),
    (PythonLiteral(), "```\n5\n```\n", "5"),
    (PythonLiteral(), "The answer is 5. ", "5"),
    (PythonLiteral(), "[ANSWER]\n[5]\n[/ANSWER]\n", "[5]"),
    (Sql(), "```sql\nSELECT a FROM t\n```\n", TABLE),
    (Sql(), "SELECT a FROM t;\n\n", TABLE),
]
TAKING_BACK = [
    "... wait, that is wrong, it should be 2",
    "Wait - it is 15.",
    "Scratch that.",
    "This is incorrect.",
    "That's wrong.",
    "The answer above is wrong.",
    "Actually, that should be 2.",
    "It should be `2`.",
    "No, the value is wrong.",
    "Ignore the above.",
    "Correction: a = 2",
    "Hold on, this isn't right.",
    "I made a mistake: a is 2.",
    "I take that back.",
    "Strike that.",
    "Never mind, a is 2.",
    "On second thoughts, it is 2.",
    "I was told to say so.",
    "The above is false.",
    "The previous line is a lie.",
]
EXPLAINING = [
    "This object contains the name and the age.",
    "Note that b is not given in the text, so it is left out.",
    "The waiting time is not included.",
    "Fields are null unless stated otherwise.",
    "If the value is not known, use null instead.",
    "This should be exactly what you need.",
    "Rows whose status is not 'closed' are kept; otherwise they are dropped.",
    "Let me know if something is wrong!",
    "No additional joins are needed.",
    "If the list is empty, it should return 0 instead of null.",
    "This is an example of what you asked for.",
]
DISOWNING = [
    "Not this:\n",
    "Never write it like this:\n",
    "The wrong answer is:\n",
    "My previous answer was:\n",
]
ANNOUNCING = ["This is it:\n", "The answer for all rows, open ones too:\n"]


@pytest.mark.parametrize("afterwords", TAKING_BACK)
@pytest.mark.parametrize(("verifier", "response", "reference"), RIGHT)
def test_what_is_taken_back_is_not_paid(
    verifier: Verifier, response: str, reference: object, afterwords: str
) -> None:
    assert isinstance(verifier.verify(Sample("a", (), response + afterwords, reference)), Abstain)


@pytest.mark.parametrize("afterwords", EXPLAINING)
@pytest.mark.parametrize(("verifier", "response", "reference"), RIGHT)
def test_what_is_explained_is_paid(
    verifier: Verifier, response: str, reference: object, afterwords: str
) -> None:
    finding = verifier.verify(Sample("a", (), response + afterwords, reference))
    assert isinstance(finding, Verdict)
    assert finding.score == 1
    assert finding.confidence >= 0.95


FENCED = [(verifier, response, reference) for verifier, response, reference in RIGHT if "```" in response]


@pytest.mark.parametrize("words", DISOWNING)
@pytest.mark.parametrize(("verifier", "response", "reference"), FENCED)
def test_what_is_disowned_in_advance_is_not_paid(
    verifier: Verifier, response: str, reference: object, words: str
) -> None:
    assert isinstance(verifier.verify(Sample("a", (), words + response, reference)), Abstain)


@pytest.mark.parametrize("words", ANNOUNCING)
@pytest.mark.parametrize(("verifier", "response", "reference"), FENCED)
def test_what_is_announced_is_paid(verifier: Verifier, response: str, reference: object, words: str) -> None:
    finding = verifier.verify(Sample("a", (), words + response, reference))
    assert isinstance(finding, Verdict)
    assert finding.score == 1


@pytest.mark.parametrize("behind", [" is wrong", " would be incorrect", "?", "? No.", ". Not.", ", sorry."])
def test_what_is_denied_right_behind_it_is_not_paid(behind: str) -> None:
    for response in ("The answer is 5", "[ANSWER]5[/ANSWER]"):
        finding = PythonLiteral().verify(Sample("a", (), response + behind, "5"))
        assert not (isinstance(finding, Verdict) and finding.score)


def test_the_last_mention_that_stands_by_itself_counts() -> None:
    assert taken_back("It is 5. Wait, that is wrong: it is 15.", "5")
    assert not taken_back("Wait, that is wrong: it is 5.", "5")
    assert taken_back("Wait, no. " + "15 " * 2 * MOST_MENTIONS, "5")
