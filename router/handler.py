"""
Lambda's entry point, `lambda_handler`; nothing else.

The environment says what to serve: `router/settings.py` lists its variables, `router/serving.py` does it. The
command line makes a handler of the same kind with arguments.
"""

import os
from functools import cache

from router.serving import Serving
from router.settings import Settings


@cache
def _from_environment() -> Serving:
    return Serving(Settings.read(os.environ))


def lambda_handler(event: object, context: object) -> object:
    """Reward one batch of rollouts; see `router/wire` for what comes in and what goes out."""
    return _from_environment()(event, context)


if "AWS_LAMBDA_RUNTIME_API" in os.environ:
    _from_environment()  # in the init phase, which is fast, and where a policy with a mistake should fail
