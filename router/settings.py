"""What the function's environment says; the template's parameters set it."""

import math
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Self

from router.telemetry import Telling


@dataclass(frozen=True, slots=True)
class Settings:
    """What to serve, with whom."""

    policy: str
    """ROUTER_POLICY: a policy file, or one in S3, s3://bucket/key; empty for the packaged one."""
    judge: str
    """JUDGE: the way to the models, bedrock (also where it is empty), offline or none."""
    table: str
    """VERDICT_TABLE: the DynamoDB table that instances share; empty for none."""
    telling: Telling
    """LOG_SAMPLES, TRAILS, TRAIL_SHARE; and the function's name, which Lambda sets."""
    code: str
    """CODE: where programs run: here (also where it is empty), off, or the name of the function for them."""

    @classmethod
    def read(cls, environ: Mapping[str, str]) -> Self:
        """Read the variables; what is left out is empty."""
        return cls(
            policy=environ.get("ROUTER_POLICY", ""),
            judge=environ.get("JUDGE") or "bedrock",
            table=environ.get("VERDICT_TABLE", ""),
            telling=_telling(environ),
            code=environ.get("CODE") or "here",
        )


def _telling(environ: Mapping[str, str]) -> Telling:
    """Return what is to be said; raise ValueError where that is not clear."""
    trails, share = environ.get("TRAILS", ""), _share(environ, "TRAIL_SHARE")
    if trails and not re.fullmatch(r"s3://[a-z0-9][a-z0-9.-]+(/.*)?", trails):
        raise ValueError(f"TRAILS is {trails!r}: give a place in S3, such as s3://bucket/prefix")
    if share and not trails:
        raise ValueError("TRAIL_SHARE is set, and TRAILS is not: say where to, such as s3://bucket/prefix")
    return Telling(
        function=environ.get("AWS_LAMBDA_FUNCTION_NAME", ""),
        log_samples=_share(environ, "LOG_SAMPLES"),
        trails=trails,
        trail_share=share,
    )


def _share(environ: Mapping[str, str], name: str) -> float:
    """Return a share; 0 where it is left out or empty."""
    given = environ.get(name) or "0"
    try:
        share = float(given)
    except ValueError:
        share = math.nan
    if not 0 <= share <= 1:
        raise ValueError(f"{name} is {given!r}: give a share from 0 (none) to 1 (all)")
    return share
