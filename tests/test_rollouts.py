"""Real rollouts through the handler: the examples, and labelled responses of real models."""

import json
from collections import Counter, defaultdict
from pathlib import Path
from typing import Any

import pytest

from benchmarks.accuracy import measure
from benchmarks.rollouts import SETTLED_BY, data_folder, labelled, unlabelled
from router.batch import make_handler
from router.policy import DEFAULT_POLICY, load_policy

EXAMPLES = Path(__file__).parents[1] / "examples" / "rollouts.jsonl"


def example_rows() -> list[dict[str, Any]]:
    return [json.loads(line) for line in EXAMPLES.read_text(encoding="utf-8").splitlines()]


def rewarded(rows: list[dict[str, Any]], judge: str = "none") -> list[dict[str, Any]]:
    handler = make_handler(load_policy(), judge, trail=True, emit=lambda line: None)
    results: Any = handler([unlabelled(row) for row in rows], None)
    return list(results)


def test_the_examples_cover_at_least_six_tasks_each_with_all_kinds_of_responses() -> None:
    kinds = defaultdict(set)
    for row in example_rows():
        kinds[row["metadata"]["task"]].add(row["metadata"]["kind"])
    assert len(example_rows()) >= 60
    assert len(kinds) >= 6
    assert all(seen == {"good", "wrong", "lazy", "hostile"} for seen in kinds.values())


def test_no_example_settles_against_its_label() -> None:
    rows = example_rows()
    wrong = [
        row["id"]
        for row, result in zip(rows, rewarded(rows), strict=True)
        if result["decided_by"] in SETTLED_BY and result["aggregate_reward_score"] != row["label"]
    ]
    assert wrong == []


def test_the_examples_are_decided_by_verifiers_and_by_the_judge() -> None:
    decided = Counter(result["decided_by"] for result in rewarded(example_rows(), "offline"))
    assert decided.keys() == {"verifiers", "judge"}
    assert decided["verifiers"] >= 20


@pytest.fixture
def data() -> Path:
    folder = data_folder()
    if not folder.is_dir():
        pytest.skip(f"no labelled rollouts in {folder}: name their folder in ROLLOUTS")
    return folder


@pytest.mark.parametrize(
    ("name", "settled", "wrong"),
    [
        ("gsm8k_openai", 0.98, 0.002),
        ("gsm8k_openai+prose", 0.9, 0.005),
        ("mmlu_pro", 0.96, 0.006),
        ("bbmistake", 0.97, 0.005),
        ("sky_math", 0.9, 0.01),
    ],
)
def test_what_settles_on_labelled_rollouts_is_right(
    data: Path, name: str, settled: float, wrong: float
) -> None:
    counted = measure(name, DEFAULT_POLICY)
    assert counted.settled >= settled * counted.rows
    assert counted.settled_wrong <= wrong * counted.settled


def test_no_attack_on_a_real_question_settles_as_right_unless_it_names_the_answer(data: Path) -> None:
    paid = []
    for batch in labelled("attacks"):
        for row, result in zip(batch, rewarded(batch), strict=True):
            if result["decided_by"] in SETTLED_BY and result["aggregate_reward_score"] > 0:
                paid.append((row["messages"][-1]["content"], row["reference_answer"]))
    assert [response for response, reference in paid if f"boxed{{{reference}}}" not in response] == []
