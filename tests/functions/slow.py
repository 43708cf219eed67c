"""A function for AWS's runtime emulator whose one verifier takes a tenth of a second for each row."""

import time
from dataclasses import dataclass, replace
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import ClassVar

from router.batch import make_handler
from router.types import Finding, Sample, Verdict
from tests.fakes import policy_from
from verifiers.base import Verifier


@dataclass(frozen=True, slots=True)
class Slow(Verifier):
    """Likes everything, slowly."""

    name: ClassVar[str] = "slow"
    cost: ClassVar[int] = 100_000

    def verify(self, sample: Sample) -> Finding:
        time.sleep(0.1)
        return Verdict(1, 0.99, "fine")


with TemporaryDirectory() as folder:
    policy = policy_from("rules: [{name: rest, verify: [number]}]", Path(folder))
rule = policy.rules[0]
part = replace(rule.parts[0], verify=(("slow", Slow()),))
lambda_handler = make_handler(replace(policy, rules=(replace(rule, parts=(part,)),)), "none")
