"""A child that keeps what its source defined from call to call."""

from collections.abc import Mapping, Sequence
from typing import Self

from verifiers.sandbox.child import Child, outcome
from verifiers.sandbox.turn import Ended
from verifiers.sandbox.types import Limits, Outcome, Returned, Struck


class Session:
    """A child that has executed a source and takes calls, one after the other; a context manager."""

    def __init__(self, child: Child, source: str, library: str, limits: Limits) -> None:
        """Execute the source; `started` says how that went."""
        self._child = child
        self._over: Outcome | None = None
        self.started = self._ask("session", source, library, limits.output_bytes)
        if not isinstance(self.started, Returned):
            self._over = self.started
            self.close()

    def call(
        self, function: str, args: Sequence[object], kwargs: Mapping[str, object] | None = None
    ) -> Outcome:
        """Call what the source defined; arguments are plain. After what ended the child, it is that again."""
        return self._over or self._ask(function, list(args), dict(kwargs or {}))

    def close(self) -> None:
        """End the child."""
        self._over = self._over or Struck("closed")
        self._child.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *raised: object) -> None:
        self.close()

    def _ask(self, *message: object) -> Outcome:
        try:
            return outcome(self._child.ask(*message))
        except Ended as early:
            self._over = Struck(str(early))
            try:
                self._child.end()
            finally:
                self.close()
            return self._over
