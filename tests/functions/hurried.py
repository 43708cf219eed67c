"""The reward function on a clock that leaps a minute with each invocation, so that no test waits for one."""

import os
import time
from itertools import count

from router.serving import Serving
from router.settings import Settings

_minutes = count()
_serving = Serving(Settings.read(os.environ), now=lambda: time.time() + 60 * next(_minutes))


def lambda_handler(event: object, context: object) -> object:
    """Reward one batch, with another look at the policy before it."""
    return _serving(event, context)
