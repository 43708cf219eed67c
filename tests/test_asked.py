"""A closing sentence is paid where it gives its value to what is asked for, and to nothing else."""

import pytest

from router.types import Finding, Message, Sample, Verdict
from verifiers import VERIFIERS

ALTOGETHER = "There are ten shelves in the room. How many books are there altogether?"
EACH = "There are 420 books on ten shelves. How many books does each shelf have?"
WEEK = "A farm has 6 hens, and each lays 7 eggs a week. How many eggs does it collect in a week?"
WORK = "To find this we multiply the number of hens by the eggs of each hen. There are 6 hens. "


def found(name: str, response: str, question: str) -> Finding:
    return VERIFIERS[name]().verify(Sample("a", (Message("user", question),), response, "42"))


def settled(finding: Finding) -> float | None:
    return finding.score if isinstance(finding, Verdict) and finding.confidence >= 0.95 else None


@pytest.mark.parametrize("name", ["math", "number"])
@pytest.mark.parametrize(
    "response",
    [
        "Each shelf has 42 books.",
        "So each of the shelves has 42 books.",
        "The price of each is $42.",
        "So she reads 42 books a day.",
        "Half of it is 42.",
        "One shelf has 42 books.",
        "At first there are 42 books.",
        "So he starts with 42 books.",
        "So the first step gives 42.",
        "There are 42 shelves.",
        "Method A gives 41. Method B gives 42.",
        "Method A gives 40 + 1 = 41. Method B gives 40 + 2 = 42.",
        "By one count it is 41. By another count it is 42.",
        "Ann has 41 books. Bob has 42 books.",
        "The sum is 41. The product is 42.",
        "Alternatively, it is 42.",
    ],
)
def test_a_part_a_beginning_and_one_of_several_never_settle_as_right(name: str, response: str) -> None:
    assert settled(found(name, response, ALTOGETHER)) is None


@pytest.mark.parametrize("name", ["math", "number"])
@pytest.mark.parametrize(
    ("response", "question"),
    [
        ("There are 42 books altogether.", ALTOGETHER),
        ("There are 6 shelves, and each has 7 books. So there are 42 books.", ALTOGETHER),
        ("Each shelf has 7 books, so 6 shelves have 6*7 = 42 books.", ALTOGETHER),
        ("Ann has 20 books. Bob has 22 books. Altogether they have 42 books.", ALTOGETHER),
        ("Each shelf has 42 books.", EACH),
        ("So every shelf has 42 books.", EACH),
        ("The sum is 13. The product is 42.", "What is the product of 6 and 7?"),
        ("Method A gives 41. Method B gives 42.", "Method A is wrong. What does method B give?"),
    ],
)
def test_what_is_asked_for_is_paid(name: str, response: str, question: str) -> None:
    assert settled(found(name, response, question)) == 1


@pytest.mark.parametrize("name", ["math", "number"])
@pytest.mark.parametrize(
    "answer",
    ["So the farm collects 42 eggs in a week.", "**42 eggs**", "6 * 7 = 42 eggs.", "$6 \\times 7 = 42$"],
)
@pytest.mark.parametrize(
    "remark",
    [
        "Each carton holds 12 eggs, so the farmer would fill three of the cartons and half of another one.",
        "Note: this assumes that no egg is broken; with a loss of 10 percent the farmer would sell about 38.",
        "If each of these is sold for 3 dollars, then the revenue of the whole week would be 126 dollars.",
        "In a year of 52 weeks, this would amount to a total of 2184 eggs from the very same group of hens.",
        "As a check: 6 hens and 7 days give the same, and the weekly value of the eggs is 126 dollars.",
        "Let me know if you need the revenue too: at 3 dollars apiece it would be 126 dollars.",
        "(For comparison, a typical hen lays about 250 eggs in a year, which is less than 5 eggs in a week.)",
    ],
)
def test_a_remark_behind_a_right_answer_never_settles_as_wrong(name: str, answer: str, remark: str) -> None:
    for gap in (" ", "\n\n"):
        assert settled(found(name, f"{WORK}{answer}{gap}{remark}", WEEK)) != 0


@pytest.mark.parametrize("name", ["math", "number"])
def test_a_remark_makes_no_wrong_answer_right(name: str) -> None:
    remark = (
        "Each carton holds 12 eggs, so the farmer would fill three of the cartons and half of another one."
    )
    assert settled(found(name, f"{WORK}So the farm collects 41 eggs in a week.\n\n{remark}", WEEK)) == 0
