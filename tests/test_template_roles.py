"""What the roles of the template may do: what the parameters name, and no model of the policy is missing."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from router.policy.build import build
from router.policy.check import check
from router.policy.load import DEFAULT_POLICY
from tests.local.template import deployed
from tests.test_template import ADDS, KEY, accepts, environment

ACCOUNT = "123456789012"
LOGS = {"logs:CreateLogStream": ["RewardRouterLogs.Arn"], "logs:PutLogEvents": ["RewardRouterLogs.Arn"]}
ALL_ON = {"SharedVerdicts": "on", "TrailLocation": "s3://a-bucket/trails", "CodeFunction": "on"}
TABLE = ["RewardRouterVerdicts.Arn"]

MAY: dict[str, dict[str, list[str]]] = {
    "a shared table": {
        "dynamodb:BatchGetItem": TABLE,
        "dynamodb:PutItem": TABLE,
        "dynamodb:UpdateItem": TABLE,
    },
    "a policy in S3": {"s3:GetObject": ["arn:aws:s3:::a-bucket/policy.yaml"]},
    "trails": {"s3:PutObject": ["arn:aws:s3:::a-bucket/trails/*"]},
    "a function for programs": {"lambda:InvokeFunction": ["RewardRouterCodeFunction.Arn"]},
    "a key": {"kms:Decrypt": [KEY]},
}
"""What an option adds to what the function may do; the others add nothing."""

DESTINATIONS = {
    "us": ["us-east-1", "us-east-2", "us-west-2"],
    "jp": ["ap-northeast-1", "ap-northeast-3"],
    "au": ["ap-southeast-2", "ap-southeast-4"],
    "ca": ["ca-central-1", "ca-west-1"],
    "us-gov": ["us-gov-east-1", "us-gov-west-1"],
    "eu": ["eu-central-1", "eu-north-1", "eu-south-1", "eu-south-2", "eu-west-1", "eu-west-3"],
    "apac": ["ap-northeast-1", "ap-northeast-2", "ap-south-1", "ap-southeast-1", "ap-southeast-2"],
}
"""Where AWS's pages say that a geography's profiles route, for some model at least."""

OTHER_MODEL = f"arn:aws:bedrock:eu-west-1:{ACCOUNT}:inference-profile/eu.amazon.nova-pro-v1:0"


@dataclass(frozen=True)
class Grant:
    """One statement of a role."""

    actions: list[str]
    resources: list[str]
    condition: Mapping[str, Any] | None


def statements(role: str, effect: str, **given: str) -> list[Grant]:
    return [
        Grant(many(one["Action"]), many(one["Resource"]), one.get("Condition"))
        for policy in deployed(**given)["Resources"][role]["Properties"]["Policies"]
        for one in policy["PolicyDocument"]["Statement"]
        if one["Effect"] == effect
    ]


def many(value: Any) -> list[str]:
    return value if isinstance(value, list) else [value]


def allowed(role: str = "RewardRouterRole", **given: str) -> dict[str, list[str]]:
    """What a role may do: resources by action, those for which a condition must hold as well."""
    found: dict[str, list[str]] = {}
    for grant in statements(role, "Allow", **given):
        for action in grant.actions:
            found.setdefault(action, []).extend(grant.resources)
    return found


def profile(model: str, region: str = "us-east-1") -> str:
    return f"arn:aws:bedrock:{region}:{ACCOUNT}:inference-profile/{model}"


def foundation_model(model: str, region: str = "us-east-1") -> str:
    return f"arn:aws:bedrock:{region}::foundation-model/{model}"


def asks(model: str, region: str, **given: str) -> list[Grant]:
    """The statements about models, with no backup in the way."""
    given = {"JudgeModelId": model, "JudgeRegion": region, "BackupModelId": "", **given}
    return [one for one in statements("RewardRouterRole", "Allow", **given) if "bedrock" in one.actions[0]]


def test_the_function_writes_its_log_and_asks_its_models_and_nothing_else() -> None:
    may = allowed()
    assert may.pop("bedrock:InvokeModel")
    assert may == LOGS


@pytest.mark.parametrize("option", ADDS)
def test_an_option_allows_what_it_needs_and_nothing_else(option: str) -> None:
    may = allowed(**ADDS[option][0])
    assert {action: may[action] for action in may if action not in allowed()} == MAY.get(option, {})
    assert {action: may[action] for action in allowed()} == allowed()


def test_trails_in_a_bucket_with_the_key_may_be_encrypted() -> None:
    assert allowed(KmsKeyArn=KEY, **ALL_ON)["kms:GenerateDataKey"] == [KEY]


def test_the_function_for_programs_writes_its_log_and_nothing_else() -> None:
    own = allowed("RewardRouterCodeRole", KmsKeyArn=KEY, **ALL_ON)
    assert own == {action: ["RewardRouterCodeLogs.Arn"] for action in LOGS}
    resources = deployed(CodeFunction="on")["Resources"]
    assert "ManagedPolicyArns" not in resources["RewardRouterCodeRole"]["Properties"]


def test_nothing_is_allowed_on_a_wildcard_but_below_the_prefix_of_trails() -> None:
    parameters = {name: text for given, _ in ADDS.values() for name, text in given.items()}
    for role in ("RewardRouterRole", "RewardRouterCodeRole"):
        wild = [one for some in allowed(role, **parameters).values() for one in some if "*" in one]
        assert wild == (["arn:aws:s3:::a-bucket/trails/*"] if role == "RewardRouterRole" else [])
    for arns in ("*", "arn:aws:bedrock:*::foundation-model/*", f"{OTHER_MODEL},*"):
        assert not accepts("JudgeModelArns", arns)


def test_in_subnets_the_functions_own_code_is_denied_the_network_interfaces() -> None:
    [denied] = statements("RewardRouterRole", "Deny", **ADDS["subnets"][0])
    assert all(action.startswith("ec2:") for action in denied.actions)
    function = f"arn:aws:lambda:us-east-1:{ACCOUNT}:function:SageMaker-RewardRouter"
    assert denied.condition == {"ArnEquals": {"lambda:SourceFunctionArn": function}}
    assert statements("RewardRouterRole", "Deny") == []


def test_a_foundation_model_is_asked_where_the_judges_are() -> None:
    arn = foundation_model("openai.gpt-oss-20b-1:0", "us-west-2")
    assert asks("openai.gpt-oss-20b-1:0", "us-west-2") == [Grant(["bedrock:InvokeModel"], [arn], None)]
    assert asks("zai.glm-4.7", "")[0].resources == [foundation_model("zai.glm-4.7")]


@pytest.mark.parametrize("geography", DESTINATIONS)
def test_a_geographic_profile_is_asked_and_through_it_its_model_wherever_it_may_route(geography: str) -> None:
    called, routed = asks(f"{geography}.anthropic.claude-x-4-5-v1:0", "xx-away-1")
    arn = profile(f"{geography}.anthropic.claude-x-4-5-v1:0", "xx-away-1")
    assert (called.resources, called.condition) == ([arn], None)
    assert routed.condition == {"StringEquals": {"bedrock:InferenceProfileArn": arn}}
    model = "anthropic.claude-x-4-5-v1:0"
    regions = [resource.split(":")[3] for resource in routed.resources]
    assert routed.resources == [foundation_model(model, region) for region in regions]
    assert {"xx-away-1", *DESTINATIONS[geography]} <= set(regions)
    assert len(set(regions)) == len(regions)
    assert geography in ("eu", "apac") or set(regions) == {"xx-away-1", *DESTINATIONS[geography]}


def test_a_global_profile_is_asked_by_three_statements() -> None:
    called, here, anywhere = asks("global.amazon.nova-2-lite-v1:0", "eu-west-1")
    arn = profile("global.amazon.nova-2-lite-v1:0", "eu-west-1")
    through = {"bedrock:InferenceProfileArn": arn}
    assert (called.resources, called.condition) == ([arn], None)
    assert here.resources == [foundation_model("amazon.nova-2-lite-v1:0", "eu-west-1")]
    assert here.condition == {"StringEquals": through}
    assert anywhere.resources == ["arn:aws:bedrock:::foundation-model/amazon.nova-2-lite-v1:0"]
    assert anywhere.condition == {"StringEquals": {"aws:RequestedRegion": "unspecified"} | through}


def test_a_model_may_be_an_arn() -> None:
    arn = f"arn:aws:bedrock:us-east-1:{ACCOUNT}:provisioned-model/abc123"
    assert accepts("JudgeModelId", arn)
    assert asks(arn, "eu-west-1") == [Grant(["bedrock:InvokeModel"], [arn], None)]


def test_a_model_that_nothing_could_be_derived_from_is_refused() -> None:
    for model in (
        "",
        "nova",
        "mx.amazon.nova-lite-v1:0",
        "global.nova",
        "us.amazon.nova.lite",
        "*",
        "amazon.*",
    ):
        assert not accepts("JudgeModelId", model)
    assert accepts("BackupModelId", "")
    assert not accepts("BackupModelId", "mx.amazon.nova-lite-v1:0")


def test_named_arns_take_the_place_of_all_others() -> None:
    arns = [OTHER_MODEL, "arn:aws:bedrock:eu-west-1::foundation-model/amazon.nova-pro-v1:0"]
    assert accepts("JudgeModelArns", ",".join(arns))
    assert allowed(JudgeModelArns=",".join(arns))["bedrock:InvokeModel"] == arns


def missing(**given: str) -> list[str]:
    """What the function would have to be allowed, to ask every model that its policy names there."""
    variables = environment(**given)
    policy = build(check(Path(DEFAULT_POLICY)), variables)
    judges = [part.judge for rule in policy.rules for part in rule.parts if part.judge]
    asked = [model.settings for judge in judges for model in (*judge.models, *judge.backups)]
    needed = [
        arn
        for one in asked
        for region in [one.get("region") or "us-east-1"]
        for arn in (
            (profile(one["model"], region), foundation_model(one["model"].partition(".")[2], region))
            if one["model"].split(".")[0] in {*DESTINATIONS, "global"}
            else (foundation_model(one["model"], region),)
        )
    ]
    assert needed
    return sorted(set(needed) - set(allowed(**given)["bedrock:InvokeModel"]))


@pytest.mark.parametrize(
    "given",
    [
        {},
        {"JudgeRegion": "us-west-2"},
        {"BackupModelId": ""},
        {"JudgeModelId": "eu.amazon.nova-pro-v1:0", "JudgeRegion": "eu-central-1", "BackupModelId": ""},
        {"JudgeModelId": "global.amazon.nova-2-lite-v1:0", "BackupModelId": "openai.gpt-oss-20b-1:0"},
    ],
    ids=str,
)
def test_every_model_that_the_shipped_policy_names_may_be_asked(given: dict[str, str]) -> None:
    assert missing(**given) == []


def test_a_model_that_may_not_be_asked_is_found() -> None:
    assert missing(JudgeModelArns=profile("us.amazon.nova-lite-v1:0")) == sorted(
        [
            foundation_model("amazon.nova-lite-v1:0"),
            foundation_model("amazon.nova-micro-v1:0"),
            profile("us.amazon.nova-micro-v1:0"),
        ]
    )
