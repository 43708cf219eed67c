"""What `check` says that a sound policy will do."""

from pathlib import Path

import pytest

from router.policy.words import in_words
from tests.policies import HEAD, RICH, checked

RICH_IN_WORDS = """\
policy.yaml is sound: 3 rules, rewards from 0 to 1, fingerprint FINGERPRINT.
The first rule that fits a sample decides about it.

1. math: samples where `task` is 'math'.
   The reference answer is at reference_answer or else metadata.solution.
   Verifiers, free: `number`; a verdict with confidence 0.95 or more settles.
   The rest goes to the judge `reference`, asking NOVA.
   A sample that stays unsettled gets the mean of its group.

2. support replies: samples where `task` is 'support' or 'chat' and there is a reference answer.
   Gate: `exact` (closed: true); a sample that fails it with confidence 0.95 or more gets 0, and no judge is paid.
   Part `correctness`, 60% of the reward:
     Verifiers, free: `exact`, then `number`; a verdict with confidence 0.9 or more settles.
     The rest goes to the judge `reference`, asking NOVA.
   Part `tone`, 40% of the reward:
     Every sample goes to the judge `rubric` with the rubric `support_tone`, asking NOVA.
   A sample that stays unsettled gets the mean of its group.
   Audit: of 2 % of the samples the judge also looks at what the verifiers settled: last, for a few seconds, paid like any question; the rewards stay as they are.

3. everything else: every sample that no rule above takes.
   Every sample goes to the judge `rubric` with the rubric `helpfulness`, asking NOVA.
   A sample that stays unsettled gets the mean of its group.

us.amazon.nova-lite-v1:0: $0.06 and $0.24 PRICED; at most 1,000 requests and 2,000,000 tokens a minute, by each of 12 instances 83.3333 and 166,667; asked by every rule.
us.amazon.nova-micro-v1:0: $0.035 and $0.14 PRICED; no quota is declared, so its pace is learnt; asked by every rule.

Judges may cost $0.25 for a batch.
Judges may cost $50 for a day of UTC: all instances together where they share a table, or else each of them."""  # noqa: E501 - as it is printed

PRICED = "per million tokens in and out"
NOVA = "us.amazon.nova-lite-v1:0; behind it us.amazon.nova-micro-v1:0"


def words(folder: Path, rules: str) -> list[str]:
    """What is said of the first rule."""
    text = in_words("policy.yaml", checked(folder, f"{HEAD}rules:\n{rules}\n"))
    return [line.strip() for line in text.split("\n\n")[1].splitlines()]


def test_a_policy_is_told_rule_by_rule_with_its_budget(tmp_path: Path) -> None:
    policy = checked(tmp_path, RICH)
    told = in_words("policy.yaml", policy)
    fingerprint = told.split("fingerprint ")[1][:12]
    assert told == RICH_IN_WORDS.replace("FINGERPRINT", fingerprint).replace("NOVA", NOVA).replace(
        "PRICED", PRICED
    )


def test_a_model_is_told_once_with_the_rules_that_ask_it(tmp_path: Path) -> None:
    pro = "{reference: {model: amazon.nova-pro-v1:0, region: eu-west-1, quota: {tokens_per_minute: 9000}}}"
    judges = ["reference", pro, "reference", "reference", pro, pro, pro, "reference"]
    rules = [f"{{name: r{n}, when: {{t: {n}}}, judge: {judge}}}" for n, judge in enumerate(judges)]
    text = f"{HEAD}rules: [{', '.join(rules)}, {{name: rest, verify: [exact]}}]"
    told = in_words("policy.yaml", checked(tmp_path, text))
    assert told.split("\n\n")[-1].splitlines() == [
        f"amazon.nova-lite-v1:0: $0.06 and $0.24 {PRICED}; no quota is declared, so its pace is learnt; "
        "asked by rules 1, 3, 4, 8.",
        f"amazon.nova-pro-v1:0 in eu-west-1: $0.8 and $3.2 {PRICED}; at most 9,000 tokens a minute; "
        "asked by rules 2, 5 to 7.",
    ]
    assert told.count(PRICED) == 2


def test_one_rule_is_no_rules(tmp_path: Path) -> None:
    told = in_words("policy.yaml", checked(tmp_path, f"{HEAD}rules: [{{name: a, judge: reference}}]"))
    assert told.startswith("policy.yaml is sound: 1 rule, rewards")


def test_a_rule_without_a_judge_says_what_becomes_of_the_unsettled(tmp_path: Path) -> None:
    assert words(tmp_path, "  - {name: a, verify: [exact], if_unsettled: 0.25}") == [
        "1. a: every sample that no rule above takes.",
        "Verifiers, free: `exact`; a verdict with confidence 0.95 or more settles.",
        "No judge: what the verifiers do not settle stays unsettled.",
        "A sample that stays unsettled gets 0.25.",
    ]


def test_conditions_are_written_as_the_policy_writes_them(tmp_path: Path) -> None:
    when = "{task: [a, {like: 'b-*'}, 3, true], has: [system, tools]}"
    rest = "  - {name: b, judge: reference}"
    assert words(tmp_path, f"  - {{name: a, when: {when}, judge: reference}}\n{rest}")[0] == (
        "1. a: samples where `task` is 'a' or like 'b-*' or 3 or true and there is a system message "
        "and there are tools."
    )


@pytest.mark.parametrize(
    ("verifier", "named"),
    [
        ("{code: {check: compiles, language: java}}", "`code`"),
        ("{code: {check: compiles}}", "`code`"),
        ("length, repetition", "`length` and `repetition`"),
    ],
)
def test_what_looks_at_form_alone_is_pointed_out_unless_it_stands_in_a_gate_or_a_part(
    verifier: str, named: str, tmp_path: Path
) -> None:
    alone = words(tmp_path, f"  - {{name: a, verify: [{verifier}], judge: reference}}")
    [note] = [line for line in alone if line.startswith("Note: ")]
    assert note.startswith(f"Note: {named} looks at form alone, and whatever passes is paid in full: put it")
    for elsewhere in (f"gate: [{verifier}], judge: reference", f"parts: {{form: {{verify: [{verifier}]}}}}"):
        assert "Note" not in " ".join(words(tmp_path, f"  - {{name: a, {elsewhere}}}"))
    assert "Note" not in " ".join(words(tmp_path, "  - {name: a, verify: [code, math], judge: reference}"))


def test_options_that_are_set_are_named(tmp_path: Path) -> None:
    verify = "verify: [{number: {relative_tolerance: 0.01}}, {exact: {ignore_case: true}}]"
    said = words(tmp_path, f"  - {{name: a, {verify}, judge: {{reference: {{confidence: 0.9}}}}}}")
    assert said[1].startswith("Verifiers, free: `exact`, then `number` (relative_tolerance: 0.01); ")
    assert said[2].startswith("The rest goes to the judge `reference` (confidence: 0.9), asking ")


def test_a_part_is_named_even_where_it_is_the_only_one(tmp_path: Path) -> None:
    assert words(tmp_path, "  - {name: a, parts: {tone: {judge: reference}}}")[1] == (
        "Part `tone`, 100% of the reward:"
    )


def test_an_invocation_that_would_rather_fail_says_so(tmp_path: Path) -> None:
    assert words(tmp_path, "  - {name: a, judge: reference, if_unsettled: fail}")[-1] == (
        "A sample that stays unsettled gets nothing: the invocation fails as a whole."
    )
