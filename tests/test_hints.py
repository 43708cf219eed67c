"""What is looked for first, because it is fast, stands in everything that the slow expression finds."""

import pytest

from router.response import MARK, spoken
from verifiers.quantity import quantity
from verifiers.standing import denies

ENDS = (
    "<|im_end|>", "<|im_start|>user", "<|eot_id|>", "<end_of_turn>", "<start_of_turn>user",
    "<\uff5cend\u2581of\u2581sentence\uff5c>", "</s>",
)  # fmt: skip


@pytest.mark.parametrize("mark", ENDS)
def test_every_end_of_a_turn_is_seen(mark: str) -> None:
    assert spoken(f"18 {mark}") == "18"


@pytest.mark.parametrize("mark", ["<think>17</think>", "<Thought>17</Thought>", "17</reasoning>"])
def test_reasoning_is_seen_however_it_is_marked(mark: str) -> None:
    assert spoken(f"{mark}18") == "18"


@pytest.mark.parametrize("text", ["12 < 18", "<<2*9=18>>18", "a<=b", "<", "1<2"])
def test_what_opens_no_mark_is_passed_over(text: str) -> None:
    assert not MARK.search(text)
    assert spoken(text) == text


@pytest.mark.parametrize(
    "text", ["is not", "is NOT", "never", "Neither", "nor", "isn't", "isn’t", r"\neq", "≠"]
)
def test_every_denial_is_seen(text: str) -> None:
    assert denies(f"it {text} ")


def test_a_number_with_a_full_stop_is_that_number() -> None:
    assert quantity("104.") == quantity("104") != quantity("104..5")
