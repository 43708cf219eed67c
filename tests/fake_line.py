"""A line to no model at all, with a memory of what it was asked."""

from collections.abc import Callable, Mapping
from typing import Any, cast

from judges.base import Prompt, Reply, Settings

Said = str | Mapping[str, object]


def best_verdict(prompt: Prompt) -> Said:
    """The best verdict that a prompt's form allows."""
    properties = cast("Mapping[str, Any]", prompt.schema["properties"])
    return {name: _best(inner) for name, inner in properties.items()}


def _best(schema: Mapping[str, Any]) -> object:
    if "enum" in schema:
        return schema["enum"][-1]
    if schema["type"] == "object":
        return {name: _best(inner) for name, inner in schema["properties"].items()}
    return "because"


class FakeLine:
    """Answers every prompt as told: with what `say` returns, or by raising what it raises."""

    def __init__(self, say: Callable[[Prompt], Said] | None = None, *, stop: str = "end_turn") -> None:
        self._say = say or best_verdict
        self._stop = stop
        self.asked: list[Prompt] = []
        self.settings: list[Settings] = []
        self.closed = False

    async def open(self, settings: Settings) -> None:
        pass

    async def call(self, prompt: Prompt, settings: Settings) -> Reply:
        self.asked.append(prompt)
        self.settings.append(settings)
        return Reply(self._say(prompt), self._stop, settings.model, 1000, 100)

    async def close(self) -> None:
        self.closed = True
