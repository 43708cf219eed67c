"""
Cold start and Lambda's entry point, `lambda_handler`; nothing else.

The environment says what to serve: `router/settings.py` lists its variables. The command line makes the
same handler with arguments.
"""

import os
from functools import cache
from pathlib import Path

from router.batch import BatchHandler, make_handler
from router.policy import DEFAULT_POLICY, load_policy
from router.settings import Settings


@cache
def _from_environment() -> BatchHandler:
    settings = Settings.read(os.environ)
    policy = load_policy(Path(settings.policy or DEFAULT_POLICY))
    return make_handler(policy, settings.judge, table=settings.table)


def lambda_handler(event: object, context: object) -> object:
    """Reward one batch of rollouts; see `router/wire` for what comes in and what goes out."""
    return _from_environment()(event, context)


if "AWS_LAMBDA_RUNTIME_API" in os.environ:
    _from_environment()  # in the init phase, which is fast, and where a policy with a mistake should fail
