"""What moto's CloudFormation leaves out of a stack, put there by the services' own calls."""

from collections.abc import Callable, Mapping
from typing import Any

ALARM = "AWS::CloudWatch::Alarm"
CODE = {"ZipFile": "# the clone's runs instead"}


def without_gaps(template: Any) -> Any:
    """Return a template as moto takes it: without alarms, and with code that needs no bucket."""
    resources = {name: one for name, one in template["Resources"].items() if one["Type"] != ALARM}
    for name, one in resources.items():
        if one["Type"] == "AWS::Lambda::Function":
            resources[name] = one | {"Properties": one["Properties"] | {"Code": CODE}}
    return template | {"Resources": resources}


def fill_gaps(
    client: Callable[[str], Any], resources: Mapping[str, Any], physical: Mapping[str, str]
) -> None:
    """Add the alarms, and the times to live of the tables, of a stack's resources."""
    for name, resource in resources.items():
        match resource:
            case {"Type": "AWS::CloudWatch::Alarm", "Properties": properties}:
                client("cloudwatch").put_metric_alarm(**properties)
            case {"Type": "AWS::DynamoDB::Table", "Properties": {"TimeToLiveSpecification": lives}}:
                client("dynamodb").update_time_to_live(
                    TableName=physical[name], TimeToLiveSpecification=lives
                )
