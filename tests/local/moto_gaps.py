"""What moto's CloudFormation gets wrong or leaves out of a stack, put right by the services' own calls."""

import ast
import json
from collections.abc import Callable, Mapping
from typing import Any

ALARM = "AWS::CloudWatch::Alarm"
FUNCTION = "AWS::Lambda::Function"
CODE = {"ZipFile": "# the clone's runs instead"}


def without_gaps(template: Any) -> Any:
    """Return a template as moto takes it: without alarms, and with functions that need no bucket."""
    resources = {name: one for name, one in template["Resources"].items() if one["Type"] != ALARM}
    for name, one in resources.items():
        if one["Type"] == FUNCTION:
            resources[name] = one | {"Properties": _function(one["Properties"])}
    return template | {"Resources": resources}


def _function(properties: Mapping[str, Any]) -> dict[str, Any]:
    variables = properties.get("Environment", {}).get("Variables", {})
    return {
        **properties,
        "Code": CODE,
        "Environment": {"Variables": {n: _text(v) for n, v in variables.items()}},
    }


def _text(value: Any) -> Any:
    """Return the value of a variable as text, which moto leaves a number where a parameter is one."""
    return {"Fn::Sub": f"${{{value['Ref']}}}"} if isinstance(value, dict) and "Ref" in value else value


def fill_gaps(
    client: Callable[[str], Any], resources: Mapping[str, Any], physical: Mapping[str, str]
) -> None:
    """Add the alarms, the times to live of the tables, and the policies of roles in JSON, not in Python."""
    for name, resource in resources.items():
        match resource:
            case {"Type": "AWS::CloudWatch::Alarm", "Properties": properties}:
                client("cloudwatch").put_metric_alarm(**properties)
            case {"Type": "AWS::DynamoDB::Table", "Properties": {"TimeToLiveSpecification": lives}}:
                client("dynamodb").update_time_to_live(
                    TableName=physical[name], TimeToLiveSpecification=lives
                )
            case {"Type": "AWS::IAM::Role", "Properties": {"Policies": policies}}:
                for policy in policies:
                    _rewrite(client("iam"), physical[name], policy["PolicyName"])


def _rewrite(iam: Any, role: str, name: str) -> None:
    document = ast.literal_eval(iam.get_role_policy(RoleName=role, PolicyName=name)["PolicyDocument"])
    iam.put_role_policy(RoleName=role, PolicyName=name, PolicyDocument=json.dumps(document))
