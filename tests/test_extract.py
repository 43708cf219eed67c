"""Which answers a response commits to, strategy by strategy, in time linear in whatever it holds."""

import pytest

from router.response import spoken
from verifiers.extract import DECLARED, FINDERS, Strategy, answers
from verifiers.standing import taken_back

EVERY: tuple[Strategy, ...] = tuple(FINDERS)

HUNDRED_THOUSAND = 100_000


def texts(response: str, *strategies: Strategy) -> list[str]:
    return [answer.text for answer in answers(spoken(response), strategies or EVERY)]


def test_a_box_keeps_its_nested_braces() -> None:
    assert texts(r"so \boxed{\frac{1}{2^{3}}}.", "boxed") == [r"\frac{1}{2^{3}}"]


def test_an_escaped_brace_in_a_box_is_no_brace() -> None:
    assert texts(r"\boxed{\{1, 2\}}", "boxed") == [r"\{1, 2\}"]


def test_every_box_counts() -> None:
    assert texts(r"\boxed{1} and \fbox{2}", "boxed") == ["1", "2"]


def test_a_box_without_braces_holds_the_next_character() -> None:
    assert texts(r"\boxed 7", "boxed") == ["7"]


@pytest.mark.parametrize(
    "response", [r"\boxed{1} \boxed{7", r"\boxed{1}\boxed{}", "<answer>1</answer><answer>7"]
)
def test_what_opens_and_never_closes_is_a_declaration_that_cannot_be_read(response: str) -> None:
    assert texts(response, "boxed", "tag") == ["1", ""]


def test_more_declarations_than_anybody_needs_count_as_one_that_cannot_be_read() -> None:
    assert "" in texts(r"\boxed{6}" + r"\boxed{7}" * 20, "boxed")


@pytest.mark.parametrize(
    "response",
    [
        "It is not 42",
        "42 is wrong; it is 43",
        "42. No wait, it is 43",
        "42, unless odd",
        "42\nCorrection: 43.",
        "42. On reflection, 43",
        "42. Just kidding",
        "42\nI take it back.",
        "42, but I am not sure",
        "42\nOr 43",
        "42. No, 43",
        "42? No.",
        "The wrong answer is 42.",
        "It is unclear whether the answer is 42.",
        "I doubt that it is 42",
        "Anything but this answer: 42",
    ],
)
def test_an_answer_may_be_denied_or_taken_back(response: str) -> None:
    assert taken_back(response, "42")


@pytest.mark.parametrize(
    "response",
    [
        "It is 42",
        "Not 41. It is 42.",
        "So wait no more: 42",
        "No, it is 42. This is the correct sum, or so it must be as no book is lost.",
        "42. No other number fits.",
        "I do not know of a quicker way, but the sum is 42",
        "Adding them is wrong. The answer is 42.",
        "No doubt the answer is 42.",
        "The least common multiple is 42.",
    ],
)
def test_an_answer_beside_a_denial_of_something_else_stands(response: str) -> None:
    assert not taken_back(response, "42")


@pytest.mark.parametrize(
    "response",
    [r"none that is not prime is \boxed{42}", "with neither pens nor ink is 42", "not divisible by 3 is 42"],
)
def test_a_denial_in_the_words_of_the_question_denies_no_answer(response: str) -> None:
    assert not taken_back(response, "42")


@pytest.mark.parametrize(
    ("response", "conclusion"),
    [
        ("So she has 12 + 6 = <<12+6=18>>18 eggs.", "18 eggs"),
        ("Thus, the difference is $21 - $14 = $7.", "$7"),
        (r"Therefore, $4\pi$ is the area we want.", r"4\pi"),
        ("The roots of it are $2$ and $-2$.", "2, -2"),
        ("The total of all is **18**.\n\nLet me know if you need more.", "18"),
        ("Thus, the sum of all is:\n\\[\n18\n\\]", "18"),
        ("The spacing we look for is 2.55e-10 m.", "2.55e-10 m"),
    ],
)
def test_a_closing_sentence_concludes(response: str, conclusion: str) -> None:
    assert texts(response, "closing") == [conclusion]


@pytest.mark.parametrize(
    "response",
    ["7:32", "x = 5", "So it is 41 or 42 or so.", "She has 5 left and so we then get the", "Is it then 42?"],
)
def test_a_bare_answer_a_choice_a_question_and_a_broken_sentence_conclude_nothing(response: str) -> None:
    assert texts(response, "closing") == []


@pytest.mark.parametrize(
    "response",
    [
        "Therefore the total is less than 42.",
        "So there are at least 42 books.",
        "The total of all is 42 at least.",
        "So the total is half of 42.",
        "So page 42 explains it all.",
        "So #42 is the one.",
        "The total of all is 42 per shelf.",
        "So we have 42 pairs.",
        "Hence 42 cannot be it.",
        "So 42 is too large.",
        r"Therefore we divide by $x+1$.",
    ],
)
def test_a_bound_a_rate_and_a_number_merely_mentioned_conclude_nothing(response: str) -> None:
    assert texts(response, "closing") == []


@pytest.mark.parametrize(
    ("response", "conclusion"),
    [
        ("So she has a total of 42 books.", "42 books"),
        ("That adds up to 42 books, so it fits.", "42 books"),
        ("Thus the speed is 126 / 3 = 42 miles per hour.", "42 miles"),
        ("So she has 84 / 2 = 42 pairs of shoes.", "42"),
        ("The total for the 3 shelves is about 42 books.", "42 books"),
    ],
)
def test_a_total_and_what_is_computed_are_concluded(response: str, conclusion: str) -> None:
    assert texts(response, "closing") == [conclusion]


@pytest.mark.parametrize("mark", ["<|im_end|>", "<|im_start|>user\n8", "<|endoftext|>", "<|eot_id|>", "</s>"])
def test_the_marks_of_a_chat_template_end_what_is_spoken(mark: str) -> None:
    assert spoken(f"7 {mark}") == "7"
    assert spoken(f"<|im_start|>assistant\n7{mark}") == "7"


@pytest.mark.timeout(20)
@pytest.mark.parametrize("thought", ["", "<think>"])
def test_an_answer_behind_very_long_reasoning_is_found(thought: str) -> None:
    reasoning = "We try $x = 3$, and so it is not 5. " * HUNDRED_THOUSAND
    assert texts(f"{thought}{reasoning}{thought and '</think>'} \\boxed{{7}} " + "It holds. " * 500) == ["7"]


def test_a_box_inside_the_reasoning_is_not_seen() -> None:
    assert texts(r"<think>\boxed{1}</think> \boxed{2}", "boxed") == ["2"]


@pytest.mark.parametrize(
    "response",
    [
        "<think>a</think>7",
        "<thinking>a</thinking>7",
        "a</think>7",
        "<|begin_of_thought|>a<|end_of_thought|><|begin_of_solution|>7<|end_of_solution|>",
        "<THINK>a</THINK>\n<solution>7</solution>",
        "<think>a</think>b</think>7",
        "7<think>on second thoughts, 8",
    ],
)
def test_what_is_spoken_is_what_stands_outside_the_reasoning(response: str) -> None:
    assert spoken(response) == "7"


def test_reasoning_that_never_ends_leaves_nothing_spoken() -> None:
    assert spoken("<think>7") == ""


@pytest.mark.parametrize("response", ["a\n#### 18", "####18", "a\nA: 18", "#### 18\n"])
def test_a_mark_on_the_last_line_declares(response: str) -> None:
    assert texts(response, "hashes") == ["18"]


@pytest.mark.parametrize("response", ["#### Step 1\nso 18", "A: Mars\nB: Venus"])
def test_a_heading_or_a_list_of_options_declares_nothing(response: str) -> None:
    assert texts(response, "hashes") == []


def test_every_answer_tag_counts() -> None:
    assert texts("<answer>1</answer> <ANSWER> 2 </ANSWER>", "tag") == ["1", "2"]


@pytest.mark.parametrize(
    "response",
    [
        "The answer is 18",
        "the final answer is: 18",
        "**Answer:** 18",
        "Answer: 18",
        "the correct option is 18",
        "My answer would be 18",
        "The answer is:\n18",
        "The answer is\n\\[\n18\n\\]",
    ],
)
def test_a_phrase_declares_the_rest_of_its_line(response: str) -> None:
    assert texts(response, "phrase") == ["18"]


@pytest.mark.parametrize("heading", ["### Answer", "**Answer**", "## Final Answer", "# **Answer**"])
def test_a_heading_declares_the_line_behind_it(heading: str) -> None:
    assert texts(f"First this.\n\n{heading}\n\n**18** eggs\nAnd more.", "phrase") == ["**18** eggs"]
    assert texts(f"{heading}\n18\n\n{heading}\n19", "phrase") == ["18", "19"]
    assert texts(f"No {heading}\n18", "phrase") == []


def test_a_phrase_in_front_of_another_declaration_says_nothing_itself() -> None:
    assert texts(r"The answer is \boxed{18}", "phrase") == []
    assert texts("Final answer: the answer is 18", "phrase") == ["18"]


def test_guesses_count_only_where_nothing_is_declared() -> None:
    assert [answer.strategy for answer in answers("The answer is 18", EVERY)] == ["phrase"]
    assert [answer.strategy for answer in answers("eighteen, 18", EVERY)] == [
        "whole",
        "last_line",
        "last_number",
    ]


def test_a_guess_is_not_a_commitment_and_everything_else_is() -> None:
    found = answers("first\nlast 18", EVERY)
    assert {answer.strategy for answer in found if answer.committed} == {"whole"}
    assert all(answer.committed for answer in answers(r"\boxed{1}<answer>1</answer>", DECLARED))


@pytest.mark.parametrize(
    ("response", "number"),
    [("so 1,234.50 left", "1,234.50"), ("it is -5%", "-5%"), ("from 3 to $4.", "$4"), (".5", ".5")],
)
def test_the_last_number_keeps_its_sign_currency_and_percent(response: str, number: str) -> None:
    assert texts(response, "last_number") == [number]


HOSTILE = [
    *(r"\boxed{", "<answer>", "<think>", "</think>", "<|begin_of_thought|>", "The answer is ", "answer "),
    *("A: ", "####\n", "{", "}", "((((", "**", "$", "\\", " ", "\n", "1,", "9", "é", "🙂"),
    *("$1$ ", "= ", "is 1 ", "<<", "**a", "not be ", "\\[", "\\frac{", "So it is 1. ", "<|im", "1 and "),
]


@pytest.mark.timeout(20)
@pytest.mark.parametrize("piece", HOSTILE)
def test_a_hostile_text_costs_linear_time(piece: str) -> None:
    response = piece * (HUNDRED_THOUSAND // len(piece) * 10)
    assert all(len(text) <= len(response) for text in texts(response))
