"""What the function's environment says; the template's parameters set it."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Self


@dataclass(frozen=True, slots=True)
class Settings:
    """What to serve, with whom."""

    policy: str
    """ROUTER_POLICY: a policy file, or one in S3, s3://bucket/key; empty for the packaged one."""
    judge: str
    """JUDGE: the way to the models, bedrock (also where it is empty), offline or none."""
    table: str
    """VERDICT_TABLE: the DynamoDB table that instances share; empty for none."""

    @classmethod
    def read(cls, environ: Mapping[str, str]) -> Self:
        """Read the variables; what is left out is empty."""
        return cls(
            policy=environ.get("ROUTER_POLICY", ""),
            judge=environ.get("JUDGE") or "bedrock",
            table=environ.get("VERDICT_TABLE", ""),
        )
