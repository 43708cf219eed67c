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

import itertools
import json
from collections.abc import Iterable, Mapping
from contextlib import ExitStack
from dataclasses import dataclass, field
from threading import Thread
from typing import Any, Self
from urllib.parse import unquote

import boto3
from botocore.config import Config
from moto.moto_server.werkzeug_app import (
    DomainDispatcherApplication,
    MotoRequestHandler,
    create_backend_app,
)
from werkzeug.serving import make_server

from tests.local.bedrock import LocalBedrock
from tests.local.functions import Functions
from tests.local.moto_gaps import fill_gaps, without_gaps
from tests.local.template import PSEUDO, Filling, defaults, transformed

REGION = "us-east-1"
INVOKE = ("/2015-03-31/functions/", "/invocations")

ACCOUNTS = itertools.count(100000000001)


class LocalCloud:
    """The cloud, as a context manager; `bedrock` may be one that fails or waits."""

    def __init__(self, bedrock: LocalBedrock | None = None) -> None:
        self.bedrock = bedrock or LocalBedrock()
        self.account = str(next(ACCOUNTS))
        self._moto = DomainDispatcherApplication(create_backend_app)

    def __enter__(self) -> Self:
        with ExitStack() as until_done:
            until_done.enter_context(self.bedrock)
            self._server = make_server(
                "127.0.0.1", 0, self._answer, threaded=True, request_handler=MotoRequestHandler
            )
            until_done.callback(self._server.server_close)
            thread = Thread(target=self._server.serve_forever, name="local cloud", daemon=True)
            thread.start()
            until_done.callback(thread.join)
            until_done.callback(self._server.shutdown)
            self._functions = Functions(self._configuration_of, self.environment)
            until_done.callback(self._functions.close)
            self._until_done = until_done.pop_all()
        return self

    def __exit__(self, *_: object) -> None:
        self._until_done.close()

    @property
    def url(self) -> str:
        """Where every service but bedrock-runtime answers."""
        return f"http://127.0.0.1:{self._server.server_port}"

    @property
    def environment(self) -> dict[str, str]:
        """The variables that lead an SDK here and to nowhere else; the credentials open nothing."""
        return self.bedrock.environment | {
            "AWS_ENDPOINT_URL": self.url,
            "AWS_REGION": REGION,
            "AWS_CONFIG_FILE": "/nowhere",
            "AWS_SHARED_CREDENTIALS_FILE": "/nowhere",
        }

    def client(self, service: str) -> Any:
        """Return boto3's client of a service, one attempt a call."""
        return boto3.client(
            service,
            endpoint_url=self.bedrock.url if service == "bedrock-runtime" else self.url,
            region_name=REGION,
            aws_access_key_id="local",
            aws_secret_access_key="local",  # noqa: S106 - opens nothing
            config=Config(read_timeout=900, retries={"total_max_attempts": 1}),
        )

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

    def _answer(self, environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        before, after = INVOKE
        path = environ["PATH_INFO"]
        if path.startswith(before) and path.endswith(after):
            payload = environ["wsgi.input"].read(int(environ.get("CONTENT_LENGTH") or 0))
            answer = self._functions.invoke(unquote(path.removeprefix(before).removesuffix(after)), payload)
            start_response(f"{answer.status} -", list(answer.headers.items()))
            return [answer.body]
        answered: Iterable[bytes] = self._moto(
            environ | {"HTTP_X_MOTO_ACCOUNT_ID": self.account}, start_response
        )
        return answered


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
