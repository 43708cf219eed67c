"""The function, called as a trainer calls it; with the time and the memory that Lambda says it took."""

import base64
import json
import re
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from router.commands.text import one_line

TEXT_REPORT = re.compile(r"\tDuration: ([0-9.]+) ms\t.*\tMax Memory Used: ([0-9]+) MB")
"""Lambda's closing line where the function's log is plain text."""
JSON_REPORT = "platform.report"
"""The same where it is JSON, by its `type`."""
LONGEST = 300
SLOW = 60.0
"""Seconds. What took longer is not done again: with a judge that is throttled, it takes the whole Timeout."""
REMEDIES = (
    ("Task timed out", "set Timeout higher, 300 as the template has it"),
    ("Runtime.OutOfMemory", "set MemorySize higher, 1769 as the template has it"),
    ("signal: killed", "set MemorySize higher, 1769 as the template has it"),
    ("Runtime.ImportModuleError", "build it for its architecture and deploy it again"),
)
"""By what Lambda says of a function that did not return: what helps. The rest has a traceback in its log."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back of one invocation."""

    payload: bytes
    error: str
    """Lambda's kind of failure; empty where the function returned."""
    seconds: float
    """By Lambda's own clock, or else by ours, with the way there and back."""
    megabytes: int | None
    """The most memory that the instance has used; None where Lambda did not say."""

    @property
    def failure(self) -> str:
        """One line about a function that did not return, and what helps."""
        said = self._said()
        helps = next((way for mark, way in REMEDIES if mark in said), "its log has the traceback")
        return f"{said}; {helps}"

    @property
    def kind(self) -> str:
        """The name of the error with which it did not return."""
        return self._said().partition(":")[0]

    def _said(self) -> str:
        try:
            said = json.loads(self.payload)
        except ValueError:
            said = None
        if not isinstance(said, dict):
            return self.error
        return one_line(f"{said.get('errorType', self.error)}: {said.get('errorMessage', '')}", LONGEST)


Send = Callable[[object], Answer]
"""Sends one event to a function."""


class Invoke:
    """
    Calls one function through a client of Lambda's.

    `no_measure` is what AWS's runtime emulator reports as the memory used, whatever was: all there is.
    """

    def __init__(self, client: Any, name: str, *, no_measure: int | None = None) -> None:
        self._client = client
        self._name = name
        self._no_measure = no_measure

    def __call__(self, event: object) -> Answer:
        """Invoke it and wait for its answer; botocore's errors come through."""
        started = time.perf_counter()
        answer = self._client.invoke(
            FunctionName=self._name, LogType="Tail", Payload=json.dumps(event).encode()
        )
        payload = answer["Payload"].read()
        seconds = time.perf_counter() - started
        log = base64.b64decode(answer.get("LogResult", "")).decode("utf-8", "replace")
        measured, megabytes = report_in(log)
        if megabytes == self._no_measure:
            megabytes = None
        return Answer(payload, answer.get("FunctionError", ""), measured or seconds, megabytes)


def report_in(log: str) -> tuple[float | None, int | None]:
    """Return the seconds and the megabytes that the end of a log reports, in either of Lambda's formats."""
    for line in reversed(log.splitlines()):
        if found := TEXT_REPORT.search(line):
            return float(found[1]) / 1000, int(found[2])
        if JSON_REPORT in line:
            return _measured(line)
    return None, None


def _measured(line: str) -> tuple[float | None, int | None]:
    try:
        metrics = json.loads(line)["record"]["metrics"]
        return metrics["durationMs"] / 1000, metrics["maxMemoryUsedMB"]
    except (ValueError, LookupError, TypeError):
        return None, None
