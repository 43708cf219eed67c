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
import itertools
import json
import traceback
import zipfile
from collections.abc import Iterable, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field
from threading import Thread
from typing import Any, Self
from urllib.parse import unquote

import boto3
from moto.moto_server.werkzeug_app import (
    DomainDispatcherApplication,
    MotoRequestHandler,
    create_backend_app,
)
from werkzeug.serving import make_server

from router.batch import Handler
from tests.local.bedrock import LocalBedrock

REGION = "us-east-1"
ACCOUNTS = itertools.count(200000000001)
TRUST = {
    "Statement": [
        {"Effect": "Allow", "Principal": {"Service": "lambda.amazonaws.com"}, "Action": "sts:AssumeRole"}
    ]
}


class Quiet(MotoRequestHandler):
    """Says nothing of a request."""

    def log_request(self, *_: object) -> None:
        """Say nothing."""


Reply = tuple[int, Mapping[str, str], object]


@dataclass
class LocalAccount:
    """The account, as a context manager."""

    handler: Handler
    bedrock: LocalBedrock = field(default_factory=LocalBedrock)
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

    def __enter__(self) -> Self:
        self.account = str(next(ACCOUNTS))
        self._moto = DomainDispatcherApplication(create_backend_app)
        with ExitStack() as until_done:
            until_done.enter_context(self.bedrock)
            self._server = make_server("127.0.0.1", 0, self._answer, threaded=True, request_handler=Quiet)
            until_done.callback(self._server.server_close)
            thread = Thread(target=self._server.serve_forever, args=(0.01,), daemon=True)
            thread.start()
            until_done.callback(thread.join)
            until_done.callback(self._server.shutdown)
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
            "AWS_CONFIG_FILE": "/nowhere",
            "AWS_SHARED_CREDENTIALS_FILE": "/nowhere",
        }

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
        role = self._client("iam").create_role(
            RoleName=name, AssumeRolePolicyDocument=json.dumps({"Version": "2012-10-17"} | TRUST)
        )
        code = io.BytesIO()
        with zipfile.ZipFile(code, "w") as archive:
            archive.writestr("router/handler.py", "")
        made = self._client("lambda").create_function(
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
            self._client("lambda").put_function_concurrency(
                FunctionName=name, ReservedConcurrentExecutions=reserved
            )
        return str(made["FunctionArn"])

    def _client(self, service: str) -> Any:
        return boto3.client(
            service,
            endpoint_url=self.url,
            region_name=REGION,
            aws_access_key_id="local",
            aws_secret_access_key="local",  # noqa: S106 - opens nothing
        )

    def _answer(self, environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        path, target = environ["PATH_INFO"], environ.get("HTTP_X_AMZ_TARGET", "")
        if any(each in f"{path} {target}" for each in self.forbidden):
            reply: Reply | None = _error(
                403, "AccessDeniedException", f"not authorized to call {path}{target}"
            )
        else:
            reply = self._made_up(path, target, environ)
        if reply is None:
            moto: Iterable[bytes] = self._moto(
                environ | {"HTTP_X_MOTO_ACCOUNT_ID": self.account}, start_response
            )
            return moto
        status, headers, body = reply
        start_response(f"{status} -", [("Content-Type", "application/json"), *headers.items()])
        return [body if isinstance(body, bytes) else json.dumps(body).encode()]

    def _made_up(self, path: str, target: str, environ: Mapping[str, Any]) -> Reply | None:
        if path.endswith("/invocations"):
            return self._invoke(environ["wsgi.input"].read(int(environ.get("CONTENT_LENGTH") or 0)))
        if path == "/2016-08-19/account-settings":
            shared, whole = self.concurrency
            limit = {"ConcurrentExecutions": whole, "UnreservedConcurrentExecutions": shared}
            return 200, {}, {"AccountLimit": limit}
        if target.endswith(".ListServiceQuotas"):
            listed = enumerate(self.quotas)
            return 200, {}, {"Quotas": [_quota(number, *quota) for number, quota in listed]}
        if path == "/inference-profiles":
            return (
                200,
                {},
                {"inferenceProfileSummaries": [{"inferenceProfileId": one} for one in self.profiles]},
            )
        if path.startswith("/foundation-models"):
            return self._foundation_models(unquote(path.removeprefix("/foundation-models")).strip("/"))
        return None

    def _invoke(self, payload: bytes) -> Reply:
        event = json.loads(payload)
        self.events.append(event)
        headers = {"X-Amz-Log-Result": base64.b64encode(self.log.encode()).decode()} if self.log else {}
        try:
            reply = self.handler(event, None)
        except Exception as error:
            failure = {"errorType": type(error).__name__, "errorMessage": str(error)}
            return (
                200,
                headers | {"X-Amz-Function-Error": "Unhandled"},
                failure | {"stackTrace": traceback.format_tb(None)},
            )
        return 200, headers, reply if isinstance(reply, bytes) else json.dumps(reply).encode()

    def _foundation_models(self, wanted: str) -> Reply:
        told = {
            model: {"modelArn": f"arn:aws:bedrock:{REGION}::foundation-model/{model}", "modelId": model}
            | {"providerName": provider, "modelName": name}
            for model, (provider, name) in self.models.items()
        }
        if not wanted:
            return 200, {}, {"modelSummaries": list(told.values())}
        if wanted in told:
            return 200, {}, {"modelDetails": told[wanted]}
        return _error(404, "ResourceNotFoundException", f"no foundation model {wanted}")


def _quota(number: int, name: str, value: float) -> dict[str, object]:
    return {"QuotaName": name, "QuotaCode": f"L-{number:08X}", "Value": value, "ServiceCode": "bedrock"}


def _error(status: int, code: str, message: str) -> Reply:
    return status, {"x-amzn-ErrorType": code}, {"message": message, "__type": code}
