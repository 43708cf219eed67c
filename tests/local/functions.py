"""
Lambda's Invoke on loopback: each function that moto stores runs under AWS's own runtime emulator.

Covered: the function's environment, handler, timeout and memory size as they are configured at that moment,
a cold start after each change of them, errors as Lambda reports them, payloads over 6 MB, the log's tail.
Not covered: the code that was uploaded (the clone's runs), concurrency (one request at a time), versions,
invocations that nobody waits for, what the function's role forbids.
"""

import base64
import json
import threading
from collections.abc import Callable, Mapping
from contextlib import ExitStack
from dataclasses import dataclass, field
from typing import Any

from botocore.exceptions import ClientError

from tests.local.emulator import Emulated, emulated
from tests.local.servers import Answer, refused

MOST_BYTES = 6 * 2**20
TAIL_BYTES = 4096
CONFIGURED = ("Handler", "Timeout", "MemorySize", "Environment", "LoggingConfig")

Configuration = Mapping[str, Any]


@dataclass(slots=True)
class Instance:
    """One function's execution environment: started by its first invocation, and anew once reconfigured."""

    one_at_a_time: threading.Lock = field(default_factory=threading.Lock)
    until_replaced: ExitStack = field(default_factory=ExitStack)
    configured: dict[str, Any] = field(default_factory=dict)
    running: Emulated | None = None
    earlier: str = ""
    """The log of those that it replaces."""

    def log(self) -> str:
        """Return everything that the function has written."""
        return self.earlier + (self.running.log() if self.running else "")

    def stop(self) -> None:
        """End the runtime, and keep its log."""
        self.earlier, self.running = self.log(), None
        self.until_replaced.close()


class Functions:
    """
    Answers Invoke.

    `configuration_of(name)` is Lambda's GetFunctionConfiguration, errors included; `environment` is added to
    that of every function.
    """

    def __init__(
        self, configuration_of: Callable[[str], Configuration], environment: Mapping[str, str]
    ) -> None:
        self._configuration_of = configuration_of
        self._environment = environment
        self._instances: dict[str, Instance] = {}
        self._choosing = threading.Lock()

    def invoke(self, name: str, payload: bytes) -> Answer:
        """Answer one invocation of a function, named by its name or its ARN, once its turn has come."""
        if len(payload) > MOST_BYTES:
            return refused(
                413, "RequestTooLargeException", f"Request must be smaller than {MOST_BYTES} bytes"
            )
        try:
            configuration = self._configuration_of(name)
        except ClientError as error:
            status = error.response["ResponseMetadata"]["HTTPStatusCode"]
            return refused(status, error.response["Error"]["Code"], error.response["Error"]["Message"])
        instance = self._instance(configuration["FunctionName"])
        with instance.one_at_a_time:
            function = self._running(instance, configuration)
            before = len(instance.log())
            reply, failed = answer_of(function, json.loads(payload or b"null"))
            tail = instance.log()[before:].encode()[-TAIL_BYTES:]
        headers = {"X-Amz-Executed-Version": "$LATEST", "X-Amz-Log-Result": base64.b64encode(tail).decode()}
        headers |= {"X-Amz-Function-Error": "Unhandled"} if failed else {}
        return Answer(200, json.dumps(reply, ensure_ascii=False).encode("utf-8", "surrogatepass"), headers)

    def log(self, name: str) -> str:
        """Return everything that the function of this name has written."""
        return self._instance(name).log()

    def close(self) -> None:
        """End every runtime."""
        for instance in self._instances.values():
            instance.stop()

    def _instance(self, name: str) -> Instance:
        with self._choosing:
            return self._instances.setdefault(name, Instance())

    def _running(self, instance: Instance, configuration: Configuration) -> Emulated:
        configured = {key: configuration.get(key) for key in CONFIGURED}
        if instance.running is None or instance.configured != configured:
            instance.stop()
            instance.configured = configured
            instance.running = instance.until_replaced.enter_context(
                emulated(
                    configuration["Handler"],
                    env={**environment_of(configuration), **self._environment},
                    timeout=configuration["Timeout"],
                )
            )
        return instance.running


def answer_of(function: Emulated, event: object) -> tuple[Any, bool]:
    """Return a function's reply and whether it is an error; a runtime that exits is one too."""
    try:
        reply, error = function.invoke(event)
    except ClientError as exited:
        return {"errorType": "Runtime.ExitError", "errorMessage": str(exited)}, True
    return reply, error is not None


def environment_of(configuration: Configuration) -> dict[str, str]:
    """Return what Lambda tells a function of itself, and what the function's owner does."""
    return {
        "AWS_LAMBDA_FUNCTION_NAME": configuration["FunctionName"],
        "AWS_LAMBDA_FUNCTION_MEMORY_SIZE": str(configuration["MemorySize"]),
        **configuration.get("Environment", {}).get("Variables", {}),
    }
