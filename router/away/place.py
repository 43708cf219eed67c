"""What stands for the verifier `code` in a policy whose programs run elsewhere."""

import math
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import ClassVar

from router.policy.lineup import Lineup, Seen
from router.policy.model import Policy, Rule
from router.types import Abstain, Finding, Sample, Verdict
from verifiers.base import OUT_OF_TIME, Verifier
from verifiers.code import CONFIDENCE, NO_MORE, Code

OFF = "off"
"""What CODE says where no program may run."""

AT_ONCE = 16
"""
Samples that are under way at once. Each takes an execution environment of the other function for some tens
of milliseconds; 12 instances of this one (a recipe's `lambda_concurrency_limit`) ask for 192 of an account's
1,000 at the most, and a batch of 128 takes eight turns.
"""
START_SECONDS = 20.0
"""More than a cold start of the other function takes, beside what a sample may take."""
RETURN_SECONDS = 0.2
"""Of the time for a sample, for the way there and back."""
MOST_BYTES = 6 * 1024 * 1024
"""Of a request to Lambda."""

SLOW = "a test takes too long"
TOO_SLOW = Verdict(0, CONFIDENCE[SLOW], SLOW + NO_MORE)
"""What `code` says of a program that had its glance where there is no time for more."""
TURNED_OFF = Abstain("programs are not run: the template's parameter Code is off")

Ask = Callable[[bytes, float], object]
"""Returns the JSON that the function answers by then (monotonic); raises Unanswered, TimeoutError."""


@dataclass(frozen=True, slots=True)
class Off(Verifier):
    """Stands for `code` where no program may run."""

    name: ClassVar[str] = "code"
    cost: ClassVar[int] = 1

    def verify(self, sample: Sample) -> Finding:
        """Abstain."""
        return TURNED_OFF


@dataclass(frozen=True, slots=True)
class Away(Verifier):
    """Stands for `code` where a function of its own runs the programs."""

    name: ClassVar[str] = "code"
    cost: ClassVar[int] = Code.cost
    aside: ClassVar[bool] = True
    at_once: ClassVar[int] = AT_ONCE

    code: Code
    function: str
    ask: Ask | None = None
    """The way to the function; None for Lambda's Invoke."""

    def verify(self, sample: Sample) -> Finding:
        """Return what the function finds."""
        return self.verify_by(sample, math.inf)

    def verify_by(self, sample: Sample, ends: float) -> Finding:
        """Do the same by `ends`."""
        return self._asked(sample, ends, briefly=False) or Abstain(f"{self._whose} found nothing")

    def glance(self, sample: Sample, ends: float) -> Finding | None:
        """Let it look for a moment; None for a program that takes longer."""
        return self._asked(sample, ends, briefly=True)

    def _asked(self, sample: Sample, ends: float, *, briefly: bool) -> Finding | None:
        from router.away.failures import Unanswered  # noqa: PLC0415 - see `_line`
        from router.away.letter import Question, Unreadable, question, read_answer  # noqa: PLC0415 - see `_line`

        own = time.monotonic() + self.code.sample_seconds + START_SECONDS
        until = min(ends, own)
        seconds = until - time.monotonic() - RETURN_SECONDS
        if seconds <= 0:
            return OUT_OF_TIME if briefly or self.code.check != "tests" else TOO_SLOW
        letter = question(Question(self.code, sample, seconds, briefly))
        if len(letter) > MOST_BYTES:
            return Abstain("the sample is larger than Lambda hands over")
        try:
            return read_answer(self._line()(letter, until))
        except TimeoutError:
            late = Abstain(f"{self._whose} did not answer in time: its log says why")
            return OUT_OF_TIME if ends <= own else late
        except Unreadable:
            return Abstain(f"{self._whose} answers no finding: deploy both functions from one version")
        except Unanswered as why:
            return Abstain(str(why))

    @property
    def _whose(self) -> str:
        return f"the function {self.function}"

    def _line(self) -> Ask:
        from router.away.line import line_to  # noqa: PLC0415 - the AWS SDK waits for a first program

        return self.ask or line_to(self.function).ask


def elsewhere(policy: Policy, where: str) -> Policy:
    """Return the policy with its programs run nowhere (`off`), or in the function of this name."""
    return replace(policy, rules=tuple(_rule(rule, where) for rule in policy.rules))


def _rule(rule: Rule, where: str) -> Rule:
    parts = tuple(replace(part, verify=_moved(part.verify, where)) for part in rule.parts)
    return replace(rule, gate=_moved(rule.gate, where), parts=parts)


def _moved(verifiers: Sequence[Seen], where: str) -> Lineup:
    """Return the same verifiers, still to be made when the first sample needs them."""
    assert isinstance(verifiers, Lineup)  # noqa: S101 - every policy that was read has them
    return replace(verifiers, stand_in=partial(_stand_in, where=where))


def _stand_in(verifier: Verifier, where: str) -> Verifier:
    if not isinstance(verifier, Code):
        return verifier
    return Off() if where == OFF else Away(verifier, where)
