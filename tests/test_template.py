"""What template.yaml deploys, after SAM's own transform, for each parameter that adds something."""

import json
import re
from typing import Any

import pytest

from tests.local.template import PSEUDO, Filling, defaults, deployed, transformed
from tests.tools import ROOT, sam

KEY = "arn:aws:kms:us-east-1:123456789012:key/0c1d"
BOUNDARY = "arn:aws:iam::123456789012:policy/boundary"
NETWORK_POLICY = "arn:aws:iam::aws:policy/service-role/AWSLambdaENIManagementAccess"
TOPIC = "arn:aws:sns:us-east-1:123456789012:on-call"
SUBNETS = {
    "VpcSubnetIds": "subnet-0a1b2c3d,subnet-1a1b2c3d",
    "VpcSecurityGroupIds": "sg-0a1b2c3d",
    "VpcPolicyArn": NETWORK_POLICY,
}

ALWAYS = {"RewardRouterFunction", "RewardRouterLogs", "RewardRouterRole"}
WATCHING = {
    *("RewardRouterDashboard", "BudgetAlarm", "BugAlarm", "CeilingAlarm", "DurationAlarm", "EscalationAlarm"),
    *("FailedAlarm", "FallbackAlarm", "JudgeAlarm", "JudgeThrottledAlarm", "PartingAlarm", "SpreadAlarm"),
    *("ThrottledAlarm", "UnsettledAlarm"),
}
ADDS: dict[str, tuple[dict[str, str], set[str]]] = {
    "a shared table": ({"SharedVerdicts": "on"}, {"RewardRouterVerdicts"}),
    "a policy in S3": ({"PolicyLocation": "s3://a-bucket/policy.yaml"}, {"PolicyAlarm"}),
    "trails": ({"TrailLocation": "s3://a-bucket/trails"}, set()),
    "a function for programs": (
        {"CodeFunction": "on"},
        {"RewardRouterCodeFunction", "RewardRouterCodeLogs", "RewardRouterCodeRole"},
    ),
    "an address": ({"AlarmEmail": "on-call@example.org"}, {"RewardRouterAlarms"}),
    "a topic": ({"AlarmTopicArn": TOPIC}, set()),
    "a key": ({"KmsKeyArn": KEY}, set()),
    "a boundary": ({"PermissionsBoundaryArn": BOUNDARY}, set()),
    "subnets": (SUBNETS, set()),
    "concurrency": ({"ReservedConcurrency": "12"}, set()),
}
"""What each option is given, and the resources that it adds."""

OPTIONAL_PROPERTIES: dict[str, dict[str, dict[str, Any]]] = {
    "a key": {
        "RewardRouterFunction": {"KmsKeyArn": KEY},
        "RewardRouterLogs": {"KmsKeyId": KEY},
    },
    "a boundary": {"RewardRouterRole": {"PermissionsBoundary": BOUNDARY}},
    "subnets": {
        "RewardRouterFunction": {
            "VpcConfig": {
                "SubnetIds": ["subnet-0a1b2c3d", "subnet-1a1b2c3d"],
                "SecurityGroupIds": ["sg-0a1b2c3d"],
            }
        },
        "RewardRouterRole": {"ManagedPolicyArns": [NETWORK_POLICY]},
    },
    "concurrency": {"RewardRouterFunction": {"ReservedConcurrentExecutions": "12"}},
}
"""The properties that an option adds to resources which are there without it."""


def resources(**given: str) -> Any:
    return deployed(**given)["Resources"]


def properties(name: str, **given: str) -> Any:
    return resources(**given)[name]["Properties"]


def environment(**given: str) -> Any:
    return properties("RewardRouterFunction", **given)["Environment"]["Variables"]


def accepts(parameter: str, value: str) -> bool:
    """Whether CloudFormation takes this value."""
    return re.search(transformed()["Parameters"][parameter]["AllowedPattern"], value) is not None


def refusals(**given: str) -> list[str]:
    """What CloudFormation says to these parameters before it makes anything."""
    filling = Filling(transformed(), {**defaults(), **PSEUDO, **given})
    return [
        assertion["AssertDescription"]
        for rule in transformed()["Rules"].values()
        if filling.filled(rule["RuleCondition"])
        for assertion in rule["Assertions"]
        if not filling.filled(assertion["Assert"])
    ]


def test_sam_and_cfn_lint_find_nothing_to_say() -> None:
    done = sam("sam", "validate", "--lint", "--region", "us-east-1")
    assert (done.returncode, "is a valid SAM Template" in done.stdout) == (0, True), done.stdout + done.stderr


def test_it_deploys_a_function_its_role_its_log_what_watches_it_and_nothing_else() -> None:
    assert set(resources()) == ALWAYS | WATCHING
    assert set(resources(Alarms="off")) == ALWAYS


@pytest.mark.parametrize("option", ADDS)
def test_an_option_adds_its_resources_and_nothing_else(option: str) -> None:
    given, added = ADDS[option]
    assert set(resources(**given)) - set(resources()) == added
    assert set(resources()) <= set(resources(**given))
    assert refusals(**given) == []


@pytest.mark.parametrize("option", OPTIONAL_PROPERTIES)
def test_an_optional_property_is_there_only_with_its_option(option: str) -> None:
    for name, added in OPTIONAL_PROPERTIES[option].items():
        assert {key: properties(name, **ADDS[option][0])[key] for key in added} == added
        assert not added.keys() & properties(name).keys()


def test_a_key_encrypts_whatever_another_option_adds() -> None:
    code = {"CodeFunction": "on", "SharedVerdicts": "on", "AlarmEmail": "on-call@example.org"}
    assert properties("RewardRouterCodeLogs", KmsKeyArn=KEY, **code)["KmsKeyId"] == KEY
    table = properties("RewardRouterVerdicts", KmsKeyArn=KEY, **code)
    assert table["SSESpecification"] == {"SSEEnabled": True, "SSEType": "KMS", "KMSMasterKeyId": KEY}
    assert properties("RewardRouterAlarms", KmsKeyArn=KEY, **code)["KmsMasterKeyId"] == KEY
    assert "SSESpecification" not in properties("RewardRouterVerdicts", **code)
    assert "KmsMasterKeyId" not in properties("RewardRouterAlarms", **code)


def test_verdicts_are_shared_in_a_table_that_forgets() -> None:
    table = properties("RewardRouterVerdicts", SharedVerdicts="on")
    assert table["KeySchema"] == [{"AttributeName": "id", "KeyType": "HASH"}]
    assert table["TimeToLiveSpecification"] == {"AttributeName": "expires", "Enabled": True}


def test_the_function_is_set_up_in_full() -> None:
    function = properties("RewardRouterFunction")
    wanted = {
        "FunctionName": "SageMaker-RewardRouter",
        "Handler": "router.handler.lambda_handler",
        "Runtime": "python3.13",
        "Architectures": ["arm64"],
        "MemorySize": "1769",
        "Timeout": "300",
        "Role": "RewardRouterRole.Arn",
        "LoggingConfig": {"LogFormat": "JSON", "SystemLogLevel": "WARN", "LogGroup": "RewardRouterLogs"},
        "Environment": {
            "Variables": {
                "JUDGE": "bedrock",
                "JUDGE_MODEL_ID": "us.amazon.nova-lite-v1:0",
                "BACKUP_MODEL_ID": "us.amazon.nova-micro-v1:0",
                "JUDGE_REGION": "",
                "JUDGE_USD_PER_DAY": "50",
                "VERDICT_TABLE": "",
                "ROUTER_POLICY": "",
                "CODE": "here",
                "LOG_SAMPLES": "0",
                "TRAILS": "",
                "TRAIL_SHARE": "0",
            }
        },
    }
    assert {name: function[name] for name in wanted} == wanted


@pytest.mark.parametrize(
    ("given", "variable", "value"),
    [
        ({"JudgeModelId": "eu.amazon.nova-pro-v1:0"}, "JUDGE_MODEL_ID", "eu.amazon.nova-pro-v1:0"),
        ({"BackupModelId": ""}, "BACKUP_MODEL_ID", ""),
        ({"JudgeRegion": "eu-west-1"}, "JUDGE_REGION", "eu-west-1"),
        ({"DailyBudget": "7.5"}, "JUDGE_USD_PER_DAY", "7.5"),
        ({"SharedVerdicts": "on"}, "VERDICT_TABLE", "RewardRouterVerdicts"),
        ({"PolicyLocation": "s3://a-bucket/a/policy.yaml"}, "ROUTER_POLICY", "s3://a-bucket/a/policy.yaml"),
        ({"Code": "off"}, "CODE", "off"),
        ({"CodeFunction": "on"}, "CODE", "RewardRouterCodeFunction"),
        ({"LogSamples": "0.1"}, "LOG_SAMPLES", "0.1"),
    ],
)
def test_a_parameter_reaches_the_function(given: dict[str, str], variable: str, value: str) -> None:
    changed = {name for name, now in environment(**given).items() if now != environment()[name]}
    assert (changed, environment(**given)[variable]) == ({variable}, value)


def test_trails_are_kept_only_where_there_is_a_place_for_them() -> None:
    assert environment(TrailShare="0.5") == environment()
    place = {"TrailLocation": "s3://a-bucket/trails"}
    assert environment(**place) == environment() | {"TRAILS": "s3://a-bucket/trails", "TRAIL_SHARE": "0.01"}
    assert environment(**place, TrailShare="0.5")["TRAIL_SHARE"] == "0.5"


def test_the_function_for_programs_knows_nothing_and_is_built_alike() -> None:
    own = properties("RewardRouterCodeFunction", CodeFunction="on", Architecture="x86_64")
    main = properties("RewardRouterFunction", CodeFunction="on", Architecture="x86_64")
    assert "Environment" not in own
    assert (own["FunctionName"], own["Handler"]) == (
        "SageMaker-RewardRouter-code",
        "router.code_function.lambda_handler",
    )
    same = ("Runtime", "Architectures", "MemorySize", "Timeout")
    assert [own[name] for name in same] == [main[name] for name in same]
    targets = re.findall(r"^build-RewardRouterFunction build-RewardRouterCodeFunction:", makefile(), re.M)
    assert len(targets) == 1


def makefile() -> str:
    return (ROOT / "Makefile").read_text(encoding="utf-8")


def test_the_names_keep_the_prefix_that_hyperpod_calls_and_fit() -> None:
    longest = "SageMaker-" + "r" * 49
    assert accepts("FunctionName", longest)
    assert (
        len(properties("RewardRouterCodeFunction", CodeFunction="on", FunctionName=longest)["FunctionName"])
        == 64
    )
    for name in ("RewardRouter", "SageMaker-", longest + "r", "SageMaker-reward:live"):
        assert not accepts("FunctionName", name)


@pytest.mark.parametrize("parameter", ["PolicyLocation", "TrailLocation"])
def test_a_place_in_s3_is_one_place(parameter: str) -> None:
    for place in ("", "s3://a-bucket/policy.yaml", "s3://a.bucket/a/b-c_d/e.yaml"):
        assert accepts(parameter, place)
    for place in (
        "policy.yaml",
        "s3://a-bucket",
        "s3://a-bucket/",
        "s3://a-bucket/*",
        "s3://*/x",
        "s3://a-bucket/x?",
    ):
        assert not accepts(parameter, place)


@pytest.mark.parametrize(
    ("given", "do"),
    [
        ({"Code": "off", "CodeFunction": "on"}, "Set Code=on, or CodeFunction=off"),
        ({"AlarmEmail": "a@b.org", "AlarmTopicArn": TOPIC}, "Give one of them"),
        ({"AlarmEmail": "a@b.org", "Alarms": "off"}, "Set Alarms=on, or leave AlarmEmail empty"),
        ({"AlarmTopicArn": TOPIC, "Alarms": "off"}, "Set Alarms=on, or leave AlarmTopicArn empty"),
        (SUBNETS | {"VpcSecurityGroupIds": ""}, "Name them in VpcSecurityGroupIds"),
        (SUBNETS | {"VpcPolicyArn": ""}, NETWORK_POLICY),
        (SUBNETS | {"VpcSubnetIds": ""}, "Name these in VpcSubnetIds"),
    ],
)
def test_parameters_that_contradict_each_other_are_refused_with_a_way_out(
    given: dict[str, str], do: str
) -> None:
    [said] = refusals(**given)
    assert do in said


def test_the_log_is_the_functions_own_and_ends() -> None:
    log = properties("RewardRouterLogs", FunctionName="SageMaker-Mine", LogRetentionDays="7")
    assert (log["LogGroupName"], log["RetentionInDays"]) == ("/aws/lambda/SageMaker-Mine", "7")


def test_the_arn_in_the_output_is_unqualified() -> None:
    outputs = deployed()["Outputs"]
    assert [output["Value"] for output in outputs.values()] == ["RewardRouterFunction.Arn"]
    assert "AWS::Lambda::Alias" not in json.dumps(transformed())


def test_every_parameter_is_explained_labelled_and_in_one_group() -> None:
    interface = transformed()["Metadata"]["AWS::CloudFormation::Interface"]
    grouped = [name for group in interface["ParameterGroups"] for name in group["Parameters"]]
    parameters = transformed()["Parameters"]
    assert sorted(grouped) == sorted(interface["ParameterLabels"]) == sorted(parameters)
    assert all(one["Description"] and "Default" in one for one in parameters.values())
    assert all(one["ConstraintDescription"] for one in parameters.values() if "AllowedPattern" in one)
