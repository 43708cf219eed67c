"""
AWS on loopback: a stack made of template.yaml, whose function can be invoked and reaches the rest of it.

    with LocalCloud() as cloud:
        stack = cloud.stack(SharedVerdicts="on")     # parameters of the template
        rewards = stack.invoke(event)                # or boto3: cloud.client("lambda").invoke(...)
        cloud.client("dynamodb").scan(TableName=stack.resources["RewardRouterVerdicts"])
        cloud.bedrock.calls                          # what the judge was asked
        stack.log()                                  # what the function wrote
    subprocess.run(..., env=os.environ | cloud.environment)      # leads the SDK here, and to nowhere else

Every request goes to moto, but for two: Lambda's Invoke runs the function (tests/local/functions.py), and
bedrock-runtime is ours (tests/local/bedrock.py). Each cloud is an account of its own; bucket names are
shared by all of a process, as on AWS.

Not as on AWS: nothing that a role forbids is refused, and a template's `Rules` are not looked at. Conditions
are decided here (moto trips over AWS::NoValue in a list), and tests/local/moto_gaps.py adds what moto leaves
out.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Self

from tests.local.aws import LocalAWS
from tests.local.functions import Functions
from tests.local.moto_gaps import fill_gaps, without_gaps
from tests.local.servers import Answer
from tests.local.template import PSEUDO, Filling, defaults, transformed


@dataclass
class LocalCloud(LocalAWS):
    """The cloud, as a context manager."""

    def __enter__(self) -> Self:
        super().__enter__()
        self._functions = Functions(self._configuration_of, self.environment)
        self.until_done.callback(self._functions.close)
        return self

    def invoked(self, function: str, payload: bytes) -> Answer:
        """Answer an Invoke."""
        return self._functions.invoke(function, payload)

    def stack(self, name: str = "reward-router", /, **parameters: str) -> "Stack":
        """Create a stack of template.yaml with these parameters, and defaults for the rest."""
        values = defaults() | PSEUDO | {"AWS::AccountId": self.account} | parameters
        self.client("cloudformation").create_stack(
            StackName=name,
            TemplateBody=json.dumps(without_gaps(Filling(transformed(), values).there())),
            Parameters=[{"ParameterKey": key, "ParameterValue": text} for key, text in parameters.items()],
            Capabilities=["CAPABILITY_IAM"],
        )
        stack = Stack(self, name, *self._made(name))
        fill_gaps(
            self.client,
            Filling(transformed(), {**values, **stack.resources}).stack()["Resources"],
            stack.resources,
        )
        return stack

    def invoke(self, function: str, event: object) -> tuple[Any, str | None]:
        """Return a function's reply and None, or the error's body and its kind."""
        answer = self.client("lambda").invoke(FunctionName=function, Payload=json.dumps(event).encode())
        return json.loads(answer["Payload"].read()), answer.get("FunctionError")

    def log(self, function: str) -> str:
        """Return everything that a function of this name has written."""
        return self._functions.log(function)

    def _made(self, stack: str) -> tuple[dict[str, str], dict[str, str]]:
        client = self.client("cloudformation")
        [told] = client.describe_stacks(StackName=stack)["Stacks"]
        resources = client.describe_stack_resources(StackName=stack)["StackResources"]
        return (
            {one["LogicalResourceId"]: one["PhysicalResourceId"] for one in resources},
            {one["OutputKey"]: one["OutputValue"] for one in told.get("Outputs", ())},
        )

    def _configuration_of(self, function: str) -> Mapping[str, Any]:
        configuration: dict[str, Any] = self.client("lambda").get_function_configuration(
            FunctionName=function
        )
        return configuration


@dataclass(frozen=True, slots=True)
class Stack:
    """A stack that is up."""

    cloud: LocalCloud = field(repr=False)
    name: str
    resources: Mapping[str, str]
    """Physical names by their names in the template; alarms are not among them."""
    outputs: Mapping[str, str]

    @property
    def function(self) -> str:
        """The name of the reward function."""
        return self.resources["RewardRouterFunction"]

    @property
    def arn(self) -> str:
        """The reward function's ARN, as trainers are given it."""
        return self.outputs["RewardFunctionArn"]

    def invoke(self, event: object) -> Any:
        """Return the reward function's reply to an event; an error of its is an AssertionError."""
        reply, error = self.cloud.invoke(self.arn, event)
        assert error is None, reply
        return reply

    def log(self) -> str:
        """Return everything that the reward function has written."""
        return self.cloud.log(self.function)
