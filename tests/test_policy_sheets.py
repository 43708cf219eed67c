"""The files that a policy names: rubrics and prices, their mistakes, and the models that are priced."""

import re
from pathlib import Path

import pytest

from judges.base import Reply
from judges.switchboard import Account, Ledger
from router.errors import PolicyError
from router.policy.build import build
from router.policy.model import JudgeSpec
from router.query import seat
from tests.policies import HEAD, REST, checked, gallery, mistakes

SCALE = "{0: bad, 1: good}"

MODEL = "version: 1\njudge: {{model: {}}}\nrules: [{{name: a, judge: reference}}]"


def rubric(folder: Path, text: str) -> list[str]:
    """What is wrong with a rubric of this text, for two rules that name it."""
    (folder / "rubrics").mkdir(exist_ok=True)
    (folder / "rubrics/mine.yaml").write_text(text, encoding="utf-8")
    judge = "judge: {rubric: {criteria: mine}}"
    with pytest.raises(PolicyError) as caught:
        checked(folder, f"{HEAD}rules: [{{name: a, when: {{t: 1}}, {judge}}}, {{name: b, {judge}}}]")
    return [line.removeprefix(f"{folder / 'rubrics/mine.yaml'}:") for line in caught.value.mistakes]


def prices(folder: Path, text: str) -> list[str]:
    """What is wrong with a price list of this text."""
    (folder / "prices.yaml").write_text(text, encoding="utf-8")
    with pytest.raises(PolicyError) as caught:
        checked(folder, MODEL.format("amazon.nova-lite-v1:0"))
    return [line.removeprefix(f"{folder / 'prices.yaml'}:") for line in caught.value.mistakes]


def the_judge(folder: Path, text: str) -> JudgeSpec:
    """The judge of the only rule in this policy."""
    [rule] = build(checked(folder, text)).rules
    [part] = rule.parts
    assert part.judge
    return part.judge


# --- rubrics -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(("criteria", "mistake"), gallery("criterion"))
def test_a_mistake_in_a_rubric_is_told_once_in_its_own_file(
    tmp_path: Path, criteria: str, mistake: str
) -> None:
    found = rubric(tmp_path, f"version: 1\nabout: Mine.\ncriteria: [{criteria}]")
    assert [line.partition(": ")[2] for line in found] == [mistake]


@pytest.mark.parametrize(
    ("count", "mistake"), [(0, "1 or more entries, not 0"), (13, "12 or fewer entries, not 13")]
)
def test_a_rubric_has_a_bounded_number_of_criteria(tmp_path: Path, count: int, mistake: str) -> None:
    criteria = ", ".join(f"{{name: c{number}, question: q, scale: {SCALE}}}" for number in range(count))
    found = rubric(tmp_path, f"version: 1\nabout: Mine.\ncriteria: [{criteria}]")
    assert found == [f"3:1: criteria: must have {mistake}"]


def test_a_sentence_in_a_rubric_is_bounded(tmp_path: Path) -> None:
    text = f"version: 1\nabout: Mine.\ncriteria: [{{name: a, question: {'q' * 501}, scale: {SCALE}}}]"
    assert rubric(tmp_path, text) == ["3:22: criteria.0.question: must have 500 characters or fewer"]


@pytest.mark.parametrize("pass_at", ["0", "1.5", "true", "half"])
def test_a_pass_mark_lies_above_zero_and_not_above_one(tmp_path: Path, pass_at: str) -> None:
    text = (
        f"version: 1\nabout: Mine.\npass_at: {pass_at}\ncriteria: [{{name: a, question: q, scale: {SCALE}}}]"
    )
    assert rubric(tmp_path, text)[0].startswith("3:1: pass_at: must be ")


def test_a_rubric_that_leaves_the_judge_no_room_to_read_is_told(tmp_path: Path) -> None:
    scale = "{" + ", ".join(f"{step}: {'long ' * 90}" for step in range(10)) + "}"
    criteria = ", ".join(f"{{name: c{number}, question: q, scale: {scale}}}" for number in range(12))
    found = rubric(tmp_path, f"version: 1\nabout: Mine.\ncriteria: [{criteria}]")
    words = r"rules\.0\.judge: its own words take \d+ of 6000 `max_input_tokens`: allow \d+"
    assert re.fullmatch(rf".*:\d+:\d+: {words}", found[0])


def test_a_rubric_beside_the_policy_comes_before_the_packaged_one(tmp_path: Path) -> None:
    (tmp_path / "rubrics").mkdir()
    text = f"version: 1\nabout: Mine.\ncriteria: [{{name: a, question: q, scale: {SCALE}}}]"
    (tmp_path / "rubrics/helpfulness.yaml").write_text(text, encoding="utf-8")
    judge = the_judge(tmp_path, f"{HEAD}rules: [{{name: a, judge: {{rubric: {{criteria: helpfulness}}}}}}]")
    assert judge.options["criteria"] == {
        "name": "helpfulness",
        "about": "Mine.",
        "pass_at": None,
        "criteria": [{"name": "a", "question": "q", "weight": 1.0, "scale": [[0, "bad"], [1, "good"]]}],
    }


# --- prices ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("text", "mistake"), gallery("prices"))
def test_a_mistake_in_the_prices_is_told_in_their_own_file(tmp_path: Path, text: str, mistake: str) -> None:
    assert [line.partition(": ")[2] for line in prices(tmp_path, text)] == [mistake]


def test_an_empty_price_list_is_told(tmp_path: Path) -> None:
    assert prices(tmp_path, "") == ["1:1: must be a mapping, not nothing"]


@pytest.mark.parametrize(
    "model",
    [
        "amazon.nova-lite-v1:0",
        "us.amazon.nova-lite-v1:0",
        "apac.amazon.nova-lite-v1:0",
        "global.amazon.nova-lite-v1:0",
        "us-gov.amazon.nova-lite-v1:0",
        "arn:aws:bedrock:us-east-1::foundation-model/amazon.nova-lite-v1:0",
        "arn:aws:bedrock:us-east-1:123456789012:inference-profile/us.amazon.nova-lite-v1:0",
    ],
)
def test_a_model_is_priced_under_any_of_its_names(tmp_path: Path, model: str) -> None:
    assert the_judge(tmp_path, MODEL.format(model)).models[0].price == (0.06, 0.24)


def test_an_application_profile_is_priced_by_its_whole_arn(tmp_path: Path) -> None:
    arn = "arn:aws:bedrock:us-east-1:123456789012:application-inference-profile/a1b2c3"
    (tmp_path / "prices.yaml").write_text(f"{arn}: {{input: 1, output: 2}}", encoding="utf-8")
    assert the_judge(tmp_path, MODEL.format(arn)).models[0].price == (1.0, 2.0)


def test_the_price_of_a_prefixed_model_comes_before_the_general_one(tmp_path: Path) -> None:
    both = "amazon.nova-lite-v1:0: {input: 1, output: 2}\nus.amazon.nova-lite-v1:0: {input: 3, output: 4}"
    (tmp_path / "prices.yaml").write_text(both, encoding="utf-8")
    assert the_judge(tmp_path, MODEL.format("us.amazon.nova-lite-v1:0")).models[0].price == (3.0, 4.0)


FLEX = HEAD.replace("}", ", service_tier: flex}")
PRICED = "amazon.nova-lite-v1:0: {input: 1, output: 2, flex: 0.5, priority: 1.75}\n"


@pytest.mark.parametrize(
    ("tier", "price"),
    [("default", (1.0, 2.0)), ("flex", (0.5, 1.0)), ("priority", (1.75, 3.5)), ("null", (1.0, 2.0))],
)
def test_a_service_tier_has_its_price(tmp_path: Path, tier: str, price: tuple[float, float]) -> None:
    (tmp_path / "prices.yaml").write_text(PRICED, encoding="utf-8")
    text = MODEL.format(f"amazon.nova-lite-v1:0, service_tier: {tier}")
    assert the_judge(tmp_path, text).models[0].price == price


def test_what_is_booked_is_the_price_of_the_tier(tmp_path: Path) -> None:
    text = MODEL.format("openai.gpt-oss-120b-1:0, service_tier: flex")
    [model] = the_judge(tmp_path, text).models
    settings = seat(model).settings
    reply = Reply("", "end_turn", settings.model, 1_000_000, 1_000_000)
    account = Account(Ledger(), "all")
    account.settle(0.0, reply, settings.price)
    assert account.own.usd == pytest.approx((0.15 + 0.60) / 2)


def test_a_tier_without_a_price_is_told_once_where_it_is_asked_for(tmp_path: Path) -> None:
    said = (
        "the model 'amazon.nova-lite-v1:0' has no price in the tier flex: where Bedrock offers it, add "
        "`flex` to its line in prices.yaml, times the price there; else leave `service_tier` out"
    )
    assert mistakes(
        tmp_path,
        f"{FLEX}rules: [{{name: a, when: {{b: 1}}, judge: reference}}, {{name: c, judge: reference}}]",
    ) == [f"2:39: judge.service_tier: {said}"]
    rule = "{name: a, judge: {reference: {service_tier: flex}}}"
    assert mistakes(tmp_path, f"{HEAD}rules: [{rule}]") == [
        f"3:39: rules.0.judge.reference.service_tier: {said}"
    ]


def test_a_backup_needs_a_price_in_its_tier_too(tmp_path: Path) -> None:
    backups = "backups: [{model: amazon.nova-micro-v1:0, service_tier: priority}]"
    text = f"version: 1\njudge: {{model: amazon.nova-pro-v1:0, {backups}}}\nrules:\n{REST}"
    [said] = mistakes(tmp_path, text)
    assert "'amazon.nova-micro-v1:0' has no price in the tier priority" in said


# --- quotas ------------------------------------------------------------------------------------------

QUOTA = "quota: {requests_per_minute: %s}"
LITE = "amazon.nova-lite-v1:0"


def rules(*judges: str) -> str:
    """A policy of which each rule has one of these judges."""
    each = [
        f"{{name: r{n}, when: {{n: {n}}}, judge: {{reference: {{{one}}}}}}}" for n, one in enumerate(judges)
    ]
    return f"{HEAD}rules:\n" + "".join(f"  - {one}\n" for one in each) + REST


def quotas(folder: Path, text: str) -> list[tuple[float | None, float | None]]:
    """The quota of the first model of each rule."""
    judges = [rule.parts[0].judge for rule in build(checked(folder, text)).rules]
    return [judge.models[0].quota for judge in judges if judge]


def test_two_quotas_of_one_model_are_told(tmp_path: Path) -> None:
    said = f"the model {LITE!r} has another quota elsewhere: declare it once, or the same in both places"
    assert mistakes(tmp_path, rules(QUOTA % 60, QUOTA % 120)) == [f"5:5: rules.1: {said}"]


def test_a_quota_counts_wherever_its_model_is_asked(tmp_path: Path) -> None:
    assert quotas(tmp_path, rules("", QUOTA % 60, "max_tokens: 400", f"model: us.{LITE}")) == [
        (60.0, None),
        (60.0, None),
        (60.0, None),
        (None, None),
        (60.0, None),
    ]


def test_the_same_quota_may_be_said_twice(tmp_path: Path) -> None:
    assert set(quotas(tmp_path, rules(QUOTA % 60, QUOTA % 60))) == {(60.0, None)}


def test_a_models_quota_in_another_region_is_another(tmp_path: Path) -> None:
    text = rules(QUOTA % 60, f"region: eu-west-1, {QUOTA % 120}")
    assert quotas(tmp_path, text) == [(60.0, None), (120.0, None), (60.0, None)]


def test_the_functions_own_region_has_one_name(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_REGION", "eu-west-1")
    judges = [
        rule.parts[0].judge
        for rule in build(checked(tmp_path, rules("region: eu-west-1", "region: ''"))).rules
    ]
    assert {seat(judge.models[0]).address for judge in judges if judge} == {(LITE, "eu-west-1")}
    text = rules(f"region: eu-west-1, {QUOTA % 60}", QUOTA % 120)
    assert "has another quota elsewhere" in mistakes(tmp_path, text)[0]


def test_an_environment_that_gives_one_model_two_quotas_is_told_when_the_policy_is_read(
    tmp_path: Path,
) -> None:
    policy = checked(tmp_path, rules(f"model: '${{ONE:-us.{LITE}}}', {QUOTA % 60}", QUOTA % 120))
    with pytest.raises(PolicyError, match="has another quota elsewhere"):
        build(policy, {"ONE": LITE})


PANEL = "panel: {models: [amazon.nova-lite-v1:0, amazon.nova-pro-v1:0]}"
OTHERS = "panel: {models: [amazon.nova-micro-v1:0, amazon.nova-pro-v1:0]}"
NOTHING = "means nothing beside `panel`: the paces of its models are learnt, so leave it out"


def test_a_quota_beside_a_panel_is_told(tmp_path: Path) -> None:
    assert mistakes(tmp_path, rules(f"{PANEL}, {QUOTA % 60}"))[0].endswith(
        f"judge.reference.quota: {NOTHING}"
    )
    head = HEAD.replace("}", f", {OTHERS}, {QUOTA % 60}}}")
    assert mistakes(tmp_path, f"{head}rules:\n{REST}")[0].endswith(f": judge.quota: {NOTHING}")


def test_the_default_models_quota_counts_in_a_panel(tmp_path: Path) -> None:
    head = HEAD.replace("}", f", {PANEL}, {QUOTA % 60}}}")
    assert quotas(tmp_path, f"{head}rules:\n{REST}") == [(60.0, None)]


# --- models and the environment ----------------------------------------------------------------------


def test_a_judge_without_a_model_is_told(tmp_path: Path) -> None:
    assert mistakes(tmp_path, "version: 1\nrules: [{name: a, judge: reference}]") == [
        "2:19: rules.0.judge: has no model: name one here, or under `judge:` at the top for every judge"
    ]


def test_a_judge_overrides_the_defaults_of_all(tmp_path: Path) -> None:
    text = "judge: {reference: {model: amazon.nova-pro-v1:0, confidence: 0.9, reply: text}}"
    judge = the_judge(
        tmp_path,
        f"version: 1\njudge: {{model: x, max_tokens: 50}}\nrules: [{{name: a, {text}}}]".replace(
            "x", "amazon.nova-lite-v1:0", 1
        ),
    )
    assert judge.models[0].settings == {
        "model": "amazon.nova-pro-v1:0",
        "region": "",
        "max_tokens": 50,
        "reply": "text",
    }
    assert judge.options == {"confidence": 0.9}


@pytest.mark.parametrize(
    ("variable", "model"),
    [
        (None, "amazon.nova-lite-v1:0"),
        ("", "amazon.nova-lite-v1:0"),
        ("us.amazon.nova-pro-v1:0", "us.amazon.nova-pro-v1:0"),
    ],
)
def test_the_environment_is_filled_in_as_a_shell_does(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, variable: str | None, model: str
) -> None:
    monkeypatch.delenv("TEST_MODEL", raising=False)
    if variable is not None:
        monkeypatch.setenv("TEST_MODEL", variable)
    text = MODEL.format("'${TEST_MODEL:-amazon.nova-lite-v1:0}', region: '${TEST_REGION:-}'")
    assert the_judge(tmp_path, text).models[0].settings == {"model": model, "region": ""}


# --- rubrics and prices in the policy itself ---------------------------------------------------------

OWN = """\
version: 1
judge: {model: mine.small}
rules: [{name: a, judge: {rubric: {criteria: tone}}}]
rubrics:
  tone: {version: 1, about: Mine., criteria: [{name: c, question: q, scale: {0: bad, 1: good}}]}
prices:
  mine.small: {input: 1, output: 2}
"""


def test_a_policy_may_hold_its_rubrics_and_prices_itself(tmp_path: Path) -> None:
    judge = the_judge(tmp_path, OWN)
    assert judge.models[0].price == (1, 2)
    assert judge.options["criteria"] == {
        "name": "tone",
        "about": "Mine.",
        "pass_at": None,
        "criteria": [{"name": "c", "question": "q", "weight": 1.0, "scale": [[0, "bad"], [1, "good"]]}],
    }


def test_its_own_rubrics_and_prices_stand_for_all_files(tmp_path: Path) -> None:
    (tmp_path / "prices.yaml").write_text("no prices", encoding="utf-8")
    assert mistakes(tmp_path, OWN.replace("criteria: tone", "criteria: helpfulness")) == [
        "3:36: rules.0.judge.rubric.criteria: 'helpfulness' is not one of tone"
    ]
    assert mistakes(tmp_path, OWN.replace("model: mine.small", "model: mine.large")) == [
        "2:9: judge.model: has no price, so add one to `prices`: "
        "'mine.large' is not one of mine.small; did you mean mine.small?"
    ]


@pytest.mark.parametrize(
    ("before", "after", "mistake"),
    [
        ("about: Mine.", "abut: Mine.", "5:22: rubrics.tone: 'abut' is not one of about, criteria"),
        ("1: good}", "one: good}", "5:86: rubrics.tone.criteria.0.scale.one: must be a whole number"),
        ("name: c,", "name: schema,", "5:48: rubrics.tone.criteria.0.name: 'schema' is taken"),
        ("input: 1", "input: -1", "7:16: prices.mine.small.input: must be 0 or more"),
        ("prices:\n  mine.small: {input: 1, output: 2}", "prices:", "6:1: prices: must be a mapping"),
        ("prices:\n  mine.small: {input: 1, output: 2}", "prices: {}", "6:1: prices: must have 1 or more"),
    ],
)
def test_a_mistake_in_them_is_told_at_its_place_in_the_policy(
    tmp_path: Path, before: str, after: str, mistake: str
) -> None:
    told = mistakes(tmp_path, OWN.replace(before, after))
    assert any(line.startswith(mistake) for line in told), told


def test_what_a_rubric_of_the_policy_says_in_braces_is_its_own_affair(tmp_path: Path) -> None:
    the_judge(tmp_path, OWN.replace("about: Mine.", 'about: "${HOME} stays"'))
