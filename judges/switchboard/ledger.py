"""
What a batch spends on judges, by model and rule, under a cap that holds while calls are under way.

A call reserves the most that it may cost before it goes out, and settles at what its reply says. A call
whose reply was lost may have been billed: what it reserved stays spent, and is counted apart.
"""

import asyncio
import json
import math
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field

from judges.base import Price, Prompt, Reply, Settings
from router.errors import JudgeError, JudgeLost, JudgeOverBudget, JudgeThrottled, JudgeUnreadable
from router.types import Spent

FORM_TOKENS = 600
"""What a forced tool or a schema adds to a prompt beyond its texts, at the most."""
ROUNDING = 1e-12
"""Dollars that the sum of many floats may be off by."""


@dataclass(slots=True)
class Ledger:
    """A batch's spending; `cap` in dollars, infinite for none."""

    cap: float = math.inf
    advice: str = "raise `budget`, or ask a cheaper model"
    """What is said to whom the cap stops."""
    more: Callable[[float], Awaitable[bool]] | None = None
    """Raises the cap for a call of this price; says whether there is room now. None: it stays."""
    by: dict[tuple[str, str], Spent] = field(default_factory=dict)
    """By (model, rule)."""
    reserved: float = 0.0
    """Dollars that the calls now under way may cost."""
    _changed: asyncio.Event = field(default_factory=asyncio.Event)

    @property
    def spent(self) -> float:
        """Dollars that are gone, those of lost replies included."""
        return math.fsum(one.usd + one.lost_usd for one in self.by.values())

    def afford(self, usd: float) -> None:
        """Raise JudgeOverBudget where what is spent already leaves no room for a call of this price."""
        if self.more is None and self.spent + usd > self.cap + ROUNDING:
            raise self._over(usd)

    def has_room(self, usd: float) -> bool:
        """Say whether a call of this price fits beside what is spent and reserved."""
        return self.spent + self.reserved + usd <= self.cap + ROUNDING

    async def reserve(self, usd: float) -> None:
        """Reserve dollars, after others have settled where that is needed; raise JudgeOverBudget."""
        while not self.has_room(usd):
            if self.reserved:
                self._changed.clear()
                await self._changed.wait()
            elif self.more is None or not await self.more(usd):
                raise self._over(usd)
        self.reserved += usd

    def _over(self, usd: float) -> JudgeOverBudget:
        left = max(0.0, self.cap - self.spent)
        return JudgeOverBudget(
            f"the question may cost ${usd:.6f}, and ${left:.6f} of the budget are left: {self.advice}"
        )

    def release(self, usd: float) -> None:
        """Give back a reservation."""
        self.reserved = max(0.0, self.reserved - usd)
        if self.reserved < ROUNDING:
            self.reserved = 0.0
        self._changed.set()


@dataclass(slots=True)
class Account:
    """The part of a ledger that one question writes: its rule's entries, and its own total."""

    ledger: Ledger
    rule: str
    own: Spent = field(default_factory=Spent)
    trouble: str = ""
    """Why the last call failed."""

    def settle(self, reserved: float, reply: Reply, price: Price) -> None:
        """Note a reply in place of its reservation."""
        usd = price.usd(reply.input_tokens, reply.output_tokens) if reply.billed else 0.0
        self._note(reply.model, Spent(1, reply.input_tokens, reply.output_tokens, usd))
        self.ledger.release(reserved)

    def lose(self, reserved: float, model: str) -> None:
        """Note that a reply was lost that may have cost what was reserved."""
        self._note(model, Spent(lost=1, lost_usd=reserved))
        self.ledger.release(reserved)

    def fail(self, reserved: float, model: str, error: JudgeError) -> None:
        """Note what a failed call took: all that it reserved where its reply was lost, otherwise nothing."""
        self.trouble = f"{type(error).__name__}: {error}"
        if isinstance(error, JudgeLost | JudgeUnreadable):
            self.lose(reserved, model)
            return
        if isinstance(error, JudgeThrottled):
            self._note(model, Spent(throttled=1))
        self.ledger.release(reserved)

    def _note(self, model: str, spent: Spent) -> None:
        self.ledger.by.setdefault((model, self.rule), Spent()).add(spent)
        self.own.add(spent)


def worst_case(prompt: Prompt, settings: Settings) -> float:
    """Return the most dollars that a call may cost: no text has more tokens than bytes."""
    size = prompt_bytes(prompt) + len(json.dumps(prompt.schema, default=dict)) + FORM_TOKENS
    return settings.price.usd(size, settings.max_tokens)


def quota_tokens(prompt: Prompt, settings: Settings) -> int:
    """Return the tokens that Bedrock reserves when a call starts, as English text has them."""
    return prompt_bytes(prompt) // 4 + settings.max_tokens


def prompt_bytes(prompt: Prompt) -> int:
    """Return the size of what a call sends, in bytes of UTF-8."""
    return len(prompt.system.encode("utf-8", "replace")) + len(prompt.text.encode("utf-8", "replace"))
