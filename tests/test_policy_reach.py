"""Rules that nobody reaches, and a last rule that does not fit every sample."""

from pathlib import Path

import pytest

from tests.policies import HEAD, REST, checked, mistakes


def policy(*rules: str) -> str:
    """A policy of rules r0, r1 ... that say this beside their judge, and one that takes the rest."""
    listed = "".join(
        f"  - {{name: r{number}, {rule}, judge: reference}}\n" for number, rule in enumerate(rules)
    )
    return f"{HEAD}rules:\n{listed}{REST}"


def unreached(folder: Path, *rules: str) -> list[str]:
    return [line.partition(": ")[2] for line in mistakes(folder, policy(*rules))]


@pytest.mark.parametrize(
    ("above", "below"),
    [
        ("task: math", "task: math"),
        ("task: [math, code]", "task: code"),
        ("task: [a, b, c]", "task: [c, a]"),
        ("task: {like: math-*}", "task: math-easy"),
        ("task: {like: math-*}", "task: {like: math-easy-*}"),
        ("task: {like: '*'}", "task: {like: 'a?'}"),
        ("task: {like: 'a[bc]'}", "task: {like: 'a[bc]'}"),
        ("has: tools", "has: [tools, system]"),
        ("task: math", "task: math, level: 3"),
        ("level: 1", "level: 1.0"),
    ],
)
def test_a_rule_that_nobody_reaches_is_a_mistake(tmp_path: Path, above: str, below: str) -> None:
    assert unreached(tmp_path, f"when: {{{above}}}", f"when: {{{below}}}") == [
        "rules.1: nobody reaches this rule: what fits it is taken above, by 'r0'"
    ]


@pytest.mark.parametrize(
    ("above", "below"),
    [
        ("task: [math, code]", "task: [math, chat]"),
        ("task: math, level: 3", "task: math"),
        ("task: math", "has: reference"),
        ("has: tools", "has: system"),
        ("level: 1", "level: true"),
        ("level: 1", "level: '1'"),
        ("task: {like: 'a?'}", "task: {like: 'a*'}"),
        ("task: {like: '*]'}", "task: {like: '[a]'}"),
        ("task: {like: math-*}", "task: math"),
        ("task: {like: '*'}", "task: 5"),
    ],
)
def test_a_rule_that_somebody_reaches_is_none(tmp_path: Path, above: str, below: str) -> None:
    checked(tmp_path, policy(f"when: {{{above}}}", f"when: {{{below}}}"))


def test_rules_that_leave_nothing_together_are_named_together(tmp_path: Path) -> None:
    both = "when: {task: [a, b], level: [1, 2]}"
    assert unreached(tmp_path, "when: {task: b}", "when: {task: a}", both) == [
        "rules.2: nobody reaches this rule: what fits it is taken above, by 'r0' and 'r1'"
    ]


def test_a_reference_may_be_found_where_the_rule_above_does_not_look(tmp_path: Path) -> None:
    mine = "when: {has: reference}, reference: [mine]"
    theirs = "when: {has: reference}, reference: [theirs]"
    checked(tmp_path, policy(mine, theirs, "when: {has: reference}"))
    assert len(unreached(tmp_path, "when: {has: reference}, reference: [mine, theirs]", theirs)) == 1


def test_lists_that_combine_to_millions_are_compared_in_no_time(tmp_path: Path) -> None:
    many = ", ".join(f"f{number}: {list(range(30))}" for number in range(20))
    assert len(unreached(tmp_path, f"when: {{{many}}}", f"when: {{{many}}}")) == 1


def test_whatever_stands_below_a_rule_for_every_sample_is_unreachable(tmp_path: Path) -> None:
    assert len(unreached(tmp_path, "when: {}", "when: {task: a}")) == 2


def test_the_last_rule_has_no_when(tmp_path: Path) -> None:
    text = f"{HEAD}rules: [{{name: a, when: {{task: x}}, judge: reference}}]"
    way_out = "give it no `when`, or add a rule without one below"
    assert mistakes(tmp_path, text) == [f"3:19: rules.0.when: the last rule must fit every sample: {way_out}"]
