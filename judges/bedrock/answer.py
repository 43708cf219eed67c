"""One whole HTTP response, and what Bedrock's errors say in it."""

import json
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Answer:
    """A response as it came."""

    status: int
    error_type: str
    """Its header `x-amzn-ErrorType`, which may carry a suffix after a colon; empty without one."""
    body: bytes

    @property
    def code(self) -> str:
        """The error's name, of the header or else of the body; empty where neither names it."""
        said = self.error_type or self._said("__type", "code")
        return said.partition(":")[0].rpartition("#")[2].strip()

    @property
    def message(self) -> str:
        """The error's words; the whole body where it is none of Bedrock's."""
        return self._said("message", "Message") or self.body.decode("utf-8", "replace")

    def _said(self, *names: str) -> str:
        try:
            read = json.loads(self.body)
        except (ValueError, RecursionError):
            return ""
        said = [read[name] for name in names if isinstance(read, dict) and name in read]
        return str(said[0]) if said else ""
