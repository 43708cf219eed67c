"""
An AWS account on loopback with one reward function in it, for the operator's commands.

    with LocalAccount(handler) as account:        # (event, context) -> reply, in this process
        account.deploy("SageMaker-RewardRouter", environment={"JUDGE": "bedrock"})
        ...                                       # account.environment leads the SDK here
    assert account.events                         # what the function was sent

moto answers what it knows, and what it lacks is made up here: Lambda's Invoke and GetAccountSettings, Service
Quotas of Bedrock, and Bedrock's lists of models. tests/local/bedrock.py is the models themselves.
"""

import base64
import io
import json
import zipfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from urllib.parse import unquote

from router.batch import Handler
from tests.local.aws import LocalAWS
from tests.local.sdk import REGION
from tests.local.servers import Answer, answered, failing, refused

TRUST = {
    "Statement": [
        {"Effect": "Allow", "Principal": {"Service": "lambda.amazonaws.com"}, "Action": "sts:AssumeRole"}
    ]
}


@dataclass
class LocalAccount(LocalAWS):
    """The account, as a context manager."""

    handler: Handler
    log: str = ""
    """The end of the function's log, as every invocation returns it."""
    quotas: Sequence[tuple[str, float]] = ()
    """(name, value) as Service Quotas lists them for Bedrock."""
    models: Mapping[str, tuple[str, str]] = field(default_factory=dict)
    """Foundation models: (provider, name) by id."""
    profiles: Sequence[str] = ()
    """Ids of inference profiles."""
    concurrency: tuple[int, int] = (1000, 1000)
    """What the account's functions share, and its whole."""
    forbidden: Sequence[str] = ()
    """Parts of paths and targets that the operator may not call."""
    events: list[object] = field(default_factory=list, init=False)
    """What the function was sent."""

    def deploy(
        self,
        name: str,
        environment: Mapping[str, str] | None = None,
        *,
        timeout: int = 300,
        memory: int = 1769,
        reserved: int | None = None,
    ) -> str:
        """Make a function of this name that runs the handler; return its ARN."""
        role = self.client("iam").create_role(
            RoleName=name, AssumeRolePolicyDocument=json.dumps({"Version": "2012-10-17"} | TRUST)
        )
        code = io.BytesIO()
        with zipfile.ZipFile(code, "w") as archive:
            archive.writestr("router/handler.py", "")
        made = self.client("lambda").create_function(
            FunctionName=name,
            Runtime="python3.13",
            Role=role["Role"]["Arn"],
            Handler="router.handler.lambda_handler",
            Code={"ZipFile": code.getvalue()},
            Timeout=timeout,
            MemorySize=memory,
            Environment={"Variables": dict(environment or {})},
        )
        if reserved is not None:
            self.client("lambda").put_function_concurrency(
                FunctionName=name, ReservedConcurrentExecutions=reserved
            )
        return str(made["FunctionArn"])

    def invoked(self, function: str, payload: bytes) -> Answer:
        """Answer an Invoke, whatever the function's name."""
        event = json.loads(payload)
        self.events.append(event)
        try:
            reply = self.handler(event, None)
        except Exception as error:
            answer = failing(type(error).__name__, str(error))
        else:
            answer = Answer(body=reply) if isinstance(reply, bytes) else answered(reply)
        log = {"X-Amz-Log-Result": base64.b64encode(self.log.encode()).decode()} if self.log else {}
        return replace(answer, headers={**answer.headers, **log})

    def made_up(self, path: str, target: str) -> Answer | None:
        """Answer what moto lacks, and refuse what is forbidden."""
        if any(each in f"{path} {target}" for each in self.forbidden):
            return refused(403, "AccessDeniedException", f"not authorized to call {path}{target}")
        if path == "/2016-08-19/account-settings":
            shared, whole = self.concurrency
            limit = {"ConcurrentExecutions": whole, "UnreservedConcurrentExecutions": shared}
            return answered({"AccountLimit": limit})
        if target.endswith(".ListServiceQuotas"):
            return answered({"Quotas": [_quota(number, *one) for number, one in enumerate(self.quotas)]})
        if path == "/inference-profiles":
            return answered(
                {"inferenceProfileSummaries": [{"inferenceProfileId": one} for one in self.profiles]}
            )
        if path.startswith("/foundation-models"):
            return self._foundation_models(unquote(path.removeprefix("/foundation-models")).strip("/"))
        return None

    def _foundation_models(self, wanted: str) -> Answer:
        told = {
            model: {"modelArn": f"arn:aws:bedrock:{REGION}::foundation-model/{model}", "modelId": model}
            | {"providerName": provider, "modelName": name}
            for model, (provider, name) in self.models.items()
        }
        if not wanted:
            return answered({"modelSummaries": list(told.values())})
        if wanted in told:
            return answered({"modelDetails": told[wanted]})
        return refused(404, "ResourceNotFoundException", f"no foundation model {wanted}")


def _quota(number: int, name: str, value: float) -> dict[str, object]:
    return {"QuotaName": name, "QuotaCode": f"L-{number:08X}", "Value": value, "ServiceCode": "bedrock"}
