"""What template.yaml deploys, after SAM's own transform and with its references filled in."""

import json
import re
from typing import Any

from router.policy import load_policy
from tests.template import deployed, transformed
from tests.tools import sam

OTHER_MODEL = "arn:aws:bedrock:eu-west-1:123456789012:inference-profile/eu.amazon.nova-pro-v1:0"


def properties(kind: str, **given: str) -> Any:
    """The properties of the one resource of this kind."""
    [resource] = [each for each in deployed(**given)["Resources"].values() if each["Type"] == kind]
    return resource["Properties"]


def allowed(**given: str) -> dict[str, list[str]]:
    """What the function's role may do: resources by action."""
    found: dict[str, list[str]] = {}
    for policy in properties("AWS::IAM::Role", **given)["Policies"]:
        for statement in policy["PolicyDocument"]["Statement"]:
            assert statement.keys() == {"Effect", "Action", "Resource"}
            for action in many(statement["Action"]):
                found.setdefault(action, []).extend(many(statement["Resource"]))
    return found


def many(value: Any) -> list[str]:
    return value if isinstance(value, list) else [value]


def accepts(parameter: str, value: str) -> bool:
    """Whether CloudFormation takes this value."""
    return re.search(transformed()["Parameters"][parameter]["AllowedPattern"], value) is not None


def test_sam_and_cfn_lint_find_nothing_to_say() -> None:
    done = sam("sam", "validate", "--lint", "--region", "us-east-1")
    assert (done.returncode, "is a valid SAM Template" in done.stdout) == (0, True), done.stdout + done.stderr


def test_it_deploys_a_function_its_role_and_its_log_and_nothing_else() -> None:
    kinds = sorted(each["Type"] for each in deployed()["Resources"].values())
    assert kinds == ["AWS::IAM::Role", "AWS::Lambda::Function", "AWS::Logs::LogGroup"]


def test_the_role_writes_its_log_and_asks_its_judges_and_nothing_else() -> None:
    may = allowed()
    assert sorted(may) == ["bedrock:InvokeModel", "logs:CreateLogStream", "logs:PutLogEvents"]
    assert may["logs:CreateLogStream"] == may["logs:PutLogEvents"] == ["RewardRouterLogs.Arn"]
    assert properties("AWS::IAM::Role").get("ManagedPolicyArns") is None


def test_no_resource_holds_a_wildcard() -> None:
    assert not [resource for resources in allowed().values() for resource in resources if "*" in resource]
    assert not accepts("JudgeModelArns", "*")
    assert not accepts("JudgeModelArns", "arn:aws:bedrock:*::foundation-model/*")
    assert not accepts("JudgeModelArns", f"{OTHER_MODEL},*")


def test_the_shipped_judges_are_allowed_as_profiles_and_as_models_where_those_route() -> None:
    asked = {
        part.judge.models[0].settings["model"]
        for rule in load_policy().rules
        for part in rule.parts
        if part.judge
    }
    assert allowed()["bedrock:InvokeModel"] == [
        *(f"arn:aws:bedrock:us-east-1:123456789012:inference-profile/{model}" for model in asked),
        *(
            f"arn:aws:bedrock:{region}::foundation-model/{model.removeprefix('us.')}"
            for model in asked
            for region in ("us-east-1", "us-east-2", "us-west-2")
        ),
    ]


def test_a_judge_in_another_region_is_allowed_there() -> None:
    profiles = [arn for arn in allowed(JudgeRegion="us-west-2")["bedrock:InvokeModel"] if "profile" in arn]
    assert [arn.split(":")[3] for arn in profiles] == ["us-west-2"]


def test_other_models_take_the_place_of_the_shipped_ones() -> None:
    arns = [OTHER_MODEL, "arn:aws:bedrock:eu-west-1::foundation-model/amazon.nova-pro-v1:0"]
    assert accepts("JudgeModelArns", ",".join(arns))
    assert allowed(JudgeModelArns=",".join(arns))["bedrock:InvokeModel"] == arns


def test_verdicts_are_shared_only_where_that_is_asked_for() -> None:
    table = properties("AWS::DynamoDB::Table", SharedVerdicts="on")
    assert table["KeySchema"] == [{"AttributeName": "id", "KeyType": "HASH"}]
    assert table["TimeToLiveSpecification"] == {"AttributeName": "expires", "Enabled": True}
    function = properties("AWS::Lambda::Function", SharedVerdicts="on")
    assert function["Environment"]["Variables"]["VERDICT_TABLE"] == "RewardRouterVerdicts"


def test_the_role_may_share_verdicts_in_its_own_table_and_no_other() -> None:
    more = {
        action: resources
        for action, resources in allowed(SharedVerdicts="on").items()
        if action not in allowed()
    }
    actions = ("dynamodb:BatchGetItem", "dynamodb:PutItem", "dynamodb:UpdateItem")
    assert more == {action: ["RewardRouterVerdicts.Arn"] for action in actions}


def test_the_name_keeps_the_prefix_that_hyperpod_calls() -> None:
    assert accepts("FunctionName", "SageMaker-" + "r" * 54)
    for name in ("RewardRouter", "SageMaker-", "SageMaker-" + "r" * 55, "SageMaker-reward:live"):
        assert not accepts("FunctionName", name)


def test_the_function_is_set_up_in_full() -> None:
    function = properties("AWS::Lambda::Function")
    wanted = {
        "FunctionName": "SageMaker-RewardRouter",
        "Handler": "router.handler.lambda_handler",
        "Runtime": "python3.13",
        "Architectures": ["arm64"],
        "MemorySize": "1769",
        "Timeout": "300",
        "Role": "RewardRouterRole.Arn",
        "LoggingConfig": {"LogFormat": "JSON", "LogGroup": "RewardRouterLogs"},
        "Environment": {
            "Variables": {
                "JUDGE": "bedrock",
                "JUDGE_MODEL_ID": "us.amazon.nova-lite-v1:0",
                "JUDGE_REGION": "",
                "VERDICT_TABLE": "",
            }
        },
    }
    assert {name: function[name] for name in wanted} == wanted


def test_the_log_is_the_functions_own_and_ends() -> None:
    log = properties("AWS::Logs::LogGroup", FunctionName="SageMaker-Mine", LogRetentionDays="7")
    assert log["LogGroupName"] == "/aws/lambda/SageMaker-Mine"
    assert log["RetentionInDays"] == "7"


def test_the_arn_in_the_output_is_unqualified() -> None:
    outputs = deployed()["Outputs"]
    assert [output["Value"] for output in outputs.values()] == ["RewardRouterFunction.Arn"]
    assert "AWS::Lambda::Alias" not in json.dumps(transformed())


def test_every_parameter_says_what_it_is_for() -> None:
    assert all(parameter.get("Description") for parameter in transformed()["Parameters"].values())
